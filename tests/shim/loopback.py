# SPDX-License-Identifier: Apache-2.0
"""A bus within the process that answers at once: JSON out, JSON back, errors as the bus has them.

oslo.messaging's own in-process bus looks for messages twenty times a second, which is too slow
for hundreds of tests; it has tests of its own.
"""

import json
import sys
from typing import Any

import oslo_messaging
from oslo_messaging._drivers import common

from shim.conductor import client, serializer, server


class Loopback(client.ConductorClient):
    """A client whose calls are served in this process; ``calls`` counts them by method."""

    def __init__(self) -> None:
        self._endpoints = server.endpoints()
        self._client = self
        self._sides = serializer.ObjectSerializer(), serializer.ContextSerializer()
        self.calls: dict[str, int] = {}
        self._namespace: str | None = None

    def prepare(self, **options: Any) -> Any:
        self._namespace = options.get("namespace")
        return self

    def call(self, context: Any, method: str, **arguments: Any) -> Any:
        self.calls[method] = self.calls.get(method, 0) + 1
        ours, theirs = self._sides
        sent = {name: ours.serialize_entity(context, value) for name, value in arguments.items()}
        there = theirs.deserialize_context(json.loads(json.dumps(ours.serialize_context(context))))
        endpoint = next(
            e
            for e in self._endpoints
            if e.target.namespace == self._namespace and hasattr(e, method)
        )
        try:
            result = getattr(endpoint, method)(there, **json.loads(json.dumps(sent)))
        except oslo_messaging.ExpectedException as expected:
            text = common.serialize_remote_exception(expected.exc_info)
            raise common.deserialize_remote_exception(text, []) from None
        except Exception:
            raise AssertionError("an error was not made fit for the bus") from sys.exc_info()[1]
        return ours.deserialize_entity(context, json.loads(json.dumps(result)))
