# SPDX-License-Identifier: Apache-2.0
"""Nova 2014.2's own database, read through every getter and compared with its rows."""

import ast
import datetime
import json
import pathlib
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from shim import objects
from shim.db import session

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    import os

    folder = os.environ.get("SHIM_TEST_FACTS")
    if not folder:
        pytest.skip("SHIM_TEST_FACTS names no folder with nova.sqlite and rows.txt")
    found: Rows = {}
    for line in pathlib.Path(folder, "rows.txt").read_text().splitlines():
        table, _, text = line.partition(": ")
        found.setdefault(table, []).append(ast.literal_eval(text))
    return found


@pytest.fixture(autouse=True)
def juno(tmp_path: pathlib.Path, facts: pathlib.Path) -> Iterator[None]:
    copy = tmp_path / "nova.sqlite"
    shutil.copy(facts / "nova.sqlite", copy)
    copy.chmod(0o644)
    database = session.configure(f"sqlite:///{copy}")
    yield
    database.dispose()


TIMES = ("created_at", "updated_at", "deleted_at", "launched_at", "scheduled_at", "terminated_at")


def same(obj: Any, row: dict[str, Any], skip: tuple[str, ...] = ()) -> int:
    """Compare each field that is a column; how many there were."""
    compared = 0
    for name in obj.fields:
        if name in skip or name not in row:
            continue
        value, expected = getattr(obj, name), row[name]
        if name in TIMES and expected is not None:
            expected = datetime.datetime.fromisoformat(expected).replace(
                tzinfo=datetime.timezone.utc
            )
        elif name == "deleted" or isinstance(value, bool):
            expected = bool(expected)
        elif name.startswith("access_ip") or name == "host_ip":
            value = None if value is None else str(value)
        elif isinstance(obj, objects.Flavor) and expected is None and name == "vcpu_weight":
            expected = 0
        assert value == expected, name
        compared += 1
    return compared


def live(rows: Rows, table: str) -> list[dict[str, Any]]:
    return [row for row in rows.get(table, []) if not row["deleted"]]


def by(found: Any, row: dict[str, Any], key: str = "id") -> Any:
    return next(item for item in found if getattr(item, key) == row[key])


def test_services(ctx: Any, rows: Rows) -> None:
    everything = objects.ServiceList.get_all(ctx)
    assert len(everything) == len(live(rows, "services"))
    for row in live(rows, "services"):
        getters = [
            objects.Service.get_by_id(ctx, row["id"]),
            objects.Service.get_by_args(ctx, row["host"], row["binary"]),
            objects.Service.get_by_host_and_binary(ctx, row["host"], row["binary"]),
            objects.Service.get_by_host_and_topic(ctx, row["host"], row["topic"]),
            by(everything, row),
            by(objects.ServiceList.get_by_host(ctx, row["host"]), row),
            by(objects.ServiceList.get_by_topic(ctx, row["topic"]), row),
        ]
        assert all(same(found, row) >= 11 for found in getters)


NODE_VIEWS = ("stats", "pci_stats", "host")


def test_compute_nodes(ctx: Any, rows: Rows) -> None:
    for row in live(rows, "compute_nodes"):
        service = next(s for s in rows["services"] if s["id"] == row["service_id"])
        getters = [
            objects.ComputeNode.get_by_id(ctx, row["id"]),
            objects.ComputeNode.get_by_service_id(ctx, row["service_id"]),
            objects.ComputeNode.get_by_host_and_nodename(
                ctx, service["host"], row["hypervisor_hostname"]
            ),
            objects.Service.get_by_compute_host(ctx, service["host"]).compute_node,
            objects.Service.get_by_id(ctx, service["id"]).compute_node,
            by(objects.ComputeNodeList.get_all(ctx), row),
            by(objects.ComputeNodeList.get_by_hypervisor(ctx, row["hypervisor_hostname"]), row),
            by(objects.ComputeNodeList.get_all_by_host(ctx, service["host"]), row),
            by(
                objects.ComputeNodeList.get_by_service(
                    ctx, objects.Service.get_by_id(ctx, service["id"])
                ),
                row,
            ),
        ]
        for node in getters:
            assert same(node, row, skip=NODE_VIEWS) >= 24
            assert node.stats == {k: str(v) for k, v in json.loads(row["stats"]).items()}
            assert node.host == service["host"]
            assert node.pci_stats is None
            assert list(node.pci_device_pools.to_dicts()) == [
                {"numa_node": None, **pool} for pool in json.loads(row["pci_stats"])
            ]


def pairs(rows: Rows, table: str, uuid: str) -> dict[str, Any]:
    return {r["key"]: r["value"] for r in live(rows, table) if r["instance_uuid"] == uuid}


def test_instances(ctx: Any, rows: Rows) -> None:
    everything = ["metadata", "system_metadata", "info_cache", "security_groups", "fault"]
    everything += ["pci_devices", "numa_topology"]
    for row in live(rows, "instances"):
        host, node = row["host"], row["node"]
        getters = [
            objects.Instance.get_by_uuid(ctx, row["uuid"], everything),
            objects.Instance.get_by_id(ctx, row["id"], everything),
            objects.Instance.get_by_id(ctx, row["id"]),
            by(objects.InstanceList.get_by_host(ctx, host, everything), row),
            by(objects.InstanceList.get_by_host_and_node(ctx, host, node, everything), row),
            by(objects.InstanceList.get_by_host_and_not_type(ctx, host, -1, everything), row),
            by(objects.InstanceList.get_by_filters(ctx, {"uuid": row["uuid"]}), row),
        ]
        for instance in getters:
            assert same(instance, row) >= 50
            assert instance.metadata == pairs(rows, "instance_metadata", row["uuid"])
            system = pairs(rows, "instance_system_metadata", row["uuid"])
            assert instance.system_metadata == system
            assert instance.get_flavor().flavorid == system["instance_type_flavorid"]
            cache = next(
                c for c in rows["instance_info_caches"] if c["instance_uuid"] == row["uuid"]
            )
            assert instance.info_cache.network_info == json.loads(cache["network_info"])
            devices = [
                d["address"]
                for d in live(rows, "pci_devices")
                if d["instance_uuid"] == row["uuid"] and d["status"] == "allocated"
            ]
            assert [d.address for d in instance.pci_devices] == devices


def test_numa_topologies(ctx: Any, rows: Rows) -> None:
    compared = 0
    for row in live(rows, "instance_extra"):
        uuid = row["instance_uuid"]
        topology = objects.Instance.get_by_uuid(ctx, uuid).numa_topology
        if row["numa_topology"] is None:
            assert topology is None
            continue
        cells = json.loads(row["numa_topology"])["cells"]
        assert [(c.id, c.memory) for c in topology.cells] == [
            (c["id"], c["mem"]["total"]) for c in cells
        ]
        assert [",".join(map(str, sorted(c.cpuset))) for c in topology.cells] == [
            c["cpus"] for c in cells
        ]
        requests = objects.InstancePCIRequests.get_by_instance_uuid(ctx, uuid).requests
        assert [r.count for r in requests] == [
            r["count"] for r in json.loads(row["pci_requests"] or "[]")
        ]
        compared += 1
    assert compared


def test_migrations(ctx: Any, rows: Rows) -> None:
    for row in live(rows, "migrations"):
        side = row["dest_compute"], row["dest_node"]
        getters = [
            objects.Migration.get_by_id(ctx, row["id"]),
            objects.Migration.get_by_instance_and_status(ctx, row["instance_uuid"], row["status"]),
            by(objects.MigrationList.get_in_progress_by_host_and_node(ctx, *side), row),
            by(objects.MigrationList.get_by_filters(ctx, {"host": row["source_compute"]}), row),
        ]
        for migration in getters:
            assert same(migration, row) >= 14
            assert migration.instance.uuid == row["instance_uuid"]


def test_flavors(ctx: Any, rows: Rows) -> None:
    specs = live(rows, "instance_type_extra_specs")
    grants = live(rows, "instance_type_projects")
    for row in live(rows, "instance_types"):
        getters = [
            objects.Flavor.get_by_id(ctx, row["id"]),
            objects.Flavor.get_by_name(ctx, row["name"]),
            objects.Flavor.get_by_flavor_id(ctx, row["flavorid"]),
            by(objects.FlavorList.get_all(ctx), row),
        ]
        mine = {s["key"]: s["value"] for s in specs if s["instance_type_id"] == row["id"]}
        projects = [g["project_id"] for g in grants if g["instance_type_id"] == row["id"]]
        for flavor in getters:
            assert same(flavor, row) >= 16
            assert flavor.extra_specs == mine
            assert flavor.projects == projects


def test_pci_devices(ctx: Any, rows: Rows) -> None:
    for row in live(rows, "pci_devices"):
        getters = [
            objects.PciDevice.get_by_dev_id(ctx, row["id"]),
            objects.PciDevice.get_by_dev_addr(ctx, row["compute_node_id"], row["address"]),
            by(objects.PciDeviceList.get_by_compute_node(ctx, row["compute_node_id"]), row),
        ]
        if row["status"] == "allocated":
            of_instance = objects.PciDeviceList.get_by_instance_uuid(ctx, row["instance_uuid"])
            getters.append(by(of_instance, row))
        for device in getters:
            assert same(device, row, skip=("extra_info",)) >= 14
            assert device.extra_info == json.loads(row["extra_info"])


def test_every_table_with_rows_was_compared(rows: Rows) -> None:
    assert {t for t in rows if rows[t]} <= {
        *("services", "compute_nodes", "instances", "migrations", "instance_types"),
        *("instance_type_extra_specs", "instance_type_projects", "instance_metadata"),
        *("instance_system_metadata", "instance_extra", "instance_info_caches", "pci_devices"),
    }


def test_a_save_that_sets_nothing_leaves_every_column(ctx: Any, rows: Rows) -> None:
    """But for ``updated_at``, which a compute node's save always moves."""
    import sqlalchemy

    from shim.db import tables

    for row in live(rows, "compute_nodes"):
        objects.ComputeNode.get_by_id(ctx, row["id"]).save()
        with session.get_database().engine.connect() as connection:
            query = sqlalchemy.select(tables.compute_nodes).where(
                tables.compute_nodes.c.id == row["id"]
            )
            stored = connection.execute(query).mappings().one()
        assert {k: v for k, v in stored.items() if k not in TIMES} == {
            k: v for k, v in row.items() if k not in TIMES
        }
