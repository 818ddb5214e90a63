# SPDX-License-Identifier: Apache-2.0
"""Rows that hold what cannot be read: read past, told of, and never written."""

import json
import logging
from typing import Any

import pytest
import samples
import sqlalchemy

from shim import conductor, exception, objects
from shim.db import json_columns, session
from shim.objects import (
    ComputeNodeList,
    Instance,
    InstanceInfoCache,
    InstanceList,
    InstancePCIRequests,
    Service,
)
from shim.refusals import ValueRefused

DEEP = "[" * 5000 + "]" * 5000


@pytest.fixture(autouse=True)
def told(caplog: Any) -> None:
    json_columns._told.clear()
    caplog.set_level(logging.ERROR)


def break_row(database: session.Database, table: str, **values: Any) -> None:
    # Past the types of the columns, which would refuse some of it.
    columns = ", ".join(f"{name} = :{name}" for name in values)
    with database.engine.begin() as connection:
        connection.execute(sqlalchemy.text(f"UPDATE {table} SET {columns}"), values)


@pytest.mark.parametrize("text", ["nonsense", DEEP, "[1]", '{"a": {"b": 1}}'])
def test_a_compute_node(ctx: Any, database: session.Database, caplog: Any, text: str) -> None:
    service = samples.service(ctx)
    node = samples.compute_node(ctx, service.id, stats={"num_instances": "1"})
    break_row(database, "compute_nodes", stats=text)
    whole = samples.compute_node(ctx, service.id, hypervisor_hostname="b", stats={"a": "1"})
    for _ in range(2):
        found = ComputeNodeList.get_all(ctx)
        assert [there.stats for there in found] == [None, {"a": "1"}]
    # Once, however often it is read.
    (record,) = caplog.records
    assert f"compute_nodes, row {node.id}: stats cannot be read" in record.getMessage()
    assert "nonsense" not in record.getMessage()
    # What is saved leaves it as it is.
    found[0].vcpus_used = 3
    found[0].save()
    assert found[0].stats is None
    assert whole.stats == {"a": "1"}
    found[0].stats = {"mended": "1"}
    found[0].save()
    assert ComputeNodeList.get_all(ctx)[0].stats == {"mended": "1"}


def test_an_instance(ctx: Any, database: session.Database, caplog: Any) -> None:
    uuid = samples.instance(ctx).uuid
    break_row(database, "instances", access_ip_v4="nowhere")
    break_row(database, "instance_info_caches", network_info="[")
    break_row(database, "instance_extra", numa_topology="{}}", pci_requests='[{"count": 1}]')
    wanted = ["info_cache", "numa_topology"]
    (found,) = InstanceList.get_by_host(ctx, "cmp-a", expected_attrs=wanted)
    assert found.access_ip_v4 is None
    assert found.info_cache.network_info is None
    assert Instance.get_by_uuid(ctx, uuid, expected_attrs=["numa_topology"]).numa_topology is None
    assert list(InstancePCIRequests.get_by_instance_uuid(ctx, uuid).requests) == []
    for column in ("access_ip_v4", "network_info", "numa_topology", "pci_requests"):
        assert f": {column} cannot be read" in caplog.text


@pytest.mark.parametrize("text", ["nonsense", DEEP, "[]", "7"])
def test_what_could_not_be_read_is_not_written(
    ctx: Any, database: session.Database, text: str
) -> None:
    service = samples.service(ctx)
    node = samples.compute_node(ctx, service.id, stats={"a": "1"})
    with pytest.raises(ValueRefused, match=r"compute_nodes\.stats"):
        conductor.API().compute_node_update(ctx, {"id": node.id}, {"stats": text})
    assert ComputeNodeList.get_all(ctx)[0].stats == {"a": "1"}
    good = json.dumps({"b": "2"})
    conductor.API().compute_node_update(ctx, {"id": node.id}, {"stats": good})
    assert ComputeNodeList.get_all(ctx)[0].stats == {"b": "2"}


def test_network_information_that_nests_too_deep(ctx: Any, database: session.Database) -> None:
    uuid = samples.instance(ctx).uuid
    cache = InstanceInfoCache.get_by_instance_uuid(ctx, uuid)
    value: Any = {}
    for _ in range(200):
        value = {"in": value}
    cache.network_info = [value]
    with pytest.raises(ValueRefused, match="network_info"):
        cache.save()
    assert InstanceInfoCache.get_by_instance_uuid(ctx, uuid).network_info is None


def test_an_instance_is_stored_with_its_children_or_not_at_all(
    ctx: Any, database: session.Database
) -> None:
    uuid = samples.instance(ctx, display_name="old").uuid
    instance = Instance.get_by_uuid(ctx, uuid)
    instance.display_name = "new"
    instance.info_cache.network_info = [{"id": "vif"}]
    objects.InstanceInfoCache.get_by_instance_uuid(ctx, uuid).delete()
    with pytest.raises(exception.InstanceInfoCacheNotFound):
        instance.save()
    assert Instance.get_by_uuid(ctx, uuid).display_name == "old"
    # Nothing is lost: it can be saved again.
    assert instance.obj_what_changed() == {"display_name", "info_cache"}


def test_a_service_is_stored_with_its_node_or_not_at_all(
    ctx: Any, database: session.Database
) -> None:
    samples.compute_node(ctx, samples.service(ctx).id, vcpus_used=1)
    service = Service.get_by_compute_host(ctx, "cmp-a")
    service.report_count += 1
    service.compute_node.vcpus_used = 7
    break_row(database, "services", deleted=service.id)
    with pytest.raises(exception.ServiceNotFound):
        service.save()
    assert ComputeNodeList.get_all(ctx)[0].vcpus_used == 1
    assert service.compute_node.obj_what_changed() == {"vcpus_used"}


def test_the_grants_of_a_save_are_made_together(ctx: Any, database: session.Database) -> None:
    flavor = samples.flavor(ctx, is_public=False, projects=["there"])
    with pytest.raises(exception.FlavorAccessExists):
        flavor.save_projects(["one", "two", "there"])
    assert objects.Flavor.get_by_id(ctx, flavor.id).projects == ["there"]


@pytest.mark.parametrize("expression", ["(", "(a|aa)+$", "(?P<n>a"])
def test_a_regular_expression_ends_in_time(
    ctx: Any, database: session.Database, expression: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shim.db import engines

    monkeypatch.setattr(engines, "MATCH_TIMEOUT", 0.05)
    samples.instance(ctx, display_name="a" * 60 + "b")
    with pytest.raises(exception.InvalidParameterValue):
        InstanceList.get_by_filters(ctx, {"display_name": expression})
    (found,) = InstanceList.get_by_filters(ctx, {"display_name": "^a+b$"})
    assert found.display_name.endswith("b")


@pytest.mark.parametrize("value", [5, True, {"a": 1}])
def test_what_is_no_text_is_not_written(ctx: Any, database: session.Database, value: Any) -> None:
    """A dict call may bring anything; SQLite would store the number."""
    uuid = samples.instance(ctx).uuid
    api = conductor.API()
    with pytest.raises(ValueError, match=r"instance_info_caches\.network_info: no text"):
        api.instance_info_cache_update(ctx, {"uuid": uuid}, {"network_info": value})
    assert InstanceInfoCache.get_by_instance_uuid(ctx, uuid).network_info is None
