# SPDX-License-Identifier: Apache-2.0
"""The conductor: the dict calls that un-rewritten code makes, and the service that answers both
them and the objects of processes without a database."""

from __future__ import annotations

from typing import Any

from shim import conf
from shim.conductor import api
from shim.conductor.client import ConductorClient
from shim.conf import CONF
from shim.objects import NovaObject

__all__ = ["API", "use_indirection"]


def API(use_local: bool | None = None) -> Any:
    """The dict API: on the database of this process, or, with ``[conductor] use_local`` false,
    on a conductor over the bus. ``use_local`` overrules the option."""
    conf.use()
    local = CONF.conductor.use_local if use_local is None else use_local
    return api.LocalAPI() if local else api.API()


def use_indirection(transport: Any = None) -> ConductorClient:
    """Send the objects' remotable calls of this process to a conductor, from now on."""
    client = ConductorClient(transport)
    NovaObject.indirection_api = client
    return client
