# SPDX-License-Identifier: Apache-2.0
"""What an error of the database means for the transaction that met it."""

from __future__ import annotations

import enum
import re
from typing import Any

import sqlalchemy.exc
from oslo_db import exception as db_exc


class Fault(enum.Enum):
    """Why a transaction was not served, though nothing is wrong with it."""

    #: Others were in its way: at once again, it may go through.
    CONTENTION = "contention"
    #: The server is not there, or the connection to it broke.
    CONNECTION = "connection"
    #: The server answers, and will not serve it for now.
    REFUSAL = "refusal"


_MYSQL = {
    Fault.CONTENTION: {1020, 1205, 1213, 3572},
    Fault.CONNECTION: {
        *(1040, 1042, 1043, 1047, 1053, 1077, 1078, 1079, 1158, 1159, 1160, 1161, 1184, 1927),
        *(2002, 2003, 2005, 2006, 2012, 2013, 2014, 2055),
    },
    Fault.REFUSAL: {
        *(3, 1021, 1030, 1037, 1044, 1045, 1049, 1114, 1129, 1130, 1203, 1226, 1290, 1317),
        *(1836, 1969, 3024),
    },
}
#: By the first characters of the SQLSTATE.
_POSTGRESQL = {
    **dict.fromkeys(("40", "55P03"), Fault.CONTENTION),
    **dict.fromkeys(("08", "57P01", "57P02", "57P03", "53300"), Fault.CONNECTION),
    **dict.fromkeys(("25006", "28", "3D000", "53", "57", "58", "XX001"), Fault.REFUSAL),
}
_ABOUT_CONNECTIONS = {"OperationalError", "InterfaceError"}
_REFUSED_BY_POSTGRESQL = re.compile(
    r"authentication failed|no pg_hba\.conf entry|does not exist|no password supplied|not permitted"
)
_SQLITE = (
    (re.compile(r"database( table)? is locked|database schema has changed"), Fault.CONTENTION),
    (
        re.compile(
            r"disk is full|disk I/O error|readonly database|unable to open database|malformed"
            r"|not a database|interrupted|out of memory|regular expression|locking protocol"
            r"|user-defined function raised exception"
        ),
        Fault.REFUSAL,
    ),
)


def fault_of(error: BaseException) -> Fault | None:
    """The fault, or None for an error that is about what was asked for."""
    if isinstance(error, db_exc.DBDeadlock | db_exc.DBConsistencyError):
        return Fault.CONTENTION
    if isinstance(error, db_exc.DBConnectionError):
        return Fault.CONNECTION
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return Fault.REFUSAL
    if isinstance(error, db_exc.DBDuplicateEntry | db_exc.DBReferenceError):
        return None
    return _by_driver(driver_error(error))


def driver_error(error: Any) -> Any:
    """The driver's own error beneath SQLAlchemy's and oslo.db's, or the error itself."""
    while True:
        inner = getattr(error, "inner_exception", None) or getattr(error, "orig", None)
        if inner is None or inner is error:
            return error
        error = inner


def _by_driver(error: Any) -> Fault | None:
    module = type(error).__module__.partition(".")[0]
    text = str(error)
    if module == "sqlite3":
        return next((fault for form, fault in _SQLITE if form.search(text)), None)
    if module in ("pymysql", "MySQLdb"):
        number = error.args[0] if error.args else None
        return next((fault for fault, numbers in _MYSQL.items() if number in numbers), None)
    if module == "psycopg2":
        return _by_postgresql(error, text)
    return None


def _by_postgresql(error: Any, text: str) -> Fault | None:
    code = error.pgcode
    if code is not None:
        lengths = (len(code), 2)
        return next((f for n in lengths if (f := _POSTGRESQL.get(code[:n]))), None)
    # Without a code it is about the connection itself.
    if _ABOUT_CONNECTIONS & {cls.__name__ for cls in type(error).__mro__}:
        return Fault.REFUSAL if _REFUSED_BY_POSTGRESQL.search(text) else Fault.CONNECTION
    return None


def is_about_expression(error: BaseException) -> bool:
    """Whether the server, or SQLite's function of ours, does not take a regular expression."""
    inner = driver_error(error)
    if getattr(inner, "pgcode", None) == "2201B":
        return True
    number = inner.args[0] if inner.args else None
    return number == 1139 or "user-defined function raised exception" in str(inner)


def reason_of(error: BaseException) -> str:
    """What the driver says, on one line."""
    inner = driver_error(error)
    parts = inner.args if type(inner).__module__.startswith(("pymysql", "MySQLdb")) else (inner,)
    return " ".join(" ".join(str(part) for part in parts).split()) or type(inner).__name__
