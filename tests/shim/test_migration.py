# SPDX-License-Identifier: Apache-2.0
"""Migration and MigrationList, three ways on three database servers."""

import datetime
import uuid
from typing import Any

import pytest
import samples
import sqlalchemy

from shim import context as shim_context
from shim import exception, objects
from shim.db import session, tables
from shim.objects import Migration, MigrationList, NovaObject

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def instance(ctx: Any, store: Any) -> Any:
    made = samples.instance(ctx)
    made.set_flavor(samples.flavor(ctx))
    return made


def test_create_reads_the_row_back(ctx: Any, instance: Any) -> None:
    made = samples.migration(ctx, instance_uuid=instance.uuid)
    assert (made.status, made.deleted) == ("migrating", False)
    assert made.obj_what_changed() == set()
    with pytest.raises(exception.ObjectActionError):
        made.create()


def test_save(ctx: Any, instance: Any) -> None:
    made = samples.migration(ctx, instance_uuid=instance.uuid)
    made.status = "finished"
    made.save(ctx)
    assert Migration.get_by_id(ctx, made.id).status == "finished"
    stamp = made.updated_at
    made.save()
    assert made.updated_at == stamp


def test_missing(ctx: Any) -> None:
    with pytest.raises(exception.MigrationNotFound):
        Migration.get_by_id(ctx, 999)
    with pytest.raises(exception.MigrationNotFoundByStatus):
        Migration.get_by_instance_and_status(ctx, "nonesuch", "finished")
    with pytest.raises(exception.MigrationNotFound):
        Migration(ctx, id=999, status="x").save()


def test_get_by_instance_and_status(ctx: Any, instance: Any) -> None:
    made = samples.migration(ctx, instance_uuid=instance.uuid, status="finished")
    found = Migration.get_by_instance_and_status(ctx, instance.uuid, "finished")
    assert found.id == made.id


def test_in_progress(ctx: Any, instance: Any) -> None:
    """Every status but the three ended ones, on either side; not one without a status."""
    expected = []
    for status in ("migrating", "failed", "done", "confirmed", "reverted", "error", None):
        made = samples.migration(ctx, instance_uuid=instance.uuid, status=status)
        if status in ("migrating", "failed", "done"):
            expected.append(made.id)
    found = MigrationList.get_in_progress_by_host_and_node(ctx, "cmp-a", "node-a")
    assert [m.id for m in found] == expected
    found = MigrationList.get_in_progress_by_host_and_node(ctx, "cmp-b", "node-b")
    assert [m.id for m in found] == expected
    assert not MigrationList.get_in_progress_by_host_and_node(ctx, "cmp-a", "node-b")


def test_instances_come_along(ctx: Any, instance: Any, store: Any, way: str) -> None:
    """Reading them, their flavors and their system metadata asks nobody again."""
    for _ in range(3):
        samples.migration(ctx, instance_uuid=instance.uuid)
    found = MigrationList.get_in_progress_by_host_and_node(ctx, "cmp-a", "node-a")
    queries: list[str] = []
    calls = getattr(NovaObject.indirection_api, "calls", {})
    before = dict(calls)
    if way != "rabbitmq":
        engine = session.get_database().engine
        sqlalchemy.event.listen(engine, "before_cursor_execute", lambda *a: queries.append(a[2]))
    for migration in found:
        assert migration.instance.uuid == instance.uuid
        assert migration.instance.get_flavor().memory_mb == 2048
        assert migration.instance.system_metadata["instance_type_flavorid"] == "f-1"
        assert migration.obj_what_changed() == set()
    assert queries == []
    assert calls == before


def test_instance_is_none_when_it_is_gone(ctx: Any, instance: Any) -> None:
    """Nova raises InstanceNotFound; the dict had None."""
    made = samples.migration(ctx, instance_uuid=instance.uuid)
    instance.destroy()
    found = MigrationList.get_in_progress_by_host_and_node(ctx, "cmp-a", "node-a")
    assert [m.instance for m in found] == [None]
    assert Migration.get_by_id(ctx, made.id).instance is None


def test_instance_is_loaded_when_it_is_read(ctx: Any, instance: Any) -> None:
    samples.migration(ctx, instance_uuid=instance.uuid)
    found = Migration.get_by_instance_and_status(ctx, instance.uuid, "migrating")
    assert not found.obj_attr_is_set("instance")
    assert found.instance.uuid == instance.uuid
    assert found["instance"] is found.instance
    with pytest.raises(NotImplementedError):
        Migration(ctx).status  # noqa: B018
    with pytest.raises(exception.OrphanedObjectError):
        Migration(instance_uuid=instance.uuid).instance  # noqa: B018


def test_save_leaves_the_instance_alone(ctx: Any, instance: Any) -> None:
    samples.migration(ctx, instance_uuid=instance.uuid)
    found = MigrationList.get_in_progress_by_host_and_node(ctx, "cmp-a", "node-a")[0]
    found.instance.display_name = "another"
    found.status = "finished"
    found.save()
    assert Migration.get_by_id(ctx, found.id).status == "finished"
    there = objects.Instance.get_by_uuid(ctx, instance.uuid)
    assert there.display_name is None


def test_unconfirmed(ctx: Any, instance: Any, store: Any) -> None:
    made = samples.migration(ctx, instance_uuid=instance.uuid, status="finished")
    get = MigrationList.get_unconfirmed_by_dest_compute
    assert not get(ctx, 0, "cmp-a")
    hour_ago = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    hour_ago -= datetime.timedelta(hours=1)
    with store.begin() as connection:
        connection.execute(tables.migrations.update().values(updated_at=hour_ago))
    assert [m.id for m in get(ctx, 3500, "cmp-a", use_slave=True)] == [made.id]
    assert not get(ctx, 3700, "cmp-a")
    assert not get(ctx, 3500, "cmp-b")


def test_get_by_filters(ctx: Any, instance: Any) -> None:
    first = samples.migration(ctx, instance_uuid=instance.uuid)
    second = samples.migration(ctx, instance_uuid=instance.uuid, status="done", dest_compute="c")

    def ids(**filters: Any) -> list[int]:
        return [m.id for m in MigrationList.get_by_filters(ctx, filters)]

    assert ids() == [first.id, second.id]
    assert ids(status="done") == [second.id]
    assert ids(host="cmp-a") == [first.id]
    assert ids(host="cmp-b", status="migrating", nonesuch=1) == [first.id]


def test_only_an_administrator(ctx: Any) -> None:
    ctx.is_admin = False
    with pytest.raises(exception.AdminRequired):
        MigrationList.get_in_progress_by_host_and_node(ctx, "cmp-a", "node-a")


def test_instance_uuid_is_any_text(ctx: Any, instance: Any) -> None:
    assert Migration(instance_uuid=str(uuid.uuid4())[:8]).instance_uuid


def test_an_administrators_rights_for_one_save(ctx: Any) -> None:
    """As rewritten code asks for them where the conductor gave them."""
    made = samples.migration(ctx)
    mine = shim_context.RequestContext("u", "p")
    migration = Migration(mine, id=made.id)
    migration.obj_reset_changes()
    migration.status = "finished"
    with pytest.raises(exception.AdminRequired):
        migration.save()
    with migration.obj_as_admin():
        migration.save()
    assert migration._context is mine
    assert Migration.get_by_id(ctx, made.id).status == "finished"
    with pytest.raises(exception.OrphanedObjectError), Migration().obj_as_admin():
        pass
