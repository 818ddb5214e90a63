# SPDX-License-Identifier: Apache-2.0
"""What Kilo's code calls beyond 2014.2's, three ways on three database servers.

``data/kilo.json`` is what nova 2015.1.0 did. With NOVA_TREES, which has a checkout of it, and
NOVA_PYTHON27_KILO, a Python 2.7 that has what it imports, it is asked again; ``SHIM_TEST_RECORD``
writes the file anew.
"""

import json
import os
import pathlib
import subprocess
from typing import Any

import kilo_probes
import pytest
import samples

from shim import context, exception, objects
from shim.objects import ComputeNode, HVSpec, Instance, InstanceList, ServiceList

pytestmark = pytest.mark.usefixtures("store")

RECORDED = pathlib.Path(__file__).parent / "data" / "kilo.json"


@pytest.mark.parametrize("server", ["sqlite"])
@pytest.mark.parametrize("name", sorted(kilo_probes.of_kilo(None, None)))
def test_what_is_done_is_what_nova_does(ctx: Any, name: str, server: str) -> None:
    kilo_probes.fill(objects, ctx)
    found = kilo_probes.of_kilo(objects, ctx)[name]()
    assert json.loads(json.dumps(found)) == json.loads(RECORDED.read_text())[name]


@pytest.mark.parametrize("way", ["direct"])
@pytest.mark.parametrize("server", ["sqlite"])
def test_nova_does_what_was_recorded(tmp_path: pathlib.Path, way: str, server: str) -> None:
    missing = [name for name in ("NOVA_TREES", "NOVA_PYTHON27_KILO") if not os.environ.get(name)]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not set")
    config = tmp_path / "nova.conf"
    config.write_text(f"[database]\nconnection = sqlite:///{tmp_path / 'nova.sqlite'}\n")
    environment = {
        **os.environ,
        "PYTHONPATH": str(pathlib.Path(os.environ["NOVA_TREES"], "2015.1.0")),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PBR_VERSION": "2015.1.0",
        "EVENTLET_NO_GREENDNS": "yes",
    }
    program = pathlib.Path(__file__).with_name("kilo_peer.py")
    done = subprocess.run(
        [os.environ["NOVA_PYTHON27_KILO"], "-W", "ignore", str(program), str(config)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    if os.environ.get("SHIM_TEST_RECORD"):
        RECORDED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    assert found == json.loads(RECORDED.read_text())


def test_services_of_a_binary(ctx: Any) -> None:
    first = samples.service(ctx)
    samples.service(ctx, host="cmp-b", disabled=True)
    samples.service(ctx, host="cmp-c").destroy()
    samples.service(ctx, binary="nova-cert", topic="cert")
    assert [s.id for s in ServiceList.get_by_binary(ctx, "nova-compute")] == [first.id]


def test_all_instances(ctx: Any) -> None:
    first, second = samples.instance(ctx), samples.instance(ctx, metadata={"k": "v"})
    samples.instance(ctx).destroy()
    found = InstanceList.get_all(ctx, expected_attrs=["metadata"])
    assert [i.id for i in found] == [first.id, second.id]
    assert found[1].metadata == {"k": "v"}
    ctx.read_deleted = "yes"
    assert len(InstanceList.get_all(ctx)) == 3


@pytest.fixture
def sizes(ctx: Any) -> list[Any]:
    pairs = ((1, 2), (2, 1), (1, 1), (2, 2))
    return [samples.instance(ctx, vcpus=vcpus, memory_mb=memory) for vcpus, memory in pairs]


@pytest.mark.parametrize(
    ("keys", "dirs", "expected"),
    [
        (["vcpus", "memory_mb"], ["asc", "desc"], [0, 2, 3, 1]),
        (["vcpus", "memory_mb"], ["desc", "asc"], [1, 3, 2, 0]),
        (["memory_mb", "vcpus"], ["asc"], [2, 1, 0, 3]),
        (["memory_mb", "vcpus"], None, [3, 0, 1, 2]),
        (["id", "id"], ["asc", "desc"], [0, 1, 2, 3]),
    ],
)
def test_sorted_by_several_keys(
    ctx: Any, sizes: list[Any], keys: Any, dirs: Any, expected: Any
) -> None:
    found = InstanceList.get_by_filters(ctx, {}, sort_keys=keys, sort_dirs=dirs)
    wanted = [sizes[number].uuid for number in expected]
    assert [i.uuid for i in found] == wanted
    for place in range(4):
        page = InstanceList.get_by_filters(
            ctx, {}, limit=1, marker=wanted[place], sort_keys=keys, sort_dirs=dirs
        )
        assert [i.uuid for i in page] == wanted[place + 1 : place + 2]


def test_more_directions_than_keys(ctx: Any) -> None:
    with pytest.raises(exception.InvalidInput):
        InstanceList.get_by_filters(ctx, {}, sort_keys=["id"], sort_dirs=["asc", "asc"])
    with pytest.raises(exception.InvalidSortKey):
        InstanceList.get_by_filters(ctx, {}, sort_keys=["nonesuch"])


def test_the_first_node_of_a_host(ctx: Any) -> None:
    service = samples.service(ctx)
    node = samples.compute_node(ctx, service.id)
    samples.compute_node(ctx, service.id, hypervisor_hostname="node-b")
    assert ComputeNode.get_first_node_by_host_for_old_compat(ctx, "cmp-a").id == node.id
    with pytest.raises(exception.ComputeHostNotFound):
        ComputeNode.get_first_node_by_host_for_old_compat(ctx, "cmp-x")


def test_what_a_hypervisor_supports(ctx: Any) -> None:
    node = samples.compute_node(ctx, samples.service(ctx).id)
    assert node.supported_hv_specs == []
    node.supported_hv_specs = [HVSpec(arch="x86_64", hv_type="kvm", vm_mode="hvm")]
    node.save()
    found = ComputeNode.get_by_id(ctx, node.id)
    assert json.loads(found.supported_instances) == [["x86_64", "kvm", "hvm"]]
    assert [spec.hv_type for spec in found.supported_hv_specs] == ["kvm"]
    node.supported_instances = '[[null, "fake", null]]'
    assert node.supported_hv_specs[0].to_list() == [None, "fake", None]


def test_the_flavor_of_an_instance(ctx: Any) -> None:
    """It is where 2014.2 looks for it, and has the extra specs that are not kept."""
    flavor = samples.flavor(ctx, extra_specs={"hw:numa_cpus.0": "0", "quota": "1"})
    made = samples.instance(ctx, flavor=flavor)
    assert made.get_flavor().memory_mb == 2048
    found = Instance.get_by_uuid(ctx, made.uuid, expected_attrs=["flavor"])
    assert found.obj_attr_is_set("system_metadata")
    assert (found.flavor.flavorid, found["flavor"].vcpus) == ("f-1", 2)
    assert found.flavor.extra_specs == {"hw:numa_cpus.0": "0", "quota": "1"}
    assert (found.old_flavor, found.new_flavor) == (None, None)
    flavor.destroy()
    assert found.flavor.extra_specs == {"hw:numa_cpus.0": "0"}
    assert InstanceList.get_by_host(ctx, "cmp-a", ["flavor"])[0].flavor.vcpus == 2


def test_a_resize_keeps_flavors(ctx: Any) -> None:
    small = samples.flavor(ctx)
    large = samples.flavor(ctx, name="m1.large", flavorid="f-2", vcpus=8)
    made = samples.instance(ctx, flavor=small)
    made.old_flavor, made.new_flavor = small, large
    made.save()
    found = Instance.get_by_uuid(ctx, made.uuid)
    assert (found.old_flavor.vcpus, found.new_flavor.vcpus) == (2, 8)
    found.flavor, found.old_flavor, found.new_flavor = large, None, None
    found.save()
    found = Instance.get_by_uuid(ctx, made.uuid)
    assert (found.flavor.vcpus, found.old_flavor, found.new_flavor) == (8, None, None)
    assert found.get_flavor().name == "m1.large"


def test_an_instance_without_a_flavor(ctx: Any) -> None:
    made = samples.instance(ctx)
    with pytest.raises(exception.ObjectActionError):
        _ = made.flavor
    assert made.old_flavor is None


def _requests() -> objects.InstancePCIRequests:
    request = objects.InstancePCIRequest(
        count=2, spec=[{"vendor_id": "8086"}], alias_name="nic", is_new=False, request_id=None
    )
    return objects.InstancePCIRequests(requests=[request])


def test_the_pci_requests_of_an_instance(ctx: Any) -> None:
    made = samples.instance(ctx, pci_requests=_requests())
    assert made.pci_requests.instance_uuid == made.uuid
    assert made.obj_what_changed() == set()
    for found in (
        Instance.get_by_uuid(ctx, made.uuid),
        Instance.get_by_uuid(ctx, made.uuid, expected_attrs=["pci_requests"]),
    ):
        assert [(r.count, r.alias_name) for r in found.pci_requests.requests] == [(2, "nic")]
    stored = objects.InstancePCIRequests.get_by_instance_uuid(ctx, made.uuid)
    assert stored.requests[0].spec == [{"vendor_id": "8086"}]
    assert samples.instance(ctx).pci_requests.requests == []


def test_a_node_of_2014_2_gets_no_pci_requests(ctx: Any) -> None:
    made = samples.instance(ctx, pci_requests=_requests())
    assert "pci_requests" not in made.obj_to_primitive("1.15")["nova_object.data"]
    assert "pci_requests" in made.obj_to_primitive("1.16")["nova_object.data"]


def test_what_the_schema_has_no_place_for(ctx: Any) -> None:
    made = samples.instance(ctx)
    assert (made.tags, made.vcpu_model) == ([], None)
    for name in ("tags", "vcpu_model"):
        with pytest.raises(exception.ObjectActionError):
            setattr(made, name, [HVSpec()])
    assert Instance.get_by_uuid(ctx, made.uuid, expected_attrs=["tags", "vcpu_model"])


def test_another_context_for_a_while(ctx: Any) -> None:
    made = samples.instance(ctx)
    other = context.RequestContext("stranger", "other")
    with made.obj_alternate_context(other), pytest.raises(exception.InstanceNotFound):
        made.refresh()
    made.refresh()
