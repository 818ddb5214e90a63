# SPDX-License-Identifier: Apache-2.0
"""Answers to nodes of 2014.2, and from conductors of 2014.2.

Their oslo.messaging wants two messages for a call: the result or the error, and then one that says
it was all. Today's sends one that is both, in which such a node sees no result. Today's clients
understand either, but waste a message; the shim's own are known by the version that they ask for.

An answer of theirs goes to an exchange that has the name of the caller's queue; today's library
declares the queue alone.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any

import oslo_messaging
from oslo_messaging._drivers.common import PURPOSE_SEND

from shim.conductor import wire_errors
from shim.conductor.dict_client import DictClient, reads

LOG = logging.getLogger(__name__)

#: What the shim's clients ask for; nova 2014.2 asks for 2.0 and 2.1, Liberty for up to 2.3.
VERSION = "2.4"


class Dispatcher(oslo_messaging.RPCDispatcher):
    """Hands calls to the endpoints, and sees to it that their callers understand the answer."""

    def dispatch(self, incoming: Any) -> Any:
        send = getattr(incoming, "_send_reply", None)
        if _may_be_done(incoming.message):
            # Whoever took it first answers, if anybody does.
            incoming.msg_id = None
            LOG.warning("%s came a second time, and is not done again", incoming.message["method"])
            return None
        if send is not None and incoming.message.get("version") != VERSION:
            incoming._send_reply = functools.partial(_send_twice, send)
        try:
            return super().dispatch(incoming)
        except oslo_messaging.ExpectedException:
            raise
        except Exception as error:
            # Of a message that comes to no endpoint, in whose names anything may stand.
            method = ascii(incoming.message.get("method"))
            LOG.warning("a message is refused, %s: %.80s", type(error).__name__, method)
            is_librarys = isinstance(error, oslo_messaging.RPCDispatcherError)
            raise wire_errors.answer(error if is_librarys else wire_errors.as_sent(error)) from None


def _may_be_done(message: Any) -> bool:
    """Whether it is a call that writes, and that the broker handed to somebody before.

    It does so when a connection breaks before it has heard that the call was taken; the library
    knows such a message again only in the process that took it.
    """
    raw = getattr(message, "_raw_message", None)
    if raw is None or not raw.delivery_info.get("redelivered"):
        return False
    method = message.get("method")
    if method in ("object_action", "object_actions"):
        return True
    return isinstance(method, str) and hasattr(DictClient, method) and not reads(method)


def _send_twice(
    send: Callable[..., None],
    connection: Any,
    reply: Any = None,
    failure: Any = None,
    ending: bool = True,
) -> None:
    # Nothing is what the last message alone says, and a result of None to today's client is a
    # sign of life that it did not ask for.
    if ending and (reply is not None or failure is not None):
        send(connection, reply, failure, ending=False)
        send(connection)
    else:
        send(connection, reply, failure, ending=ending)


def accept_from_juno(transport: Any) -> None:
    """Let the answers of a conductor of 2014.2 reach this process. Costs two trips to RabbitMQ;
    to be done before each call, because a broker that was restarted has forgotten it."""
    driver: Any = getattr(transport, "_driver", None)
    if not hasattr(driver, "_get_reply_q"):
        return
    name = driver._get_reply_q()
    with driver._get_connection(PURPOSE_SEND) as connection, connection._connection_lock:
        channel = connection.channel
        channel.exchange_declare(name, "direct", durable=False, auto_delete=True)
        channel.queue_bind(name, exchange=name, routing_key=name)
