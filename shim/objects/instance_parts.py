# SPDX-License-Identifier: Apache-2.0
"""What an instance carries: its info cache and its faults."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shim import exception
from shim.db import api as db
from shim.db import json_columns
from shim.objects import base, fields
from shim.objects.dict_compat import DictCompat
from shim.objects.network_info import NetworkInfo


@base.NovaObjectRegistry.register
class InstanceInfoCache(base.NovaPersistentObject, DictCompat, base.NovaObject):
    """The network information of an instance."""

    # Version 1.0: the first
    # Version 1.1: network_info is a network model
    # Version 1.2: new, update_cells in save
    # Version 1.3: delete
    # Version 1.4: text may be unicode
    # Version 1.5: the times and deleted are set
    VERSION = "1.5"

    fields: ClassVar[dict[str, Any]] = {
        "instance_uuid": fields.UUIDField(),
        "network_info": fields.NetworkModelField(nullable=True),
    }

    @classmethod
    def _from_row(
        cls, context: Any, cache: InstanceInfoCache, row: Mapping[str, Any]
    ) -> InstanceInfoCache:
        cache._fill(context, row, _CACHE_PLAN)
        cache._obj_network_info = NetworkInfo() if row["network_info"] == "" else _vifs_of(row)
        cache.obj_reset_changes()
        return cache

    @classmethod
    def new(cls, context: Any, instance_uuid: str) -> InstanceInfoCache:
        """A cache for the instance that is not stored yet; ``save`` stores it."""
        return cls(context, instance_uuid=instance_uuid, network_info=None)

    @base.remotable_classmethod
    def get_by_instance_uuid(cls, context: Any, instance_uuid: str) -> InstanceInfoCache:
        """InstanceInfoCacheNotFound."""
        return cls._from_row(context, cls(), _cache_row(context, instance_uuid))

    @base.remotable
    def save(self, context: Any, update_cells: bool = True) -> None:
        """Store the network information when it changed. InstanceInfoCacheNotFound."""
        row = self._store(context)
        if row is not None:
            self._from_row(context, self, row)

    def _store(self, context: Any) -> Mapping[str, Any] | None:
        """The row as it is stored; None when nothing changed. The object stays as it is."""
        if "network_info" not in self.obj_what_changed():
            return None
        vifs = self.network_info
        text = None if vifs is None else vifs.json()
        return db.instance_info_cache_update(context, self.instance_uuid, {"network_info": text})

    @base.remotable
    def delete(self, context: Any) -> None:
        """Soft-delete the cache."""
        db.instance_info_cache_delete(context, self.instance_uuid)

    @base.remotable
    def refresh(self, context: Any) -> None:
        """Read the row again. InstanceInfoCacheNotFound."""
        self._from_row(context, self, _cache_row(context, self.instance_uuid))


def _vifs_of(row: Mapping[str, Any]) -> NetworkInfo | None:
    vifs: NetworkInfo | None = json_columns.read(
        "instance_info_caches", row, "network_info", NetworkInfo.of
    )
    return vifs


def _cache_row(context: Any, instance_uuid: str) -> Mapping[str, Any]:
    row = db.instance_info_cache_get(context, instance_uuid)
    if row is None:
        raise exception.InstanceInfoCacheNotFound(instance_uuid=instance_uuid)
    return row


_CACHE_PLAN = base.plan_of(InstanceInfoCache, skip=("network_info",))


@base.NovaObjectRegistry.register
class InstanceFault(base.NovaPersistentObject, DictCompat, base.NovaObject):
    """What went wrong with an instance, and when."""

    # Version 1.0: the first
    # Version 1.1: text may be unicode
    # Version 1.2: create
    VERSION = "1.2"

    fields: ClassVar[dict[str, Any]] = {
        "id": fields.IntegerField(),
        "instance_uuid": fields.UUIDField(),
        "code": fields.IntegerField(),
        "message": fields.StringField(nullable=True),
        "details": fields.StringField(nullable=True),
        "host": fields.StringField(nullable=True),
    }

    @classmethod
    def _from_row(cls, context: Any, fault: InstanceFault, row: Mapping[str, Any]) -> InstanceFault:
        fault._fill(context, row, _FAULT_PLAN)
        fault.obj_reset_changes()
        return fault

    @base.remotable_classmethod
    def get_latest_for_instance(cls, context: Any, instance_uuid: str) -> InstanceFault | None:
        """The latest fault of the instance, or None."""
        faults = db.instance_fault_get_by_instance_uuids(context, [instance_uuid])[instance_uuid]
        return cls._from_row(context, cls(), faults[0]) if faults else None

    @base.remotable
    def create(self, context: Any) -> None:
        """ObjectActionError when it has an id."""
        if self.obj_attr_is_set("id"):
            raise exception.ObjectActionError(action="create", reason="already created")
        values = {"code": 0, "message": "", "details": "", **self.obj_get_changes()}
        self._from_row(context, self, db.instance_fault_create(context, values))


_FAULT_PLAN = base.plan_of(InstanceFault)


@base.NovaObjectRegistry.register
class InstanceFaultList(base.ObjectListBase, base.NovaObject):
    """A list of faults."""

    # Version 1.0: InstanceFault up to 1.1
    # Version 1.1: InstanceFault 1.2
    VERSION = "1.1"

    fields: ClassVar[dict[str, Any]] = {"objects": fields.ListOfObjectsField("InstanceFault")}
    child_versions: ClassVar[dict[str, str]] = {"1.0": "1.1", "1.1": "1.2"}

    @base.remotable_classmethod
    def get_by_instance_uuids(
        cls, context: Any, instance_uuids: Sequence[str]
    ) -> InstanceFaultList:
        """All faults of the instances, each instance's latest first."""
        of_instance = db.instance_fault_get_by_instance_uuids(context, instance_uuids)
        return cls._of(context, itertools.chain(*of_instance.values()))
