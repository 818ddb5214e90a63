# SPDX-License-Identifier: Apache-2.0
"""What every object is: nova's envelope, a registry of its own, backports from data."""

from __future__ import annotations

import contextlib
import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import netaddr
from oslo_utils import versionutils
from oslo_versionedobjects import base as ovo_base
from oslo_versionedobjects import exception as ovo_exception

from shim.db import json_columns
from shim.objects import fields, foreign_rows
from shim.objects.dict_compat import DictCompat
from shim.objects.remoting import remotable, remotable_classmethod, run_together
from shim.objects.row_plan import Plan, plan_of
from shim.refusals import ValueRefused

__all__ = [
    "NovaObject",
    "NovaObjectRegistry",
    "NovaPersistentObject",
    "ObjectListBase",
    "obj_equal_prims",
    "obj_make_list",
    "obj_to_primitive",
    "plan_of",
    "remotable",
    "remotable_classmethod",
    "run_together",
]

as_version = versionutils.convert_version_to_tuple


# Fields become properties when a class is registered: to the type checker they are Any.
_Registry: Any = ovo_base.VersionedObjectRegistry
_VersionedObject: Any = ovo_base.VersionedObject
_ObjectListBase: Any = ovo_base.ObjectListBase


class NovaObjectRegistry(_Registry):
    """The shim's classes, apart from those that other libraries of the process register."""

    _own_classes: ClassVar[dict[str, list[Any]]] = defaultdict(list)

    def __new__(cls, *args: Any, **kwargs: Any) -> NovaObjectRegistry:
        self: NovaObjectRegistry = object.__new__(cls)
        self._obj_classes = cls._own_classes
        return self


class NovaObject(_VersionedObject):
    """A versioned object in nova's envelope.

    ``fields_since`` and ``remotables_since`` say which version brought a field or a method that
    was not there at 1.0; ``obj_relationships`` which version of a child goes into which version
    of the parent. Backports follow from them.
    """

    OBJ_SERIAL_NAMESPACE = "nova_object"
    OBJ_PROJECT_NAMESPACE = "nova"

    fields_since: ClassVar[Mapping[str, str]] = {}
    remotables_since: ClassVar[Mapping[str, str]] = {}
    #: Which version brought an argument, ``method.argument``, that the method had not before.
    arguments_since: ClassVar[Mapping[str, str]] = {}
    obj_relationships: ClassVar[Mapping[str, Sequence[tuple[str, str]]]] = {}
    #: Who asks; None for an object that nobody's call made.
    _context: Any
    #: Dict and list fields whose changes in place are noticed.
    noticed_in_place: ClassVar[tuple[str, ...]] = ()
    #: Fields whose object stays the same one when it is read again, because others hold it.
    kept_in_place: ClassVar[tuple[str, ...]] = ()

    def __init__(self, context: Any = None, **kwargs: Any) -> None:
        self._originals: dict[str, Any] = {}
        super().__init__(context, **kwargs)

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
    def obj_version_tree(cls) -> dict[str, str]:
        """The version of this class and of every class that its fields can hold."""
        if cls not in _version_trees:
            _version_trees[cls] = cls._version_tree()
        return dict(_version_trees[cls])

    @classmethod
    def _version_tree(cls) -> dict[str, str]:
        tree: dict[str, str] = {}
        pending = [cls.obj_name()]
        while pending:
            name = pending.pop()
            if name in tree:
                continue
            there = NovaObjectRegistry.obj_classes()[name][0]
            tree[name] = there.VERSION
            pending.extend(_child_names(there))
        return tree

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

    @classmethod
    def _is_current(cls, version_manifest: Mapping[str, str] | None) -> bool:
        """Whether the manifest asks for what there is anyway: then nothing has to be made fit."""
        return not version_manifest or all(
            version_manifest.get(name, there) == there
            for name, there in cls.obj_version_tree().items()
        )

    def obj_make_compatible_from_manifest(
        self, primitive: dict[str, Any], target_version: str, version_manifest: Any
    ) -> None:
        """Make the data fit ``target_version``, children to the manifest's versions if given."""
        self._manifest = version_manifest
        try:
            self.obj_make_compatible(primitive, target_version)
        finally:
            del self._manifest

    def obj_make_compatible(self, primitive: dict[str, Any], target_version: str) -> None:
        """Drop what ``target_version`` did not have, and make the children fit it."""
        target = as_version(target_version)
        for name, since in self.fields_since.items():
            if target < as_version(since):
                primitive.pop(name, None)
        for name, field in self.fields.items():
            children = _children_of(self, name, field) if name in primitive else None
            if children is not None:
                self._backport_children(primitive, name, target_version, children)

    def _backport_children(
        self, primitive: dict[str, Any], name: str, target_version: str, children: Any
    ) -> None:
        manifest = getattr(self, "_manifest", None)
        items = children if isinstance(children, list) else [children]
        done = [
            child.obj_to_primitive(
                target_version=self._child_version(child, name, target_version, manifest),
                version_manifest=manifest,
            )
            for child in items
        ]
        primitive[name] = done if isinstance(children, list) else done[0]

    def _child_version(
        self, child: NovaObject, name: str, target_version: str, manifest: Any
    ) -> str:
        if manifest is not None and child.obj_name() in manifest:
            wanted = manifest[child.obj_name()]
        else:
            wanted = self._related_version(child, name, target_version)
        return str(min(wanted, child.VERSION, key=as_version))

    def _related_version(self, child: NovaObject, name: str, target_version: str) -> str:
        target = as_version(target_version)
        fitting = [
            theirs
            for ours, theirs in self.obj_relationships.get(name, ())
            if as_version(ours) <= target
        ]
        return fitting[-1] if fitting else child.VERSION

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

    def _take(self, name: str, value: Any) -> None:
        """Set the field to what was read again."""
        there = getattr(self, name) if self.obj_attr_is_set(name) else None
        if name in self.kept_in_place and there is not None and value is not None:
            for inner in there.fields:
                if value.obj_attr_is_set(inner):
                    setattr(there, inner, getattr(value, inner))
            there.obj_reset_changes()
            value = there
        setattr(self, name, value)

    def obj_reset_changes(self, fields: Any = None, recursive: bool = False) -> None:
        """Forget the changes of all fields, or of those named."""
        super().obj_reset_changes(fields, recursive)
        self._note_originals(fields)

    def _note_originals(self, fields: Iterable[str] | None = None) -> None:
        for name in self.noticed_in_place:
            if fields is None or name in fields:
                value = getattr(self, f"_obj_{name}", None)
                self._originals[name] = None if value is None else _plain(value)

    def obj_what_changed(self) -> set[str]:
        """The fields that changed since they were loaded, stored or reset."""
        changes = {name for name in self._changed_fields if name in self.fields}
        for attribute, value in self.__dict__.items():
            # Most values are plain: to ask each field for its value takes ten times as long.
            if isinstance(value, NovaObject) and attribute.startswith("_obj_"):
                if value.obj_what_changed():
                    changes.add(attribute[len("_obj_") :])
        for name in self.noticed_in_place:
            if name not in changes:
                value = getattr(self, f"_obj_{name}", None)
                if value is not None and self._originals.get(name) != _plain(value):
                    changes.add(name)
        return changes

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        clone: Any = super().__deepcopy__(memo)
        clone.VERSION = self.VERSION
        clone._originals = copy.deepcopy(self._originals)
        return clone

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


#: By class, for a tree is asked for with every remote call.
_version_trees: dict[Any, dict[str, str]] = {}


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else list(value)


def _child_names(cls: Any) -> list[str]:
    names = []
    for field in cls.fields.values():
        if isinstance(field, fields.ObjectField):
            names.append(field._type._obj_name)
        elif isinstance(field, fields.ListOfObjectsField):
            names.append(field._type._element_type._type._obj_name)
    return names


def _children_of(obj: NovaObject, name: str, field: Any) -> Any:
    """The object or the list of objects that the field holds; None for any other field."""
    if isinstance(field, fields.ObjectField | fields.ListOfObjectsField):
        value = getattr(obj, name)
        return list(value) if isinstance(value, list) else value
    return None


class NovaPersistentObject:
    """The fields that every row has."""

    fields: ClassVar[dict[str, Any]] = {
        "created_at": fields.DateTimeField(nullable=True),
        "updated_at": fields.DateTimeField(nullable=True),
        "deleted_at": fields.DateTimeField(nullable=True),
        "deleted": fields.BooleanField(default=False),
    }


L = TypeVar("L", bound="ObjectListBase")


class ObjectListBase(_ObjectListBase, DictCompat):
    """A list of objects; ``child_versions`` says which version of the item each version holds.

    ``list["objects"]`` is an index, as in nova; the rest of the dict style is that of objects.
    """

    child_versions: ClassVar[dict[str, str]] = {}

    @classmethod
    def _of(cls: type[L], context: Any, rows: Iterable[Mapping[str, Any]]) -> L:
        """The list of what the rows hold, without changes."""
        (item_name,) = _child_names(cls)
        item = NovaObjectRegistry.obj_classes()[item_name][0]
        found = cls(context)
        found.objects = [item._from_row(context, item(), row) for row in rows]
        found.obj_reset_changes()
        return found

    def obj_make_compatible(self, primitive: dict[str, Any], target_version: str) -> None:
        """Make the items fit; a version that is not in the table holds items of 1.0, as in nova."""
        manifest = getattr(self, "_manifest", None)
        primitive["objects"] = [
            item.obj_to_primitive(
                target_version=self._child_version(item, "objects", target_version, manifest),
                version_manifest=manifest,
            )
            for item in self.objects
        ]

    def _related_version(self, child: NovaObject, name: str, target_version: str) -> str:
        return self.child_versions.get(target_version, "1.0")


def obj_to_primitive(obj: Any) -> Any:
    """What the object holds as a dict of its set fields, a list as a list of such.

    Anything else is given back as it is, but for addresses, which become text. As nova's.
    """
    if isinstance(obj, ObjectListBase):
        return [obj_to_primitive(item) for item in obj.objects]
    if isinstance(obj, NovaObject):
        return obj._dict_form()
    return str(obj) if isinstance(obj, netaddr.IPAddress) else obj


def obj_make_list(
    context: Any, list_obj: L, item_cls: Any, db_list: Iterable[Any], **extra_args: Any
) -> L:
    """The list, with an item for each row; ``extra_args`` go to ``_from_db_object``. As nova's."""
    list_obj.objects = [
        item_cls._from_db_object(context, item_cls(), row, **extra_args) for row in db_list
    ]
    list_obj._context = context
    list_obj.obj_reset_changes()
    return list_obj


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
