"""What an instance keeps in ``instance_extra``: its NUMA topology and its PCI requests.

Both columns hold plain JSON in Juno's form, which every release reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from shim import exception
from shim.db import api as db
from shim.objects import base, fields
from shim.objects.dict_compat import DictCompat


@base.NovaObjectRegistry.register
class InstanceNUMACell(DictCompat, base.NovaObject):
    """CPUs and memory of one NUMA cell of a guest."""

    # Version 1.0: the first
    VERSION = "1.0"

    fields: ClassVar[dict[str, Any]] = {
        "id": fields.IntegerField(read_only=True),
        "cpuset": fields.SetOfIntegersField(),
        "memory": fields.IntegerField(),
    }


@base.NovaObjectRegistry.register
class InstanceNUMATopology(DictCompat, base.NovaObject):
    """The NUMA cells of a guest; ``id`` is the row's."""

    # Version 1.0: the first
    VERSION = "1.0"

    fields: ClassVar[dict[str, Any]] = {
        "id": fields.IntegerField(),
        "instance_uuid": fields.UUIDField(),
        "cells": fields.ListOfObjectsField("InstanceNUMACell"),
    }

    @classmethod
    def _from_row(
        cls, context: Any, topology: InstanceNUMATopology, row: Mapping[str, Any]
    ) -> InstanceNUMATopology:
        topology._context = context
        topology.id = row["id"]
        topology.instance_uuid = row["instance_uuid"]
        topology.cells = [
            InstanceNUMACell(
                id=cell["id"],
                cpuset=_cpus(cell.get("cpus") or ""),
                memory=(cell.get("mem") or {}).get("total") or 0,
            )
            for cell in json.loads(row["numa_topology"]).get("cells", [])
        ]
        topology.obj_reset_changes()
        return topology

    @base.remotable_classmethod
    def get_by_instance_uuid(cls, context: Any, instance_uuid: str) -> InstanceNUMATopology:
        """NumaTopologyNotFound when the instance has none."""
        row = db.instance_extra_get_by_instance_uuid(context, instance_uuid)
        if row is None or row["numa_topology"] is None:
            raise exception.NumaTopologyNotFound(instance_uuid=instance_uuid)
        return cls._from_row(context, cls(), row)

    @base.remotable
    def create(self, context: Any) -> None:
        """Store the cells. ObjectActionError when it has an id."""
        values = self._to_be_stored()
        row = db.instance_extra_update_by_uuid(context, self.instance_uuid, values)
        self._stored_in(row)

    def _to_be_stored(self) -> dict[str, str]:
        if self.obj_attr_is_set("id"):
            raise exception.ObjectActionError(action="create", reason="already created")
        cells = [
            {
                "id": cell.id,
                "cpus": ",".join(str(cpu) for cpu in sorted(cell.cpuset)),
                "mem": {"total": cell.memory},
            }
            for cell in self.cells
        ]
        return {"numa_topology": json.dumps({"cells": cells})}

    def _stored_in(self, row: Mapping[str, Any]) -> None:
        self.id, self.instance_uuid = row["id"], row["instance_uuid"]
        self.obj_reset_changes()


def _cpus(text: str) -> set[int]:
    """The CPUs that a list such as ``0,2-4,^3`` names."""
    wanted: set[int] = set()
    unwanted: set[int] = set()
    for rule in filter(None, (part.strip() for part in text.split(","))):
        target = unwanted if rule.startswith("^") else wanted
        first, _, last = rule.lstrip("^").partition("-")
        target.update(range(int(first), int(last or first) + 1))
    return wanted - unwanted


@base.NovaObjectRegistry.register
class InstancePCIRequest(DictCompat, base.NovaObject):
    """A request for ``count`` devices that match one of the dicts in ``spec``."""

    # Version 1.0: the first
    # Version 1.1: request_id
    VERSION = "1.1"

    fields: ClassVar[dict[str, Any]] = {
        "count": fields.IntegerField(),
        "spec": fields.ListOfDictOfNullableStringsField(),
        "alias_name": fields.StringField(nullable=True),
        "is_new": fields.BooleanField(default=False),
        "request_id": fields.UUIDField(nullable=True),
    }
    fields_since: ClassVar[Mapping[str, str]] = {"request_id": "1.1"}


@base.NovaObjectRegistry.register
class InstancePCIRequests(DictCompat, base.NovaObject):
    """The PCI requests of an instance."""

    # Version 1.0: the first
    # Version 1.1: InstancePCIRequest 1.1
    VERSION = "1.1"

    fields: ClassVar[dict[str, Any]] = {
        "instance_uuid": fields.UUIDField(),
        "requests": fields.ListOfObjectsField("InstancePCIRequest"),
    }
    obj_relationships: ClassVar[Mapping[str, Any]] = {"requests": [("1.0", "1.0"), ("1.1", "1.1")]}

    @base.remotable_classmethod
    def get_by_instance_uuid(cls, context: Any, instance_uuid: str) -> InstancePCIRequests:
        """The requests of the instance, which may be none."""
        row = db.instance_extra_get_by_instance_uuid(context, instance_uuid)
        text = row["pci_requests"] if row else None
        found: InstancePCIRequests = cls(context, instance_uuid=instance_uuid)
        found.requests = [_request(values) for values in json.loads(text or "[]")]
        found.obj_reset_changes()
        return found

    @base.remotable
    def save(self, context: Any) -> None:
        """Store the requests."""
        stored = [
            {
                "count": request.count,
                "spec": [dict(spec) for spec in request.spec],
                "alias_name": request.alias_name,
                "is_new": request.is_new,
                "request_id": request.request_id,
            }
            for request in self.requests
        ]
        db.instance_extra_update_by_uuid(
            context, self.instance_uuid, {"pci_requests": json.dumps(stored)}
        )
        self.obj_reset_changes()


def _request(values: Mapping[str, Any]) -> InstancePCIRequest:
    request = InstancePCIRequest(
        count=values["count"],
        spec=values["spec"],
        alias_name=values.get("alias_name"),
        is_new=bool(values.get("is_new")),
        request_id=values.get("request_id"),
    )
    request.obj_reset_changes()
    return request
