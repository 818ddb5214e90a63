# SPDX-License-Identifier: Apache-2.0
"""Objects as an earlier version has them, without what it did not have, children too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from oslo_utils import versionutils
from oslo_versionedobjects import base as ovo_base

from shim.objects import fields
from shim.objects.registry import NovaObjectRegistry

as_version = versionutils.convert_version_to_tuple

# Fields become properties when a class is registered: to the type checker they are Any.
_VersionedObject: Any = ovo_base.VersionedObject


class BackportedObject(_VersionedObject):
    """An object that is made fit for earlier versions by what it says of itself.

    ``fields_since`` and ``remotables_since`` say which version brought a field or a method that
    was not there at 1.0; ``obj_relationships`` which version of a child goes into which version
    of the parent.
    """

    fields_since: ClassVar[Mapping[str, str]] = {}
    remotables_since: ClassVar[Mapping[str, str]] = {}
    #: Which version brought an argument, ``method.argument``, that the method had not before.
    arguments_since: ClassVar[Mapping[str, str]] = {}
    obj_relationships: ClassVar[Mapping[str, Sequence[tuple[str, str]]]] = {}

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
            pending.extend(child_names(there))
        return tree

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
        self, child: BackportedObject, name: str, target_version: str, manifest: Any
    ) -> str:
        if manifest is not None and child.obj_name() in manifest:
            wanted = manifest[child.obj_name()]
        else:
            wanted = self._related_version(child, name, target_version)
        return str(min(wanted, child.VERSION, key=as_version))

    def _related_version(self, child: BackportedObject, name: str, target_version: str) -> str:
        target = as_version(target_version)
        fitting = [
            theirs
            for ours, theirs in self.obj_relationships.get(name, ())
            if as_version(ours) <= target
        ]
        return fitting[-1] if fitting else child.VERSION


#: By class, for a tree is asked for with every remote call.
_version_trees: dict[Any, dict[str, str]] = {}


def child_names(cls: Any) -> list[str]:
    names = []
    for field in cls.fields.values():
        if isinstance(field, fields.ObjectField):
            names.append(field._type._obj_name)
        elif isinstance(field, fields.ListOfObjectsField):
            names.append(field._type._element_type._type._obj_name)
    return names


def _children_of(obj: BackportedObject, name: str, field: Any) -> Any:
    """The object or the list of objects that the field holds; None for any other field."""
    if isinstance(field, fields.ObjectField | fields.ListOfObjectsField):
        value = getattr(obj, name)
        return list(value) if isinstance(value, list) else value
    return None
