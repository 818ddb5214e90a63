# SPDX-License-Identifier: Apache-2.0
"""What the shim's objects must say of the deployment that nova_peer.py makes."""

from typing import Any

from shim import objects
from shim.context import RequestContext
from shim.objects.instance_attrs import OPTIONAL


def check(ctx: RequestContext, made: dict[str, Any]) -> None:
    service = objects.Service.get_by_compute_host(ctx, "cmp-a")
    assert (service.id, service.compute_node.id) == (made["service"], made["node"])
    node = objects.ComputeNode.get_by_host_and_nodename(ctx, "cmp-a", "node-a")
    assert (node.vcpus, node.memory_mb_used, node.stats) == (8, 1024, {"num_instances": "1"})
    assert str(node.host_ip) == "2001:db8::5"
    flavor = objects.Flavor.get_by_flavor_id(ctx, "7")
    assert (flavor.id, flavor.name, flavor.projects) == (made["flavor"], "m1.nördlich", ["p"])
    assert flavor.extra_specs == {"hw:numa_nodes": "1"}
    instance = objects.Instance.get_by_uuid(ctx, made["instance"], expected_attrs=OPTIONAL)
    assert (instance.display_name, instance.vm_state, instance.metadata) == (
        *("vm-中", "active"),
        {"role": "web"},
    )
    assert (instance.get_flavor().memory_mb, instance.fault.code) == (1024, 500)
    assert [group.name for group in instance.security_groups] == ["default"]
    assert instance.info_cache.network_info is None
    moves = objects.MigrationList.get_in_progress_by_host_and_node(ctx, "cmp-a", "node-a")
    assert [move.id for move in moves] == [made["migration"]]
    assert moves[0].instance.uuid == made["instance"]
    devices = objects.PciDeviceList.get_by_compute_node(ctx, node.id)
    assert [(d.address, d.extra_info) for d in devices] == [
        ("0000:04:00.1", {"phys_function": "0000:04:00.0"})
    ]
    assert [found.uuid for found in objects.InstanceList.get_by_host(ctx, "cmp-a")] == [
        made["instance"]
    ]
