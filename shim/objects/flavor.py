# SPDX-License-Identifier: Apache-2.0
"""Flavor and FlavorList."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shim import exception
from shim.db import api as db
from shim.db.session import atomically
from shim.objects import base, fields
from shim.objects.dict_compat import DictCompat

#: Columns that may be NULL where the field holds a number.
ZERO_FOR_NULL = ("id", "memory_mb", "vcpus", "root_gb", "ephemeral_gb", "swap", "vcpu_weight")


@base.NovaObjectRegistry.register
class Flavor(base.NovaPersistentObject, DictCompat, base.NovaObject):
    """A flavor; NULL in a column of numbers is 0, as in nova.

    ``projects`` is loaded when it is first read. Unlike nova 2014.2's, that leaves it unchanged,
    and a flavor that came over the wire has the changes that it was sent with, no more.
    """

    # Version 1.0: the first
    # Version 1.1: save_projects and save_extra_specs; save is no longer remotable
    VERSION = "1.1"

    fields: ClassVar[dict[str, Any]] = {
        "id": fields.IntegerField(),
        "name": fields.StringField(nullable=True),
        "memory_mb": fields.IntegerField(),
        "vcpus": fields.IntegerField(),
        "root_gb": fields.IntegerField(),
        "ephemeral_gb": fields.IntegerField(),
        "flavorid": fields.StringField(),
        "swap": fields.IntegerField(),
        "rxtx_factor": fields.FloatField(nullable=True, default=1.0),
        "vcpu_weight": fields.IntegerField(nullable=True),
        "disabled": fields.BooleanField(),
        "is_public": fields.BooleanField(),
        "extra_specs": fields.DictOfStringsField(),
        "projects": fields.ListOfStringsField(),
    }
    noticed_in_place: ClassVar[tuple[str, ...]] = ("extra_specs", "projects")

    @classmethod
    def _from_row(cls, context: Any, flavor: Flavor, row: Mapping[str, Any]) -> Flavor:
        numbers = {name: row[name] or 0 for name in ZERO_FOR_NULL}
        flavor._fill(context, {**row, **numbers}, _PLAN)
        if "extra_specs" in row:
            flavor.extra_specs = row["extra_specs"]
        flavor.obj_reset_changes()
        return flavor

    @classmethod
    def _from_db_object(
        cls, context: Any, obj: Any, db_obj: Any, expected_attrs: Sequence[str] | None = None
    ) -> Any:
        """As every object; ``expected_attrs`` names ``extra_specs`` and ``projects``."""
        attrs = expected_attrs or ()
        row = cls._fitting(db_obj)
        if "extra_specs" not in attrs:
            row.pop("extra_specs", None)
        found = cls._from_row(context, obj, row)
        if "projects" in attrs:
            found._load_projects(context)
        return found

    def obj_load_attr(self, attrname: str) -> None:
        """Load ``projects``; ObjectActionError for any other field."""
        if attrname != "projects":
            raise exception.ObjectActionError(
                action="obj_load_attr", reason=f"{attrname} cannot be loaded"
            )
        self._load_projects()

    @base.remotable
    def _load_projects(self, context: Any) -> None:
        grants = db.flavor_access_get_by_flavor_id(context, self.flavorid)
        self.projects = [grant["project_id"] for grant in grants]
        self.obj_reset_changes(["projects"])

    @base.remotable_classmethod
    def get_by_id(cls, context: Any, id: int) -> Flavor:
        """FlavorNotFound."""
        return cls._from_row(context, cls(), db.flavor_get(context, id))

    @base.remotable_classmethod
    def get_by_name(cls, context: Any, name: str) -> Flavor:
        """FlavorNotFoundByName."""
        return cls._from_row(context, cls(), db.flavor_get_by_name(context, name))

    @base.remotable_classmethod
    def get_by_flavor_id(
        cls, context: Any, flavor_id: str, read_deleted: str | None = None
    ) -> Flavor:
        """FlavorNotFound."""
        row = db.flavor_get_by_flavor_id(context, flavor_id, read_deleted)
        return cls._from_row(context, cls(), row)

    @base.remotable
    def add_access(self, context: Any, project_id: str) -> None:
        """Let the project use the flavor.

        ObjectActionError when ``projects`` has changes; FlavorAccessExists.
        """
        self._refuse_changed_projects("add_access")
        db.flavor_access_add(context, self.flavorid, project_id)
        self._load_projects(context)

    @base.remotable
    def remove_access(self, context: Any, project_id: str) -> None:
        """Take the flavor from the project.

        ObjectActionError when ``projects`` has changes; FlavorAccessNotFound.
        """
        self._refuse_changed_projects("remove_access")
        db.flavor_access_remove(context, self.flavorid, project_id)
        self._load_projects(context)

    def _refuse_changed_projects(self, action: str) -> None:
        if "projects" in self.obj_what_changed():
            raise exception.ObjectActionError(action=action, reason="projects have changes")

    @base.remotable
    def create(self, context: Any) -> None:
        """ObjectActionError when it has an id; FlavorExists, FlavorIdExists."""
        if self.obj_attr_is_set("id"):
            raise exception.ObjectActionError(action="create", reason="already created")
        values: dict[str, Any] = self.obj_get_changes()
        projects = values.pop("projects", None)
        row = dict(db.flavor_create(context, values, projects))
        if "extra_specs" not in values:
            row.pop("extra_specs")
        self._from_row(context, self, row)

    @base.remotable
    def save_projects(
        self,
        context: Any,
        to_add: Sequence[str] | None = None,
        to_delete: Sequence[str] | None = None,
    ) -> None:
        """Grant and withdraw access, all or nothing. FlavorAccessExists, FlavorAccessNotFound."""

        def store() -> None:
            for project_id in to_add or ():
                db.flavor_access_add(context, self.flavorid, project_id)
            for project_id in to_delete or ():
                db.flavor_access_remove(context, self.flavorid, project_id)

        atomically(store)
        self.obj_reset_changes(["projects"])

    @base.remotable
    def save_extra_specs(
        self,
        context: Any,
        to_add: Mapping[str, str] | None = None,
        to_delete: Sequence[str] | None = None,
    ) -> None:
        """Set and delete extra specs, all or nothing. FlavorExtraSpecsNotFound."""

        def store() -> None:
            if to_add:
                db.flavor_extra_specs_update_or_create(context, self.flavorid, dict(to_add))
            for key in to_delete or ():
                db.flavor_extra_specs_delete(context, self.flavorid, key)

        atomically(store)
        self.obj_reset_changes(["extra_specs"])

    def save(self, context: Any = None) -> None:
        """Store what changed of the extra specs and projects, all or nothing.

        Unlike nova 2014.2's, which has stored the extra specs when a project is refused.
        ObjectActionError when anything else changed; FlavorNotFound, FlavorExtraSpecsNotFound,
        FlavorAccessExists, FlavorAccessNotFound.
        """
        if context is not None:
            self._context = context
        changes = self.obj_what_changed()
        others = sorted(changes - {"extra_specs", "projects"})
        if others:
            raise exception.ObjectActionError(
                action="save", reason=f"a flavor cannot change its {', '.join(others)}"
            )
        specs, granted = (self._originals.get(n) for n in ("extra_specs", "projects"))
        actions: list[tuple[str, list[Any]]] = []
        if "extra_specs" in changes:
            old, new = specs or {}, dict(self.extra_specs)
            to_add = {k: v for k, v in new.items() if old.get(k) != v}
            actions.append(("save_extra_specs", [to_add, [k for k in old if k not in new]]))
        if "projects" in changes:
            had, wanted = granted or [], dict.fromkeys(self.projects)
            to_add_to = [p for p in wanted if p not in had]
            actions.append(("save_projects", [to_add_to, [p for p in had if p not in wanted]]))
        base.run_together(self, actions)

    @base.remotable
    def destroy(self, context: Any) -> None:
        """Soft-delete the flavor of this name. FlavorNotFoundByName."""
        db.flavor_destroy(context, self.name)


_PLAN = base.plan_of(Flavor, skip=("extra_specs", "projects"))


@base.NovaObjectRegistry.register
class FlavorList(base.ObjectListBase, base.NovaObject):
    """A list of flavors."""

    # Version 1.0: Flavor 1.0
    # Version 1.1: Flavor 1.1
    VERSION = "1.1"

    fields: ClassVar[dict[str, Any]] = {"objects": fields.ListOfObjectsField("Flavor")}
    child_versions: ClassVar[dict[str, str]] = {"1.0": "1.0", "1.1": "1.1"}

    @base.remotable_classmethod
    def get_all(
        cls,
        context: Any,
        inactive: bool = False,
        filters: dict[str, Any] | None = None,
        sort_key: str = "flavorid",
        sort_dir: str = "asc",
        limit: int | None = None,
        marker: str | None = None,
    ) -> FlavorList:
        """A page of the flavors that match. MarkerNotFound, InvalidSortKey."""
        rows = db.flavor_get_all(context, inactive, filters, sort_key, sort_dir, limit, marker)
        return cls._of(context, rows)
