# SPDX-License-Identifier: Apache-2.0
"""What the log says of a call that failed.

Nothing of what nova's conductor expects: a row that is not there, a state that another changed, a
value that does not fit are answers. Of anything else the traceback, once, with the request and the
method; never what users stored, which the drivers write into their messages.
"""

from __future__ import annotations

import logging
import textwrap
import traceback
from typing import Any

from oslo_db import exception as db_exc
from oslo_utils import strutils
from oslo_versionedobjects import exception as ovo_exception

from shim import exception, refusals
from shim.db.faults import driver_error

LOG = logging.getLogger(__name__)

#: Answers that are errors.
EXPECTED = (
    *(exception.NovaException, refusals.ArgumentRefused, refusals.KeyRefused),
    *(refusals.ValueRefused, ovo_exception.VersionedObjectsException, db_exc.DBDuplicateEntry),
)
#: And of single methods, by name.
EXPECTED_OF = {"Instance.delete_metadata_key": (KeyError,)}


def report(method: str, context: Any, error: Exception) -> None:
    """Log the error of the call, unless it is an answer."""
    request = getattr(context, "request_id", None)
    if isinstance(error, exception.DatabaseUnavailable):
        LOG.error("%s, request %s: %s", method, request, error)
    elif not isinstance(error, (*EXPECTED, *EXPECTED_OF.get(method, ()))):
        # No line of it is to look like another entry.
        text = textwrap.indent(without_data(error), "  ")
        LOG.error("%s, request %s, failed\n%s", method, request, text)


def without_data(error: BaseException) -> str:
    """The traceback of the error and of what caused it, with messages that hold no data."""
    parts = []
    cause: BaseException | None = error
    while cause is not None:
        frames = "".join(traceback.format_tb(cause.__traceback__))
        parts.append(f"{frames}{type(cause).__qualname__}: {_message(cause)}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\ncaused by\n".join(parts)


def _message(error: BaseException) -> str:
    inner = driver_error(error)
    module = type(inner).__module__.partition(".")[0]
    if module in ("pymysql", "MySQLdb"):
        return f"{type(inner).__name__} {inner.args[0] if inner.args else ''}"
    if module == "psycopg2":
        return f"{type(inner).__name__} {inner.pgcode}"
    return str(strutils.mask_password(str(error)))
