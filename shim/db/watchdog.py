# SPDX-License-Identifier: Apache-2.0
"""Ends what waits for a database longer than it may.

A server that is frozen, or a network that swallows packets, keeps a driver waiting without end,
and no driver's own limits cover a whole transaction. A thread looks twice a second for what is
overdue and shuts its connection down: the driver then reports a lost connection.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any

#: Seconds between two looks at what is overdue.
INTERVAL = 0.5

_lock = threading.Lock()
_keys = itertools.count()
#: When each is overdue, and what ends it.
_watched: dict[int, tuple[float, Callable[[], None]]] = {}
_is_needed = threading.Event()
_thread: threading.Thread | None = None


def watch(connection: Any, seconds: float) -> int:
    """Break the driver's connection when that many seconds pass before ``leave`` with the key."""
    key = next(_keys)
    _watched[key] = (time.monotonic() + seconds, _breaker(connection))
    if not _is_needed.is_set():
        _begin()
    return key


def leave(key: int) -> None:
    """The connection of the key is not waited for any more."""
    # Whoever breaks one holds the lock: it is not another's connection by then.
    with _lock:
        del _watched[key]


def _breaker(connection: Any) -> Callable[[], None]:
    if isinstance(connection, sqlite3.Connection):
        return connection.interrupt
    # psycopg2 says what its socket is, PyMySQL and mysqlclient keep it or its number.
    fileno = getattr(connection, "fileno", None) or getattr(
        getattr(connection, "_sock", None), "fileno", None
    )
    if fileno is None:
        return lambda: None
    number = fileno()
    return lambda: _shut_down(number)


def _shut_down(number: int) -> None:
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(number)) as wire:
        wire.shutdown(socket.SHUT_RDWR)


def _begin() -> None:
    global _thread
    with _lock:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_watch, name="watchdog", daemon=True)
            _thread.start()
    _is_needed.set()


def _watch() -> None:
    while True:
        _is_needed.wait()
        time.sleep(INTERVAL)
        now = time.monotonic()
        with _lock:
            for overdue, end in list(_watched.values()):
                if overdue < now:
                    end()
            if not _watched:
                _is_needed.clear()


def _forget() -> None:
    # The thread is not there in a process that was forked, and the lock may be held for good.
    global _lock, _thread
    _lock, _thread = threading.Lock(), None
    _watched.clear()
    _is_needed.clear()


os.register_at_fork(after_in_child=_forget)
