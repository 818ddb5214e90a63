# SPDX-License-Identifier: Apache-2.0
"""One process of a conductor: it serves, says whether it can, looks after itself, ends in time.

It takes calls whether its database serves or not: who makes one is told, where a call that nobody
takes would only end without an answer. Nothing that can wait for a database or a broker is done in
the thread that has to react when the process is told to end.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from shim import exception
from shim.conductor import status
from shim.conductor.server import Conductor
from shim.conf import CONF
from shim.db import attempts, health, session

LOG = logging.getLogger(__name__)


#: Seconds within which a conductor that has its database and its broker serves.
_BEGINNING = 0.5


class CannotStart(Exception):
    """The database did not serve as often as it was asked; the text says why."""


def wait_for_database(said: status.StatusFile) -> None:
    """Come back when the database serves, asked ``max_retries`` times more at most.

    CannotStart when it does not, or when the process is told to end.
    """
    options = CONF.database
    tries = 0
    while True:
        try:
            session.probe()
            return
        except exception.DatabaseUnavailable as error:
            reason = str(error.kwargs["reason"])
        said.say(status.WAITING_FOR_DATABASE, reason)
        if 0 <= options.max_retries <= tries:
            raise CannotStart(f"the database does not serve: {reason}")
        tries += 1
        LOG.warning(
            "the database does not serve, asked again in %d s: %s", options.retry_interval, reason
        )
        if attempts.is_ending.wait(options.retry_interval):
            raise CannotStart("told to end")


class Worker:
    """A conductor in this process; ``on_failure`` is called when it cannot start."""

    def __init__(self, on_failure: Callable[[str], None]) -> None:
        self._on_failure = on_failure
        self._said = status.StatusFile()
        self._conductor: Conductor | None = None
        self._takes_calls = threading.Event()

    def start(self) -> None:
        """Begin, in threads; what they wait for may take long."""
        self._said.say(status.STARTING)
        for work in (self._take_calls, self._become_ready):
            threading.Thread(target=self._try, args=(work,), name="begin", daemon=True).start()

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except CannotStart as error:
            if not attempts.is_ending.is_set():
                self._on_failure(str(error))
        except Exception as error:
            LOG.exception("the conductor cannot start")
            self._on_failure(f"{type(error).__name__}: {error}")

    def _take_calls(self) -> None:
        conductor = Conductor()
        if attempts.is_ending.is_set():
            return
        # The library waits here until there is a broker.
        conductor.start()
        self._conductor = conductor
        self._takes_calls.set()

    def _become_ready(self) -> None:
        wait_for_database(self._said)
        interval = _BEGINNING
        while not self._takes_calls.wait(interval):
            self._look()
            interval = CONF.conductor.check_interval
        self._said.say(status.SERVING)
        LOG.info("serving topic %s from %s", CONF.conductor.topic, session.get_database().url)
        while not attempts.is_ending.wait(CONF.conductor.check_interval):
            self._look()

    def _look(self) -> None:
        try:
            self._said.say(*self._how_it_is())
        except Exception:
            LOG.exception("the conductor cannot look after itself")

    def _how_it_is(self) -> tuple[str, str]:
        try:
            session.probe()
        except exception.DatabaseUnavailable:
            failing = health.failing()
            return status.NO_DATABASE, failing[1] if failing else ""
        if self._conductor is None:
            return status.WAITING_FOR_BROKER, ""
        if not self._conductor.is_connected:
            return status.NO_BROKER, ""
        return status.SERVING, ""

    def stop(self) -> bool:
        """Answer what was taken, in ``shutdown_timeout`` seconds; whether that was enough."""
        attempts.is_ending.set()
        self._said.say(status.ENDING)
        ended = threading.Event()
        # It may be about to: with a broker that takes no longer than this.
        if self._takes_calls.wait(_BEGINNING):
            threading.Thread(target=self._end, args=(ended,), name="end", daemon=True).start()
        else:
            ended.set()
        in_time = ended.wait(CONF.conductor.shutdown_timeout)
        if not in_time:
            LOG.warning(
                "ended with calls under way: the database or the broker did not answer for %d s",
                CONF.conductor.shutdown_timeout,
            )
        self._said.remove()
        return in_time

    def _end(self, ended: threading.Event) -> None:
        conductor = self._conductor
        assert conductor is not None
        try:
            conductor.stop()
            conductor.transport.cleanup()
        except Exception:
            LOG.exception("the conductor did not end well")
        ended.set()
