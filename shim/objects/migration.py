# SPDX-License-Identifier: Apache-2.0
"""Migration and MigrationList."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shim import exception
from shim.db import api as db
from shim.objects import base, fields
from shim.objects.dict_compat import DictCompat
from shim.objects.instance import Instance


@base.NovaObjectRegistry.register
class Migration(base.NovaPersistentObject, DictCompat, base.NovaObject):
    """A move of an instance from one node to another, or to another flavor.

    ``instance`` is loaded when it is first read and then kept, where nova asks again each time;
    it is None when the instance is gone, where nova raises InstanceNotFound.
    """

    # Version 1.0: the first
    # Version 1.1: text may be unicode
    # Version 1.2: instance
    # Version 1.3: Instance 1.16
    VERSION = "1.3"

    fields: ClassVar[dict[str, Any]] = {
        "id": fields.IntegerField(),
        "source_compute": fields.StringField(nullable=True),
        "dest_compute": fields.StringField(nullable=True),
        "source_node": fields.StringField(nullable=True),
        "dest_node": fields.StringField(nullable=True),
        "dest_host": fields.StringField(nullable=True),
        "old_instance_type_id": fields.IntegerField(nullable=True),
        "new_instance_type_id": fields.IntegerField(nullable=True),
        "instance_uuid": fields.StringField(nullable=True),
        "status": fields.StringField(nullable=True),
        "instance": fields.ObjectField("Instance", nullable=True),
    }
    fields_since: ClassVar[Mapping[str, str]] = {"instance": "1.2"}
    obj_relationships: ClassVar[Mapping[str, Sequence[tuple[str, str]]]] = {
        "instance": [("1.2", "1.15"), ("1.3", "1.16")]
    }

    @classmethod
    def _from_row(cls, context: Any, migration: Migration, row: Mapping[str, Any]) -> Migration:
        migration._fill(context, row, _PLAN)
        if "instance" in row:
            instance = row["instance"]
            migration.instance = (
                None
                if instance is None
                else Instance._from_row(context, Instance(), instance, ["system_metadata"])
            )
        migration.obj_reset_changes()
        return migration

    @classmethod
    def _fitting(cls, row: Any) -> dict[str, Any]:
        found = super()._fitting(row)
        if found.get("instance") is not None:
            found["instance"] = Instance._fitting(found["instance"])
        return found

    def obj_load_attr(self, attrname: str) -> None:
        """Load ``instance``, None when it is gone. NotImplementedError for any other field."""
        if attrname != "instance":
            super().obj_load_attr(attrname)
        if self._context is None:
            raise exception.OrphanedObjectError(method="obj_load_attr", objtype=self.obj_name())
        try:
            self.instance = Instance.get_by_uuid(
                self._context, self.instance_uuid, expected_attrs=["system_metadata"]
            )
        except exception.InstanceNotFound:
            self.instance = None
        self.obj_reset_changes(["instance"])

    @base.remotable_classmethod
    def get_by_id(cls, context: Any, migration_id: int) -> Migration:
        """The migration, deleted or not. MigrationNotFound."""
        return cls._from_row(context, cls(), db.migration_get(context, migration_id))

    @base.remotable_classmethod
    def get_by_instance_and_status(cls, context: Any, instance_uuid: str, status: str) -> Migration:
        """MigrationNotFoundByStatus."""
        row = db.migration_get_by_instance_and_status(context, instance_uuid, status)
        return cls._from_row(context, cls(), row)

    @base.remotable
    def create(self, context: Any) -> None:
        """ObjectActionError when it has an id."""
        if self.obj_attr_is_set("id"):
            raise exception.ObjectActionError(action="create", reason="already created")
        self._from_row(context, self, db.migration_create(context, self._stored_changes()))

    @base.remotable
    def save(self, context: Any) -> None:
        """Store what changed; its instance is not stored with it. MigrationNotFound."""
        updates = self._stored_changes()
        updates.pop("id", None)
        self._from_row(context, self, db.migration_update(context, self.id, updates))

    def _stored_changes(self) -> dict[str, Any]:
        changes: dict[str, Any] = self.obj_get_changes()
        changes.pop("instance", None)
        return changes


_PLAN = base.plan_of(Migration, skip=("instance",))


@base.NovaObjectRegistry.register
class MigrationList(base.ObjectListBase, base.NovaObject):
    """A list of migrations."""

    # Version 1.0: Migration up to 1.1
    # Version 1.1: use_slave in get_unconfirmed_by_dest_compute
    # Version 1.2: Migration 1.2
    # Version 1.3: Migration 1.3
    VERSION = "1.3"

    fields: ClassVar[dict[str, Any]] = {"objects": fields.ListOfObjectsField("Migration")}
    child_versions: ClassVar[dict[str, str]] = {
        "1.0": "1.1",
        "1.1": "1.1",
        "1.2": "1.2",
        "1.3": "1.3",
    }

    @base.remotable_classmethod
    def get_unconfirmed_by_dest_compute(
        cls, context: Any, confirm_window: int, dest_compute: str, use_slave: bool = False
    ) -> MigrationList:
        """The finished migrations to the host that nobody confirmed for that many seconds."""
        rows = db.migration_get_unconfirmed_by_dest_compute(context, confirm_window, dest_compute)
        return cls._of(context, rows)

    @base.remotable_classmethod
    def get_in_progress_by_host_and_node(cls, context: Any, host: str, node: str) -> MigrationList:
        """The migrations from or to the node that have not ended, each with its instance.

        Reading ``.instance``, its flavor and its system metadata costs no further query.
        """
        rows = db.migration_get_in_progress_by_host_and_node(context, host, node)
        return cls._of(context, rows)

    @base.remotable_classmethod
    def get_by_filters(cls, context: Any, filters: dict[str, Any]) -> MigrationList:
        """The migrations of a ``status`` and of a ``host``."""
        return cls._of(context, db.migration_get_all_by_filters(context, filters))
