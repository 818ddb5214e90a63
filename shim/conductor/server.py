# SPDX-License-Identifier: Apache-2.0
"""A conductor: the endpoints on the bus."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable
from typing import Any

import oslo_messaging
from oslo_context import context as oslo_context
from oslo_messaging import opts

from shim.conductor import bus, error_log, farewell, replies, serializer, wire_errors
from shim.conductor.dict_calls import DictCalls
from shim.conductor.object_calls import ObjectCalls
from shim.conf import CONF
from shim.metrics import Counters
from shim.objects.base import NovaObjectRegistry

#: How many calls a process serves at once, where nobody says otherwise.
THREADS = 8


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

    @functools.wraps(method)
    def counted(context: Any, **arguments: Any) -> Any:
        began = time.perf_counter()
        errors: list[str] = []

        def report(context: Any, error: Exception) -> None:
            errors.append(type(error).__name__)
            error_log.report(_name_of(method, arguments), context, error)

        # What is logged from here on is of this request.
        context.update_store()
        try:
            return wire_errors.expected(call, report)(context, **arguments)
        finally:
            # The next of this thread may be nobody's.
            vars(oslo_context._request_store).pop("context", None)
            seconds = time.perf_counter() - began
            Counters.call(_name_of(method, arguments), seconds, "".join(errors))

    return counted


def _name_of(method: Callable[..., Any], arguments: dict[str, Any]) -> str:
    """The call by name; of an object's method, if both are known, the names of those."""
    target = arguments.get("objname")
    if target is None and isinstance(arguments.get("objinst"), dict):
        target = arguments["objinst"].get("nova_object.name")
    known = NovaObjectRegistry.obj_classes()
    name = arguments.get("objmethod")
    if isinstance(target, str) and target in known and isinstance(name, str):
        if hasattr(known[target][0], name):
            return f"{target}.{name}"
    return method.__name__


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


def register_thread_pool_size() -> None:
    """Let ``executor_thread_pool_size`` be read, which is 8 where nobody sets it.

    The library registers its option only when it makes a server.
    """
    name = "executor_thread_pool_size"
    for group, options in opts.list_opts():
        CONF.register_opts([option for option in options if option.name == name], group=group)
    CONF.set_default(name, THREADS)


class Conductor:
    """A conductor on the bus that ``transport_url`` names, serving from threads of this process."""

    def __init__(self, transport: Any = None) -> None:
        self.transport = transport or bus.transport()
        bus.answer_soon(self.transport)
        farewell.hurry()
        target = oslo_messaging.Target(topic=CONF.conductor.topic, server=CONF.host)
        self._server = oslo_messaging.get_rpc_server(self.transport, target, [])
        self._server.dispatcher = replies.Dispatcher(
            endpoints(), serializer.ContextSerializer(), oslo_messaging.DefaultRPCAccessPolicy
        )
        register_thread_pool_size()

    def start(self) -> None:
        """Begin to serve."""
        self._server.start()

    @property
    def is_connected(self) -> bool:
        """Whether the broker holds the connection on which the calls come."""
        listener = getattr(self._server.listener, "_poll_style_listener", None)
        context = getattr(listener, "conn", None)
        # The library's context of its connection, which has kombu's.
        return context is None or bool(context.connection.connection.connected)

    def stop(self) -> None:
        """Take no more calls, answer those that were taken."""
        farewell.stop(self._server)
