# SPDX-License-Identifier: Apache-2.0
"""SecurityGroup and SecurityGroupList, as far as an instance carries them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from shim.db import api as db
from shim.objects import base, fields
from shim.objects.dict_compat import DictCompat


@base.NovaObjectRegistry.register
class SecurityGroup(base.NovaPersistentObject, DictCompat, base.NovaObject):
    """A security group; its rules are no part of the object."""

    # Version 1.0: the first
    # Version 1.1: text may be unicode
    VERSION = "1.1"

    fields: ClassVar[dict[str, Any]] = {
        "id": fields.IntegerField(),
        "name": fields.StringField(),
        "description": fields.StringField(),
        "user_id": fields.StringField(),
        "project_id": fields.StringField(),
    }

    @classmethod
    def _from_row(cls, context: Any, group: SecurityGroup, row: Mapping[str, Any]) -> SecurityGroup:
        group._fill(context, row, _PLAN)
        group.obj_reset_changes()
        return group

    @base.remotable_classmethod
    def get(cls, context: Any, secgroup_id: int) -> SecurityGroup:
        """SecurityGroupNotFound."""
        return cls._from_row(context, cls(), db.security_group_get(context, secgroup_id))

    @base.remotable_classmethod
    def get_by_name(cls, context: Any, project_id: str, group_name: str) -> SecurityGroup:
        """SecurityGroupNotFoundForProject."""
        row = db.security_group_get_by_name(context, project_id, group_name)
        return cls._from_row(context, cls(), row)

    @base.remotable
    def in_use(self, context: Any) -> bool:
        """Whether a live instance is in the group."""
        return db.security_group_in_use(context, self.id)

    @base.remotable
    def save(self, context: Any) -> None:
        """Store what changed. SecurityGroupNotFound."""
        row = self._store(context)
        if row is not None:
            self._from_row(context, self, row)

    def _store(self, context: Any) -> Mapping[str, Any] | None:
        """The row as it is stored; None when nothing changed. The object stays as it is."""
        updates: dict[str, Any] = self.obj_get_changes()
        return db.security_group_update(context, self.id, updates) if updates else None

    @base.remotable
    def refresh(self, context: Any) -> None:
        """Read the row again. SecurityGroupNotFound."""
        self._from_row(context, self, db.security_group_get(context, self.id))


def make_secgroup_list(security_groups: Iterable[str]) -> SecurityGroupList:
    """The list of groups that have a name and nothing else, for an instance to be created with."""
    return SecurityGroupList(objects=[SecurityGroup(name=name) for name in security_groups])


_PLAN = base.plan_of(SecurityGroup)


@base.NovaObjectRegistry.register
class SecurityGroupList(base.ObjectListBase, base.NovaObject):
    """A list of security groups."""

    # Version 1.0: SecurityGroup up to 1.1
    VERSION = "1.0"

    fields: ClassVar[dict[str, Any]] = {"objects": fields.ListOfObjectsField("SecurityGroup")}
    child_versions: ClassVar[dict[str, str]] = {"1.0": "1.1"}

    @base.remotable_classmethod
    def get_all(cls, context: Any) -> SecurityGroupList:
        """Every group."""
        return cls._of(context, db.security_group_get_all(context))

    @base.remotable_classmethod
    def get_by_project(cls, context: Any, project_id: str) -> SecurityGroupList:
        """The project's groups."""
        return cls._of(context, db.security_group_get_by_project(context, project_id))

    @base.remotable_classmethod
    def get_by_instance(cls, context: Any, instance: Any) -> SecurityGroupList:
        """The groups that the instance is in."""
        return cls._of(context, db.security_group_get_by_instance(context, instance.uuid))
