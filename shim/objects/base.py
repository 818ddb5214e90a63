# SPDX-License-Identifier: Apache-2.0
"""What every object is: nova's envelope, and what it takes from a row."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import netaddr
from oslo_versionedobjects import exception as ovo_exception

from shim.db import json_columns
from shim.objects import fields, foreign_rows
from shim.objects.backports import as_version
from shim.objects.changes import ChangedObject
from shim.objects.lists import ObjectListBase, obj_make_list
from shim.objects.registry import NovaObjectRegistry
from shim.objects.remoting import remotable, remotable_classmethod, run_together
from shim.objects.row_plan import Plan, plan_of
from shim.refusals import ValueRefused

__all__ = [
    "NovaObject",
    "NovaObjectRegistry",
    "NovaPersistentObject",
    "ObjectListBase",
    "as_version",
    "obj_equal_prims",
    "obj_make_list",
    "obj_to_primitive",
    "plan_of",
    "remotable",
    "remotable_classmethod",
    "run_together",
]


class NovaObject(ChangedObject):
    """A versioned object in nova's envelope."""

    OBJ_SERIAL_NAMESPACE = "nova_object"
    OBJ_PROJECT_NAMESPACE = "nova"

    #: Who asks; None for an object that nobody's call made.
    _context: Any

    @classmethod
    def obj_class_from_name(cls, objname: str, objver: str) -> Any:
        """The class that reads the version: the same, or a later one of the same major.

        UnsupportedObjectError for an unknown name; IncompatibleObjectVersion, with the latest
        known version as ``supported``, for a version that none can read.
        """
        known = NovaObjectRegistry.obj_classes()
        if objname not in known:
            raise ovo_exception.UnsupportedObjectError(objtype=objname)
        try:
            wanted = as_version(objver)
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueRefused(f"{objver!r} is no version of {objname}") from error
        for candidate in known[objname]:
            there = as_version(candidate.VERSION)
            if there[0] == wanted[0] and there[:2] >= wanted[:2]:
                return candidate
        raise ovo_exception.IncompatibleObjectVersion(
            objname=objname, objver=objver, supported=known[objname][0].VERSION
        )

    @classmethod
    def _obj_from_primitive(cls, context: Any, objver: str, primitive: Any) -> Any:
        data = cls._obj_primitive_field(primitive, "data")
        changes = cls._obj_primitive_field(primitive, "changes", [])
        if not isinstance(data, dict) or not isinstance(changes, list | tuple | set | frozenset):
            raise ValueRefused(f"{cls.obj_name()}: the envelope holds no fields")
        self: Any = cls(context)
        self.VERSION = objver
        values = self.__dict__
        for name, field in cls.fields.items():
            if name in data:
                value = field.from_primitive(self, name, data[name])
                values[f"_obj_{name}"] = field.coerce(self, name, value)
        self._changed_fields = {name for name in changes if name in cls.fields}
        self._note_originals()
        return self

    def obj_to_primitive(
        self, target_version: str | None = None, version_manifest: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """The primitive, as the version asked for would have it.

        InvalidTargetVersion for a version later than this object's.
        """
        target = target_version or self.VERSION
        if as_version(target) > as_version(self.VERSION):
            raise ovo_exception.InvalidTargetVersion(version=target)
        values = self.__dict__
        data = {
            name: field.to_primitive(self, name, values[attribute])
            for name, field in self.fields.items()
            if (attribute := f"_obj_{name}") in values
        }
        if target != type(self).VERSION or not self._is_current(version_manifest):
            self.obj_make_compatible_from_manifest(data, target, version_manifest)
        key = self._obj_primitive_key
        primitive = {
            key("name"): self.obj_name(),
            key("namespace"): self.OBJ_PROJECT_NAMESPACE,
            key("version"): target,
            key("data"): data,
        }
        changes = sorted(name for name in self.obj_what_changed() if name in data)
        if changes:
            primitive[key("changes")] = changes
        return primitive

    def obj_load_attr(self, attrname: str) -> None:
        """Load a field that is not set; NotImplementedError where the object cannot."""
        raise NotImplementedError(f"{self.obj_name()} cannot load {attrname}")

    @contextlib.contextmanager
    def obj_alternate_context(self, context: Any) -> Iterator[None]:
        """Give the object another context for what is inside, as Kilo's."""
        before = self._context
        self._context = context
        try:
            yield
        finally:
            self._context = before

    @contextlib.contextmanager
    def obj_as_admin(self) -> Iterator[None]:
        """Give the object an administrator's context for what is inside, as Kilo's.

        OrphanedObjectError when it has none to begin with.
        """
        if self._context is None:
            raise ovo_exception.OrphanedObjectError(method="obj_as_admin", objtype=self.obj_name())
        with self.obj_alternate_context(self._context.elevated()):
            yield

    def _dict_form(self) -> dict[str, Any]:
        """What is set, and the properties beside it, as a dict of plain values."""
        return {
            name: obj_to_primitive(getattr(self, name))
            for name in self.obj_fields
            if name in self.obj_extra_fields or self.obj_attr_is_set(name)
        }

    @classmethod
    def _from_row(cls, context: Any, obj: Any, row: Mapping[str, Any]) -> Any:
        raise NotImplementedError(f"{cls.obj_name()} has no row of its own")

    @classmethod
    def _from_db_object(cls, context: Any, obj: Any, db_obj: Any) -> Any:
        """Set the object's fields from a row that may have come from anywhere, as nova's.

        KeyError for a column that is not there, ValueError for a value that does not fit.
        """
        return cls._from_row(context, obj, cls._fitting(db_obj))

    @classmethod
    def _fitting(cls, row: Any) -> dict[str, Any]:
        """The row as the database layer would have read it."""
        return foreign_rows.fitting(cls, row)

    def _fill(self, context: Any, row: Mapping[str, Any], plan: Plan) -> None:
        """Set fields from a row of the database, which is trusted to hold fitting values."""
        values = self.__dict__
        values.update(zip(plan.attributes, plan.columns(row), strict=True))
        for attribute, convert in plan.conversions:
            try:
                values[attribute] = convert(values[attribute])
            except ValueRefused as error:
                values[attribute] = None
                json_columns.tell(plan.table, row, attribute[len("_obj_") :], error)
        self._context = context


class NovaPersistentObject:
    """The fields that every row has."""

    fields: ClassVar[dict[str, Any]] = {
        "created_at": fields.DateTimeField(nullable=True),
        "updated_at": fields.DateTimeField(nullable=True),
        "deleted_at": fields.DateTimeField(nullable=True),
        "deleted": fields.BooleanField(default=False),
    }


def obj_to_primitive(obj: Any) -> Any:
    """What the object holds as a dict of its set fields, a list as a list of such.

    Anything else is given back as it is, but for addresses, which become text. As nova's.
    """
    if isinstance(obj, ObjectListBase):
        return [obj_to_primitive(item) for item in obj.objects]
    if isinstance(obj, NovaObject):
        return obj._dict_form()
    return str(obj) if isinstance(obj, netaddr.IPAddress) else obj


def obj_equal_prims(
    obj_1: NovaObject, obj_2: NovaObject, ignore: Iterable[str] = ("updated_at",)
) -> bool:
    """Whether two objects hold the same, but for the keys of ``ignore`` and what changed when.

    Liberty's counterpart ignores nothing unless told, so that two reads of an unchanged compute
    node, whose ``updated_at`` moves with every save, differ there.
    """
    drop = {"nova_object.changes", *(ignore or ())}
    first, second = (_without(obj.obj_to_primitive(), drop) for obj in (obj_1, obj_2))
    return bool(first == second)


def _without(primitive: Any, drop: set[str]) -> Any:
    if isinstance(primitive, dict):
        return {k: _without(v, drop) for k, v in primitive.items() if k not in drop}
    if isinstance(primitive, list):
        return [_without(item, drop) for item in primitive]
    return primitive
