# SPDX-License-Identifier: Apache-2.0
"""Instance, three ways on three database servers."""

import datetime
from typing import Any

import netaddr
import pytest
import samples
import sqlalchemy

from shim import exception, objects
from shim.db import tables
from shim.objects import Instance

pytestmark = pytest.mark.usefixtures("store")


def live_rows(store: sqlalchemy.Engine, table: sqlalchemy.Table) -> list[Any]:
    with store.connect() as connection:
        return list(connection.execute(sqlalchemy.select(table).where(table.c.deleted == 0)))


def test_create_reads_the_row_back(ctx: Any, store: Any) -> None:
    made = samples.instance(
        ctx,
        display_name="vm-中",
        access_ip_v6="2001:db8:0:0::5",
        launched_at=samples.NOON,
        metadata={"k": "vé"},
        system_metadata={"a": None},
        info_cache=objects.InstanceInfoCache(network_info=[{"id": "vif"}]),
    )
    assert made.obj_what_changed() == set()
    assert made.obj_attr_is_set("info_cache")
    for found in (made, Instance.get_by_uuid(ctx, made.uuid), Instance.get_by_id(ctx, made.id)):
        assert found.display_name == "vm-中"
        assert found.access_ip_v6 == netaddr.IPAddress("2001:db8::5")
        assert found.launched_at == samples.NOON
        assert (found.locked, found.cleaned, found.deleted) == (False, False, False)
        assert found.metadata == {"k": "vé"}
        assert found.system_metadata == {"a": None}
        assert found.info_cache.network_info == [{"id": "vif"}]
        assert list(found.security_groups) == []
        assert found.fault is None
        assert found.numa_topology is None
        assert list(found.pci_devices) == []
        assert found.obj_what_changed() == set()
    for table in (tables.instance_extra, tables.instance_id_mappings):
        assert len(live_rows(store, table)) == 1


def test_create_twice(ctx: Any) -> None:
    from oslo_db.exception import DBDuplicateEntry

    made = samples.instance(ctx)
    with pytest.raises(exception.ObjectActionError):
        made.create()
    with pytest.raises(DBDuplicateEntry):
        samples.instance(ctx, uuid=made.uuid)


def test_create_makes_a_uuid(ctx: Any) -> None:
    made = Instance(ctx, host="cmp-a")
    made.create()
    assert Instance.get_by_uuid(ctx, made.uuid).id == made.id


def test_missing(ctx: Any) -> None:
    with pytest.raises(exception.InstanceNotFound):
        Instance.get_by_uuid(ctx, samples.UUID)
    with pytest.raises(exception.InstanceNotFound):
        Instance.get_by_id(ctx, 999)
    with pytest.raises(exception.InvalidUUID):
        Instance(ctx, uuid="nonesuch", host="a").save()


def test_expected_attrs(ctx: Any) -> None:
    made = samples.instance(ctx)
    found = Instance.get_by_uuid(ctx, made.uuid)
    assert found.obj_attr_is_set("info_cache")
    assert not found.obj_attr_is_set("metadata")
    found = Instance.get_by_uuid(ctx, made.uuid, expected_attrs=["metadata", "fault"])
    assert found.obj_attr_is_set("metadata")
    assert found.obj_attr_is_set("fault")
    assert not found.obj_attr_is_set("info_cache")


def test_what_is_not_loaded_later(ctx: Any) -> None:
    made = samples.instance(ctx)
    with pytest.raises(exception.ObjectActionError):
        Instance(ctx, uuid=made.uuid).host  # noqa: B018


def test_save_stores_what_changed(ctx: Any) -> None:
    made = samples.instance(ctx)
    other = Instance.get_by_uuid(ctx, made.uuid)
    made.task_state = "rebooting"
    made.cleaned = True
    made.save()
    other.vm_state = "stopped"
    other.save(ctx)
    found = Instance.get_by_uuid(ctx, made.uuid)
    assert (found.task_state, found.vm_state, found.cleaned) == ("rebooting", "stopped", True)
    assert made.obj_attr_is_set("system_metadata")
    assert made.obj_what_changed() == set()


def test_save_of_nothing_writes_nothing(ctx: Any) -> None:
    made = samples.instance(ctx)
    made.save()
    assert made.updated_at is None


@pytest.mark.parametrize("expected", [None, "active", ["active", "building"], ("active",)])
def test_expected_vm_state(ctx: Any, expected: Any) -> None:
    made = samples.instance(ctx)
    made.display_name = "x"
    made.save(expected_vm_state=expected)
    assert Instance.get_by_uuid(ctx, made.uuid).display_name == "x"


def test_unexpected_states(ctx: Any) -> None:
    made = samples.instance(ctx, task_state="rebooting")
    made.task_state = "x"
    for expected in (["a", "b"], "a", [None]):
        with pytest.raises(exception.UnexpectedTaskStateError):
            made.save(expected_task_state=expected)
    with pytest.raises(exception.UnexpectedVMStateError):
        made.save(expected_vm_state="stopped")
    assert made.obj_what_changed() == {"task_state"}
    assert Instance.get_by_uuid(ctx, made.uuid).task_state == "rebooting"
    made.save(expected_task_state=["rebooting"])
    assert Instance.get_by_uuid(ctx, made.uuid).task_state == "x"


def test_expected_none_means_no_task(ctx: Any) -> None:
    made = samples.instance(ctx)
    made.task_state = "x"
    made.save(expected_task_state=[None])
    assert Instance.get_by_uuid(ctx, made.uuid).task_state == "x"


def test_states_are_checked_although_nothing_changed(ctx: Any) -> None:
    """Nova returns without looking."""
    made = samples.instance(ctx, task_state="rebooting")
    with pytest.raises(exception.UnexpectedTaskStateError):
        made.save(expected_task_state=["x"])
    made.save(expected_task_state="rebooting")


def test_deleting_has_an_error_of_its_own(ctx: Any) -> None:
    made = samples.instance(ctx, task_state="deleting")
    made.task_state = None
    with pytest.raises(exception.UnexpectedDeletingTaskStateError):
        made.save(expected_task_state=[None])


def test_metadata_is_replaced(ctx: Any, store: Any) -> None:
    made = samples.instance(ctx, metadata={"keep": "1", "change": "2", "drop": "3"})
    ids = {row.key: row.id for row in live_rows(store, tables.instance_metadata)}
    made.metadata["change"] = "two"
    made.metadata["new"] = "4"
    del made.metadata["drop"]
    assert made.obj_what_changed() == {"metadata"}
    made.save()
    expected = {"keep": "1", "change": "two", "new": "4"}
    assert made.metadata == expected
    assert Instance.get_by_uuid(ctx, made.uuid).metadata == expected
    rows = live_rows(store, tables.instance_metadata)
    assert {row.key: row.value for row in rows} == expected
    assert {r.key: r.id for r in rows if r.key in ids} == {k: ids[k] for k in ("keep", "change")}


def test_system_metadata_without_joining_it(ctx: Any, store: Any) -> None:
    """Nova's database function writes every key a second time when it is not joined."""
    made = samples.instance(ctx, system_metadata={"a": "1"})
    blind = Instance(ctx, uuid=made.uuid)
    blind.system_metadata = {"a": "1", "b": "2"}
    blind.save()
    assert len(live_rows(store, tables.instance_system_metadata)) == 2


def test_metadata_emptied(ctx: Any) -> None:
    made = samples.instance(ctx, metadata={"a": "1"})
    made.metadata = {}
    made.save()
    assert Instance.get_by_uuid(ctx, made.uuid).metadata == {}


def test_delete_metadata_key(ctx: Any) -> None:
    made = samples.instance(ctx, metadata={"a": "1", "b": "2"})
    made.delete_metadata_key("a")
    assert made.metadata == {"b": "2"}
    assert made.obj_what_changed() == set()
    assert Instance.get_by_uuid(ctx, made.uuid).metadata == {"b": "2"}
    with pytest.raises(KeyError):
        made.delete_metadata_key(ctx, "nonesuch")


def test_info_cache_is_saved_along(ctx: Any) -> None:
    made = samples.instance(ctx)
    found = Instance.get_by_uuid(ctx, made.uuid)
    found.info_cache.network_info = [{"id": "new"}]
    found.save()
    assert Instance.get_by_uuid(ctx, made.uuid).info_cache.network_info == [{"id": "new"}]
    assert found.obj_what_changed() == set()


def test_a_failed_save_stores_no_child(ctx: Any) -> None:
    made = samples.instance(ctx, task_state="a")
    found = Instance.get_by_uuid(ctx, made.uuid)
    found.info_cache.network_info = [{"id": "new"}]
    found.display_name = "x"
    with pytest.raises(exception.UnexpectedTaskStateError):
        found.save(expected_task_state="b")
    assert not Instance.get_by_uuid(ctx, made.uuid).info_cache.network_info


def test_refresh(ctx: Any) -> None:
    made = samples.instance(ctx, metadata={"a": "1"})
    other = Instance.get_by_uuid(ctx, made.uuid, expected_attrs=["metadata"])
    other.metadata = {"b": "2"}
    other.task_state = "x"
    other.save()
    made.refresh()
    assert (made.task_state, made.metadata) == ("x", {"b": "2"})
    assert made.obj_what_changed() == set()


def test_destroy(ctx: Any, store: Any) -> None:
    made = samples.instance(ctx, metadata={"a": "1"}, system_metadata={"s": "1"})
    made.destroy()
    assert made.deleted is True
    assert made.deleted_at is not None
    assert not made.obj_attr_is_set("id")
    with pytest.raises(exception.ObjectActionError):
        made.destroy()
    with pytest.raises(exception.InstanceNotFound):
        Instance.get_by_uuid(ctx, made.uuid)
    for table in (tables.instance_metadata, tables.instance_info_caches, tables.instance_extra):
        assert live_rows(store, table) == []
    assert len(live_rows(store, tables.instance_system_metadata)) == 1
    ctx.read_deleted = "yes"
    assert Instance.get_by_uuid(ctx, made.uuid).deleted is True


def test_destroy_of_one_that_got_a_host(ctx: Any) -> None:
    made = samples.instance(ctx, host=None)
    other = Instance.get_by_uuid(ctx, made.uuid)
    other.host = "cmp-b"
    other.save()
    with pytest.raises(exception.ObjectActionError, match="host changed"):
        made.destroy()


def test_flavors(ctx: Any) -> None:
    made = samples.instance(ctx)
    old = samples.flavor(ctx, extra_specs={"hw:numa_cpus.0": "0", "other": "1"})
    made.set_flavor(old)
    made.set_flavor(samples.flavor(ctx, name="n", flavorid="f-2", memory_mb=4096), "new")
    found = Instance.get_by_uuid(ctx, made.uuid)
    assert (found.get_flavor().memory_mb, found.get_flavor("new").memory_mb) == (2048, 4096)
    assert found.get_flavor().rxtx_factor == 1.0
    assert found.system_metadata["instance_type_extra_hw:numa_cpus.0"] == "0"
    assert "instance_type_extra_other" not in found.system_metadata
    found.delete_flavor("new")
    with pytest.raises(KeyError):
        Instance.get_by_uuid(ctx, made.uuid).get_flavor("new")
    assert found.get_flavor().name == "m1.small"


def test_another_projects_instance(ctx: Any) -> None:
    made = samples.instance(ctx)
    ctx.is_admin, ctx.user_id = False, "u"
    ctx.project_id = "other"
    with pytest.raises(exception.InstanceNotFound):
        Instance.get_by_uuid(ctx, made.uuid)
    ctx.project_id = "proj"
    assert Instance.get_by_uuid(ctx, made.uuid).id == made.id


def test_numa_topology(ctx: Any) -> None:
    cells = [
        objects.InstanceNUMACell(id=0, cpuset={0, 2}, memory=512),
        objects.InstanceNUMACell(id=1, cpuset={1}, memory=256),
    ]
    topology = objects.InstanceNUMATopology(cells=cells)
    made = samples.instance(ctx, numa_topology=topology)
    for found in (made, Instance.get_by_uuid(ctx, made.uuid)):
        there = [(c.id, c.cpuset, c.memory) for c in found.numa_topology.cells]
        assert there == [(0, {0, 2}, 512), (1, {1}, 256)]
    with pytest.raises(exception.NumaTopologyNotFound):
        objects.InstanceNUMATopology.get_by_instance_uuid(ctx, samples.UUID)


def test_pci_requests(ctx: Any) -> None:
    made = samples.instance(ctx)
    get = objects.InstancePCIRequests.get_by_instance_uuid
    assert get(ctx, made.uuid).requests == []
    request = objects.InstancePCIRequest(
        count=1, spec=[{"vendor_id": "8086"}], alias_name="vf", is_new=False, request_id=None
    )
    wanted = objects.InstancePCIRequests(ctx, instance_uuid=made.uuid, requests=[request])
    wanted.save()
    found = get(ctx, made.uuid).requests
    assert [(r.count, r.spec, r.alias_name) for r in found] == [(1, [{"vendor_id": "8086"}], "vf")]


def test_faults(ctx: Any) -> None:
    made = samples.instance(ctx)
    for code in (404, 500):
        objects.InstanceFault(ctx, instance_uuid=made.uuid, code=code, message="m").create()
    found = Instance.get_by_uuid(ctx, made.uuid, expected_attrs=["fault"])
    assert found.fault.code == 500
    with pytest.raises(exception.ObjectActionError):
        found.fault.create(ctx)
    faults = objects.InstanceFaultList.get_by_instance_uuids(ctx, [made.uuid])
    assert [fault.code for fault in faults] == [500, 404]


def test_info_cache(ctx: Any) -> None:
    made = samples.instance(ctx)
    cache = objects.InstanceInfoCache.get_by_instance_uuid(ctx, made.uuid)
    cache.network_info = [{"id": "a"}]
    cache.save(update_cells=False)
    other = objects.InstanceInfoCache.get_by_instance_uuid(ctx, made.uuid)
    cache.network_info = [{"id": "b"}]
    cache.save(ctx)
    other.refresh()
    assert other.network_info == [{"id": "b"}]
    cache.delete()
    cache.network_info = []
    with pytest.raises(exception.InstanceInfoCacheNotFound):
        cache.save()
    with pytest.raises(exception.InstanceInfoCacheNotFound):
        objects.InstanceInfoCache.get_by_instance_uuid(ctx, samples.UUID)


def test_another_zone_is_stored_as_utc(ctx: Any, store: Any) -> None:
    """Nova stores the digits of the other zone."""
    zone = datetime.timezone(datetime.timedelta(hours=2))
    made = samples.instance(ctx, launched_at=samples.NOON.astimezone(zone))
    assert Instance.get_by_uuid(ctx, made.uuid).launched_at == samples.NOON


def test_metadata_that_is_null(ctx: Any, store: sqlalchemy.Engine) -> None:
    """Read as an empty text, and still NULL when something else is stored."""
    made = samples.instance(ctx, metadata={"empty": "x", "role": "web"})
    table = tables.instance_metadata
    with store.begin() as connection:
        connection.execute(table.update().where(table.c.key == "empty").values(value=None))
    found = Instance.get_by_uuid(ctx, made.uuid, expected_attrs=["metadata"])
    assert found.metadata == {"empty": "", "role": "web"}
    found.metadata["role"] = "db"
    found.save()
    with store.connect() as connection:
        query = sqlalchemy.select(table.c.key, table.c.value).where(table.c.deleted == 0)
        assert dict(connection.execute(query).all()) == {"empty": None, "role": "db"}
