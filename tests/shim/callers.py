# SPDX-License-Identifier: Apache-2.0
"""A process that calls a conductor while something fails, and says what it saw.

Run as a program with its parameters as JSON. It answers lines: ``wait`` with the seconds until a
call that begins now is answered, ``end`` with what was seen. The library's connections, and threads
that wait for a broker, end with it.
"""

# The shim chooses real threads, which it can only do before oslo.messaging is imported.
import shim  # noqa: F401, I001

import collections
import json
import os
import sys
import threading
import time
from typing import Any

import oslo_messaging

from shim import conductor, context
from shim.conf import CONF
from shim.objects import Migration, Service

THREADS = 4
#: Seconds after which calls go through again when a fault is over.
RECOVERY = 60
#: The host of the migrations that are made.
HOST = "faults"


class Callers:
    """Threads that read or write until they are told to end; or nobody, who is idle."""

    def __init__(self, activity: str, service_id: int) -> None:
        self.errors: collections.Counter[str] = collections.Counter()
        self.longest = 0.0
        self.acknowledged: list[str] = []
        self._last_answered = 0.0
        self._service_id = service_id
        self._does = self._write if activity == "writing" else self._read
        self._ended = threading.Event()
        number = 0 if activity == "idle" else THREADS
        # None of them keeps a process whose main thread has failed.
        self._threads = [
            threading.Thread(target=self._go_on, args=(n,), daemon=True) for n in range(number)
        ]
        for thread in self._threads:
            thread.start()

    def _go_on(self, number: int) -> None:
        step = 0
        while not self._ended.is_set():
            step += 1
            self._call(f"{number}-{step}")

    def _call(self, key: str) -> None:
        began = time.monotonic()
        try:
            self._does(context.get_admin_context(), key)
            self._last_answered = max(self._last_answered, began)
        except Exception as error:
            self.errors[type(error).__name__] += 1
        self.longest = max(self.longest, time.monotonic() - began)

    def _read(self, ctx: Any, _key: str) -> None:
        assert Service.get_by_id(ctx, self._service_id).host == "cmp-a"

    def _write(self, ctx: Any, key: str) -> None:
        # Of these there may be two alike: one that was made twice would be seen.
        Migration(ctx, source_node=key, source_compute=HOST, status="migrating").create()
        self.acknowledged.append(key)

    def wait(self) -> float:
        """Seconds until a call that begins now is answered."""
        now = time.monotonic()
        while self._last_answered < now:
            assert time.monotonic() - now < RECOVERY, self.errors
            if not self._threads:
                self._call("idle")
            time.sleep(0.05)
        return time.monotonic() - now

    def end(self) -> dict[str, Any]:
        self._ended.set()
        for thread in self._threads:
            thread.join()
        return {
            "errors": self.errors,
            "longest": self.longest,
            "acknowledged": self.acknowledged,
        }


def main() -> None:
    parameters = json.loads(sys.argv[1])
    CONF.set_override("topic", parameters["topic"], group="conductor")
    conductor.use_indirection(oslo_messaging.get_rpc_transport(CONF, url=parameters["broker"]))
    CONF.set_override("rpc_response_timeout", parameters["timeout"])
    callers = Callers(parameters["activity"], parameters["service_id"])
    for line in sys.stdin:
        print(json.dumps({"wait": callers.wait, "end": callers.end}[line.strip()]()), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
