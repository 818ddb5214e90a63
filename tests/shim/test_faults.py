# SPDX-License-Identifier: Apache-2.0
"""What callers see of a broker or a database that fails; what is lost: nothing.

Each cell prints what was seen: pytest -rP tests/shim/test_faults.py.
"""

from __future__ import annotations

import collections
import contextlib
import json
import pathlib
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import samples
import sqlalchemy
import stores
from broker import Broker
from callers import HOST, THREADS
from proxy import Proxy
from test_attempts import locked
from test_conductor_process import CALL_TIMEOUT, IN_TIME, Started, start

from shim.conductor.client import READ_ATTEMPTS
from shim.db import session, tables
from shim.objects import MigrationList

__all__ = ["start"]

PROGRAM = pathlib.Path(__file__).with_name("callers.py")

#: Seconds that a call waits for its answer, and that a fault lasts.
RESPONSE_TIMEOUT, FAULT = 4, 6
#: Seconds that what is said about times may be off on a machine with other work.
SLACK = 3

TIMEOUTS = {"MessagingTimeout", "NotTaken"}


class Callers:
    """The process of callers.py; what it saw, once it has ended."""

    errors: dict[str, int]
    longest: float
    acknowledged: list[str]

    def __init__(self, there: Started, activity: str, service_id: int, timeout: int) -> None:
        parameters = {
            "broker": there.broker,
            "topic": there.topic,
            "activity": activity,
            "service_id": service_id,
            "timeout": timeout,
        }
        self._log = there.folder / "callers.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(PROGRAM), json.dumps(parameters)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def __enter__(self) -> Callers:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def _ask(self, question: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{question}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, self._log.read_text()
        return json.loads(answer)

    def wait_for_an_answer(self) -> float:
        """Seconds until a call that begins now is answered."""
        seconds: float = self._ask("wait")
        return seconds

    def end(self) -> None:
        vars(self).update(self._ask("end"))


def _stored(ctx: Any) -> collections.Counter[str]:
    found = MigrationList.get_by_filters(ctx, {"host": HOST})
    return collections.Counter(move.source_node for move in found)


def _end(there: Started) -> float:
    began = time.monotonic()
    assert there.end() == 0
    return time.monotonic() - began


def _tell(cell: str, callers: Callers, lost: int, recovered: float, ended: float) -> None:
    errors = ", ".join(f"{number} {name}" for name, number in callers.errors.items())
    print(
        f"{cell} | {errors or 'none'} | {callers.longest:.1f} s | {lost} | "
        f"{recovered:.1f} s | {ended:.1f} s"
    )


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    broker = Broker()
    yield broker
    broker.close()


@contextlib.contextmanager
def frozen(broker: Broker) -> Iterator[None]:
    broker.freeze()
    yield
    broker.thaw()


@contextlib.contextmanager
def stopped(broker: Broker) -> Iterator[None]:
    broker.stop()
    yield
    broker.start()


@contextlib.contextmanager
def restarted(broker: Broker) -> Iterator[None]:
    broker.restart()
    yield


@contextlib.contextmanager
def cut(broker: Broker) -> Iterator[None]:
    broker.cut()
    yield


FAULTS = {
    "down at the start": stopped,
    "stopped": stopped,
    "restarted": restarted,
    "connections killed": cut,
    "frozen": frozen,
}


@pytest.mark.parametrize("way", ["rabbitmq"])
@pytest.mark.parametrize("activity", ["idle", "reading", "writing"])
@pytest.mark.parametrize("fault", list(FAULTS))
def test_of_the_broker(
    start: Any,
    ctx: Any,
    database: session.Database,
    broker: Broker,
    fault: str,
    activity: str,
    way: str,
) -> None:
    service_id = samples.service(ctx).id
    is_up = fault != "down at the start"
    with contextlib.ExitStack() as calling, contextlib.ExitStack() as over:
        if not is_up:
            over.enter_context(stopped(broker))
        there = start(DEFAULT__transport_url=broker.url)
        state = "serving" if is_up else "waiting for the broker"
        there.wait_for(lambda: there.states() == [state])
        callers = calling.enter_context(Callers(there, activity, service_id, RESPONSE_TIMEOUT))
        if is_up:
            callers.wait_for_an_answer()
            over.enter_context(FAULTS[fault](broker))
        time.sleep(FAULT)
        over.close()
        recovered = callers.wait_for_an_answer()
        there.wait_for(lambda: there.states() == ["serving"])
        callers.end()
    stored = _stored(ctx)
    with FAULTS[fault](broker):
        ended = _end(there)
    lost = [key for key in callers.acknowledged if not stored[key]]
    _tell(f"RabbitMQ, {fault}, {activity}", callers, len(lost), recovered, ended)
    assert lost == []
    assert [key for key, number in stored.items() if number > 1] == []
    if fault != "frozen":
        # What was given up is not sent later, but for what was on its way when the broker went;
        # nothing is on its way in vain when it is back.
        assert len(set(stored) - set(callers.acknowledged)) <= THREADS
    assert set(callers.errors) <= TIMEOUTS
    attempts = 1 if activity == "writing" else READ_ATTEMPTS
    assert callers.longest < attempts * RESPONSE_TIMEOUT + SLACK
    assert ended < IN_TIME


@pytest.mark.parametrize("way", ["rabbitmq"])
def test_nothing_is_made_twice_when_connections_are_killed_again_and_again(
    start: Any, ctx: Any, database: session.Database, broker: Broker, way: str
) -> None:
    """The broker hands what it had no word of to another process, which does not know of it."""
    there = start(DEFAULT__transport_url=broker.url, conductor__workers=3)
    there.wait_for(lambda: there.states() == ["serving"] * 3)
    with Callers(there, "writing", samples.service(ctx).id, RESPONSE_TIMEOUT) as callers:
        callers.wait_for_an_answer()
        for _ in range(6):
            broker.cut()
        recovered = callers.wait_for_an_answer()
        callers.end()
    stored = _stored(ctx)
    ended = _end(there)
    lost = [key for key in callers.acknowledged if not stored[key]]
    _tell("RabbitMQ, connections killed six times, writing", callers, len(lost), recovered, ended)
    assert lost == []
    assert [key for key, number in stored.items() if number > 1] == []
    assert set(callers.errors) <= TIMEOUTS


@contextlib.contextmanager
def closed(leash: Proxy) -> Iterator[None]:
    leash.close()
    yield
    leash.open()


@contextlib.contextmanager
def back_at_once(leash: Proxy) -> Iterator[None]:
    with closed(leash):
        time.sleep(0.5)
    yield


@contextlib.contextmanager
def cut_off(leash: Proxy) -> Iterator[None]:
    leash.cut()
    yield


@contextlib.contextmanager
def held(leash: Proxy) -> Iterator[None]:
    leash.freeze()
    yield
    leash.thaw()


DATABASE_FAULTS = {
    "down at the start": closed,
    "stopped": closed,
    "restarted": back_at_once,
    "connections killed": cut_off,
    "frozen": held,
}


@pytest.mark.parametrize("way", ["rabbitmq"])
@pytest.mark.parametrize("server", ["mariadb", "postgresql"])
@pytest.mark.parametrize("activity", ["idle", "reading", "writing"])
@pytest.mark.parametrize("fault", list(DATABASE_FAULTS))
def test_of_a_database_server(
    start: Any,
    ctx: Any,
    ways: stores.Ways,
    broker: Broker,
    fault: str,
    activity: str,
    server: str,
    way: str,
) -> None:
    with ways.open("direct", server) as engine:
        service_id = samples.service(ctx).id
    url = engine.url
    is_up = fault != "down at the start"
    with (
        Proxy(str(url.host), url.port or 0) as leash,
        contextlib.ExitStack() as calling,
        contextlib.ExitStack() as over,
    ):
        if not is_up:
            over.enter_context(closed(leash))
        at = url.set(host="127.0.0.1", port=leash.port).render_as_string(hide_password=False)
        there = start(DEFAULT__transport_url=broker.url, database__connection=at)
        state = "serving" if is_up else "waiting for the database"
        there.wait_for(lambda: there.states() == [state])
        callers = calling.enter_context(Callers(there, activity, service_id, 3 * CALL_TIMEOUT))
        if is_up:
            callers.wait_for_an_answer()
            over.enter_context(DATABASE_FAULTS[fault](leash))
        time.sleep(FAULT)
        over.close()
        recovered = callers.wait_for_an_answer()
        there.wait_for(lambda: there.states() == ["serving"])
        callers.end()
        with DATABASE_FAULTS[fault](leash):
            ended = _end(there)
    with engine.connect() as connection:
        made = sqlalchemy.select(tables.migrations.c.source_node).where(
            tables.migrations.c.source_compute == HOST
        )
        stored = collections.Counter(connection.execute(made).scalars())
    lost = [key for key in callers.acknowledged if not stored[key]]
    _tell(f"{server}, {fault}, {activity}", callers, len(lost), recovered, ended)
    assert lost == []
    assert [key for key, number in stored.items() if number > 1] == []
    # Of what was on its way to be committed nobody can say whether it was.
    unknown = callers.errors.pop("WriteOutcomeUnknown", 0)
    assert len(set(stored) - set(callers.acknowledged)) <= unknown
    assert unknown <= (THREADS if activity == "writing" else 0)
    assert set(callers.errors) <= {"DatabaseUnavailable"}
    assert callers.longest < CALL_TIMEOUT + SLACK
    assert ended < IN_TIME


@pytest.mark.parametrize("way", ["rabbitmq"])
@pytest.mark.parametrize("seconds", [CALL_TIMEOUT - 2, CALL_TIMEOUT + 4])
def test_of_a_file_that_is_locked(
    start: Any,
    ctx: Any,
    database: session.Database,
    broker: Broker,
    seconds: int,
    way: str,
) -> None:
    """For less time than a call waits, and for more."""
    service_id = samples.service(ctx).id
    there = start(DEFAULT__transport_url=broker.url)
    there.wait_for(lambda: there.states() == ["serving"])
    with Callers(there, "writing", service_id, 3 * CALL_TIMEOUT) as callers:
        callers.wait_for_an_answer()
        with locked(database):
            time.sleep(seconds)
        recovered = callers.wait_for_an_answer()
        callers.end()
    stored = _stored(ctx)
    with locked(database):
        ended = _end(there)
    lost = [key for key in callers.acknowledged if not stored[key]]
    _tell(f"SQLite, locked for {seconds} s, writing", callers, len(lost), recovered, ended)
    assert lost == []
    assert [key for key, number in stored.items() if number > 1] == []
    expected = {"DatabaseUnavailable"} if seconds > CALL_TIMEOUT else set()
    assert set(callers.errors) == expected
    assert callers.longest < CALL_TIMEOUT + SLACK
    assert ended < IN_TIME
