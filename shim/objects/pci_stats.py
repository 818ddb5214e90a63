# SPDX-License-Identifier: Apache-2.0
"""The column ``compute_nodes.pci_stats``, read as pools and as devices, written as either.

Forms that exist: NULL, no text, Juno's flat list of pools (or a single pool), a serialized
PciDeviceList, Kilo's serialized PciDevicePoolList. Reading never fails: text of no known form
gives neither view. Writing takes over from the text that stood there before whatever this
release does not know: keys of a device, and tags of a pool that are no text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from oslo_versionedobjects import exception as ovo_exception

from shim import exception
from shim.objects.pci_device import PciDevice, PciDeviceList
from shim.objects.pci_device_pool import PciDevicePoolList

_ENVELOPE = "nova_object."
_DATA = _ENVELOPE + "data"
_REFUSALS = (
    *(ValueError, TypeError, KeyError, AttributeError, RecursionError),
    *ovo_exception.__dict__.values(),
)
_UNREADABLE = tuple(
    error for error in _REFUSALS if isinstance(error, type) and issubclass(error, Exception)
)


class Views(NamedTuple):
    """The column as devices and as pools; None where it cannot be seen as that."""

    devices: PciDeviceList | None
    pools: PciDevicePoolList | None


def read(text: str | None) -> Views:
    """What the column holds. A device list is seen as pools too: those of its free devices."""
    try:
        found = json.loads(text) if text else None
        if found is None:
            return Views(None, None)
        if _name_of(found) == "PciDeviceList":
            devices = _devices(found)
            return Views(devices, _pools(pools_of(devices)))
        return Views(None, _pools(_flat_pools(found)))
    except _UNREADABLE:
        return Views(None, None)


def _name_of(found: Any) -> str | None:
    return found.get(_ENVELOPE + "name") if isinstance(found, dict) else None


def _flat_pools(found: Any) -> list[dict[str, Any]]:
    if _name_of(found) == "PciDevicePoolList":
        return [_flat(item[_DATA]) for item in found[_DATA]["objects"]]
    if isinstance(found, dict) and _name_of(found) is None:
        return [found]
    if isinstance(found, list) and all(isinstance(pool, dict) for pool in found):
        return found
    raise ValueError("no list of pools")


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    return {**{k: v for k, v in data.items() if k != "tags"}, **data.get("tags", {})}


def _pools(flat: list[dict[str, Any]]) -> PciDevicePoolList:
    readable = [{key: _as_tag(key, value) for key, value in pool.items()} for pool in flat]
    pools = PciDevicePoolList.from_dicts(readable)
    _reset(pools)
    return pools


def _as_tag(key: str, value: Any) -> Any:
    """A tag must be text: what is none stands there as JSON."""
    if key in ("vendor_id", "product_id", "count", "numa_node"):
        return value
    return value if value is None or isinstance(value, str) else json.dumps(value, sort_keys=True)


def _devices(found: Mapping[str, Any]) -> PciDeviceList:
    devices = PciDeviceList(objects=[])
    for item in found[_DATA]["objects"]:
        known = {name: value for name, value in item[_DATA].items() if name in PciDevice.fields}
        envelope = {**item, _DATA: known, _ENVELOPE + "version": PciDevice.VERSION}
        devices.objects.append(PciDevice.obj_from_primitive(envelope))
    _reset(devices)
    return devices


def _reset(items: Any) -> None:
    for item in items:
        item.obj_reset_changes()
    items.obj_reset_changes()


def pools_of(devices: PciDeviceList) -> list[dict[str, Any]]:
    """The flat pools of the free devices, as Juno's tracker counts them."""
    counts: dict[tuple[str, str], int] = {}
    for device in devices:
        if not device.obj_attr_is_set("status") or device.status == "available":
            kind = (device.vendor_id, device.product_id)
            counts[kind] = counts.get(kind, 0) + 1
    return [
        {"count": count, "vendor_id": vendor, "product_id": product}
        for (vendor, product), count in counts.items()
    ]


def refuse_conflict(devices: PciDeviceList | None, pools: PciDevicePoolList | None) -> None:
    """Raise PciStatsConflict when the two views, both set in one save, say different things."""
    if devices is None and pools is None:
        return
    if devices is None or pools is None or _counted(devices) != _sums(pools):
        raise exception.PciStatsConflict()


def _counted(devices: PciDeviceList) -> dict[tuple[str, str], int]:
    return {(p["vendor_id"], p["product_id"]): p["count"] for p in pools_of(devices)}


def _sums(pools: PciDevicePoolList) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for pool in pools:
        kind = (pool.vendor_id, pool.product_id)
        sums[kind] = sums.get(kind, 0) + pool.count
    return {kind: count for kind, count in sums.items() if count}


def write_pools(pools: PciDevicePoolList | None, before: str | None) -> str | None:
    """The text for the pools: Juno's flat list, which every release reads."""
    if pools is None:
        return None
    there = _pools_before(before)
    flat = []
    for pool in pools.to_dicts():
        if pool.get("numa_node") is None:
            pool.pop("numa_node", None)
        flat.append({key: _untagged(key, value, pool, there) for key, value in pool.items()})
    return json.dumps(flat)


def _pools_before(text: str | None) -> list[dict[str, Any]]:
    try:
        return _flat_pools(json.loads(text)) if text else []
    except _UNREADABLE:
        return []


def _untagged(key: str, value: Any, pool: Mapping[str, Any], there: list[dict[str, Any]]) -> Any:
    """The value as it stood in the column, where reading had to turn it into text."""
    for old in there:
        same_kind = all(old.get(name) == pool.get(name) for name in ("vendor_id", "product_id"))
        if same_kind and key in old and _as_tag(key, old[key]) == value:
            return old[key]
    return value


def write_devices(devices: PciDeviceList | None, before: str | None, pinned: bool) -> str | None:
    """The text for the devices: the serialized object; while pinned, the flat list of pools."""
    if devices is None:
        return None
    if pinned:
        return json.dumps(pools_of(devices))
    unknown = _unknown_before(before)
    primitive = _without_changes(devices.obj_to_primitive())
    for item in primitive[_DATA]["objects"]:
        item[_DATA].update(unknown.get(item[_DATA].get("address"), {}))
    return json.dumps(primitive)


def _unknown_before(text: str | None) -> dict[Any, dict[str, Any]]:
    try:
        found: Any = json.loads(text) if text else None
        if _name_of(found) != "PciDeviceList":
            return {}
        return {
            item[_DATA].get("address"): {
                name: value for name, value in item[_DATA].items() if name not in PciDevice.fields
            }
            for item in found[_DATA]["objects"]
        }
    except _UNREADABLE:
        return {}


def _without_changes(primitive: Any) -> Any:
    if isinstance(primitive, dict):
        return {
            key: _without_changes(value)
            for key, value in primitive.items()
            if key != _ENVELOPE + "changes"
        }
    if isinstance(primitive, list):
        return [_without_changes(item) for item in primitive]
    return primitive
