# SPDX-License-Identifier: Apache-2.0
"""Calls on the bus that end in time, whatever the broker does.

oslo.messaging waits for an answer for ``rpc_response_timeout`` seconds, and for a broker to send
the question to without end. So the call is made in a thread of its own, which may wait longer than
its caller.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

import oslo_messaging

#: Seconds that the library has to say itself that no answer came.
_GRACE = 0.5


class NotTaken(oslo_messaging.MessagingTimeout):  # type: ignore[misc,unused-ignore]
    """The broker took no message in time; it may take it yet, and the call may be done."""


def in_time(call: Callable[[], Any], seconds: float) -> Any:
    """What the call comes to. NotTaken when it comes to nothing in that many seconds."""
    outcome: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put((call(), None))
        except BaseException as error:
            outcome.put((None, error))

    threading.Thread(target=run, name="call", daemon=True).start()
    try:
        result, error = outcome.get(timeout=seconds + _GRACE)
    except queue.Empty:
        raise NotTaken(f"the broker took no message for {seconds} s") from None
    if error is not None:
        raise error
    return result
