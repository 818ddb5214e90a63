# SPDX-License-Identifier: Apache-2.0
"""A conductor as another process sees it: its calls over the bus."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import oslo_messaging

from shim import pins
from shim.conductor import bus, patience, replies, serializer, wire_errors
from shim.conductor.dict_client import DictClient
from shim.conductor.replies import VERSION
from shim.conf import CONF
from shim.objects import NovaObject
from shim.objects.remoting import apply_updates

#: How often a call that only reads is sent when no answer comes in time.
READ_ATTEMPTS = 3
#: Seconds between two signs of life of a conductor that does not give any.
SIGN_OF_LIFE = 24 * 60 * 60


class ConductorClient(DictClient):
    """The conductor's calls, and the indirection API of the objects.

    Errors are those of the calls; oslo_messaging.MessagingTimeout when no answer comes within
    ``rpc_response_timeout``: after READ_ATTEMPTS for what only reads, after the first for what
    writes, because then nobody can say whether it was done. Its subclass NotTaken, after the
    first, when the broker does not even take the message.
    """

    #: None where the calls go by another way than oslo.messaging.
    _transport: Any = None

    def __init__(self, transport: Any = None) -> None:
        self._transport = transport or bus.transport()
        self._client = oslo_messaging.get_rpc_client(
            self._transport,
            oslo_messaging.Target(topic=CONF.conductor.topic, version="2.0"),
            serializer=serializer.ObjectSerializer(),
        )

    def _call(self, context: Any, method: str, **arguments: Any) -> Any:
        def call() -> Any:
            return self._prepare(VERSION).call(context, method, **arguments)

        try:
            return self._in_time(call)
        except oslo_messaging.RemoteError as error:
            raise wire_errors.as_received(error) from error

    def _in_time(self, call: Callable[[], Any], seconds: float | None = None) -> Any:
        if self._transport is None or bus.is_in_process(self._transport):
            return call()
        is_heard = functools.partial(bus.hears_answers, self._transport)
        return patience.in_time(call, seconds or CONF.rpc_response_timeout, is_heard)

    def _prepare(self, version: str, **options: Any) -> Any:
        if CONF.upgrade_levels.conductor is not None:
            replies.accept_from_juno(self._transport)
            # A conductor of 2014.2 sends a message for a result of None and then one that says it
            # was all: the library takes the first for a sign of life, which it must be told of.
            options["call_monitor_timeout"] = SIGN_OF_LIFE
            version = min(version, "2.0")
        if self._transport is not None:
            options["retry"] = patience.retries(CONF.rpc_response_timeout)
        return self._client.prepare(version=version, **options)

    def _read(self, context: Any, method: str, **arguments: Any) -> Any:
        for attempt in range(READ_ATTEMPTS):
            try:
                return self._call(context, method, **arguments)
            except patience.NotTaken:
                raise
            except oslo_messaging.MessagingTimeout:
                if attempt == READ_ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    def ping(self, context: Any, arg: Any, timeout: int | None = None) -> Any:
        """Ask whether a conductor is there, at most ``timeout`` seconds."""

        def call() -> Any:
            prepared = self._prepare("1.0", namespace="baseapi", timeout=timeout)
            return prepared.call(context, "ping", arg=arg)

        return self._in_time(call, timeout)

    def object_class_action_versions(
        self,
        context: Any,
        objname: str,
        objmethod: str,
        object_versions: Mapping[str, str],
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
    ) -> Any:
        """The result of a class method, objects in the versions asked for and no newer than the
        pin allows. A pinned process makes the call that a conductor of 2014.2 knows."""
        pinned = pins.versions_of("conductor")
        call: dict[str, Any] = {
            "objname": objname,
            "objmethod": objmethod,
            "args": list(args),
            "kwargs": dict(kwargs),
        }
        if CONF.upgrade_levels.conductor is not None and objname in pinned:
            return self._read(context, "object_class_action", objver=pinned[objname], **call)
        versions = {name: pinned.get(name, there) for name, there in object_versions.items()}
        return self._read(
            context,
            "object_class_action_versions",
            object_versions=versions,
            **call,
        )

    def object_action(
        self,
        context: Any,
        objinst: NovaObject,
        objmethod: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
    ) -> tuple[dict[str, Any], Any]:
        """What became of the object, and the result of the method."""
        updates, result = self._call(
            context,
            "object_action",
            objinst=objinst,
            objmethod=objmethod,
            args=list(args),
            kwargs=dict(kwargs),
        )
        return updates, result

    def object_actions(
        self, context: Any, objinst: NovaObject, actions: Sequence[tuple[str, Sequence[Any]]]
    ) -> dict[str, Any]:
        """What became of the object, whose methods have run, all of them or none.

        A conductor of 2014.2 runs one after the other, and those before an error have run.
        """
        updates: dict[str, Any]
        if CONF.upgrade_levels.conductor is None:
            updates = self._call(context, "object_actions", objinst=objinst, actions=list(actions))
            return updates
        for method, args in actions:
            updates, _result = self.object_action(context, objinst, method, args, {})
            apply_updates(objinst, updates)
        return updates

    def object_backport_versions(
        self, context: Any, objinst: Any, object_versions: Mapping[str, str]
    ) -> Any:
        """The object in the versions; from a conductor of 2014.2 in the version of its class."""
        if CONF.upgrade_levels.conductor is not None:
            target = object_versions[objinst["nova_object.name"]]
            return self._read(context, "object_backport", objinst=objinst, target_version=target)
        return self._read(
            context,
            "object_backport_versions",
            objinst=objinst,
            object_versions=dict(object_versions),
        )
