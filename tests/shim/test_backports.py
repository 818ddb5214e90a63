# SPDX-License-Identifier: Apache-2.0
"""Every object to every version: nothing newer is sent, and what is sent can be read."""

import json
from typing import Any

import fingerprint
import pytest
import samples

from shim import versions
from shim.objects import ComputeNode, MigrationList, NovaObject, Service
from shim.objects.base import NovaObjectRegistry

TARGETS = [
    (name, f"1.{minor}")
    for name, version in sorted(versions.CURRENT.items())
    for minor in range(int(version.split(".")[1]) + 1)
]


def every_envelope(primitive: Any) -> Any:
    if isinstance(primitive, dict):
        if "nova_object.name" in primitive:
            yield primitive
        for value in primitive.values():
            yield from every_envelope(value)
    elif isinstance(primitive, list):
        for value in primitive:
            yield from every_envelope(value)


@pytest.mark.parametrize(("name", "target"), TARGETS)
def test_backport_of_a_full_object(name: str, target: str) -> None:
    primitive = json.loads(json.dumps(samples.full(name).obj_to_primitive(target_version=target)))
    assert primitive["nova_object.version"] == target
    for envelope in every_envelope(primitive):
        cls = fingerprint.registered(envelope["nova_object.name"])
        known = fingerprint.fields_at(cls, envelope["nova_object.version"])
        assert set(envelope["nova_object.data"]) <= set(known)
        assert set(envelope.get("nova_object.changes", ())) <= set(envelope["nova_object.data"])
    assert target == NovaObject.obj_from_primitive(primitive).VERSION


@pytest.mark.parametrize(("name", "target"), TARGETS)
def test_backport_of_an_empty_object(name: str, target: str) -> None:
    cls: Any = NovaObjectRegistry.obj_classes()[name][0]
    assert cls().obj_to_primitive(target_version=target)["nova_object.version"] == target


@pytest.mark.parametrize("name", sorted(versions.JUNO))
def test_backport_to_juno_has_junos_fields_and_children(
    name: str, juno_objects: dict[str, Any]
) -> None:
    """By the version alone, and by a manifest of all of Juno's versions."""
    full = samples.full(name)
    target = versions.JUNO[name]
    for manifest in (None, dict(versions.JUNO)):
        primitive = full.obj_to_primitive(target_version=target, version_manifest=manifest)
        for envelope in every_envelope(json.loads(json.dumps(primitive))):
            recorded = juno_objects[envelope["nova_object.name"]]
            assert envelope["nova_object.version"] == recorded["version"]
            assert set(envelope["nova_object.data"]) == set(recorded["fields"])


def _versions(pairs: Any) -> list[Any]:
    return [tuple(fingerprint.as_version(v) for v in pair) for pair in pairs]


@pytest.mark.parametrize("name", sorted(versions.CURRENT))
def test_relationships(name: str) -> None:
    """Tables rise in both columns, end at the child's current version, and name real versions."""
    cls = fingerprint.registered(name)
    for field, pairs in cls.obj_relationships.items():
        kind = cls.fields[field]._type
        child = getattr(getattr(kind, "_element_type", None), "_type", kind)._obj_name
        table = _versions(pairs)
        assert table == sorted(table)
        assert [v for _, v in table] == sorted(v for _, v in table)
        assert pairs[-1][1] == versions.CURRENT[child]
    children = getattr(cls, "child_versions", None)
    if children:
        item = cls.fields["objects"]._type._element_type._type._obj_name
        table = _versions(children.items())
        assert table == sorted(table)
        assert children[cls.VERSION] == versions.CURRENT[item]


def test_list_of_a_version_without_a_row_holds_items_of_1_0() -> None:
    """As nova does, where oslo.versionedobjects drops the items or fails."""
    found = samples.full("InstanceList").obj_to_primitive(target_version="1.0")
    assert found["nova_object.data"]["objects"][0]["nova_object.version"] == "1.0"


def test_a_version_that_is_newer_than_the_object_is_refused() -> None:
    from oslo_versionedobjects.exception import InvalidTargetVersion

    with pytest.raises(InvalidTargetVersion):
        ComputeNode().obj_to_primitive(target_version="1.11")


def test_an_object_that_came_as_an_older_version_is_sent_as_that() -> None:
    node = NovaObject.obj_from_primitive(
        samples.full("ComputeNode").obj_to_primitive(target_version="1.5")
    )
    node.supported_instances = "[]"
    primitive = node.obj_to_primitive()
    assert primitive["nova_object.version"] == "1.5"
    assert "supported_instances" not in primitive["nova_object.data"]
    assert "supported_instances" not in primitive["nova_object.changes"]


def test_version_tree_names_every_class_below() -> None:
    assert set(MigrationList.obj_version_tree()) >= {"Migration", "Instance", "PciDevice"}
    assert Service.obj_version_tree()["ComputeNode"] == ComputeNode.VERSION
