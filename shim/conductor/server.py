"""A conductor: the endpoints on the bus, and the life of the process that serves them."""

from __future__ import annotations

import functools
import inspect
import logging
import signal
from collections.abc import Callable
from typing import Any

import oslo_messaging

from shim.conductor import bus, farewell, replies, serializer, wire_errors
from shim.conductor.dict_calls import DictCalls
from shim.conductor.object_calls import ObjectCalls
from shim.conf import CONF

LOG = logging.getLogger(__name__)


class _Endpoint:
    """The calls of a class, made fit for the bus."""

    def __init__(self, calls: Any, target: oslo_messaging.Target) -> None:
        self.target = target
        for name, method in inspect.getmembers(calls, inspect.ismethod):
            if not name.startswith("_"):
                setattr(self, name, _served(method))


def _served(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(context: Any, **arguments: Any) -> Any:
        serializer.refuse_oversized(arguments, CONF.conductor.max_message_size)
        return serializer.dehydrated(method(context, **arguments))

    return wire_errors.expected(call)


class _Alive:
    def ping(self, context: Any, arg: Any) -> dict[str, Any]:
        return {"service": "conductor", "arg": arg}


def endpoints() -> list[Any]:
    """What a conductor serves: its own calls, and nova's ``baseapi``."""
    return [
        _Endpoint(ObjectCalls(), oslo_messaging.Target(version=replies.VERSION)),
        _Endpoint(DictCalls(), oslo_messaging.Target(version=replies.VERSION)),
        _Endpoint(_Alive(), oslo_messaging.Target(namespace="baseapi", version="1.1")),
    ]


class Conductor:
    """A conductor on the bus that ``transport_url`` names, serving from threads of this process."""

    def __init__(self, transport: Any = None) -> None:
        self.transport = transport or bus.transport()
        target = oslo_messaging.Target(topic=CONF.conductor.topic, server=CONF.host)
        self._server = oslo_messaging.get_rpc_server(self.transport, target, [])
        self._server.dispatcher = replies.Dispatcher(
            endpoints(), serializer.ContextSerializer(), oslo_messaging.DefaultRPCAccessPolicy
        )
        # The library registers this option when the server is made, and reads it on start.
        CONF.set_default("executor_thread_pool_size", CONF.conductor.workers)

    def start(self) -> None:
        """Begin to serve."""
        self._server.start()

    def stop(self) -> None:
        """Take no more calls, answer those that were taken."""
        farewell.stop(self._server)


def serve() -> None:
    """Serve until SIGTERM or SIGINT; calls under way are finished first."""
    asked_to_stop = (signal.SIGTERM, signal.SIGINT)
    # Blocked in every thread that is to come, a signal waits until it is asked for. A handler's
    # may be lost: one that comes just before the main thread goes to sleep does not wake it.
    signal.pthread_sigmask(signal.SIG_BLOCK, asked_to_stop)
    conductor = Conductor()
    conductor.start()
    LOG.info("serving topic %s", CONF.conductor.topic)
    signal.sigwait(asked_to_stop)
    conductor.stop()
    conductor.transport.cleanup()
    LOG.info("stopped")
