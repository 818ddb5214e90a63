# SPDX-License-Identifier: Apache-2.0
"""One column, two views: every form that it can have, read and written."""

import copy
import json
from typing import Any

import pytest
import samples
import sqlalchemy

from shim import exception
from shim.conf import CONF
from shim.db import tables
from shim.objects import (
    ComputeNode,
    PciDevice,
    PciDeviceList,
    PciDevicePool,
    PciDevicePoolList,
    pci_stats,
)
from shim.objects.base import obj_to_primitive

FLAT = [
    {"count": 1, "vendor_id": "8086", "product_id": "1520"},
    {"count": 2, "vendor_id": "8086", "product_id": "0443", "physical_network": "net"},
]
KILO = json.dumps(
    {
        "nova_object.name": "PciDevicePoolList",
        "nova_object.namespace": "nova",
        "nova_object.version": "1.1",
        "nova_object.data": {
            "objects": [
                {
                    "nova_object.name": "PciDevicePool",
                    "nova_object.namespace": "nova",
                    "nova_object.version": "1.1",
                    "nova_object.data": {
                        "product_id": "0443",
                        "vendor_id": "8086",
                        "numa_node": 1,
                        "tags": {"physical_network": "net"},
                        "count": 2,
                    },
                }
            ]
        },
    }
)


def device(address: str = "0000:04:10.7", **values: Any) -> PciDevice:
    given = {"vendor_id": "8086", "product_id": "1520", "status": "available", **values}
    return PciDevice(address=address, dev_type="type-VF", **given)


def devices(*items: PciDevice) -> PciDeviceList:
    return PciDeviceList(objects=list(items))


@pytest.fixture
def node(ctx: Any, store: Any) -> Any:
    return samples.compute_node(ctx, samples.service(ctx).id)


def put(store: sqlalchemy.Engine, text: str | None) -> None:
    with store.begin() as connection:
        connection.execute(tables.compute_nodes.update().values(pci_stats=text))


def stored(store: sqlalchemy.Engine) -> Any:
    with store.connect() as connection:
        return connection.execute(sqlalchemy.select(tables.compute_nodes.c.pci_stats)).scalar_one()


SERIALIZED = pci_stats.write_devices(devices(device()), None, pinned=False)


@pytest.mark.parametrize(
    ("text", "pools", "addresses"),
    [
        (None, None, None),
        ("", None, None),
        ("null", None, None),
        ("[]", [], None),
        (json.dumps(FLAT), [{"numa_node": None, **pool} for pool in FLAT], None),
        (json.dumps(FLAT[0]), [{"numa_node": None, **FLAT[0]}], None),
        (KILO, [{**FLAT[1], "numa_node": 1}], None),
        (SERIALIZED, [{"numa_node": None, **FLAT[0]}], ["0000:04:10.7"]),
        ("no JSON", None, None),
        ("5", None, None),
        ('[{"count": 1}]', None, None),
        ('{"nova_object.name": "Instance", "nova_object.data": {}}', None, None),
    ],
    ids=[
        *("NULL", "empty", "null", "no pools", "flat", "a single pool", "Kilo's", "devices"),
        *("no JSON", "a number", "an incomplete pool", "another object"),
    ],
)
def test_read_and_left_alone(
    ctx: Any, node: Any, store: Any, text: Any, pools: Any, addresses: Any
) -> None:
    """What nobody set is never rewritten, whatever it is."""
    put(store, text)
    found = ComputeNode.get_by_id(ctx, node.id)
    there = found.pci_device_pools
    assert (None if there is None else list(there.to_dicts())) == pools
    seen = found.pci_stats
    assert (None if seen is None else [d.address for d in seen]) == addresses
    assert found.obj_what_changed() == set()
    found.vcpus = 3
    found.save()
    assert stored(store) == text


def test_pools_are_written_as_junos_flat_list(ctx: Any, node: Any, store: Any) -> None:
    node.pci_device_pools = PciDevicePoolList.from_dicts(FLAT)
    node.save()
    assert json.loads(stored(store)) == FLAT
    found = ComputeNode.get_by_id(ctx, node.id)
    found.pci_device_pools[0].count = 5
    found.save()
    assert json.loads(stored(store)) == [{**FLAT[0], "count": 5}, FLAT[1]]


def test_unknown_things_in_a_pool_survive_a_change(ctx: Any, node: Any, store: Any) -> None:
    odd = {**FLAT[0], "weight": 3, "nested": {"a": [1]}, "none": None}
    put(store, json.dumps([odd]))
    found = ComputeNode.get_by_id(ctx, node.id)
    found.pci_device_pools[0].count = 7
    found.save()
    assert json.loads(stored(store)) == [{**odd, "count": 7}]


def test_unknown_things_in_a_device_survive_a_change(ctx: Any, node: Any, store: Any) -> None:
    """Kilo's device has a numa_node, in a version that Juno does not know."""
    text = json.loads(SERIALIZED or "")
    text["nova_object.data"]["objects"][0]["nova_object.version"] = "1.3"
    text["nova_object.data"]["objects"][0]["nova_object.data"]["numa_node"] = 1
    put(store, json.dumps(text))
    found = ComputeNode.get_by_id(ctx, node.id)
    found.pci_stats[0].status = "allocated"
    found.save()
    data = json.loads(stored(store))["nova_object.data"]["objects"][0]["nova_object.data"]
    assert (data["numa_node"], data["status"]) == (1, "allocated")


def test_devices_are_written_as_the_object(ctx: Any, node: Any, store: Any) -> None:
    node.pci_stats = devices(device(), device("0000:04:10.8", status="allocated"))
    node.save()
    text = json.loads(stored(store))
    assert text["nova_object.name"] == "PciDeviceList"
    assert "nova_object.changes" not in stored(store)
    found = ComputeNode.get_by_id(ctx, node.id)
    assert [d.address for d in found.pci_stats] == ["0000:04:10.7", "0000:04:10.8"]
    assert [pool.count for pool in found.pci_device_pools] == [1]


def test_none_is_stored(ctx: Any, node: Any, store: Any) -> None:
    for name in ("pci_stats", "pci_device_pools"):
        put(store, json.dumps(FLAT))
        found = ComputeNode.get_by_id(ctx, node.id)
        setattr(found, name, None)
        found.obj_reset_changes()
        setattr(found, name, None)
        found.save()
        assert stored(store) is None


@pytest.mark.parametrize("server", ["sqlite"])
@pytest.mark.parametrize("way", ["direct", "in-process"])
def test_devices_are_pools_while_the_deployment_is_pinned(ctx: Any, node: Any, store: Any) -> None:
    CONF.set_override("compute", "juno", group="upgrade_levels")
    pinned = ComputeNode(ctx, id=node.id)
    pinned.pci_stats = devices(device(), device("0000:04:10.8"), device("a", status="allocated"))
    pinned.save()
    assert json.loads(stored(store)) == [{**FLAT[0], "count": 2}]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (devices(device()), PciDevicePoolList.from_dicts([{**FLAT[0], "count": 2}])),
        (None, PciDevicePoolList.from_dicts(FLAT)),
        (devices(device()), None),
        (devices(), PciDevicePoolList.from_dicts(FLAT)),
    ],
    ids=["another count", "devices None", "pools None", "no devices"],
)
def test_both_set_differently(ctx: Any, node: Any, store: Any, ours: Any, theirs: Any) -> None:
    node.pci_stats, node.pci_device_pools = ours, theirs
    node.vcpus = 99
    with pytest.raises(exception.PciStatsConflict):
        node.save()
    assert stored(store) is None
    assert ComputeNode.get_by_id(ctx, node.id).vcpus == 8


def test_both_set_the_same(ctx: Any, node: Any, store: Any) -> None:
    node.pci_stats = devices(device())
    node.pci_device_pools = PciDevicePoolList.from_dicts([{**FLAT[0], "physical_network": "net"}])
    node.save()
    assert json.loads(stored(store))["nova_object.name"] == "PciDeviceList"


def test_create_takes_either(ctx: Any, store: Any) -> None:
    service = samples.service(ctx)
    samples.compute_node(ctx, service.id, pci_device_pools=PciDevicePoolList.from_dicts(FLAT))
    assert json.loads(stored(store)) == FLAT


def test_pool_from_and_to_a_dict() -> None:
    pool = PciDevicePool.from_dict({**FLAT[1], "numa_node": 0})
    assert (pool.count, pool.numa_node, pool.tags) == (2, 0, {"physical_network": "net"})
    assert pool.to_dict() == {**FLAT[1], "numa_node": 0}
    with pytest.raises(KeyError):
        PciDevicePool.from_dict({"count": 1})


def test_an_update_from_its_own_copy_changes_nothing(ctx: Any, node: Any, store: Any) -> None:
    node.pci_device_pools = PciDevicePoolList.from_dicts(FLAT)
    node.save()
    before = stored(store)
    node.update(copy.deepcopy(node))
    node.save()
    assert stored(store) == before


def test_the_columns_text_in_a_dict_goes_to_the_view_that_holds_it(
    ctx: Any, node: Any, store: Any
) -> None:
    node.update({"pci_stats": json.dumps(FLAT), "vcpus": 9})
    node.save()
    assert json.loads(stored(store)) == FLAT
    again = obj_to_primitive(ComputeNode.get_by_id(ctx, node.id))
    assert json.loads(again["pci_stats"]) == FLAT
    assert "pci_device_pools" not in again
    devices_text = json.dumps(devices(device()).obj_to_primitive())
    node.update({"pci_stats": devices_text})
    assert [one.address for one in node.pci_stats] == [device().address]


def test_text_that_no_view_can_hold_is_refused(ctx: Any, node: Any, store: Any) -> None:
    with pytest.raises(ValueError, match="pci_stats"):
        node.update({"pci_stats": "no list of anything", "vcpus": 9})
    assert node.vcpus == 8
    node.update({"pci_stats": ""})
    assert node.pci_device_pools is None
