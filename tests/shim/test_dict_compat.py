# SPDX-License-Identifier: Apache-2.0
"""The dict style, row by row of the table of what nova's objects do."""

from typing import Any

import pytest

from shim import exception, objects
from shim.objects import dict_compat


@pytest.fixture
def node() -> objects.ComputeNode:
    return objects.ComputeNode(vcpus=4, hypervisor_hostname=None)


def test_subscript_reads_the_attribute(node: Any) -> None:
    assert node["vcpus"] == 4


def test_subscript_of_an_unset_field_that_nothing_loads(node: Any) -> None:
    with pytest.raises(NotImplementedError):
        node["memory_mb"]


def test_subscript_of_an_unset_instance_field() -> None:
    with pytest.raises(exception.ObjectActionError):
        objects.Instance()["host"]


def test_subscript_of_an_optional_field_without_a_context() -> None:
    with pytest.raises(exception.OrphanedObjectError):
        objects.Instance()["metadata"]


def test_subscript_of_an_unknown_name(node: Any) -> None:
    with pytest.raises(AttributeError):
        node["nonesuch"]


def test_assignment_coerces_and_marks(node: Any) -> None:
    node["memory_mb"] = "512"
    assert node.memory_mb == 512
    assert "memory_mb" in node.obj_what_changed()


def test_assignment_of_an_unknown_name_is_no_field(node: Any) -> None:
    node["nonesuch"] = 1
    assert "nonesuch" not in node.obj_what_changed()


def test_read_only_field_takes_one_value(node: Any) -> None:
    node["id"] = 1
    node["id"] = 1
    with pytest.raises(exception.ReadOnlyFieldError):
        node["id"] = 2


@pytest.mark.parametrize(
    ("key", "expected"),
    [("vcpus", True), ("hypervisor_hostname", True), ("memory_mb", False), ("service", False)],
)
def test_in_asks_whether_the_field_is_set(node: Any, key: str, expected: bool) -> None:
    assert (key in node) is expected


def test_name_is_no_field() -> None:
    instance = objects.Instance(id=1)
    assert "name" not in instance
    assert instance["name"] == "instance-00000001"


def test_get_of_a_set_field(node: Any) -> None:
    assert node.get("vcpus") == 4
    assert node.get("vcpus", 9) == 4


def test_get_gives_none_that_is_set(node: Any) -> None:
    assert node.get("hypervisor_hostname", "x") is None


def test_get_of_an_unset_field_with_a_default(node: Any) -> None:
    assert node.get("memory_mb", 3) == 3
    assert node.get("memory_mb", None) is None


def test_get_of_an_unset_field_without_a_default_loads(node: Any) -> None:
    with pytest.raises(NotImplementedError):
        node.get("memory_mb")


@pytest.mark.parametrize("default", [(), (None,)], ids=["no default", "a default"])
def test_get_of_an_unknown_name(node: Any, default: tuple[None, ...]) -> None:
    with pytest.raises(AttributeError):
        node.get("nonesuch", *default)


def test_update_sets_each(node: Any) -> None:
    node.update({"vcpus": 5, "memory_mb": 6})
    assert (node.vcpus, node.memory_mb) == (5, 6)


def test_items_are_the_set_fields(node: Any) -> None:
    assert dict(node.items()) == {"vcpus": 4, "hypervisor_hostname": None}
    assert dict(node.iteritems()) == dict(node.items())
    assert isinstance(node.items(), list)


def test_items_have_the_properties_beside_the_fields() -> None:
    assert dict(objects.Instance(id=2).items()) == {"id": 2, "name": "instance-00000002"}


@pytest.mark.parametrize("name", ["keys", "values", "pop", "setdefault", "copy", "has_key"])
def test_what_no_object_has(node: Any, name: str) -> None:
    assert not hasattr(node, name)


def test_comparison_is_by_identity(node: Any) -> None:
    assert node != node.obj_clone()
    assert bool(objects.ComputeNode())


def test_percent_formatting(node: Any) -> None:
    assert "%(vcpus)s" % node == "4"  # noqa: UP031


def test_uses_are_counted_by_place(node: Any) -> None:
    dict_compat.reset_uses()
    for _ in range(3):
        node["vcpus"]
    node.get("vcpus")
    _ = "vcpus" in node
    counted = {(u.obj_name, u.operation, u.key): n for u, n in dict_compat.uses().items()}
    assert counted == {
        ("ComputeNode", "getitem", "vcpus"): 3,
        ("ComputeNode", "get", "vcpus"): 1,
        ("ComputeNode", "contains", "vcpus"): 1,
    }
    assert all(__file__ in use.place for use in dict_compat.uses())


def test_attributes_are_not_counted(node: Any, ctx: Any, database: Any) -> None:
    dict_compat.reset_uses()
    assert node.vcpus == 4
    node.obj_to_primitive()
    objects.Service(ctx, host="h", binary="b", topic="t").create()
    objects.ServiceList.get_all(ctx)
    assert dict_compat.uses() == {}
