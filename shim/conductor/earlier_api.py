# SPDX-License-Identifier: Apache-2.0
"""The dict API of 2013.1 to 2014.1, as far as 2014.2's lacks it; names and arguments are nova's."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from shim.conductor.dict_calls import DictCalls

P = ParamSpec("P")
R = TypeVar("R")


def forwarded(method: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[Any, P], R]:
    """The method of ``DictCalls``, answered by whatever answers the calls of the API."""

    @functools.wraps(method)
    def call(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> Any:
        return getattr(self._calls, method.__name__)(*args, **kwargs)

    return call


class EarlierAPI:
    """The calls that un-rewritten code of earlier releases makes."""

    #: What answers them.
    _calls: Any

    instance_get = forwarded(DictCalls.instance_get)
    instance_get_by_uuid = forwarded(DictCalls.instance_get_by_uuid)
    instance_get_all = forwarded(DictCalls.instance_get_all)
    instance_get_all_by_filters = forwarded(DictCalls.instance_get_all_by_filters)
    instance_get_all_hung_in_rebooting = forwarded(DictCalls.instance_get_all_hung_in_rebooting)
    instance_get_active_by_window_joined = forwarded(DictCalls.instance_get_active_by_window_joined)
    instance_destroy = forwarded(DictCalls.instance_destroy)
    instance_info_cache_update = forwarded(DictCalls.instance_info_cache_update)
    instance_info_cache_delete = forwarded(DictCalls.instance_info_cache_delete)
    instance_fault_create = forwarded(DictCalls.instance_fault_create)
    instance_type_get = forwarded(DictCalls.instance_type_get)
    migration_get = forwarded(DictCalls.migration_get)
    migration_get_unconfirmed_by_dest_compute = forwarded(
        DictCalls.migration_get_unconfirmed_by_dest_compute
    )
    migration_create = forwarded(DictCalls.migration_create)
    migration_update = forwarded(DictCalls.migration_update)
