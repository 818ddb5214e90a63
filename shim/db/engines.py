# SPDX-License-Identifier: Apache-2.0
"""The engine of a database, of which no step waits without end.

On MySQL and PostgreSQL it is oslo.db's. On SQLite it is not: oslo.db's opens a file anew for every
transaction, and sends BEGIN the long way; its errors are oslo.db's all the same.
"""

from __future__ import annotations

import contextvars
import functools
from typing import Any

import regex
import sqlalchemy
from oslo_db.sqlalchemy import engines, exc_filters
from sqlalchemy import pool

from shim.db import watchdog

#: Whether the transaction that begins is going to write.
writing: contextvars.ContextVar[bool] = contextvars.ContextVar("writing", default=False)

#: Seconds for one text and one regular expression on SQLite, where both are the conductor's work.
MATCH_TIMEOUT = 1.0


def is_sqlite(url: sqlalchemy.URL) -> bool:
    return url.get_backend_name() == "sqlite"


def is_memory(url: sqlalchemy.URL) -> bool:
    """Whether the database is SQLite's in memory, which ends with its only connection."""
    return is_sqlite(url) and url.database in (None, "", ":memory:")


def make(url: sqlalchemy.URL, timeout: int, **options: Any) -> sqlalchemy.Engine:
    """The engine; it does not connect yet.

    No wait for a connection, a lock or an answer takes longer than ``timeout`` seconds, unless
    the URL says otherwise. ``options`` are oslo.db's, for a server.
    """
    engine = _for_file(url, timeout) if is_sqlite(url) else _for_server(url, timeout, options)
    # Its statements go into errors, and errors into logs: without what users stored.
    engine.hide_parameters = True
    return engine


def _for_server(url: sqlalchemy.URL, timeout: int, options: dict[str, Any]) -> sqlalchemy.Engine:
    # A connection that does not answer and one that is made instead, each asked for a sign of
    # life, together take no longer than a call may.
    quick = max(timeout // 4, 1)
    bounds = {"connect_timeout": quick}
    if url.get_backend_name() in ("mysql", "mariadb"):
        bounds.update(read_timeout=timeout, write_timeout=timeout)
    missing = {name: str(value) for name, value in bounds.items() if name not in url.query}
    engine: sqlalchemy.Engine = engines.create_engine(
        url.update_query_dict(missing), max_retries=0, **options
    )
    bound = functools.partial(_bound_statements, engine.dialect.name, timeout)
    sqlalchemy.event.listen(engine, "connect", bound)
    dialect: Any = engine.dialect
    ping = dialect.do_ping

    def watched_ping(connection: Any) -> Any:
        key = watchdog.watch(connection, quick)
        try:
            return ping(connection)
        finally:
            watchdog.leave(key)

    dialect.do_ping = watched_ping
    return engine


def _bound_statements(server: str, seconds: int, connection: Any, _record: Any) -> None:
    """Let the server end what nobody waits for any more."""
    if server == "postgresql":
        setting = f"statement_timeout = {seconds * 1000}"
    elif "MariaDB" in str(connection.get_server_info()):
        setting = f"SESSION max_statement_time = {seconds}"
    else:
        setting = f"SESSION max_execution_time = {seconds * 1000}"
    with connection.cursor() as cursor:
        cursor.execute(f"SET {setting}")
    # On PostgreSQL it holds from the end of the transaction on.
    connection.commit()


def _for_file(url: sqlalchemy.URL, timeout: int) -> sqlalchemy.Engine:
    pools: dict[str, Any] = {"poolclass": pool.StaticPool}
    if not is_memory(url):
        pools = {"poolclass": pool.QueuePool, "max_overflow": -1, "pool_timeout": timeout}
    engine = sqlalchemy.create_engine(
        url,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": timeout},
        **pools,
    )
    sqlalchemy.event.listen(engine, "connect", _add_regexp)
    dialect: Any = engine.dialect
    dialect.do_begin = _begin
    exc_filters.register_engine(engine)
    return engine


def _begin(connection: Any) -> None:
    # A deferred transaction that reads before it writes fails at once when another process
    # wrote in between; SQLite waits only for a lock that is asked for at the beginning.
    if not connection.in_transaction:
        connection.execute("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def _add_regexp(connection: Any, _record: Any) -> None:
    connection.create_function("regexp", 2, _matches)


def _matches(pattern: str, text: Any) -> bool:
    # Python's own has no time limit, and lets nobody else run while it matches.
    return regex.search(pattern, str(text), timeout=MATCH_TIMEOUT, concurrent=True) is not None
