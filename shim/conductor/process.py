# SPDX-License-Identifier: Apache-2.0
"""The processes of ``shim conductor``: one that serves, or one that looks after several."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, NoReturn

import cotyledon

from shim import conf
from shim.conductor import bus, http
from shim.conductor.worker import Worker
from shim.conf import CONF
from shim.db import session

LOG = logging.getLogger(__name__)

ASKED_TO_END = (signal.SIGTERM, signal.SIGINT)
#: How one of several processes ends that need not be started anew.
_CANNOT_START = 3
#: Seconds that the supervisor gives its processes beyond what they take themselves.
_GRACE = 5


def serve() -> NoReturn:
    """Serve until SIGTERM or SIGINT, and end the process: 0, or 1 when it could not start.

    Calls under way are finished first, for ``shutdown_timeout`` seconds at most.
    """
    # The default is read before there is a transport, which would register the library's option.
    number = CONF.conductor.workers or os.cpu_count() or 1
    if bus.is_in_process(bus.transport()):
        LOG.warning(
            "transport_url is %s: this conductor is on a bus of its own, and nobody can reach it",
            conf.without_password(CONF.transport_url),
        )
        number = 1
    if session.get_database().is_memory:
        LOG.warning("the database is in memory: its rows end with this process")
        number = 1
    if CONF.conductor.http_port:
        http.count()
    if number == 1:
        _serve_here()
    _supervise(number)


def _serve_here() -> NoReturn:
    # Blocked in every thread that is to come, a signal waits until it is asked for. A handler's
    # may be lost: one that comes just before the main thread goes to sleep does not wake it.
    signals = {*ASKED_TO_END, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    failures: list[str] = []

    def fail(reason: str) -> None:
        failures.append(reason)
        os.kill(os.getpid(), signal.SIGTERM)

    worker = Worker(fail)
    worker.start()
    if CONF.conductor.http_port:
        _answer_http(fail)
    is_at_a_terminal = sys.stderr is not None and sys.stderr.isatty()
    while signal.sigwait(signals) == signal.SIGHUP and not is_at_a_terminal:
        LOG.warning("SIGHUP: options are read at the start alone, nothing changes")
    worker.stop()
    for reason in failures:
        LOG.error("the conductor ends: %s", reason)
    LOG.info("stopped")
    _leave(1 if failures else 0)


def _answer_http(fail: Callable[[str], None]) -> None:
    address = f"{CONF.conductor.http_host}:{CONF.conductor.http_port}"
    try:
        http.serve()
    except OSError as error:
        fail(f"http://{address}: {error}")
    else:
        LOG.info("http://%s has /health and /metrics", address)


def _leave(code: int) -> NoReturn:
    # The interpreter's own end would wait for threads that wait for a database.
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        # There may be none, or nobody who reads it.
        with contextlib.suppress(OSError, AttributeError, ValueError):
            stream.flush()
    os._exit(code)


class _Process(cotyledon.Service):  # type: ignore[misc,unused-ignore]
    """One of the processes that serve; its supervisor starts another when it ends."""

    name = "conductor"

    def __init__(self, worker_id: Any) -> None:
        super().__init__(worker_id)
        self._failed = threading.Event()
        self._worker = Worker(self._fail)

    def _fail(self, reason: str) -> None:
        LOG.error("the process ends: %s", reason)
        self._failed.set()
        os.kill(os.getpid(), signal.SIGTERM)

    def run(self) -> None:
        self._worker.start()

    def terminate(self) -> None:
        self._worker.stop()
        _leave(_CANNOT_START if self._failed.is_set() else 0)


class _Http(cotyledon.Service):  # type: ignore[misc,unused-ignore]
    """The process that tells of the others."""

    name = "http"

    def run(self) -> None:
        _answer_http(self._fail)

    @staticmethod
    def _fail(reason: str) -> None:
        LOG.error("the process ends: %s", reason)
        _leave(_CANNOT_START)


class _Supervisor(cotyledon.ServiceManager):  # type: ignore[misc,unused-ignore]
    """Takes SIGINT as SIGTERM: the calls under way are finished. Ends when a process cannot start,
    and starts any other that ends anew."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.code = 0
        self.register_hooks(on_dead_worker=self._look_at)

    def _look_at(self, _service: Any, _worker: Any, code: int) -> None:
        if code == _CANNOT_START:
            self.code = 1
            os.kill(os.getpid(), signal.SIGTERM)

    def _on_signal_received(self, sig: Any) -> None:
        super()._on_signal_received(signal.SIGTERM if sig == signal.SIGINT else sig)


def _supervise(number: int) -> NoReturn:
    supervisor = _Supervisor(graceful_shutdown_timeout=CONF.conductor.shutdown_timeout + _GRACE)
    supervisor.add(_Process, workers=number)
    if CONF.conductor.http_port:
        supervisor.add(_Http)
    LOG.info("serving topic %s from %d processes", CONF.conductor.topic, number)
    try:
        supervisor.run()
    except SystemExit:
        _leave(supervisor.code)
    raise AssertionError("unreachable")
