# SPDX-License-Identifier: Apache-2.0
"""A database that does not serve: what is tried again, what is not, and what the caller gets."""

import contextlib
import logging
import pathlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import samples
import sqlalchemy
from oslo_db import exception as db_exc
from test_concurrency import at_once

from shim import context, exception
from shim.conf import CONF
from shim.context import current_connection
from shim.db import attempts, faults, health, rows, session, tables, watchdog
from shim.db.faults import Fault
from shim.db.session import atomically
from shim.objects import InstanceInfoCache, Service


@pytest.fixture(autouse=True)
def options() -> Iterator[Callable[..., None]]:
    """Sets options of ``[database]`` for a test."""
    names = []

    def set_options(**values: Any) -> None:
        for name, value in values.items():
            names.append(name)
            CONF.set_override(name, value, group="database")

    yield set_options
    for name in names:
        CONF.clear_override(name, group="database")
    attempts.is_ending.clear()
    health.note_success()


COLUMNS = "information_schema.columns"


class Work:
    """Fails as often as it is told to; counts how often it is done."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def lost() -> db_exc.DBConnectionError:
    return db_exc.DBConnectionError(sqlite3.OperationalError("gone"))


@pytest.mark.usefixtures("database")
def test_what_is_lost_before_the_commit_is_done_again(options: Any) -> None:
    options(db_retry_interval=0)
    work = Work(lost(), lost(), db_exc.DBDeadlock())
    assert atomically(work) == "done"
    assert work.times == 4


@pytest.mark.usefixtures("database")
def test_so_often_and_no_more(options: Any) -> None:
    options(db_retry_interval=0, db_max_retries=3)
    work = Work(*[lost() for _ in range(9)])
    with pytest.raises(exception.DatabaseUnavailable, match="does not serve: gone"):
        atomically(work)
    assert work.times == 4


@pytest.mark.usefixtures("database")
def test_no_longer_than_a_call_may_take(options: Any) -> None:
    options(db_retry_interval=3600, db_max_retries=-1, db_inc_retry_interval=False)
    options(db_max_retry_interval=3600)
    work = Work(lost())
    with pytest.raises(exception.DatabaseUnavailable):
        atomically(work)
    assert work.times == 1


@pytest.mark.parametrize(("seconds", "times"), [(31, 1), (29, 3)])
@pytest.mark.usefixtures("database")
def test_nobody_waits_for_what_has_long_been_gone(
    options: Any, monkeypatch: pytest.MonkeyPatch, seconds: int, times: int
) -> None:
    """Those who ask after a call's time would wait in the conductor's queue, not for an error."""
    options(db_retry_interval=0, call_timeout=30, db_max_retries=2)
    monkeypatch.setattr(health, "_failing", (time.time() - seconds, "gone"))
    work = Work(*[lost() for _ in range(9)])
    with pytest.raises(exception.DatabaseUnavailable):
        atomically(work)
    assert work.times == times


@pytest.mark.usefixtures("database")
def test_nobody_waits_in_a_process_that_ends(options: Any) -> None:
    options(db_retry_interval=10, db_max_retry_interval=10)
    attempts.is_ending.set()
    work = Work(lost())
    with pytest.raises(exception.DatabaseUnavailable):
        atomically(work)
    assert work.times == 1


@pytest.mark.usefixtures("database")
def test_what_is_wrong_itself_is_not_done_again() -> None:
    work = Work(exception.ServiceNotFound(service_id=1))
    with pytest.raises(exception.ServiceNotFound):
        atomically(work)
    assert work.times == 1


def test_a_commit_that_broke_is_not_done_again(
    ctx: Any, database: session.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = samples.service(ctx)
    commit = database.engine.dialect.do_commit

    def break_after(connection: Any) -> None:
        commit(connection)
        raise lost()

    monkeypatch.setattr(database.engine.dialect, "do_commit", break_after)
    made.report_count = 5
    with pytest.raises(exception.WriteOutcomeUnknown):
        made.save()
    monkeypatch.undo()
    assert Service.get_by_id(ctx, made.id).report_count == 5
    # The next call finds out whether the database serves.
    assert health.failing() is None


def test_a_read_is_done_again_whenever_it_broke(
    ctx: Any, database: session.Database, monkeypatch: pytest.MonkeyPatch, options: Any
) -> None:
    options(db_retry_interval=0)
    made = samples.service(ctx)
    rollback, broken = database.engine.dialect.do_rollback, [lost()]

    def break_once(connection: Any) -> None:
        rollback(connection)
        if broken:
            raise broken.pop()

    monkeypatch.setattr(database.engine.dialect, "do_rollback", break_once)
    assert Service.get_by_id(ctx, made.id).host == "cmp-a"
    assert not broken


@contextlib.contextmanager
def locked(database: session.Database) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(str(database.url.database))) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


def test_a_file_that_another_process_locks(
    ctx: Any, database: session.Database, options: Any
) -> None:
    made = samples.service(ctx)
    options(call_timeout=1)
    here = session.configure(database.url.render_as_string())
    with locked(here):
        assert Service.get_by_id(ctx, made.id).host == "cmp-a"
        made.report_count = 5
        with pytest.raises(exception.DatabaseUnavailable, match="database is locked"):
            made.save()
    made.save()
    assert Service.get_by_id(ctx, made.id).report_count == 5


@pytest.fixture
def connected() -> Iterator[list[Any]]:
    """The driver's connections that the test opens."""
    found: list[Any] = []

    def note(connection: Any, _record: Any) -> None:
        found.append(connection)

    sqlalchemy.event.listen(sqlalchemy.Pool, "connect", note)
    yield found
    sqlalchemy.event.remove(sqlalchemy.Pool, "connect", note)


def test_a_file_that_is_locked_before_its_first_use(
    tmp_path: pathlib.Path, options: Any, connected: list[Any]
) -> None:
    """Who wants to look at the tables waits; those behind wait no longer than a call may."""
    options(call_timeout=1)
    path = tmp_path / "nova.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE t (c)")
        other.commit()
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        database = session.configure(f"sqlite:///{path}")
        began = time.monotonic()
        errors = at_once(8, lambda _n: Service.get_by_id(context.get_admin_context(), 1))
        took = time.monotonic() - began
    database.dispose()
    assert {type(error) for error in errors} == {exception.DatabaseUnavailable}
    assert took < 4
    assert connected
    for connection in connected:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_a_full_disk(ctx: Any, database: session.Database, caplog: Any) -> None:
    made = samples.service(ctx)
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    sqlalchemy.event.listen(
        database.engine,
        "connect",
        lambda raw, _record: raw.execute(f"PRAGMA max_page_count = {pages}"),
    )
    database.dispose()

    def fill() -> None:
        for number in range(10_000):
            samples.service(ctx, host=f"{number}" * 40)

    with pytest.raises(exception.DatabaseUnavailable, match="disk is full"):
        fill()
    assert "disk is full" in caplog.text
    assert Service.get_by_id(ctx, made.id).host == "cmp-a"


def test_a_statement_that_takes_too_long(database: session.Database, options: Any) -> None:
    options(call_timeout=1)
    forever = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(exception.DatabaseUnavailable, match="interrupted"):
        atomically(lambda: current_connection.get().exec_driver_sql(forever).all())


@pytest.mark.parametrize("way", ["direct"])
@pytest.mark.parametrize(
    ("server", "statement"),
    [
        ("postgresql", "SELECT pg_sleep(60)"),
        ("mariadb", f"SELECT count(*) FROM {', '.join(f'{COLUMNS} AS t{n}' for n in range(4))}"),
    ],
)
def test_a_statement_of_a_server_that_takes_too_long(
    store: Any, options: Any, way: str, server: str, statement: str
) -> None:
    options(call_timeout=2)
    url = session.get_database().url.render_as_string(hide_password=False)
    database = session.configure(url)
    with pytest.raises(exception.DatabaseUnavailable):
        atomically(lambda: current_connection.get().exec_driver_sql(statement).all())
    assert atomically(lambda: current_connection.get().exec_driver_sql("SELECT 1").scalar()) == 1
    assert statement not in _running(store)
    database.dispose()


def _running(store: sqlalchemy.Engine) -> list[Any]:
    """What the server is still at, but for this question."""
    columns = {"postgresql": "query FROM pg_stat_activity WHERE state = 'active'"}
    what = columns.get(store.dialect.name, "info FROM information_schema.processlist")
    with store.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT {what}").scalars().all()
    return [query for query in found if what not in str(query)]


def test_the_log_says_when_it_begins_and_when_it_ends(caplog: Any, options: Any) -> None:
    caplog.set_level(logging.WARNING)
    database = session.configure("sqlite://")
    options(db_max_retries=0)
    for _ in range(3):
        with pytest.raises(exception.DatabaseUnavailable):
            atomically(Work(lost()))
    assert health.failing() is not None
    assert atomically(Work()) == "done"
    database.dispose()
    assert [record.getMessage().partition(",")[0] for record in caplog.records] == [
        "the database does not serve: gone",
        "the database serves again",
    ]


def test_a_row_that_another_made_in_between(
    ctx: Any, database: session.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first time the row is not seen, as in a transaction that began before the other's."""
    uuid = samples.instance(ctx).uuid
    lock_row, hidden = rows.lock_row, [True]

    def look(connection: Any, table: Any, *where: Any) -> Any:
        if table is tables.instance_info_caches and hidden:
            hidden.clear()
            return None
        return lock_row(connection, table, *where)

    monkeypatch.setattr(rows, "lock_row", look)
    cache = InstanceInfoCache(ctx, instance_uuid=uuid)
    cache.network_info = [{"id": "vif"}]
    cache.save()
    assert not hidden
    found = InstanceInfoCache.get_by_instance_uuid(ctx, uuid)
    assert found.network_info == [{"id": "vif"}]


def test_a_connection_is_broken_when_it_is_overdue() -> None:
    """Whatever a driver waits for on its socket."""
    import socket

    here, there = socket.socketpair()
    with here, there:
        key = watchdog.watch(here, 0.1)
        assert here.recv(1) == b""
        watchdog.leave(key)


def test_watching_in_many_threads() -> None:
    def watch() -> None:
        for _ in range(100):
            watchdog.leave(watchdog.watch(None, 60))

    threads = [threading.Thread(target=watch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not watchdog._watched


class _OfMySQL(Exception):
    __module__ = "pymysql.err"


class _OfPostgreSQL(Exception):
    __module__ = "psycopg2"

    def __init__(self, text: str, pgcode: str | None) -> None:
        super().__init__(text)
        self.pgcode = pgcode


class OperationalError(_OfPostgreSQL):
    __module__ = "psycopg2"


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (_OfMySQL(2013, "Lost connection"), Fault.CONNECTION),
        (_OfMySQL(1040, "Too many connections"), Fault.CONNECTION),
        (_OfMySQL(1213, "Deadlock found"), Fault.CONTENTION),
        (_OfMySQL(1045, "Access denied"), Fault.REFUSAL),
        (_OfMySQL(1406, "Data too long"), None),
        (_OfPostgreSQL("deadlock detected", "40P01"), Fault.CONTENTION),
        (_OfPostgreSQL("the database system is starting up", "57P03"), Fault.CONNECTION),
        (_OfPostgreSQL("canceling statement due to a timeout", "57014"), Fault.REFUSAL),
        (_OfPostgreSQL("sorry, too many clients already", "53300"), Fault.CONNECTION),
        (_OfPostgreSQL("could not extend file", "53100"), Fault.REFUSAL),
        (_OfPostgreSQL("duplicate key", "23505"), None),
        (OperationalError("connection to server failed: refused", None), Fault.CONNECTION),
        (OperationalError("FATAL: password authentication failed", None), Fault.REFUSAL),
        (sqlite3.OperationalError("database is locked"), Fault.CONTENTION),
        (sqlite3.OperationalError("attempt to write a readonly database"), Fault.REFUSAL),
        (sqlite3.OperationalError("no such column: x"), None),
        (db_exc.DBConnectionError(), Fault.CONNECTION),
        (db_exc.DBDuplicateEntry(), None),
        (ValueError(2013), None),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_an_error_means(error: Exception, fault: Fault | None) -> None:
    assert faults.fault_of(error) is fault
