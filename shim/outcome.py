# SPDX-License-Identifier: Apache-2.0
"""A call in a thread of its own, which may wait longer than whoever wants to know what it came to.

No library's own limits cover all that it may wait for: a name server, a handshake, an answer.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any


class NotYet(Exception):
    """The call came to nothing in time; it goes on."""


class Outcome:
    """What the call comes to; it begins at once, and does not keep the process alive."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self._found: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="call", daemon=True).start()

    def _run(self) -> None:
        try:
            self._found.put((self._call(), None))
        except BaseException as error:
            self._found.put((None, error))

    def get(self, seconds: float) -> Any:
        """Its result, or its error. NotYet when there is neither in that many seconds."""
        try:
            result, error = self._found.get(timeout=seconds)
        except queue.Empty:
            raise NotYet from None
        if error is not None:
            raise error
        return result
