# SPDX-License-Identifier: Apache-2.0
"""ComputeNode and ComputeNodeList, three ways on three database servers."""

import json
from typing import Any

import netaddr
import pytest
import samples
import sqlalchemy

from shim import exception, objects
from shim.db import tables
from shim.objects import ComputeNode, ComputeNodeList, obj_equal_prims


@pytest.fixture
def service(ctx: Any, store: Any) -> Any:
    return samples.service(ctx)


def column(store: sqlalchemy.Engine, name: str) -> Any:
    """What the column of the only compute node holds."""
    with store.connect() as connection:
        query = sqlalchemy.select(tables.compute_nodes.c[name])
        return connection.execute(query).scalar_one()


def test_create_reads_the_row_back(ctx: Any, service: Any) -> None:
    made = samples.compute_node(ctx, service.id, stats={"a": 1, "n": None}, host_ip="192.0.2.7")
    for node in (made, ComputeNode.get_by_id(ctx, made.id)):
        assert node.vcpus == 8
        assert node.stats == {"a": "1", "n": None}
        assert node.host_ip == netaddr.IPAddress("192.0.2.7")
        assert node.host == "cmp-a"
        assert node.pci_stats is None
        assert node.obj_what_changed() == set()


def test_create_twice(ctx: Any, service: Any) -> None:
    with pytest.raises(exception.ObjectActionError):
        samples.compute_node(ctx, service.id).create()


def test_create_on_a_host(ctx: Any, service: Any) -> None:
    node = ComputeNode(ctx, host="cmp-a", **samples.NODE)
    node.create()
    assert (node.service_id, node.host) == (service.id, "cmp-a")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"host": "nonesuch"}, exception.ComputeHostNotFound),
        ({}, exception.ObjectActionError),
    ],
)
def test_create_on_no_host(ctx: Any, service: Any, values: Any, error: Any) -> None:
    with pytest.raises(error):
        ComputeNode(ctx, **samples.NODE, **values).create()


def test_create_on_another_services_host(ctx: Any, service: Any) -> None:
    with pytest.raises(exception.ObjectActionError):
        samples.compute_node(ctx, service.id, host="nonesuch")
    assert len(ComputeNodeList.get_all(ctx)) == 0


def test_host_is_the_services(ctx: Any, service: Any) -> None:
    node = samples.compute_node(ctx, service.id)
    node.host = "cmp-a"
    node.save()
    node.host = "nonesuch"
    with pytest.raises(exception.ObjectActionError):
        node.save()


def test_save_stores_what_changed(ctx: Any, service: Any) -> None:
    node = samples.compute_node(ctx, service.id)
    other = ComputeNode.get_by_id(ctx, node.id)
    node.vcpus_used = 3
    node.save(prune_stats=True)
    other.free_ram_mb = 5
    other.save(ctx)
    found = ComputeNode.get_by_id(ctx, node.id)
    assert (found.vcpus_used, found.free_ram_mb, other.vcpus_used) == (3, 5, 3)


def test_save_always_moves_updated_at(ctx: Any, service: Any) -> None:
    node = samples.compute_node(ctx, service.id)
    assert node.updated_at is None
    node.save()
    assert node.updated_at is not None


@pytest.mark.parametrize("name", ["stats", "host_ip"])
def test_none_is_stored(ctx: Any, service: Any, store: Any, name: str) -> None:
    """Nova drops it, and the old value comes back."""
    node = samples.compute_node(ctx, service.id, stats={"a": 1}, host_ip="192.0.2.7")
    setattr(node, name, None)
    node.save()
    assert column(store, name) is None
    assert getattr(ComputeNode.get_by_id(ctx, node.id), name) is None


def test_stats_are_a_copy(ctx: Any, service: Any) -> None:
    """Nova turns the tracker's own counters into text."""
    counters = {"num_instances": 1}
    node = samples.compute_node(ctx, service.id, stats=counters)
    assert counters == {"num_instances": 1}
    counters["num_instances"] += 1
    assert node.stats == {"num_instances": "1"}


def test_stats_changed_in_place_are_stored(ctx: Any, service: Any, store: Any) -> None:
    node = samples.compute_node(ctx, service.id, stats={"a": 1})
    node.stats["b"] = 2
    assert node.obj_what_changed() == {"stats"}
    node.save()
    assert json.loads(column(store, "stats")) == {"a": "1", "b": "2"}


def test_equal_whatever_updated_at_says(ctx: Any, service: Any) -> None:
    node = samples.compute_node(ctx, service.id)
    before = node.obj_clone()
    node.save()
    assert obj_equal_prims(before, node)
    assert not obj_equal_prims(before, node, ignore=())
    node.vcpus = 99
    assert not obj_equal_prims(before, node)
    assert obj_equal_prims(before, node, ignore=["vcpus", "updated_at"])


def test_update_from_virt_driver(ctx: Any, service: Any, store: Any) -> None:
    node = samples.compute_node(ctx, service.id)
    node.update_from_virt_driver(
        {
            "vcpus": 16,
            "cpu_info": {"arch": "x86_64"},
            "supported_instances": [["x86_64", "kvm", "hvm"], [None, "fake", None]],
            "numa_topology": None,
            "host_ip": "192.0.2.9",
            "pci_passthrough_devices": "[]",
        }
    )
    node.save()
    assert column(store, "vcpus") == 16
    assert json.loads(column(store, "cpu_info")) == {"arch": "x86_64"}
    supported = [["x86_64", "kvm", "hvm"], [None, "fake", None]]
    assert json.loads(column(store, "supported_instances")) == supported
    assert column(store, "numa_topology") is None


def test_get_by_service_id(ctx: Any, service: Any) -> None:
    with pytest.raises(exception.ServiceNotFound):
        ComputeNode.get_by_service_id(ctx, service.id)
    node = samples.compute_node(ctx, service.id)
    assert ComputeNode.get_by_service_id(ctx, service.id).id == node.id


def test_get_by_host_and_nodename(ctx: Any, service: Any) -> None:
    first = samples.compute_node(ctx, service.id)
    second = samples.compute_node(ctx, service.id, hypervisor_hostname="node-b")
    assert ComputeNode.get_by_host_and_nodename(ctx, "cmp-a", "node-a").id == first.id
    assert ComputeNode.get_by_host_and_nodename(ctx, "cmp-a", "node-b").id == second.id
    for host, node in (("cmp-a", "nonesuch"), ("nonesuch", "node-a")):
        with pytest.raises(exception.ComputeHostNotFound):
            ComputeNode.get_by_host_and_nodename(ctx, host, node)


def test_service_is_asked_for_once(ctx: Any, service: Any) -> None:
    node = samples.compute_node(ctx, service.id)
    assert node.service.host == "cmp-a"
    assert node.service is node.service


def test_lists(ctx: Any, service: Any) -> None:
    other = samples.service(ctx, host="cmp-b")
    first = samples.compute_node(ctx, service.id)
    second = samples.compute_node(ctx, other.id, hypervisor_hostname="blade-b")

    def ids(found: Any) -> list[int]:
        return [node.id for node in found]

    assert ids(ComputeNodeList.get_all(ctx)) == [first.id, second.id]
    assert [n.host for n in ComputeNodeList.get_all(ctx)] == ["cmp-a", "cmp-b"]
    assert ids(ComputeNodeList.get_by_hypervisor(ctx, "lade")) == [second.id]
    assert ids(ComputeNodeList.get_by_hypervisor(ctx, "nonesuch")) == []
    assert ids(ComputeNodeList.get_by_service(ctx, other)) == [second.id]
    assert ids(ComputeNodeList.get_all_by_host(ctx, "cmp-a")) == [first.id]
    with pytest.raises(exception.ComputeHostNotFound):
        ComputeNodeList.get_all_by_host(ctx, "nonesuch")


def test_destroy(ctx: Any, service: Any) -> None:
    node = samples.compute_node(ctx, service.id)
    node.destroy()
    for action in (node.destroy, node.save, lambda: ComputeNode.get_by_id(ctx, node.id)):
        with pytest.raises(exception.ComputeHostNotFound):
            action()


def test_a_node_that_nothing_loads(ctx: Any, store: Any) -> None:
    with pytest.raises(NotImplementedError):
        ComputeNode(ctx).vcpus  # noqa: B018


def test_a_missing_column_stores_nothing(ctx: Any, service: Any) -> None:
    from oslo_db.exception import DBError

    node = objects.ComputeNode(ctx, service_id=service.id, vcpus=1)
    with pytest.raises(DBError):
        node.create()
    assert len(ComputeNodeList.get_all(ctx)) == 0
