# SPDX-License-Identifier: Apache-2.0
"""The database of this process, and the two decorators that open every transaction on it.

``reader`` and ``writer`` wrap functions whose first argument is the request context; inside,
``context.session`` is the connection. Who may not call is refused before that. Only the outermost
of nested calls opens a transaction; what is done when the database does not serve it,
``shim.db.attempts`` says.
"""

import contextlib
import functools
import logging
import os
import threading
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy

from shim import conf
from shim.conf import CONF
from shim.context import RequestContext, current_connection
from shim.db import engines, health, schema, watchdog, who_may
from shim.db.attempts import Attempts

#: Seconds that a database has to answer when it is asked whether it serves.
PROBE_TIMEOUT = 5

LOG = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

#: The options of ``[database]`` that are for a server's engine.
_SERVER_OPTIONS = (
    *("mysql_sql_mode", "mysql_wsrep_sync_wait", "connection_recycle_time", "connection_debug"),
    *("connection_trace", "connection_parameters", "max_pool_size", "max_overflow"),
)


class Database:
    """One database: its engine, and the transactions on it.

    ``url`` is SQLAlchemy's; an in-memory SQLite database lives as long as this object and serves
    one transaction at a time. A SQLite database without tables gets them on first use; with any
    other a missing table is the caller's error (oslo_db.exception.DBError).
    """

    def __init__(self, url: str) -> None:
        self.url = sqlalchemy.make_url(url)
        self.is_sqlite = engines.is_sqlite(self.url)
        self._engine: sqlalchemy.Engine | None = None
        self._prepare_lock = threading.Lock()
        self.is_memory = engines.is_memory(self.url)
        self._serial: Any = threading.RLock() if self.is_memory else contextlib.nullcontext()

    @property
    def engine(self) -> sqlalchemy.Engine:
        """The engine, made on first use; on SQLite with the tables in place."""
        return self._engine_for(Attempts())

    def _engine_for(self, attempts: Attempts) -> sqlalchemy.Engine:
        if self._engine is not None:
            return self._engine
        # Whoever has it may be waiting for the file, one after the other.
        if not self._prepare_lock.acquire(timeout=max(attempts.seconds_left(), 0)):
            raise sqlalchemy.exc.TimeoutError("others wait for the database")
        try:
            if self._engine is None:
                if attempts.seconds_left() <= 0:
                    raise sqlalchemy.exc.TimeoutError("others waited for the database")
                self._engine = self._prepared()
            return self._engine
        finally:
            self._prepare_lock.release()

    def _prepared(self) -> sqlalchemy.Engine:
        options = CONF.database
        timeout = options.call_timeout
        if not self.is_sqlite:
            pool_timeout = options.pool_timeout or timeout
            chosen = {name: options[name] for name in _SERVER_OPTIONS}
            return engines.make(self.url, timeout, pool_timeout=pool_timeout, **chosen)
        schema.make_folder(self.url)
        engine = engines.make(self.url, timeout)
        try:
            is_made = schema.create_if_empty(engine)
        except BaseException:
            # The next call makes an engine of its own.
            engine.dispose()
            raise
        if is_made:
            LOG.info("made the database %s", self.url)
        return engine

    def transact(self, work: Callable[[], R], write: bool, attempts: Attempts) -> R:
        """What the work comes to in a transaction on ``context.session``."""
        is_writing = engines.writing.set(write)
        try:
            engine = self._engine_for(attempts)
            with self._serial, engine.connect() as connection:
                raw = connection.connection.dbapi_connection
                watched = watchdog.watch(raw, attempts.seconds_left())
                try:
                    return _transacted(connection, work, write, attempts)
                finally:
                    watchdog.leave(watched)
        finally:
            engines.writing.reset(is_writing)

    def dispose(self) -> None:
        """Close every connection."""
        if self._engine is not None:
            self._engine.dispose()

    def forget(self) -> None:
        """Leave the connections to the process that this one was forked from."""
        if self._engine is not None:
            self._engine.dispose(close=False)
        self._prepare_lock = threading.Lock()


def _transacted(
    connection: sqlalchemy.Connection, work: Callable[[], R], write: bool, attempts: Attempts
) -> R:
    with connection.begin() as transaction:
        token = current_connection.set(connection)
        try:
            result = work()
        finally:
            current_connection.reset(token)
        attempts.is_committing = write
        if not write:
            transaction.rollback()
    return result


def probe() -> None:
    """Ask the database whether it serves. DatabaseUnavailable."""
    attempts = Attempts(patience=PROBE_TIMEOUT)
    try:
        get_database().transact(_select_one, False, attempts)
    except Exception as error:
        attempts.give_up(error)
    health.note_success()


def _select_one() -> None:
    current_connection.get().execute(sqlalchemy.text("SELECT 1"))


class _Current:
    database: Database | None = None
    lock = threading.Lock()


def _after_fork() -> None:
    _Current.lock = threading.Lock()
    if _Current.database is not None:
        _Current.database.forget()


os.register_at_fork(after_in_child=_after_fork)


def configure(url: str) -> Database:
    """Make ``url`` the database of this process; the one before it is closed."""
    conf.use()
    with _Current.lock:
        if _Current.database is not None:
            _Current.database.dispose()
        _Current.database = Database(url)
        return _Current.database


def get_database() -> Database:
    """The database of this process: what ``configure`` set, or else ``[database] connection``."""
    current = _Current.database
    if current is not None:
        return current
    with _Current.lock:
        if _Current.database is None:
            conf.use()
            _Current.database = Database(CONF.database.connection)
        return _Current.database


def _transactional(
    fn: Callable[Concatenate[RequestContext, P], R], write: bool
) -> Callable[Concatenate[RequestContext, P], R]:
    @functools.wraps(fn)
    def wrapper(context: RequestContext, *args: P.args, **kwargs: P.kwargs) -> R:
        if current_connection.get() is not None:
            return fn(context, *args, **kwargs)
        return _in_transaction(functools.partial(fn, context, *args, **kwargs), write)

    return wrapper  # type: ignore[return-value]


def _in_transaction(work: Callable[[], R], write: bool) -> R:
    attempts = Attempts()
    while True:
        try:
            result = get_database().transact(work, write, attempts)
        except Exception as error:
            attempts.wait_after(error)
        else:
            health.note_success()
            return result


def atomically(work: Callable[[], R]) -> R:
    """What the work comes to; all that it stores is stored together, or nothing.

    It may be done more than once, so it has to leave everything but the database as it is.
    """
    if current_connection.get() is not None:
        return work()
    return _in_transaction(work, write=True)


def reader(
    fn: Callable[Concatenate[RequestContext, P], R],
) -> Callable[Concatenate[RequestContext, P], R]:
    """Run ``fn(context, ...)`` in a transaction that only reads."""
    return who_may.checked(_transactional(fn, write=False))


def writer(
    fn: Callable[Concatenate[RequestContext, P], R],
) -> Callable[Concatenate[RequestContext, P], R]:
    """Run ``fn(context, ...)`` in a transaction that is committed when it returns."""
    return who_may.checked(_transactional(fn, write=True))
