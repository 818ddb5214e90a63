# SPDX-License-Identifier: Apache-2.0
"""Service and ServiceList, three ways on three database servers."""

from typing import Any

import pytest
import samples

from shim import exception, objects
from shim.conductor.dict_calls import DictCalls
from shim.objects import Service, ServiceList

pytestmark = pytest.mark.usefixtures("store")


def test_create_reads_the_row_back(ctx: Any) -> None:
    made = samples.service(ctx)
    assert made.id
    assert (made.report_count, made.disabled, made.deleted) == (0, False, False)
    assert made.obj_what_changed() == set()
    assert Service.get_by_id(ctx, made.id).host == "cmp-a"


def test_create_twice(ctx: Any) -> None:
    made = samples.service(ctx)
    with pytest.raises(exception.ObjectActionError):
        made.create()


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"topic": "other"}, exception.ServiceBinaryExists),
        ({"binary": "other"}, exception.ServiceTopicExists),
        ({}, exception.ServiceBinaryExists),
    ],
)
def test_create_of_what_exists(ctx: Any, other: Any, error: Any) -> None:
    samples.service(ctx)
    with pytest.raises(error):
        samples.service(ctx, **other)


def test_both_call_styles(ctx: Any) -> None:
    made = samples.service(ctx)
    made.report_count = 3
    made.save(ctx)
    made.report_count = 4
    made.save()
    made.report_count = 5
    made.save(context=ctx)
    assert Service.get_by_id(ctx, made.id).report_count == 5


def test_without_a_context() -> None:
    with pytest.raises(exception.OrphanedObjectError):
        Service(id=1).save()


def test_save_moves_updated_at_only_when_something_differs(ctx: Any) -> None:
    made = samples.service(ctx)
    made.report_count = 0
    made.save()
    assert made.updated_at is None
    made.report_count = 1
    made.save()
    assert made.updated_at is not None


def test_save_of_what_is_gone(ctx: Any) -> None:
    made = samples.service(ctx)
    made.destroy()
    made.report_count = 1
    with pytest.raises(exception.ServiceNotFound):
        made.save()


def test_save_stores_the_compute_node_too(ctx: Any) -> None:
    """Nova hands the object to the database, which refuses it."""
    made = samples.service(ctx)
    samples.compute_node(ctx, made.id)
    made.compute_node.vcpus = 77
    made.report_count = 8
    made.save()
    again = Service.get_by_id(ctx, made.id)
    assert (again.report_count, again.compute_node.vcpus) == (8, 77)


def test_destroy_takes_the_compute_nodes(ctx: Any) -> None:
    made = samples.service(ctx)
    node = samples.compute_node(ctx, made.id)
    made.destroy()
    with pytest.raises(exception.ServiceNotFound):
        Service.get_by_id(ctx, made.id)
    with pytest.raises(exception.ComputeHostNotFound):
        objects.ComputeNode.get_by_id(ctx, node.id)
    with pytest.raises(exception.ServiceNotFound):
        made.destroy()


def test_a_name_is_free_again_after_destroy(ctx: Any) -> None:
    first = samples.service(ctx)
    first.destroy()
    assert samples.service(ctx).id != first.id


def test_get_by_host_and_topic(ctx: Any) -> None:
    made = samples.service(ctx)
    assert Service.get_by_host_and_topic(ctx, "cmp-a", "compute").id == made.id
    assert Service.get_by_host_and_topic(ctx, "cmp-a", "nonesuch") is None
    made.disabled = True
    made.save()
    assert Service.get_by_host_and_topic(ctx, "cmp-a", "compute") is None


def test_get_by_args(ctx: Any) -> None:
    made = samples.service(ctx)
    assert Service.get_by_args(ctx, "cmp-a", "nova-compute").id == made.id
    assert Service.get_by_host_and_binary(ctx, "cmp-a", "nova-compute").id == made.id
    with pytest.raises(exception.HostBinaryNotFound):
        Service.get_by_args(ctx, "cmp-a", "nonesuch")
    assert Service.get_by_host_and_binary(ctx, "cmp-a", "nonesuch") is None


def test_get_by_compute_host(ctx: Any) -> None:
    made = samples.service(ctx, disabled=True)
    node = samples.compute_node(ctx, made.id)
    found = Service.get_by_compute_host(ctx, "cmp-a")
    assert found.obj_attr_is_set("compute_node")
    assert found.compute_node.id == node.id
    assert found.compute_node.host == "cmp-a"
    with pytest.raises(exception.ComputeHostNotFound):
        Service.get_by_compute_host(ctx, "nonesuch")


def test_compute_node_is_loaded_when_it_is_read(ctx: Any) -> None:
    made = samples.service(ctx)
    assert not made.obj_attr_is_set("compute_node")
    with pytest.raises(exception.ServiceNotFound):
        made.compute_node  # noqa: B018
    node = samples.compute_node(ctx, made.id)
    assert made.compute_node.id == node.id
    assert made.obj_what_changed() == set()


def test_nothing_else_is_loaded(ctx: Any) -> None:
    with pytest.raises(exception.ObjectActionError):
        Service(ctx).host  # noqa: B018


def test_lists(ctx: Any) -> None:
    compute = samples.service(ctx)
    off = samples.service(ctx, host="ctl", binary="nova-scheduler", topic="scheduler")
    off.disabled = True
    off.save()

    def ids(found: Any) -> list[int]:
        return [service.id for service in found]

    assert ids(ServiceList.get_all(ctx)) == [compute.id, off.id]
    assert ids(ServiceList.get_all(ctx, disabled=True)) == [off.id]
    assert ids(ServiceList.get_all(ctx, disabled=False)) == [compute.id]
    assert ids(ServiceList.get_by_topic(ctx, "scheduler")) == []
    assert ids(ServiceList.get_by_topic(ctx, "compute")) == [compute.id]
    assert ids(ServiceList.get_by_host(ctx, "ctl")) == [off.id]
    zones = [s.availability_zone for s in ServiceList.get_all(ctx, set_zones=True)]
    assert zones == ["nova", "internal"]


def test_deleted_services_as_the_context_says(ctx: Any) -> None:
    made = samples.service(ctx)
    made.destroy()
    for read_deleted, expected in (("no", 0), ("yes", 1), ("only", 1)):
        ctx.read_deleted = read_deleted
        assert len(ServiceList.get_all(ctx)) == expected
    assert Service.get_by_id(ctx, made.id).deleted is True


def test_only_an_administrator(ctx: Any) -> None:
    ctx.is_admin = False
    with pytest.raises(exception.AdminRequired):
        ServiceList.get_all(ctx)


def test_a_service_that_is_said_not_to_be_deleted(ctx: Any, way: str) -> None:
    """A truth in a column of numbers, which PostgreSQL takes for nothing else."""
    made = samples.service(ctx, deleted=False)
    node = samples.compute_node(ctx, made.id, deleted=False)
    assert (Service.get_by_id(ctx, made.id).deleted, node.deleted) == (False, False)
    assert samples.flavor(ctx, deleted=False).deleted is False
    assert samples.migration(ctx, deleted=False).deleted is False
    if way == "direct":
        # the dict calls are what a conductor does in its own process
        as_dict = {"host": "h", "binary": "b", "topic": "t", "deleted": False}
        assert DictCalls().service_create(ctx, as_dict)["deleted"] == 0
