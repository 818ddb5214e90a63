# SPDX-License-Identifier: Apache-2.0
"""Service and ServiceList."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shim import exception
from shim.db import api as db
from shim.db.session import atomically
from shim.objects import base, fields
from shim.objects.compute_node import ComputeNode
from shim.objects.dict_compat import DictCompat


@base.NovaObjectRegistry.register
class Service(base.NovaPersistentObject, DictCompat, base.NovaObject):
    """A service on a host; ``compute_node`` is its first compute node, loaded when it is read.

    Where nova raises TypeError because there is no service on the topic, this gives None.
    """

    # Version 1.0: the first
    # Version 1.1: compute_node
    # Version 1.2: text may be unicode
    # Version 1.3: ComputeNode 1.5
    # Version 1.4: use_slave in get_by_compute_host
    # Version 1.5: ComputeNode 1.6
    # Version 1.6: ComputeNode 1.7
    # Version 1.7: ComputeNode 1.8
    # Version 1.8: ComputeNode 1.9
    # Version 1.9: ComputeNode 1.10, get_by_host_and_binary
    VERSION = "1.9"

    fields: ClassVar[dict[str, Any]] = {
        "id": fields.IntegerField(read_only=True),
        "host": fields.StringField(nullable=True),
        "binary": fields.StringField(nullable=True),
        "topic": fields.StringField(nullable=True),
        "report_count": fields.IntegerField(),
        "disabled": fields.BooleanField(),
        "disabled_reason": fields.StringField(nullable=True),
        "availability_zone": fields.StringField(nullable=True),
        "compute_node": fields.ObjectField("ComputeNode"),
    }
    remotables_since: ClassVar[Mapping[str, str]] = {"get_by_host_and_binary": "1.9"}
    obj_relationships: ClassVar[Mapping[str, Sequence[tuple[str, str]]]] = {
        "compute_node": [
            *(("1.0", "1.4"), ("1.3", "1.5"), ("1.5", "1.6"), ("1.6", "1.7")),
            *(("1.7", "1.8"), ("1.8", "1.9"), ("1.9", "1.10")),
        ]
    }

    @classmethod
    def _from_row(cls, context: Any, service: Service, row: Mapping[str, Any]) -> Service:
        service._fill(context, row, _PLAN)
        if "availability_zone" in row:
            service.availability_zone = row["availability_zone"]
        nodes = row.get("compute_node")
        if nodes:
            node = {**nodes[0], "host": row["host"]}
            service.compute_node = ComputeNode._from_row(context, ComputeNode(), node)
        service.obj_reset_changes()
        return service

    @classmethod
    def _fitting(cls, row: Any) -> dict[str, Any]:
        found = super()._fitting(row)
        nodes = found.get("compute_node")
        if nodes is not None:
            found["compute_node"] = [ComputeNode._fitting(node) for node in _as_list(nodes)]
        return found

    def obj_load_attr(self, attrname: str) -> None:
        """Load ``compute_node``: ServiceNotFound when there is none.

        ObjectActionError for any other field; OrphanedObjectError without a context.
        """
        if self._context is None:
            raise exception.OrphanedObjectError(method="obj_load_attr", objtype=self.obj_name())
        if attrname != "compute_node":
            raise exception.ObjectActionError(
                action="obj_load_attr", reason=f"{attrname} cannot be loaded"
            )
        self.compute_node = ComputeNode.get_by_service_id(self._context, self.id)
        self.obj_reset_changes(["compute_node"])

    @base.remotable_classmethod
    def get_by_id(cls, context: Any, service_id: int) -> Service:
        """ServiceNotFound."""
        return cls._from_row(context, cls(), db.service_get(context, service_id))

    @base.remotable_classmethod
    def get_by_host_and_topic(cls, context: Any, host: str, topic: str) -> Service | None:
        """The enabled service on the topic, or None."""
        row = db.service_get_by_host_and_topic(context, host, topic)
        return None if row is None else cls._from_row(context, cls(), row)

    @base.remotable_classmethod
    def get_by_compute_host(cls, context: Any, host: str, use_slave: bool = False) -> Service:
        """The host's compute service with its compute node. ComputeHostNotFound."""
        return cls._from_row(context, cls(), db.service_get_by_compute_host(context, host))

    @base.remotable_classmethod
    def get_by_args(cls, context: Any, host: str, binary: str) -> Service:
        """HostBinaryNotFound."""
        return cls._from_row(context, cls(), db.service_get_by_args(context, host, binary))

    @base.remotable_classmethod
    def get_by_host_and_binary(cls, context: Any, host: str, binary: str) -> Service | None:
        """As ``get_by_args``, but None when there is none, as Kilo's."""
        try:
            return cls._from_row(context, cls(), db.service_get_by_args(context, host, binary))
        except exception.HostBinaryNotFound:
            return None

    @base.remotable
    def create(self, context: Any) -> None:
        """ObjectActionError when it has an id; ServiceBinaryExists, ServiceTopicExists."""
        if self.obj_attr_is_set("id"):
            raise exception.ObjectActionError(action="create", reason="already created")
        self._from_row(context, self, db.service_create(context, self._stored_changes()))

    @base.remotable
    def save(self, context: Any) -> None:
        """Store what changed, the compute node's changes too, all or nothing. ServiceNotFound."""
        updates = self._stored_changes()
        updates.pop("id", None)
        node = self.compute_node if self.obj_attr_is_set("compute_node") else None
        if node is not None and not node.obj_what_changed():
            node = None

        def store() -> tuple[Any, Any]:
            node_row = None if node is None else node._store(context)
            return node_row, db.service_update(context, self.id, updates)

        node_row, row = atomically(store)
        if node is not None:
            node._from_row(context, node, node_row)
        self._from_row(context, self, row)

    def _stored_changes(self) -> dict[str, Any]:
        changes: dict[str, Any] = self.obj_get_changes()
        for name in ("compute_node", "availability_zone"):
            changes.pop(name, None)
        return changes

    @base.remotable
    def destroy(self, context: Any) -> None:
        """Soft-delete the service and its compute nodes. ServiceNotFound."""
        db.service_destroy(context, self.id)


def _as_list(nodes: Any) -> list[Any]:
    """The node or the nodes: a row has a list of them, an object as a dict has one."""
    return list(nodes) if isinstance(nodes, list | tuple) else [nodes]


_PLAN = base.plan_of(Service, skip=("availability_zone", "compute_node"))


@base.NovaObjectRegistry.register
class ServiceList(base.ObjectListBase, base.NovaObject):
    """A list of services."""

    # Version 1.0: Service up to 1.2
    # Version 1.1: Service 1.3
    # Version 1.2: Service 1.4
    # Version 1.3: Service 1.5
    # Version 1.4: Service 1.6
    # Version 1.5: Service 1.7
    # Version 1.6: Service 1.8
    # Version 1.7: Service 1.9
    # Version 1.8: get_by_binary
    VERSION = "1.8"

    fields: ClassVar[dict[str, Any]] = {"objects": fields.ListOfObjectsField("Service")}
    child_versions: ClassVar[dict[str, str]] = {
        "1.0": "1.2",
        "1.1": "1.3",
        "1.2": "1.4",
        "1.3": "1.5",
        "1.4": "1.6",
        "1.5": "1.7",
        "1.6": "1.8",
        "1.7": "1.9",
        "1.8": "1.9",
    }
    remotables_since: ClassVar[Mapping[str, str]] = {"get_by_binary": "1.8"}

    @base.remotable_classmethod
    def get_by_topic(cls, context: Any, topic: str) -> ServiceList:
        """The enabled services on the topic."""
        return cls._of(context, db.service_get_all_by_topic(context, topic))

    @base.remotable_classmethod
    def get_by_binary(cls, context: Any, binary: str) -> ServiceList:
        """The enabled services of the binary, as Kilo's."""
        return cls._of(context, db.service_get_all_by_binary(context, binary))

    @base.remotable_classmethod
    def get_by_host(cls, context: Any, host: str) -> ServiceList:
        """The services of the host."""
        return cls._of(context, db.service_get_all_by_host(context, host))

    @base.remotable_classmethod
    def get_all(
        cls, context: Any, disabled: bool | None = None, set_zones: bool = False
    ) -> ServiceList:
        """All services, or the (not) disabled ones.

        ``set_zones`` gives every compute service the zone ``nova`` and every other ``internal``:
        the shim has no aggregates, from which nova would take another.
        """
        rows = db.service_get_all(context, disabled)
        if set_zones:
            for row in rows:
                row["availability_zone"] = "nova" if row["topic"] == "compute" else "internal"
        return cls._of(context, rows)
