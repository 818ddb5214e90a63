# SPDX-License-Identifier: Apache-2.0
"""InstanceList, three ways on three database servers."""

import datetime
from typing import Any

import pytest
import samples
import sqlalchemy

from shim import exception, objects
from shim.db import tables
from shim.objects import InstanceList

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def three(ctx: Any, store: Any) -> list[Any]:
    """Two instances on node-a and one on node-b of the same host."""
    return [
        samples.instance(ctx, metadata={"n": "0"}, system_metadata={"s": "0"}),
        samples.instance(ctx, metadata={"n": "1"}, instance_type_id=5, display_name="web-1"),
        samples.instance(ctx, node="node-b", instance_type_id=7, display_name="db"),
    ]


def ids(found: Any) -> list[int]:
    return [instance.id for instance in found]


def test_get_by_host(ctx: Any, three: list[Any]) -> None:
    found = InstanceList.get_by_host(ctx, "cmp-a", use_slave=True)
    assert ids(found) == ids(three)
    assert not any(i.obj_attr_is_set("metadata") for i in found)
    assert not InstanceList.get_by_host(ctx, "nonesuch")


def test_metadata_is_there_when_it_is_asked_for(ctx: Any, three: list[Any]) -> None:
    """Nova gives empty metadata by host and node."""
    attrs = ["metadata", "system_metadata", "info_cache", "security_groups", "fault"]
    for found in (
        InstanceList.get_by_host_and_node(ctx, "cmp-a", "node-a", attrs),
        InstanceList.get_by_host(ctx, "cmp-a", attrs),
        InstanceList.get_by_host_and_not_type(ctx, "cmp-a", 7, attrs),
        InstanceList.get_by_filters(ctx, {"node": "node-a"}, expected_attrs=attrs),
    ):
        by_id = {instance.id: instance for instance in found}
        first = by_id.get(three[0].id)
        if first is not None:
            assert first.metadata == {"n": "0"}
            assert first.system_metadata == {"s": "0"}
            assert first.info_cache is not None
            assert first.fault is None
        assert by_id[three[1].id].metadata == {"n": "1"}
        assert all(instance.obj_what_changed() == set() for instance in found)
    assert attrs == ["metadata", "system_metadata", "info_cache", "security_groups", "fault"]


def test_get_by_host_and_node(ctx: Any, three: list[Any]) -> None:
    assert ids(InstanceList.get_by_host_and_node(ctx, "cmp-a", "node-b")) == [three[2].id]


def test_get_by_host_and_not_type(ctx: Any, three: list[Any]) -> None:
    found = InstanceList.get_by_host_and_not_type(ctx, "cmp-a", type_id=5)
    assert ids(found) == [three[2].id]


def test_hung_in_rebooting(ctx: Any, three: list[Any], store: sqlalchemy.Engine) -> None:
    three[0].task_state = "rebooting"
    three[0].save()
    assert not InstanceList.get_hung_in_rebooting(ctx, 1000)
    with store.begin() as connection:
        connection.execute(
            tables.instances.update().values(updated_at=datetime.datetime(2014, 10, 16))
        )
    assert ids(InstanceList.get_hung_in_rebooting(ctx, 1000)) == [three[0].id]


def test_active_by_window(ctx: Any, three: list[Any]) -> None:
    three[0].launched_at = samples.NOON
    three[0].terminated_at = samples.NOON + datetime.timedelta(hours=1)
    three[0].save()
    hour = datetime.timedelta(hours=1)
    get = InstanceList.get_active_by_window_joined
    assert ids(get(ctx, samples.NOON, samples.NOON + hour)) == [three[0].id]
    later = samples.NOON + 2 * hour
    assert ids(get(ctx, later)) == ids(three[1:])
    assert ids(get(ctx, later, host="nonesuch")) == []
    found = get(ctx, samples.NOON, project_id="proj", expected_attrs=["metadata"])
    assert found[0].metadata == {"n": "0"}


def test_filters(ctx: Any, three: list[Any]) -> None:
    gone = samples.instance(ctx, display_name="gone")
    gone.destroy()

    def found(**filters: Any) -> set[Any]:
        return set(ids(InstanceList.get_by_filters(ctx, filters)))

    everything = {*ids(three)}
    assert len(found()) == 4
    assert found(deleted=False) == everything
    assert len(found(deleted=True)) == 1
    assert found(deleted=False, node="node-b") == {three[2].id}
    assert found(uuid=[three[0].uuid, three[1].uuid]) == {three[0].id, three[1].id}
    assert found(deleted=False, instance_type_id=5) == {three[1].id}
    assert found(display_name="^web-[0-9]$") == {three[1].id}
    assert found(deleted=False, metadata={"n": "1"}) == {three[1].id}
    assert found(deleted=False, cleaned=False) == everything
    assert found(**{"changes-since": samples.NOON}) == set()
    with pytest.raises(exception.InvalidParameterValue):
        found(display_name="(")


def test_pages(ctx: Any, three: list[Any]) -> None:
    get = InstanceList.get_by_filters
    assert ids(get(ctx, {}, sort_key="id", sort_dir="asc")) == ids(three)
    assert ids(get(ctx, {}, sort_key="id", limit=2)) == ids(three[::-1])[:2]
    assert ids(get(ctx, {}, "id", "asc", 1, three[0].uuid, ["metadata"])) == [three[1].id]
    assert ids(get(ctx, {}, "instance_type_id", "asc")) == ids(three)
    assert ids(get(ctx, {}, "instance_type_id", "asc", None, three[0].uuid)) == ids(three[1:])
    assert ids(get(ctx, {}, limit=0)) == []
    with pytest.raises(exception.MarkerNotFound):
        get(ctx, {}, marker=samples.UUID)
    with pytest.raises(exception.InvalidSortKey):
        get(ctx, {}, sort_key="nonesuch")


def test_fill_faults(ctx: Any, three: list[Any]) -> None:
    objects.InstanceFault(ctx, instance_uuid=three[1].uuid, code=500).create()
    found = InstanceList.get_by_host(ctx, "cmp-a")
    assert found.fill_faults() == [three[1].uuid]
    assert found[1].fault.code == 500
    assert found[0].fault is None
    assert found[1].obj_what_changed() == set()


def test_another_project_sees_none(ctx: Any, three: list[Any]) -> None:
    ctx.is_admin, ctx.user_id = False, "u"
    ctx.project_id = "other"
    assert not InstanceList.get_by_filters(ctx, {})
    with pytest.raises(exception.AdminRequired):
        InstanceList.get_by_host(ctx, "cmp-a")


def test_security_groups(ctx: Any, store: sqlalchemy.Engine) -> None:
    with store.begin() as connection:
        group_id = connection.execute(
            tables.security_groups.insert().values(
                name="web", project_id="proj", user_id="u", description="d", deleted=0
            )
        ).inserted_primary_key[0]
    ctx.project_id = "proj"
    group = objects.SecurityGroup.get(ctx, group_id)
    groups = objects.SecurityGroupList(objects=[group])
    made = samples.instance(ctx, security_groups=groups)
    assert [g.name for g in made.security_groups] == ["web"]
    assert group.in_use() is True
    assert ids(InstanceList.get_by_security_group(ctx, group)) == [made.id]
    assert objects.SecurityGroup.get_by_name(ctx, "proj", "web").id == group_id
    for found in (
        objects.SecurityGroupList.get_all(ctx),
        objects.SecurityGroupList.get_by_project(ctx, "proj"),
        objects.SecurityGroupList.get_by_instance(ctx, made),
    ):
        assert ids(found) == [group_id]
    found = objects.Instance.get_by_uuid(ctx, made.uuid)
    found.security_groups[0].description = "new"
    found.save()
    group.refresh()
    assert group.description == "new"
    with pytest.raises(exception.SecurityGroupNotFound):
        objects.SecurityGroup.get(ctx, 999)
    made.destroy()
    assert group.in_use() is False
