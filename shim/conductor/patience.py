# SPDX-License-Identifier: Apache-2.0
"""Calls on the bus that end in time, whatever the broker does.

oslo.messaging waits for an answer for ``rpc_response_timeout`` seconds, and for a broker to send
the question to without end. When the broker is back it would send what its caller has been told was
not taken, however long ago: what is sent late is not sent. Nor is what could not be answered,
because the connection for answers is not back as soon as the one for questions: its caller would
wait in vain for what is done.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from typing import Any

import oslo_messaging
from oslo_messaging._drivers import impl_rabbit

from shim.outcome import NotYet, Outcome

#: Seconds that the library has to say itself that no answer came.
_GRACE = 0.5


class NotTaken(oslo_messaging.MessagingTimeout):  # type: ignore[misc,unused-ignore]
    """The broker took no message in time, or would have no way to hand over the answer.

    It may have a message that was on its way, and do the call.
    """


#: Seconds between two looks whether the connection for answers is back.
_INTERVAL = 0.01

#: Until when the call of this thread may be sent, and whether its answer would be heard.
_call = threading.local()


def in_time(call: Callable[[], Any], seconds: float, is_heard: Callable[[], bool]) -> Any:
    """What the call comes to. NotTaken when it comes to nothing in that many seconds.

    It is not sent while ``is_heard`` says that its answer would not reach this process.
    """
    until = time.monotonic() + seconds

    def run() -> Any:
        _call.until, _call.is_heard = until, is_heard
        return call()

    not_taken = NotTaken(f"the broker took no message for {seconds} s")
    try:
        return Outcome(run).get(seconds + _GRACE)
    except NotYet:
        raise not_taken from None
    except oslo_messaging.MessageDeliveryFailure as error:
        raise not_taken from error


def retries(seconds: float) -> int:
    """How often the library tries to send: it waits for 1, 3, 5, ... seconds in between."""
    return int(seconds**0.5) + 1


def _punctual(publish: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(publish)
    def publish_in_time(*args: Any, **kwargs: Any) -> Any:
        if hasattr(_call, "until"):
            while not _call.is_heard() and time.monotonic() < _call.until:
                time.sleep(_INTERVAL)
            if _call.until < time.monotonic():
                raise NotTaken("nobody waits for the answer any more")
        return publish(*args, **kwargs)

    return publish_in_time


# The last step before a message leaves, behind all that may wait for a broker.
impl_rabbit.Connection._publish = _punctual(impl_rabbit.Connection._publish)
