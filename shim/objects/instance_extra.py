# SPDX-License-Identifier: Apache-2.0
"""What an instance keeps in ``instance_extra``: its NUMA topology and its PCI requests.

Both columns hold plain JSON in Juno's form, which every release reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from shim import exception
from shim.db import api as db
from shim.db import json_columns
from shim.objects import base, fields, numa
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
    def obj_from_topology(cls, topology: Any) -> InstanceNUMATopology | None:
        """The object of a topology as ``topology_from_obj`` gives it; None for one without cells.

        Nova's own ``VirtNUMAInstanceTopology`` will do. ObjectActionError for anything else.
        """
        if not hasattr(topology, "cells"):
            raise exception.ObjectActionError(
                action="obj_from_topology", reason="that is no topology"
            )
        if not topology.cells:
            return None
        cells = [
            InstanceNUMACell(id=cell.id, cpuset=cell.cpuset, memory=cell.memory)
            for cell in topology.cells
        ]
        return cls(cells=cells)

    def topology_from_obj(self) -> numa.VirtNUMAInstanceTopology:
        """The topology as nova's ``virt.hardware`` has it: ``cells``, ``to_json()``."""
        return numa.VirtNUMAInstanceTopology(
            [numa.VirtNUMATopologyCell(cell.id, cell.cpuset, cell.memory) for cell in self.cells]
        )

    @base.remotable_classmethod
    def get_by_instance_uuid(cls, context: Any, instance_uuid: str) -> InstanceNUMATopology | None:
        """The topology, None when the instance has none; NumaTopologyNotFound when it has no row
        where one could be, as instances of earlier releases."""
        row = db.instance_extra_get_by_instance_uuid(context, instance_uuid)
        if row is None:
            raise exception.NumaTopologyNotFound(instance_uuid=instance_uuid)
        text = row["numa_topology"]

        def topology(_found: Any) -> InstanceNUMATopology:
            there = cls.obj_from_topology(numa.VirtNUMAInstanceTopology.from_json(text))
            return there or cls(cells=[])

        found: InstanceNUMATopology | None = json_columns.read(
            "instance_extra", row, "numa_topology", topology
        )
        if found is None:
            return None
        found.id, found.instance_uuid = row["id"], row["instance_uuid"]
        found.obj_reset_changes()
        return found

    @base.remotable
    def create(self, context: Any) -> None:
        """Store the cells, if there are any."""
        values = self._to_be_stored()
        if values:
            db.instance_extra_update_by_uuid(context, self.instance_uuid, values)
            self.obj_reset_changes()

    def _stored_in(self, row: Mapping[str, Any]) -> InstanceNUMATopology | None:
        """The topology as it is read from the row that it was stored in."""
        if not self.cells:
            return None
        self.id, self.instance_uuid = row["id"], row["instance_uuid"]
        self.obj_reset_changes()
        return self

    def _to_be_stored(self) -> dict[str, str]:
        return {"numa_topology": self.topology_from_obj().to_json()} if self.cells else {}


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

    def obj_load_attr(self, attrname: str) -> None:
        """A field that is not set is None when it is read, as in nova."""
        setattr(self, attrname, None)

    @property
    def new(self) -> bool:
        """``is_new``, under the name that the dicts have which this replaces."""
        return bool(self.is_new)


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
        found: InstancePCIRequests = cls(context, instance_uuid=instance_uuid, requests=[])
        if row:
            requests = json_columns.read("instance_extra", row, "pci_requests", _requests)
            found.requests = requests or []
            found.obj_reset_changes()
        return found

    @classmethod
    def get_by_instance_uuid_and_newness(
        cls, context: Any, instance_uuid: str, is_new: bool
    ) -> InstancePCIRequests:
        """The instance's requests that a resize keeps for later, or those that hold now."""
        found: InstancePCIRequests = cls.get_by_instance_uuid(context, instance_uuid)
        found.requests = [request for request in found.requests if request.new == is_new]
        return found

    @classmethod
    def get_by_instance(cls, context: Any, instance: Any) -> InstancePCIRequests:
        """The requests of an instance, object or dict; of one that 2014.1 made, those that its
        system metadata holds."""
        kept = instance["system_metadata"]
        if "pci_requests" not in kept:
            there: InstancePCIRequests = cls.get_by_instance_uuid(context, instance["uuid"])
            return there
        found: InstancePCIRequests = cls(instance_uuid=instance["uuid"])
        found.requests = [
            _request({**values, "is_new": is_new})
            for name, is_new in (("pci_requests", False), ("new_pci_requests", True))
            for values in json.loads(kept.get(name) or "[]")
        ]
        found.obj_reset_changes()
        return found

    @base.remotable
    def save(self, context: Any) -> None:
        """Store the requests."""
        db.instance_extra_update_by_uuid(context, self.instance_uuid, self._to_be_stored())
        self.obj_reset_changes()

    def _to_be_stored(self) -> dict[str, str]:
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
        return {"pci_requests": json.dumps(stored)}

    def _stored_for(self, instance_uuid: str) -> None:
        self.instance_uuid = instance_uuid
        self.obj_reset_changes()


def _requests(found: list[Mapping[str, Any]]) -> list[InstancePCIRequest]:
    return [_request(values) for values in found]


def _request(values: Mapping[str, Any]) -> InstancePCIRequest:
    request = InstancePCIRequest(
        count=values["count"],
        spec=values["spec"],
        alias_name=values.get("alias_name"),
        is_new=bool(values.get("is_new")),
    )
    if "request_id" in values:
        request.request_id = values["request_id"]
    request.obj_reset_changes()
    return request
