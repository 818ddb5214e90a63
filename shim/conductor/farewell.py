# SPDX-License-Identifier: Apache-2.0
"""How a conductor leaves the bus without losing a call.

oslo.messaging stops reading, waits for the calls under way and closes its connection; only then
does RabbitMQ learn that the conductor is gone. What the broker sends it in the meantime is lost:
the library acknowledges it while it closes, and nobody looks at it any more. So the broker is told
first, and what it had sent by then is served like any other call.
"""

from __future__ import annotations

import logging
from typing import Any

from oslo_messaging._drivers import amqpdriver

# It takes the interval that is changed below for a limit of an option: by then it must be there.
from oslo_messaging._drivers import impl_rabbit as _impl_rabbit  # noqa: F401

LOG = logging.getLogger(__name__)

#: Seconds after which an idle listener looks whether it is to end; the library's are five.
_LOOK_INTERVAL = 1.0


def hurry() -> None:
    """Let the listeners of this process find out within a second that they are to end."""
    amqpdriver.ACK_REQUEUE_EVERY_SECONDS_MAX = _LOOK_INTERVAL


def stop(server: Any) -> None:
    """Stop the RPC server: it takes no more calls, and every call that it took is answered.

    What it did not take stays in the queue, for another conductor or the next one.
    """
    server.stop()
    try:
        _serve_what_was_sent(server)
    except Exception:
        # The broker keeps what nobody acknowledged, and takes it back when the connection ends.
        LOG.warning("the broker could not be told of the end", exc_info=True)
    server.wait()


def _serve_what_was_sent(server: Any) -> None:
    # The library has no name of its own for any of this; a bus without consumers needs none.
    listener = getattr(server.listener, "_poll_style_listener", None)
    connection = getattr(listener, "conn", None)
    if listener is None or connection is None:
        return
    # Each cancellation waits for the broker's answer, and takes in what comes before it. The
    # thread that reads the connection has ended by now, so it is this one's.
    for consumer, tag in list(connection._consumers.items()):
        consumer.cancel(tag=tag)
    while incoming := listener.poll(batch_size=1, batch_timeout=0):
        server._on_incoming(incoming)
