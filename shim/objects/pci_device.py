# SPDX-License-Identifier: Apache-2.0
"""PciDevice and PciDeviceList."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from shim.db import api as db
from shim.db import json_columns
from shim.objects import base, fields
from shim.objects.dict_compat import DictCompat

#: Keys of the hypervisor's information that only the tracker and the database may set.
NOT_FROM_HYPERVISOR = frozenset(("status", "instance_uuid", "id", "extra_info"))


@base.NovaObjectRegistry.register
class PciDevice(base.NovaPersistentObject, DictCompat, base.NovaObject):
    """A device of a compute node; a new one has an ``extra_info`` that counts as changed."""

    # Version 1.0: the first
    # Version 1.1: text may be unicode
    # Version 1.2: request_id
    VERSION = "1.2"

    fields: ClassVar[dict[str, Any]] = {
        "id": fields.IntegerField(),
        "compute_node_id": fields.IntegerField(nullable=True),
        "address": fields.StringField(),
        "vendor_id": fields.StringField(),
        "product_id": fields.StringField(),
        "dev_type": fields.StringField(),
        "status": fields.StringField(),
        "dev_id": fields.StringField(nullable=True),
        "label": fields.StringField(nullable=True),
        "instance_uuid": fields.StringField(nullable=True),
        "request_id": fields.StringField(nullable=True),
        "extra_info": fields.DictOfStringsField(),
    }
    fields_since: ClassVar[Mapping[str, str]] = {"request_id": "1.2"}
    noticed_in_place: ClassVar[tuple[str, ...]] = ("extra_info",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.obj_attr_is_set("extra_info"):
            self.extra_info: Any = {}

    @classmethod
    def _from_row(cls, context: Any, device: PciDevice, row: Mapping[str, Any]) -> PciDevice:
        device._fill(context, row, _PLAN)
        as_info = cls.fields["extra_info"].coerce
        info = json_columns.read(
            "pci_devices", row, "extra_info", lambda found: as_info(device, "extra_info", found)
        )
        device.extra_info = info or {}
        device.obj_reset_changes()
        return device

    @classmethod
    def create(cls, dev_dict: Mapping[str, Any]) -> PciDevice:
        """A device that the hypervisor reports, available and not stored yet."""
        device = cls()
        device.update_device(dev_dict)
        device.status = "available"
        return device

    def update_device(self, dev_dict: Mapping[str, Any]) -> None:
        """Take what the hypervisor reports; keys that are no fields go into ``extra_info``.

        Unlike nova's, it leaves the dict as it is.
        """
        extra = dict(self.extra_info)
        for name, value in dev_dict.items():
            if name in NOT_FROM_HYPERVISOR:
                continue
            if name in self.fields:
                setattr(self, name, value)
            else:
                extra[name] = value
        if extra != self.extra_info:
            self.extra_info = extra

    @base.remotable_classmethod
    def get_by_dev_addr(cls, context: Any, compute_node_id: int, dev_addr: str) -> PciDevice:
        """PciDeviceNotFound."""
        row = db.pci_device_get_by_addr(context, compute_node_id, dev_addr)
        return cls._from_row(context, cls(), row)

    @base.remotable_classmethod
    def get_by_dev_id(cls, context: Any, id: int) -> PciDevice:
        """PciDeviceNotFoundById."""
        return cls._from_row(context, cls(), db.pci_device_get_by_id(context, id))

    @base.remotable
    def save(self, context: Any) -> None:
        """Store what changed, in a new row where there is none.

        A device whose status is ``removed`` is soft-deleted, PciDeviceNotFound when it is not
        there, and its status becomes ``deleted``; saving it once more does nothing.
        """
        if self.status == "removed":
            self.status: Any = "deleted"
            db.pci_device_destroy(context, self.compute_node_id, self.address)
        elif self.status != "deleted":
            updates: dict[str, Any] = self.obj_get_changes()
            if "extra_info" in updates:
                updates["extra_info"] = json.dumps(dict(updates["extra_info"]))
            if updates:
                row = db.pci_device_update(context, self.compute_node_id, self.address, updates)
                self._from_row(context, self, row)


_PLAN = base.plan_of(PciDevice, skip=("extra_info",))


@base.NovaObjectRegistry.register
class PciDeviceList(base.ObjectListBase, base.NovaObject):
    """A list of devices."""

    # Version 1.0: PciDevice up to 1.1
    # Version 1.1: PciDevice 1.2
    VERSION = "1.1"

    fields: ClassVar[dict[str, Any]] = {"objects": fields.ListOfObjectsField("PciDevice")}
    child_versions: ClassVar[dict[str, str]] = {"1.0": "1.1", "1.1": "1.2"}

    @base.remotable_classmethod
    def get_by_compute_node(cls, context: Any, node_id: int) -> PciDeviceList:
        """The devices of the node."""
        return cls._of(context, db.pci_device_get_all_by_node(context, node_id))

    @base.remotable_classmethod
    def get_by_instance_uuid(cls, context: Any, uuid: str) -> PciDeviceList:
        """The devices that are allocated to the instance."""
        return cls._of(context, db.pci_device_get_all_by_instance_uuid(context, uuid))
