# SPDX-License-Identifier: Apache-2.0
"""PciDevicePool and PciDevicePoolList: a node's devices, counted by kind, as Kilo has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from shim.objects import base, fields
from shim.objects.dict_compat import DictCompat


@base.NovaObjectRegistry.register
class PciDevicePool(DictCompat, base.NovaObject):
    """``count`` devices of one product; ``tags`` is what else they have in common."""

    # Version 1.0: the first
    # Version 1.1: numa_node
    VERSION = "1.1"

    fields: ClassVar[dict[str, Any]] = {
        "product_id": fields.StringField(),
        "vendor_id": fields.StringField(),
        "numa_node": fields.IntegerField(nullable=True),
        "tags": fields.DictOfNullableStringsField(),
        "count": fields.IntegerField(),
    }
    fields_since: ClassVar[Mapping[str, str]] = {"numa_node": "1.1"}
    noticed_in_place: ClassVar[tuple[str, ...]] = ("tags",)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> PciDevicePool:
        """The pool that a flat dict describes; keys that are no fields become tags.

        KeyError for a missing product, vendor or count; ValueError for a value that does not fit.
        """
        rest = dict(value)
        pool = cls(
            vendor_id=rest.pop("vendor_id"),
            product_id=rest.pop("product_id"),
            count=rest.pop("count"),
            numa_node=rest.pop("numa_node", None),
        )
        pool.tags = rest
        return pool

    def to_dict(self) -> dict[str, Any]:
        """The flat dict: the tags beside the fields."""
        flat = {name: getattr(self, name) for name in self.fields if self.obj_attr_is_set(name)}
        flat.update(flat.pop("tags", {}))
        return flat


@base.NovaObjectRegistry.register
class PciDevicePoolList(base.ObjectListBase, base.NovaObject):
    """A list of pools."""

    # Version 1.0: PciDevicePool 1.0
    # Version 1.1: PciDevicePool 1.1
    VERSION = "1.1"

    fields: ClassVar[dict[str, Any]] = {"objects": fields.ListOfObjectsField("PciDevicePool")}
    child_versions: ClassVar[dict[str, str]] = {"1.0": "1.0", "1.1": "1.1"}

    @classmethod
    def from_dicts(cls, pools: Iterable[Mapping[str, Any]]) -> PciDevicePoolList:
        """The list of the pools that flat dicts describe; errors as ``PciDevicePool.from_dict``."""
        return cls(objects=[PciDevicePool.from_dict(pool) for pool in pools])

    def to_dicts(self) -> Sequence[dict[str, Any]]:
        """The flat dicts of the pools."""
        return [pool.to_dict() for pool in self.objects]
