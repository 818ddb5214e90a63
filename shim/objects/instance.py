# SPDX-License-Identifier: Apache-2.0
"""Instance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shim import conf, exception, notifications
from shim.conf import CONF
from shim.db import api as db
from shim.db.session import atomically
from shim.objects import base, fields
from shim.objects.dict_compat import DictCompat
from shim.objects.instance_attrs import DEFAULT_ATTRS, OPTIONAL, PAIRS, here, joins_of
from shim.objects.instance_flavors import InstanceFlavors
from shim.objects.instance_kilo import KiloInstance
from shim.objects.instance_loading import LoadedInstance

STRINGS = (
    *("user_id", "project_id", "image_ref", "kernel_id", "ramdisk_id", "hostname"),
    *("key_name", "key_data", "host", "node", "user_data", "availability_zone"),
    *("display_name", "display_description", "launched_on", "locked_by", "os_type"),
    *("architecture", "vm_mode", "root_device_name", "default_ephemeral_device"),
    *("default_swap_device", "config_drive", "cell_name"),
)
ALWAYS_UNICODE = ("vm_state", "task_state", "reservation_id")
NUMBERS = (
    *("launch_index", "power_state", "memory_mb", "vcpus", "root_gb", "ephemeral_gb"),
    *("instance_type_id", "progress"),
)
FLAGS = ("locked", "auto_disk_config", "shutdown_terminate", "disable_terminate", "cleaned")
TIMES = ("scheduled_at", "launched_at", "terminated_at")


@base.NovaObjectRegistry.register
class Instance(
    InstanceFlavors, KiloInstance, base.NovaPersistentObject, DictCompat, LoadedInstance
):
    """A virtual machine.

    What differs from nova's: ``save`` checks the expected states even when nothing changed;
    metadata that is NULL in the database is an empty text, where nova cannot read the instance.
    """

    # Version 1.0: the first
    # Version 1.1: info_cache
    # Version 1.2: security_groups
    # Version 1.3: expected_vm_state and admin_state_reset in save
    # Version 1.4: locked_by
    # Version 1.5: cleaned
    # Version 1.6: pci_devices
    # Version 1.7: text may be unicode
    # Version 1.8: security_groups and pci_devices are not None
    # Version 1.9: uuid is not None
    # Version 1.10: use_slave in refresh and get_by_uuid
    # Version 1.11: destroy updates the fields
    # Version 1.12: ephemeral_key_uuid
    # Version 1.13: delete_metadata_key
    # Version 1.14: numa_topology
    # Version 1.15: PciDeviceList 1.1
    # Version 1.16: pci_requests
    VERSION = "1.16"

    fields: ClassVar[dict[str, Any]] = {
        "id": fields.IntegerField(),
        "uuid": fields.UUIDField(),
        "ephemeral_key_uuid": fields.UUIDField(nullable=True),
        **{n: fields.StringField(nullable=True) for n in (*STRINGS, *ALWAYS_UNICODE)},
        **{name: fields.IntegerField(nullable=True) for name in NUMBERS},
        **{name: fields.BooleanField(default=False) for name in FLAGS},
        **{name: fields.DateTimeField(nullable=True) for name in TIMES},
        "access_ip_v4": fields.IPV4AddressField(nullable=True),
        "access_ip_v6": fields.IPV6AddressField(nullable=True),
        "metadata": fields.DictOfStringsField(),
        "system_metadata": fields.DictOfNullableStringsField(),
        "info_cache": fields.ObjectField("InstanceInfoCache", nullable=True),
        "security_groups": fields.ObjectField("SecurityGroupList"),
        "fault": fields.ObjectField("InstanceFault", nullable=True),
        "pci_devices": fields.ObjectField("PciDeviceList", nullable=True),
        "numa_topology": fields.ObjectField("InstanceNUMATopology", nullable=True),
        "pci_requests": fields.ObjectField("InstancePCIRequests", nullable=True),
    }
    obj_extra_fields: ClassVar[list[str]] = ["name"]
    #: The fields that nova 2014.2 itself drops for older peers, and a later one.
    fields_since: ClassVar[Mapping[str, str]] = {
        "pci_devices": "1.6",
        "numa_topology": "1.14",
        "pci_requests": "1.16",
    }
    obj_relationships: ClassVar[Mapping[str, Sequence[tuple[str, str]]]] = {
        "info_cache": [("1.0", "1.4"), ("1.10", "1.5")],
        "pci_devices": [("1.6", "1.0"), ("1.15", "1.1")],
        "pci_requests": [("1.16", "1.1")],
    }
    noticed_in_place: ClassVar[tuple[str, ...]] = ("metadata", "system_metadata")
    kept_in_place: ClassVar[tuple[str, ...]] = ("info_cache",)

    def obj_make_compatible(self, primitive: dict[str, Any], target_version: str) -> None:
        """As every object, and before 1.7 with text that is ASCII, ``?`` for the rest."""
        super().obj_make_compatible(primitive, target_version)
        if base.as_version(target_version) < (1, 7):
            for name in STRINGS:
                if primitive.get(name) is not None:
                    primitive[name] = primitive[name].encode("ascii", "replace").decode()

    @property
    def name(self) -> str:
        """The instance's name in the hypervisor, made of ``instance_name_template``."""
        conf.use()
        template = CONF.instance_name_template
        try:
            return str(template % self.id)
        except TypeError:
            there = {n: getattr(self, n) for n in self.fields if self.obj_attr_is_set(n)}
            try:
                return str(template % there)
            except KeyError:
                return str(self.uuid)

    @base.remotable_classmethod
    def get_by_uuid(
        cls,
        context: Any,
        uuid: str,
        expected_attrs: Sequence[str] | None = None,
        use_slave: bool = False,
    ) -> Instance:
        """The instance with the attributes asked for, by default DEFAULT_ATTRS.

        InstanceNotFound.
        """
        attrs = DEFAULT_ATTRS if expected_attrs is None else here(expected_attrs)
        row = db.instance_get_by_uuid(context, uuid, joins_of(attrs), use_slave)
        found: Instance = cls._from_row(context, cls(), row, attrs)
        return found

    @base.remotable_classmethod
    def get_by_id(
        cls, context: Any, inst_id: int, expected_attrs: Sequence[str] | None = None
    ) -> Instance:
        """As ``get_by_uuid``. InstanceNotFound, InvalidID."""
        attrs = DEFAULT_ATTRS if expected_attrs is None else here(expected_attrs)
        row = db.instance_get(context, inst_id, joins_of(attrs))
        found: Instance = cls._from_row(context, cls(), row, attrs)
        return found

    @base.remotable
    def create(self, context: Any) -> None:
        """Store a new instance; it gets a uuid when it has none.

        ObjectActionError when it has an id;
        oslo_db.exception.DBDuplicateEntry for a known uuid. Then nothing is stored.
        """
        if self.obj_attr_is_set("id"):
            raise exception.ObjectActionError(action="create", reason="already created")
        updates = _columns(self.obj_get_changes())
        attrs = [name for name in (*DEFAULT_ATTRS, *PAIRS) if name in updates]
        for name in ("fault", "pci_devices"):
            updates.pop(name, None)
        if "security_groups" in updates:
            updates["security_groups"] = [group.name for group in updates["security_groups"]]
        cache = updates.pop("info_cache", None)
        if cache is not None and cache.network_info is not None:
            updates["info_cache"] = {"network_info": cache.network_info.json()}
        topology = updates.pop("numa_topology", None)
        if topology is not None:
            updates["extra"] = topology._to_be_stored()
        requests = updates.pop("pci_requests", None)
        if requests is not None:
            updates.setdefault("extra", {}).update(requests._to_be_stored())
        row = db.instance_create(context, updates)
        if topology is not None:
            self.numa_topology = topology._stored_in(row["extra"])
        if requests is not None:
            requests._stored_for(row["uuid"])
        self._from_row(context, self, row, attrs)

    @base.remotable
    def destroy(self, context: Any) -> None:
        """Soft-delete the instance; ``id`` is unset afterwards.

        ObjectActionError when it has no id or uuid, or when it is on a host by now without this
        object knowing; InstanceNotFound.
        """
        for name, reason in (("id", "already destroyed"), ("uuid", "no uuid")):
            if not self.obj_attr_is_set(name):
                raise exception.ObjectActionError(action="destroy", reason=reason)
        knows_host = self.obj_attr_is_set("host") and bool(self.host)
        try:
            row = db.instance_destroy(context, self.uuid, only_without_host=not knows_host)
        except exception.ConstraintNotMet as error:
            raise exception.ObjectActionError(action="destroy", reason="host changed") from error
        self._from_row(context, self, row)
        del self.id

    @base.remotable
    def save(
        self,
        context: Any,
        expected_vm_state: Any = None,
        expected_task_state: Any = None,
        admin_state_reset: bool = False,
    ) -> None:
        """Store what changed, in the info cache and the security groups too, all or nothing; if
        the states are as expected. Then read the row again.

        A state is expected to be one of several when they are given as a sequence, and none when
        that holds None. UnexpectedTaskStateError, UnexpectedVMStateError: nothing is stored and
        the changes stay. InstanceNotFound. ``admin_state_reset`` concerns cells and is ignored.
        """
        updates = self._updates(expected_vm_state, expected_task_state)
        attrs = ["system_metadata", *(["metadata"] if self.obj_attr_is_set("metadata") else ())]
        children = self._children()

        def store() -> tuple[Any, Any, list[Any]]:
            before = row = None
            if updates:
                before, row = db.instance_save(context, self.uuid, updates, joins_of(attrs))
            return before, row, [child._store(context) for child in children]

        before, row, rows = atomically(store)
        for child, child_row in zip(children, rows, strict=True):
            if child_row is not None:
                child._from_row(context, child, child_row)
        if self.obj_attr_is_set("security_groups"):
            self.security_groups.obj_reset_changes()
        if row is not None:
            self._from_row(context, self, row, attrs)
            notifications.send_update(context, before, row)
        self.obj_reset_changes()

    def _updates(self, expected_vm_state: Any, expected_task_state: Any) -> dict[str, Any]:
        """What changed of the instance itself, and the states that are expected."""
        updates = {
            name: value
            for name, value in _columns(self.obj_get_changes()).items()
            if name not in OPTIONAL or name in PAIRS
        }
        for name, expected in (
            ("expected_task_state", expected_task_state),
            ("expected_vm_state", expected_vm_state),
        ):
            if expected is not None:
                updates[name] = expected
        return updates

    def _children(self) -> list[Any]:
        """What is stored together with the instance."""
        groups = list(self.security_groups) if self.obj_attr_is_set("security_groups") else []
        cache = self.info_cache if self.obj_attr_is_set("info_cache") else None
        return groups if cache is None else [cache, *groups]

    @base.remotable
    def refresh(self, context: Any, use_slave: bool = False) -> None:
        """Read again all that is set. InstanceNotFound."""
        attrs = [name for name in OPTIONAL if self.obj_attr_is_set(name)]
        current = type(self).get_by_uuid(context, self.uuid, attrs, use_slave)
        for name in self.fields:
            if current.obj_attr_is_set(name) and self.obj_attr_is_set(name):
                self._take(name, getattr(current, name))
        self.obj_reset_changes()

    @base.remotable
    def delete_metadata_key(self, context: Any, key: str) -> None:
        """Delete one key of the metadata in the database and here; KeyError when it is not here."""
        changed = "metadata" in self.obj_what_changed()
        if key not in self.metadata:
            raise KeyError(key)
        db.instance_metadata_delete(context, self.uuid, key)
        del self.metadata[key]
        (self._originals.get("metadata") or {}).pop(key, None)
        as_dict = base.obj_to_primitive(self)
        notifications.send_update(context, as_dict, as_dict)
        if not changed:
            self.obj_reset_changes(["metadata"])


def _columns(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes as the columns hold them; ``deleted`` is the database's alone to set."""
    columns = dict(changes)
    if "cleaned" in columns:
        columns["cleaned"] = 1 if columns["cleaned"] else 0
    columns.pop("deleted", None)
    return columns


Instance._plan = base.plan_of(Instance, skip=(*OPTIONAL, "deleted", "cleaned"))
