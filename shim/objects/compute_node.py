# SPDX-License-Identifier: Apache-2.0
"""ComputeNode."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shim import exception, pins
from shim.db import api as db
from shim.db import json_columns
from shim.db.session import atomically
from shim.objects import base, fields, pci_stats
from shim.objects.dict_compat import DictCompat
from shim.objects.hv_spec import HVSpec

#: What a virt driver reports under the name of a field.
FROM_VIRT_DRIVER = (
    *("vcpus", "memory_mb", "local_gb", "cpu_info", "vcpus_used", "memory_mb_used"),
    *("local_gb_used", "numa_topology", "hypervisor_type", "hypervisor_version"),
    *("hypervisor_hostname", "disk_available_least", "host_ip", "supported_instances"),
)
#: Fields that hold JSON text.
TEXTS = ("cpu_info", "numa_topology", "supported_instances")


@base.NovaObjectRegistry.register
class ComputeNode(base.NovaPersistentObject, DictCompat, base.NovaObject):
    """A hypervisor and what it has.

    ``stats`` and ``host_ip`` set to None are stored as NULL, where nova drops the assignment;
    ``stats`` is a copy, so that a tracker's own counters stay numbers; changes of it in place are
    noticed. ``pci_stats`` (devices) and ``pci_device_pools`` are two views of one column: set one
    of them in a save, or both to say the same, else PciStatsConflict.
    """

    # Version 1.0: the first
    # Version 1.1: get_by_service_id
    # Version 1.2: text may be unicode
    # Version 1.3: stats
    # Version 1.4: host_ip
    # Version 1.5: numa_topology
    # Version 1.6: pci_stats
    # Version 1.7: supported_instances
    # Version 1.8: pci_device_pools
    # Version 1.9: host
    # Version 1.10: get_by_host_and_nodename
    VERSION = "1.10"

    fields: ClassVar[dict[str, Any]] = {
        "id": fields.IntegerField(read_only=True),
        "service_id": fields.IntegerField(),
        "vcpus": fields.IntegerField(),
        "memory_mb": fields.IntegerField(),
        "local_gb": fields.IntegerField(),
        "vcpus_used": fields.IntegerField(),
        "memory_mb_used": fields.IntegerField(),
        "local_gb_used": fields.IntegerField(),
        "hypervisor_type": fields.StringField(),
        "hypervisor_version": fields.IntegerField(),
        "hypervisor_hostname": fields.StringField(nullable=True),
        "free_ram_mb": fields.IntegerField(nullable=True),
        "free_disk_gb": fields.IntegerField(nullable=True),
        "current_workload": fields.IntegerField(nullable=True),
        "running_vms": fields.IntegerField(nullable=True),
        "cpu_info": fields.StringField(nullable=True),
        "disk_available_least": fields.IntegerField(nullable=True),
        "metrics": fields.StringField(nullable=True),
        "stats": fields.DictOfNullableStringsField(nullable=True),
        "host_ip": fields.IPAddressField(nullable=True),
        "numa_topology": fields.StringField(nullable=True),
        "pci_stats": fields.ObjectField("PciDeviceList", nullable=True),
        "supported_instances": fields.StringField(nullable=True),
        "pci_device_pools": fields.ObjectField("PciDevicePoolList", nullable=True),
        "host": fields.StringField(nullable=True),
    }
    fields_since: ClassVar[Mapping[str, str]] = {
        "stats": "1.3",
        "host_ip": "1.4",
        "numa_topology": "1.5",
        "pci_stats": "1.6",
        "supported_instances": "1.7",
        "pci_device_pools": "1.8",
        "host": "1.9",
    }
    remotables_since: ClassVar[Mapping[str, str]] = {
        "get_by_service_id": "1.1",
        "get_by_host_and_nodename": "1.10",
    }
    obj_relationships: ClassVar[Mapping[str, Sequence[tuple[str, str]]]] = {
        "pci_stats": [("1.6", "1.1")],
        "pci_device_pools": [("1.8", "1.1")],
    }
    noticed_in_place: ClassVar[tuple[str, ...]] = ("stats",)

    @classmethod
    def _from_row(cls, context: Any, node: ComputeNode, row: Mapping[str, Any]) -> ComputeNode:
        node._fill(context, row, _PLAN)
        as_stats = cls.fields["stats"].coerce
        node.stats = json_columns.read(
            "compute_nodes", row, "stats", lambda found: as_stats(node, "stats", found)
        )
        node.pci_stats, node.pci_device_pools = pci_stats.read(row["pci_stats"])
        service = row.get("service")
        node.host = row.get("host") or (service["host"] if service else None)
        node.obj_reset_changes()
        return node

    @base.remotable_classmethod
    def get_by_id(cls, context: Any, compute_id: int) -> ComputeNode:
        """ComputeHostNotFound."""
        return cls._from_row(context, cls(), db.compute_node_get(context, compute_id))

    @base.remotable_classmethod
    def get_by_service_id(cls, context: Any, service_id: int) -> ComputeNode:
        """The service's first compute node. ServiceNotFound when it has none."""
        row = db.compute_node_get_by_service_id(context, service_id)
        return cls._from_row(context, cls(), row)

    @base.remotable_classmethod
    def get_by_host_and_nodename(cls, context: Any, host: str, nodename: str) -> ComputeNode:
        """ComputeHostNotFound."""
        row = db.compute_node_get_by_host_and_nodename(context, host, nodename)
        return cls._from_row(context, cls(), row)

    @base.remotable
    def create(self, context: Any) -> None:
        """Store a new node; its service is the one of ``host`` when ``service_id`` is not set.

        ObjectActionError when it has an id or when service and host are not each other's;
        ComputeHostNotFound; PciStatsConflict.
        """
        if self.obj_attr_is_set("id"):
            raise exception.ObjectActionError(action="create", reason="already created")
        host = self._agreed_host(context, "create")
        row = db.compute_node_create(context, self._stored_changes(None))
        self._from_row(context, self, {**row, "host": host})

    def _agreed_host(self, context: Any, action: str) -> str | None:
        wanted = self.host if self.obj_attr_is_set("host") else None
        if not self.obj_attr_is_set("service_id"):
            if wanted is None:
                raise exception.ObjectActionError(action=action, reason="service_id is not set")
            self.service_id = db.service_get_by_compute_host(context, wanted)["id"]
            return str(wanted)
        host = db.service_host_of(context, self.service_id)
        if wanted is not None and wanted != host:
            raise exception.ObjectActionError(
                action=action, reason=f"service {self.service_id} is not on host {wanted}"
            )
        return host

    @base.remotable
    def save(self, context: Any, prune_stats: bool = False) -> None:
        """Store what changed and move ``updated_at``; ``prune_stats`` has no effect.

        ComputeHostNotFound, PciStatsConflict; ObjectActionError for a host that is not the
        service's.
        """
        self._from_row(context, self, atomically(lambda: self._store(context)))

    def _store(self, context: Any) -> Mapping[str, Any]:
        """The row as it is stored. The object stays as it is."""
        changes = self.obj_what_changed()
        if "host" in changes:
            self._agreed_host(context, "save")
        before = None
        if changes & {"pci_stats", "pci_device_pools"}:
            before = db.compute_node_get(context, self.id)["pci_stats"]
        updates = self._stored_changes(before)
        updates.pop("id", None)
        return db.compute_node_update(context, self.id, updates)

    def _stored_changes(self, pci_stats_before: str | None) -> dict[str, Any]:
        updates: dict[str, Any] = self.obj_get_changes()
        updates.pop("host", None)
        if updates.get("stats") is not None:
            updates["stats"] = json.dumps(dict(updates["stats"]))
        if updates.get("host_ip") is not None:
            updates["host_ip"] = str(updates["host_ip"])
        devices_set, pools_set = "pci_stats" in updates, "pci_device_pools" in updates
        devices = updates.pop("pci_stats", None)
        pools = updates.pop("pci_device_pools", None)
        if devices_set and pools_set and _are_the_columns(devices, pools, pci_stats_before):
            return updates
        if devices_set and pools_set:
            pci_stats.refuse_conflict(devices, pools)
        if devices_set:
            updates["pci_stats"] = pci_stats.write_devices(
                devices, pci_stats_before, pinned=pins.computes_are_below("ComputeNode", "1.6")
            )
        elif pools_set:
            updates["pci_stats"] = pci_stats.write_pools(pools, pci_stats_before)
        return updates

    @base.remotable
    def destroy(self, context: Any) -> None:
        """Soft-delete the node. ComputeHostNotFound."""
        db.compute_node_delete(context, self.id)

    @property
    def service(self) -> Any:
        """The node's service, asked for once. ServiceNotFound."""
        if "_cached_service" not in self.__dict__:
            from shim.objects.service import Service

            self._cached_service = Service.get_by_id(self._context, self.service_id)
        return self._cached_service

    @classmethod
    def get_first_node_by_host_for_old_compat(
        cls, context: Any, host: str, use_slave: bool = False
    ) -> ComputeNode:
        """The host's first compute node, as Kilo's. ComputeHostNotFound."""
        (nodes, *_) = base.NovaObjectRegistry.obj_classes()["ComputeNodeList"]
        found: ComputeNode = nodes.get_all_by_host(context, host, use_slave)[0]
        return found

    @property
    def supported_hv_specs(self) -> list[HVSpec]:
        """``supported_instances`` as Kilo has it; what is changed of the list itself is not stored.

        ValueError for text that is no list of three texts each.
        """
        return [HVSpec.from_list(item) for item in json.loads(self.supported_instances or "[]")]

    @supported_hv_specs.setter
    def supported_hv_specs(self, specs: Sequence[HVSpec]) -> None:
        self.supported_instances: Any = json.dumps([spec.to_list() for spec in specs])

    def _dict_form(self) -> dict[str, Any]:
        """As every object, but ``pci_stats`` is the column's text, as a row has it."""
        found = super()._dict_form()
        views = [n for n in ("pci_stats", "pci_device_pools") if found.get(n) is not None]
        if "pci_stats" in found or "pci_device_pools" in found:
            found["pci_stats"] = None
        found.pop("pci_device_pools", None)
        if "pci_stats" in views:
            found["pci_stats"] = pci_stats.write_devices(self.pci_stats, None, pinned=False)
        elif views:
            found["pci_stats"] = pci_stats.write_pools(self.pci_device_pools, None)
        return found

    def _as_attributes(self, updates: dict[str, Any]) -> dict[str, Any]:
        """``pci_stats`` as the column's text is what the view holds that it fits.

        ValueError for text that no view can hold: it would be stored as NULL.
        """
        if "pci_stats" not in updates or not isinstance(updates["pci_stats"], str):
            return updates
        text = updates["pci_stats"]
        devices, pools = pci_stats.read(text)
        if devices is None and pools is None and text not in ("", "null"):
            raise ValueError("ComputeNode.pci_stats: neither devices nor pools")
        held = {"pci_stats": devices} if devices is not None else {"pci_device_pools": pools}
        return {**{k: v for k, v in updates.items() if k != "pci_stats"}, **held}

    def update_from_virt_driver(self, resources: Mapping[str, Any]) -> None:
        """Take over what a virt driver reports, where it has a field.

        ValueError for a value that does not fit; what came before it is set by then.
        """
        for name in FROM_VIRT_DRIVER:
            if name in resources:
                value = resources[name]
                if name in TEXTS and isinstance(value, dict | list):
                    value = json.dumps(value)
                setattr(self, name, value)


def _are_the_columns(devices: Any, pools: Any, text: str | None) -> bool:
    """Whether both views are what the column says already, as in an object's own copy."""
    there = pci_stats.read(text)
    return _same(devices, there.devices) and _same(pools, there.pools)


def _same(view: Any, there: Any) -> bool:
    if view is None or there is None:
        return view is there
    return base.obj_equal_prims(view, there)


_PLAN = base.plan_of(ComputeNode, skip=("stats", "pci_stats", "pci_device_pools", "host"))
