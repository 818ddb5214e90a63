# SPDX-License-Identifier: Apache-2.0
"""What an instance takes from its row, and what it loads when it is first read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from oslo_versionedobjects import fields as ovo_fields

from shim import exception
from shim.db.instances import NULL_READS_AS
from shim.objects import base, foreign_rows
from shim.objects.instance_attrs import OPTIONAL, PAIRS
from shim.objects.instance_extra import InstanceNUMATopology, InstancePCIRequests
from shim.objects.instance_parts import InstanceFault, InstanceInfoCache
from shim.objects.pci_device import PciDevice, PciDeviceList
from shim.objects.row_plan import Plan
from shim.objects.security_group import SecurityGroup, SecurityGroupList


class LoadedInstance(base.NovaObject):
    """An instance's row in its fields, and what belongs to it besides."""

    #: Of the columns that are fields as they stand.
    _plan: ClassVar[Plan]

    @classmethod
    def _from_row(
        cls,
        context: Any,
        instance: Any,
        row: Mapping[str, Any],
        expected_attrs: Iterable[str] = (),
    ) -> Any:
        instance._fill(context, row, cls._plan)
        values = instance.__dict__
        values["_obj_deleted"] = row["deleted"] == row["id"]
        values["_obj_cleaned"] = row["cleaned"] == 1
        for name in PAIRS:
            if name in expected_attrs:
                null = NULL_READS_AS[name]
                pairs = {p["key"]: null if p["value"] is None else p["value"] for p in row[name]}
                values[f"_obj_{name}"] = _trusted_dict(instance, name, pairs)
        instance._load_related(context, row, expected_attrs)
        instance.obj_reset_changes()
        return instance

    @classmethod
    def _from_db_object(
        cls, context: Any, obj: Any, db_obj: Any, expected_attrs: Iterable[str] | None = None
    ) -> Any:
        """As every object; ``expected_attrs`` names what of OPTIONAL is set."""
        return cls._from_row(context, obj, cls._fitting(db_obj), expected_attrs or ())

    @classmethod
    def _fitting(cls, row: Any) -> dict[str, Any]:
        found = super()._fitting(row)
        for name in ("metadata", "system_metadata"):
            found[name] = foreign_rows.pairs_of(found.get(name))
        for name, item in (("security_groups", SecurityGroup), ("pci_devices", PciDevice)):
            if name in found:
                found[name] = foreign_rows.each_fitting(item, found[name])
        if found.get("info_cache") is not None:
            found["info_cache"] = InstanceInfoCache._fitting(found["info_cache"])
        return found

    def _load_related(
        self, context: Any, row: Mapping[str, Any], expected_attrs: Iterable[str]
    ) -> None:
        if "info_cache" in expected_attrs:
            cache = row["info_cache"]
            if cache is not None:
                cache = InstanceInfoCache._from_row(context, InstanceInfoCache(), cache)
            self._take("info_cache", cache)
        if "security_groups" in expected_attrs:
            self.security_groups = SecurityGroupList._of(context, row["security_groups"])
        if "pci_devices" in expected_attrs:
            self.pci_devices = PciDeviceList._of(context, row["pci_devices"])
        if "fault" in expected_attrs:
            self.fault = InstanceFault.get_latest_for_instance(context, self.uuid)
        if "numa_topology" in expected_attrs:
            self.numa_topology = _numa_topology(context, self.uuid)
        if "pci_requests" in expected_attrs:
            self.pci_requests = InstancePCIRequests.get_by_instance_uuid(context, self.uuid)

    def obj_load_attr(self, attrname: str) -> None:
        """Load one of OPTIONAL; ObjectActionError for any other field.

        OrphanedObjectError without a context; InstanceNotFound.
        """
        if attrname not in OPTIONAL:
            raise exception.ObjectActionError(
                action="obj_load_attr", reason=f"{attrname} cannot be loaded"
            )
        if self._context is None:
            raise exception.OrphanedObjectError(method="obj_load_attr", objtype=self.obj_name())
        if attrname == "fault":
            self.fault = InstanceFault.get_latest_for_instance(self._context, self.uuid)
        elif attrname == "numa_topology":
            self.numa_topology = _numa_topology(self._context, self.uuid)
        elif attrname == "pci_requests":
            self.pci_requests = InstancePCIRequests.get_by_instance_uuid(self._context, self.uuid)
        else:
            there = type(self).get_by_uuid(self._context, self.uuid, expected_attrs=[attrname])
            setattr(self, attrname, getattr(there, attrname))
        self.obj_reset_changes([attrname])


def _numa_topology(context: Any, uuid: str) -> InstanceNUMATopology | None:
    try:
        found: InstanceNUMATopology = InstanceNUMATopology.get_by_instance_uuid(context, uuid)
    except exception.NumaTopologyNotFound:
        return None
    return found


def _trusted_dict(instance: Any, name: str, pairs: dict[str, Any]) -> Any:
    """A dict field's value, made of text that the database gave."""
    value: Any = ovo_fields.CoercedDict.__new__(ovo_fields.CoercedDict)
    dict.__init__(value, pairs)
    value.enable_coercing(instance.fields[name]._type._element_type, instance, name)
    return value
