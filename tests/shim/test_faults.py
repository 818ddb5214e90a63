# SPDX-License-Identifier: Apache-2.0
"""What callers see of a broker that fails, and of a file that is locked; what is lost: nothing.

Each cell prints what was seen: pytest -rP tests/shim/test_faults.py.
"""

from __future__ import annotations

import collections
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import oslo_messaging
import pytest
import samples
from broker import Broker
from test_attempts import locked
from test_conductor_process import CALL_TIMEOUT, IN_TIME, Started, start

from shim import conductor, context
from shim.conductor.client import READ_ATTEMPTS
from shim.conf import CONF
from shim.db import session
from shim.objects import Migration, MigrationList, NovaObject, Service
from shim.outcome import NotYet, Outcome

__all__ = ["start"]

#: Seconds that a call waits for its answer, and that a fault lasts.
RESPONSE_TIMEOUT, FAULT = 4, 6
#: Seconds that what is said about times may be off on a machine with other work.
SLACK = 2
#: Seconds after which calls go through again when a fault is over.
RECOVERY = 60

TIMEOUTS = {"MessagingTimeout", "NotTaken"}


class Callers:
    """Threads that read or write until they are told to end; or nobody, who is idle."""

    def __init__(self, activity: str, service_id: int) -> None:
        self.errors: collections.Counter[str] = collections.Counter()
        self.longest = 0.0
        self.acknowledged: list[str] = []
        self.last_answered = 0.0
        self._service_id = service_id
        self._does = {"reading": self._read, "writing": self._write}.get(activity, self._read)
        self._ended = threading.Event()
        number = 0 if activity == "idle" else 4
        self._threads = [threading.Thread(target=self._go_on, args=(n,)) for n in range(number)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Callers:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, number: int) -> None:
        step = 0
        while not self._ended.is_set():
            step += 1
            self._call(f"{number}-{step}")

    def _call(self, key: str) -> None:
        began = time.monotonic()
        try:
            self._does(context.get_admin_context(), key)
            # Of a call that began when the fault was over.
            self.last_answered = max(self.last_answered, began)
        except Exception as error:
            self.errors[type(error).__name__] += 1
        self.longest = max(self.longest, time.monotonic() - began)

    def _read(self, ctx: Any, _key: str) -> None:
        assert Service.get_by_id(ctx, self._service_id).host == "cmp-a"

    def _write(self, ctx: Any, key: str) -> None:
        # Of these there may be two alike: one that was made twice would be seen.
        Migration(ctx, source_node=key, source_compute="faults", status="migrating").create()
        self.acknowledged.append(key)

    def wait_for_an_answer(self) -> float:
        """Seconds until a call that begins now is answered."""
        now = time.monotonic()
        while self.last_answered < now:
            assert time.monotonic() - now < RECOVERY, self.errors
            if not self._threads:
                self._call("idle")
            time.sleep(0.05)
        return time.monotonic() - now


@pytest.fixture
def transport() -> Iterator[Callable[[str, Started], None]]:
    """Lets the objects' calls go to a conductor over a connection of their own."""
    used = []

    def use(url: str, there: Started) -> None:
        CONF.set_override("topic", there.topic, group="conductor")
        used.append(oslo_messaging.get_rpc_transport(CONF, url=url))
        conductor.use_indirection(used[-1])
        CONF.set_override("rpc_response_timeout", RESPONSE_TIMEOUT)

    yield use
    NovaObject.indirection_api = None
    for one in used:
        # It may wait for calls that were given up.
        with contextlib.suppress(NotYet):
            Outcome(one.cleanup).get(SLACK)
    CONF.clear_override("topic", group="conductor")
    CONF.clear_override("rpc_response_timeout")


def _stored(ctx: Any) -> collections.Counter[str]:
    NovaObject.indirection_api = None
    found = MigrationList.get_by_filters(ctx, {"host": "faults"})
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
    transport: Any,
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
        transport(broker.url, there)
        callers = calling.enter_context(Callers(activity, service_id))
        if is_up:
            callers.wait_for_an_answer()
            over.enter_context(FAULTS[fault](broker))
        time.sleep(FAULT)
        over.close()
        recovered = callers.wait_for_an_answer()
        there.wait_for(lambda: there.states() == ["serving"])
    stored = _stored(ctx)
    with FAULTS[fault](broker):
        ended = _end(there)
    lost = [key for key in callers.acknowledged if not stored[key]]
    _tell(f"RabbitMQ, {fault}, {activity}", callers, len(lost), recovered, ended)
    assert lost == []
    assert [key for key, number in stored.items() if number > 1] == []
    assert set(callers.errors) <= TIMEOUTS
    attempts = 1 if activity == "writing" else READ_ATTEMPTS
    assert callers.longest < attempts * RESPONSE_TIMEOUT + SLACK
    assert ended < IN_TIME


@pytest.mark.parametrize("way", ["rabbitmq"])
@pytest.mark.parametrize("seconds", [CALL_TIMEOUT - 2, CALL_TIMEOUT + 4])
def test_of_a_file_that_is_locked(
    start: Any,
    ctx: Any,
    database: session.Database,
    broker: Broker,
    transport: Any,
    seconds: int,
    way: str,
) -> None:
    """For less time than a call waits, and for more."""
    service_id = samples.service(ctx).id
    there = start(DEFAULT__transport_url=broker.url)
    there.wait_for(lambda: there.states() == ["serving"])
    transport(broker.url, there)
    CONF.set_override("rpc_response_timeout", 3 * CALL_TIMEOUT)
    with Callers("writing", service_id) as callers:
        callers.wait_for_an_answer()
        with locked(database):
            time.sleep(seconds)
        recovered = callers.wait_for_an_answer()
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
