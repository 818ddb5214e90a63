# SPDX-License-Identifier: Apache-2.0
"""The dict calls that nova 2014.2's conductor answers, where the database is.

Their names, arguments and results are nova's; a context that is not an administrator's is raised
to one where nova's conductor does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shim import notifications
from shim.conductor.dict_form import dict_form, instance_form, migration_form
from shim.conductor.earlier_calls import EarlierCalls, Record
from shim.conf import CONF
from shim.context import RequestContext
from shim.db import api as db
from shim.db.rows import without_zone
from shim.refusals import KeyRefused

#: What ``instance_update`` may set.
ALLOWED_UPDATES = frozenset(
    (
        *("task_state", "vm_state", "expected_task_state", "power_state", "access_ip_v4"),
        *("access_ip_v6", "launched_at", "terminated_at", "host", "node", "memory_mb", "vcpus"),
        *("root_gb", "ephemeral_gb", "instance_type_id", "root_device_name", "launched_on"),
        *("progress", "vm_mode", "default_ephemeral_device", "default_swap_device"),
        *("system_metadata", "updated_at"),
    )
)
TIMES = ("launched_at", "terminated_at", "updated_at")


class DictCalls(EarlierCalls):
    """What the dict API asks of a conductor."""

    def ping(self, context: RequestContext, arg: Any) -> dict[str, Any]:
        """Say that somebody is there."""
        return {"service": "conductor", "arg": arg}

    def instance_update(
        self, context: RequestContext, instance_uuid: str, updates: dict[str, Any], service: str
    ) -> dict[str, Any]:
        """Store the updates; the instance as it then is.

        KeyError for a key that is not in ALLOWED_UPDATES; InvalidUUID, InstanceNotFound,
        UnexpectedTaskStateError. Then nothing is stored.
        """
        for key in updates:
            if key not in ALLOWED_UPDATES:
                raise KeyRefused(f"an instance cannot be given {key!r} here")
        values = {k: without_zone(v) if k in TIMES else v for k, v in updates.items()}
        if not CONF.notify_on_state_change:
            return instance_form(db.instance_update(context, instance_uuid, values))
        before, row = db.instance_update_and_get_original(context, instance_uuid, values)
        notifications.send_update(context, before, row, service)
        return instance_form(row)

    def instance_get_by_uuid(
        self,
        context: RequestContext,
        instance_uuid: str,
        columns_to_join: Sequence[str] | None = None,
    ) -> dict[str, Any]:
        """InstanceNotFound."""
        return instance_form(db.instance_get_by_uuid(context, instance_uuid, columns_to_join))

    def instance_get_all_by_host(
        self,
        context: RequestContext,
        host: str,
        node: str | None = None,
        columns_to_join: Sequence[str] | None = None,
    ) -> list[dict[str, Any]]:
        """The host's instances, or the node's, which come without anything that is joined."""
        elevated = context.elevated()
        if node is not None:
            rows = db.instance_get_all_by_host_and_node(elevated, host, node)
        else:
            rows = db.instance_get_all_by_host(elevated, host, columns_to_join)
        return [instance_form(row) for row in rows]

    def migration_get_in_progress_by_host_and_node(
        self, context: RequestContext, host: str, node: str
    ) -> list[dict[str, Any]]:
        """The migrations from or to the node, each with its instance or None."""
        rows = db.migration_get_in_progress_by_host_and_node(context, host, node)
        return [migration_form(row) for row in rows]

    def service_get_all_by(
        self,
        context: RequestContext,
        topic: str | None = None,
        host: str | None = None,
        binary: str | None = None,
    ) -> Any:
        """What nova gives for the combination: a list; for topic and host a service or None, but
        for the topic ``compute`` a list of one; for host and binary a service.

        ComputeHostNotFound, HostBinaryNotFound.
        """
        found: Any
        if topic and host:
            if topic == "compute":
                found = [db.service_get_by_compute_host(context, host)]
            else:
                found = db.service_get_by_host_and_topic(context, host, topic)
        elif host and binary:
            found = db.service_get_by_args(context, host, binary)
        elif topic:
            found = db.service_get_all_by_topic(context, topic)
        elif host:
            found = db.service_get_all_by_host(context, host)
        else:
            found = db.service_get_all(context)
        return dict_form(found)

    def service_create(self, context: RequestContext, values: dict[str, Any]) -> Any:
        """ServiceBinaryExists, ServiceTopicExists."""
        return dict_form(db.service_create(context, values))

    def service_update(
        self, context: RequestContext, service: Record, values: dict[str, Any]
    ) -> Any:
        """The service of that ``id`` with the values. ServiceNotFound."""
        return dict_form(db.service_update(context, service["id"], values))

    def service_destroy(self, context: RequestContext, service_id: int) -> None:
        """ServiceNotFound."""
        db.service_destroy(context, service_id)

    def compute_node_create(self, context: RequestContext, values: dict[str, Any]) -> Any:
        """The row, with what ``values`` had beyond the columns."""
        return dict_form(db.compute_node_create(context, values))

    def compute_node_update(
        self, context: RequestContext, node: Record, values: dict[str, Any]
    ) -> Any:
        """The node of that ``id`` with the values, and its service. ComputeHostNotFound."""
        return dict_form(db.compute_node_update(context, node["id"], values))

    def compute_node_delete(self, context: RequestContext, node: Record) -> None:
        """ComputeHostNotFound."""
        db.compute_node_delete(context, node["id"])
