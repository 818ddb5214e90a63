# SPDX-License-Identifier: Apache-2.0
"""Nova 2014.2's own primitives, read and written back the same."""

import json
import pathlib
from typing import Any

import pytest

from shim import objects
from shim.objects import NovaObject

PRIMITIVES = sorted((pathlib.Path(__file__).parent / "data" / "primitives").glob("*.json"))


def comparable(primitive: Any) -> Any:
    """The primitive with its sets of changes in one order."""
    if isinstance(primitive, dict):
        return {
            key: sorted(value) if key == "nova_object.changes" else comparable(value)
            for key, value in primitive.items()
        }
    if isinstance(primitive, list | tuple):
        return [comparable(item) for item in primitive]
    return primitive


@pytest.mark.parametrize("path", PRIMITIVES, ids=lambda path: path.stem)
def test_written_back_the_same(path: pathlib.Path) -> None:
    recorded = json.loads(path.read_text())
    read = NovaObject.obj_from_primitive(recorded)
    assert recorded["nova_object.version"] == read.VERSION
    written = json.loads(json.dumps(read.obj_to_primitive()))
    assert comparable(written) == comparable(recorded)


@pytest.mark.parametrize("path", PRIMITIVES, ids=lambda path: path.stem)
def test_a_copy_is_the_same(path: pathlib.Path) -> None:
    read = NovaObject.obj_from_primitive(json.loads(path.read_text()))
    assert comparable(read.obj_clone().obj_to_primitive()) == comparable(read.obj_to_primitive())


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("ComputeNode_1.5", "1.0", "ComputeNode_to_1.0"),
        ("ComputeNode_1.5", "1.2", "ComputeNode_to_1.2"),
        ("ComputeNode_1.5", "1.4", "ComputeNode_to_1.4"),
        ("ComputeNodeList_all", "1.0", "ComputeNodeList_to_1.0"),
        ("ComputeNodeList_all", "1.4", "ComputeNodeList_to_1.4"),
        ("Service_with_compute_node", "1.0", "Service_to_1.0"),
        ("Service_with_compute_node", "1.2", "Service_to_1.2"),
        ("Service_with_compute_node", "1.3", "Service_to_1.3"),
        ("Instance_full_changed", "1.5", "Instance_full_to_1.5"),
        ("Instance_full_changed", "1.9", "Instance_full_to_1.9"),
        ("Instance_full_changed", "1.14", "Instance_full_to_1.14"),
    ],
)
def test_backport_as_nova_does_it(source: str, target: str, expected: str) -> None:
    by_name = {path.stem: json.loads(path.read_text()) for path in PRIMITIVES}
    read = NovaObject.obj_from_primitive(by_name[source])
    written = json.loads(json.dumps(read.obj_to_primitive(target_version=target)))
    recorded = by_name[expected]
    # Nova's list of changes names fields that the older version does not have.
    _drop_unknown_changes(recorded)
    assert comparable(written) == comparable(recorded)


def _drop_unknown_changes(primitive: Any) -> None:
    data = primitive["nova_object.data"]
    changes = [name for name in primitive.get("nova_object.changes", ()) if name in data]
    if changes:
        primitive["nova_object.changes"] = changes


def test_text_loses_what_is_not_ascii_before_1_7() -> None:
    instance = objects.Instance(display_name="vm-中", uuid="u")
    data = instance.obj_to_primitive(target_version="1.6")["nova_object.data"]
    assert data["display_name"] == "vm-?"


@pytest.mark.parametrize("name", ["info_cache", "pci_devices"])
def test_children_that_are_none_are_backported(name: str) -> None:
    """Nova 2014.2 fails here."""
    instance = objects.Instance(uuid="u", **{name: None})
    data = instance.obj_to_primitive(target_version="1.9")["nova_object.data"]
    assert data[name] is None
