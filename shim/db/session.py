"""The engine, and the two decorators that open every transaction of the package.

``reader`` and ``writer`` wrap functions whose first argument is the request context; inside,
``context.session`` is the session. Who may not call is refused before that. Only the outermost of
nested calls opens a transaction and retries it: after a deadlock or a lock that was not granted
always, after a lost connection unless the commit was under way, because then nobody can say
whether the rows were written.
"""

import contextlib
import contextvars
import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy
from oslo_db import api as db_api
from oslo_db import exception as db_exc
from oslo_db.sqlalchemy import enginefacade

from shim.conf import CONF
from shim.context import RequestContext
from shim.db import schema, who_may

P = ParamSpec("P")
R = TypeVar("R")

MAX_RETRIES = 20
#: Seconds before the first retry; doubled each time, with jitter, up to two seconds.
RETRY_INTERVAL = 0.02
#: Seconds that SQLite waits for another process to release its lock.
SQLITE_TIMEOUT = 60

_writing: contextvars.ContextVar[bool] = contextvars.ContextVar("writing", default=False)
_inside: contextvars.ContextVar[bool] = contextvars.ContextVar("inside", default=False)


class Database:
    """One database: its engine, and the transactions on it.

    ``url`` is SQLAlchemy's; an in-memory SQLite database lives as long as this object and serves
    one transaction at a time. A SQLite database without tables gets them on first use; with any
    other a missing table is the caller's error (oslo_db.exception.DBError).
    """

    def __init__(self, url: str, **options: Any) -> None:
        self.url = sqlalchemy.make_url(url)
        self._facade = enginefacade.transaction_context()
        if self.is_sqlite:
            options.setdefault("connection_recycle_time", -1)
        self._facade.configure(connection=url, **options)
        self._prepare_lock = threading.Lock()
        self._prepared = False
        self._serial: Any = threading.RLock() if self.is_memory else contextlib.nullcontext()

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def is_memory(self) -> bool:
        return self.is_sqlite and self.url.database in (None, "", ":memory:")

    @property
    def engine(self) -> sqlalchemy.Engine:
        """The engine, made on first use; on SQLite with the tables in place."""
        if not self._prepared:
            with self._prepare_lock:
                if not self._prepared:
                    self._prepare()
                    self._prepared = True
        engine: sqlalchemy.Engine = self._facade.writer.get_engine()
        return engine

    def _prepare(self) -> None:
        if not self.is_sqlite:
            return
        if not self.is_memory:
            schema.make_folder(self.url)
        engine = self._facade.writer.get_engine()
        sqlalchemy.event.listen(engine, "connect", _set_sqlite_timeout)
        sqlalchemy.event.listen(engine, "before_cursor_execute", _begin_immediate, retval=True)
        schema.create_if_empty(engine)

    @contextlib.contextmanager
    def transaction(self, context: RequestContext, write: bool) -> Iterator[None]:
        """A transaction on ``context.session``, committed at the end or rolled back."""
        assert self.engine is not None
        inside, writing = _inside.set(True), _writing.set(write)
        try:
            mode = self._facade.writer if write else self._facade.reader
            with self._serial, mode.using(context):
                yield
        finally:
            _writing.reset(writing)
            _inside.reset(inside)

    def dispose(self) -> None:
        """Close every connection."""
        if self._prepared:
            self._facade.writer.get_engine().dispose()


def _set_sqlite_timeout(connection: Any, _record: Any) -> None:
    connection.execute(f"PRAGMA busy_timeout = {SQLITE_TIMEOUT * 1000}")


def _begin_immediate(
    _conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> tuple[str, Any]:
    # A deferred transaction that reads before it writes fails at once when another process
    # wrote in between; SQLite waits only for a lock that is asked for at the beginning.
    if statement == "BEGIN" and _writing.get():
        statement = "BEGIN IMMEDIATE"
    return statement, parameters


class _Current:
    database: Database | None = None
    lock = threading.Lock()


def configure(url: str, **options: Any) -> Database:
    """Make ``url`` the database of this process; the one before it is closed."""
    with _Current.lock:
        if _Current.database is not None:
            _Current.database.dispose()
        _Current.database = Database(url, **options)
        return _Current.database


def get_database() -> Database:
    """The database of this process: what ``configure`` set, or else ``[database] connection``."""
    current = _Current.database
    if current is not None:
        return current
    with _Current.lock:
        if _Current.database is None:
            _Current.database = Database(
                CONF.database.connection,
                **{
                    name: CONF.database[name]
                    for name in ("max_retries", "retry_interval", "mysql_sql_mode")
                },
            )
        return _Current.database


def _may_retry(error: Exception) -> bool:
    if getattr(error, "shim_commit_under_way", False):
        return False
    if isinstance(error, db_exc.DBDeadlock | db_exc.DBConnectionError):
        return True
    return isinstance(error, db_exc.DBError) and "database is locked" in str(error)


_retry = db_api.wrap_db_retry(
    retry_interval=RETRY_INTERVAL,
    max_retries=MAX_RETRIES,
    max_retry_interval=2,
    exception_checker=_may_retry,
    jitter=True,
)


def _transactional(
    fn: Callable[Concatenate[RequestContext, P], R], write: bool
) -> Callable[Concatenate[RequestContext, P], R]:
    @_retry  # type: ignore[untyped-decorator,unused-ignore]
    def outermost(context: RequestContext, *args: P.args, **kwargs: P.kwargs) -> R:
        done = False
        try:
            with get_database().transaction(context, write):
                result = fn(context, *args, **kwargs)
                done = True
        except db_exc.DBConnectionError as error:
            error.shim_commit_under_way = done and write
            raise
        return result

    @functools.wraps(fn)
    def wrapper(context: RequestContext, *args: P.args, **kwargs: P.kwargs) -> R:
        if _inside.get():
            return fn(context, *args, **kwargs)
        result: R = outermost(context, *args, **kwargs)
        return result

    return wrapper  # type: ignore[return-value]


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
