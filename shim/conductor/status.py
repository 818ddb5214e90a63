# SPDX-License-Identifier: Apache-2.0
"""How the processes of a conductor are: each says it in a file, for whoever asks.

A process holds a lock on a file beside it as long as it lives: its number may become another's.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import logging
import os
import pathlib
import tempfile
import threading
import time
from collections.abc import Iterator
from typing import IO

from shim.conf import CONF

LOG = logging.getLogger(__name__)

STARTING = "starting"
WAITING_FOR_DATABASE = "waiting for the database"
WAITING_FOR_BROKER = "waiting for the broker"
SERVING = "serving"
NO_DATABASE = "the database does not serve"
NO_BROKER = "the broker cannot be reached"
ENDING = "ending"

#: Seconds beyond what a process takes between two looks at itself, on a machine with other work.
_SLACK = 30


@dataclasses.dataclass(frozen=True)
class Status:
    """How a process is, since when (seconds of the epoch) and why; it says so again until then.

    ValueError for values that are none of these.
    """

    pid: int
    host: str
    topic: str
    state: str
    since: float
    until: float
    reason: str = ""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            kinds = (int, float) if field.type == "float" else (int if field.type == "int" else str)
            if not isinstance(getattr(self, field.name), kinds):
                raise ValueError(f"{field.name} is no {field.type}")

    @property
    def is_silent(self) -> bool:
        """Whether it should have said something by now: it is stopped, or stuck."""
        return self.until < time.time()

    @property
    def is_serving(self) -> bool:
        return self.state == SERVING and not self.is_silent

    def __str__(self) -> str:
        reason = f": {self.reason}" if self.reason else ""
        silent = f", silent since {_as_text(self.until)}" if self.is_silent else ""
        return (
            f"{self.pid} on {self.host}, topic {self.topic}: "
            f"{self.state} since {_as_text(self.since)}{reason}{silent}"
        )


def _as_text(seconds: float) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
    except (OverflowError, OSError, ValueError):
        return f"{seconds}"


class StatusFile:
    """The file of this process; removed when it ends well."""

    def __init__(self) -> None:
        self._folder = pathlib.Path(CONF.conductor.status_path)
        self._path = self._folder / f"{os.getpid()}.json"
        self._said: tuple[str, str] | None = None
        self._since = time.time()
        self._is_broken = False
        self._lock = threading.Lock()
        self._life: IO[str] | None = None

    def say(self, state: str, reason: str = "") -> None:
        """Say it, and that this process lives; ENDING is the last of all."""
        with self._lock:
            if self._said == (ENDING, ""):
                return
            if self._said != (state, reason):
                self._said, self._since = (state, reason), time.time()
            try:
                self._write(state, reason)
            except OSError as error:
                if not self._is_broken:
                    LOG.warning("`shim conductor status` will not know of this process: %s", error)
                self._is_broken = True

    def _write(self, state: str, reason: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # Somebody may clean up where it lies.
        if self._life is None or not _lock_of(self._path).exists():
            life = _lock_of(self._path).open("w")
            fcntl.flock(life, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._let_go()
            self._life = life
        interval = max(CONF.conductor.check_interval, CONF.database.retry_interval)
        until = time.time() + 2 * interval + CONF.database.call_timeout + _SLACK
        host, topic = CONF.host, CONF.conductor.topic
        status = Status(os.getpid(), host, topic, state, self._since, until, reason)
        # A name that nobody can have made a link.
        number, name = tempfile.mkstemp(dir=self._folder)
        try:
            with open(number, "w") as new:
                json.dump(dataclasses.asdict(status), new)
            os.chmod(name, 0o644)
            os.replace(name, self._path)
        except OSError:
            os.unlink(name)
            raise

    def remove(self) -> None:
        """There is nothing to say any more."""
        _remove(self._path)
        self._let_go()

    def _let_go(self) -> None:
        if self._life is not None:
            self._life.close()


def of_all() -> Iterator[Status]:
    """What each process says; the files of those that are gone are removed."""
    for path in sorted(pathlib.Path(CONF.conductor.status_path).glob("*.json")):
        if not _is_held(_lock_of(path)):
            _remove(path)
            continue
        with contextlib.suppress(OSError, ValueError, TypeError):
            yield Status(**json.loads(path.read_text()))


def _lock_of(path: pathlib.Path) -> pathlib.Path:
    return path.with_suffix(".lock")


def _is_held(path: pathlib.Path) -> bool:
    try:
        with path.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _remove(path: pathlib.Path) -> None:
    for one in (path, _lock_of(path)):
        with contextlib.suppress(OSError):
            one.unlink()


def is_there(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
