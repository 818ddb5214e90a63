# SPDX-License-Identifier: Apache-2.0
"""Calls on the bus that end in time, whatever the broker does.

oslo.messaging waits for an answer for ``rpc_response_timeout`` seconds, and for a broker to send
the question to without end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import oslo_messaging

from shim.outcome import NotYet, Outcome

#: Seconds that the library has to say itself that no answer came.
_GRACE = 0.5


class NotTaken(oslo_messaging.MessagingTimeout):  # type: ignore[misc,unused-ignore]
    """The broker took no message in time; it may take it yet, and the call may be done."""


def in_time(call: Callable[[], Any], seconds: float) -> Any:
    """What the call comes to. NotTaken when it comes to nothing in that many seconds."""
    try:
        return Outcome(call).get(seconds + _GRACE)
    except NotYet:
        raise NotTaken(f"the broker took no message for {seconds} s") from None
