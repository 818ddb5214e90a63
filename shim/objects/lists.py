# SPDX-License-Identifier: Apache-2.0
"""What every list of objects is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from oslo_versionedobjects import base as ovo_base

from shim.objects.backports import BackportedObject, child_names
from shim.objects.dict_compat import DictCompat
from shim.objects.registry import NovaObjectRegistry

_ObjectListBase: Any = ovo_base.ObjectListBase

L = TypeVar("L", bound="ObjectListBase")


class ObjectListBase(_ObjectListBase, DictCompat):
    """A list of objects; ``child_versions`` says which version of the item each version holds.

    ``list["objects"]`` is an index, as in nova; the rest of the dict style is that of objects.
    """

    child_versions: ClassVar[dict[str, str]] = {}

    @classmethod
    def _of(cls: type[L], context: Any, rows: Iterable[Mapping[str, Any]]) -> L:
        """The list of what the rows hold, without changes."""
        (item_name,) = child_names(cls)
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

    def _related_version(self, child: BackportedObject, name: str, target_version: str) -> str:
        return self.child_versions.get(target_version, "1.0")


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
