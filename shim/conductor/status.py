# SPDX-License-Identifier: Apache-2.0
"""How the processes of a conductor are: each says it in a file, for whoever asks."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import os
import pathlib
import threading
import time
from collections.abc import Iterator

from shim.conf import CONF

LOG = logging.getLogger(__name__)

STARTING = "starting"
WAITING_FOR_DATABASE = "waiting for the database"
WAITING_FOR_BROKER = "waiting for the broker"
SERVING = "serving"
NO_DATABASE = "the database does not serve"
NO_BROKER = "the broker cannot be reached"
ENDING = "ending"


@dataclasses.dataclass(frozen=True)
class Status:
    """How a process is, since when (seconds of the epoch) and why."""

    pid: int
    host: str
    topic: str
    state: str
    since: float
    reason: str = ""

    @property
    def is_serving(self) -> bool:
        return self.state == SERVING

    def __str__(self) -> str:
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.since))
        reason = f": {self.reason}" if self.reason else ""
        return f"{self.pid} on {self.host}, topic {self.topic}: {self.state} since {since}{reason}"


class StatusFile:
    """The file of this process; removed when it ends well."""

    def __init__(self) -> None:
        self._path = pathlib.Path(CONF.conductor.status_path) / f"{os.getpid()}.json"
        self._said: tuple[str, str] | None = None
        self._is_broken = False
        self._lock = threading.Lock()

    def say(self, state: str, reason: str = "") -> None:
        """Write the file anew when the state or its reason changed; ENDING is the last of all."""
        with self._lock:
            if self._said not in ((state, reason), (ENDING, "")):
                self._said = (state, reason)
                self._write(state, reason)

    def _write(self, state: str, reason: str) -> None:
        host, topic = CONF.host, CONF.conductor.topic
        status = Status(os.getpid(), host, topic, state, time.time(), reason)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_suffix(".new")
            new.write_text(json.dumps(dataclasses.asdict(status)))
            new.replace(self._path)
        except OSError as error:
            if not self._is_broken:
                LOG.warning("`shim conductor status` will not know of this process: %s", error)
            self._is_broken = True

    def remove(self) -> None:
        """There is nothing to say any more."""
        with contextlib.suppress(OSError):
            self._path.unlink()


def of_all() -> Iterator[Status]:
    """What each process says; the files of those that are gone are removed."""
    for path in sorted(pathlib.Path(CONF.conductor.status_path).glob("*.json")):
        try:
            status = Status(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            continue
        if is_there(status.pid):
            yield status
        else:
            path.unlink(missing_ok=True)


def is_there(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
