# SPDX-License-Identifier: Apache-2.0
"""The dict API of nova 2014.2 and of the releases before it, for what concerns the five objects."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import oslo_messaging

from shim.conductor.client import ConductorClient
from shim.conductor.dict_calls import DictCalls
from shim.conductor.earlier_api import EarlierAPI, forwarded


class LocalAPI(EarlierAPI):
    """The calls on the database of this process. Their names and arguments are nova's."""

    #: What nova's notifications would say sent them.
    _service = "compute"

    def __init__(self) -> None:
        self._calls: Any = DictCalls()

    def wait_until_ready(self, context: Any, *args: Any, **kwargs: Any) -> None:
        """There is nothing to wait for."""

    def instance_update(self, context: Any, instance_uuid: str, **updates: Any) -> Any:
        """The instance with the updates. KeyError for a key that must not be set here;
        InvalidUUID, InstanceNotFound, UnexpectedTaskStateError."""
        return self._calls.instance_update(context, instance_uuid, updates, self._service)

    def instance_get_all_by_host(
        self, context: Any, host: str, columns_to_join: Sequence[str] | None = None
    ) -> Any:
        """A list of the host's instances."""
        return self._calls.instance_get_all_by_host(
            context, host, None, columns_to_join=columns_to_join
        )

    def instance_get_all_by_host_and_node(self, context: Any, host: str, node: str) -> Any:
        """A list of the node's instances, their metadata empty."""
        return self._calls.instance_get_all_by_host(context, host, node, None)

    migration_get_in_progress_by_host_and_node = forwarded(
        DictCalls.migration_get_in_progress_by_host_and_node
    )

    def service_get_all(self, context: Any) -> Any:
        """A list of all services."""
        return self._calls.service_get_all_by(context, host=None, topic=None, binary=None)

    def service_get_all_by_topic(self, context: Any, topic: str) -> Any:
        """A list of the enabled services on the topic."""
        return self._calls.service_get_all_by(context, topic=topic, host=None, binary=None)

    def service_get_all_by_host(self, context: Any, host: str) -> Any:
        """A list of the host's services."""
        return self._calls.service_get_all_by(context, host=host, topic=None, binary=None)

    def service_get_by_host_and_topic(self, context: Any, host: str, topic: str) -> Any:
        """A service or None; for the topic ``compute`` a list of one, or ComputeHostNotFound."""
        return self._calls.service_get_all_by(context, topic=topic, host=host, binary=None)

    def service_get_by_compute_host(self, context: Any, host: str) -> Any:
        """The service, ``compute_node`` a list of dicts. ComputeHostNotFound."""
        return self._calls.service_get_all_by(context, topic="compute", host=host, binary=None)[0]

    def service_get_by_args(self, context: Any, host: str, binary: str) -> Any:
        """HostBinaryNotFound."""
        return self._calls.service_get_all_by(context, host=host, binary=binary, topic=None)

    def service_get_by_host_and_binary(self, context: Any, host: str, binary: str) -> Any:
        """What 2015.1.0 calls ``service_get_by_args``. HostBinaryNotFound."""
        return self.service_get_by_args(context, host, binary)

    service_create = forwarded(DictCalls.service_create)
    service_update = forwarded(DictCalls.service_update)
    service_destroy = forwarded(DictCalls.service_destroy)
    compute_node_create = forwarded(DictCalls.compute_node_create)

    def compute_node_update(
        self, context: Any, node: Any, values: dict[str, Any], prune_stats: bool = False
    ) -> Any:
        """The compute node with the values; ``prune_stats`` has no effect. ComputeHostNotFound."""
        return self._calls.compute_node_update(context, node, values)

    compute_node_delete = forwarded(DictCalls.compute_node_delete)


class API(LocalAPI):
    """The same calls on a conductor over the bus."""

    _service = "conductor"

    def __init__(self, client: ConductorClient | None = None) -> None:
        self._calls = client or ConductorClient()

    def wait_until_ready(
        self, context: Any, early_timeout: int = 10, early_attempts: int = 10
    ) -> None:
        """Wait until a conductor answers: at first ``early_attempts`` times that many seconds,
        then for the time of an ordinary call, for as long as it takes."""
        attempt = 0
        while True:
            attempt += 1
            try:
                timeout = early_timeout if attempt <= early_attempts else None
                self._calls.ping(context, "anybody there?", timeout=timeout)
                return
            except oslo_messaging.MessagingTimeout:
                time.sleep(0.1)
