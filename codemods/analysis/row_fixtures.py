# SPDX-License-Identifier: Apache-2.0
"""Literal dicts in unit tests that stand in for rows of the objects."""

import ast
import dataclasses
from collections.abc import Mapping
from typing import Literal

from codemods.analysis.facts import Span
from codemods.analysis.object_class import ObjectClass
from codemods.analysis.project import Module
from codemods.analysis.tree import OBJECTS, Tree
from codemods.caches import cached_for_run

#: Columns that together show which object's row a dict stands in for.
MARKS = {
    "ComputeNode": {"service_id", "memory_mb_used", "local_gb_used", "vcpus_used"},
    "Service": {"host", "binary", "topic"},
    "Instance": {"uuid", "vm_state", "instance_type_id", "launched_on"},
    "Migration": {"source_compute", "dest_compute", "old_instance_type_id", "instance_uuid"},
    "Flavor": {"flavorid", "memory_mb", "rxtx_factor"},
}

#: Fields that are not columns, or that are joined with the row.
NOT_COLUMNS = {
    "ComputeNode": {"pci_device_pools", "supported_hv_specs"},
    "Service": {"availability_zone", "compute_node"},
    "Flavor": {"projects"},
    "Instance": {
        "fault",
        "numa_topology",
        "pci_requests",
        "tags",
        "flavor",
        "old_flavor",
        "new_flavor",
        "vcpu_model",
        "ec2_ids",
        "migration_context",
    },
}

#: The least number of keys of a dict that may be a row.
SMALLEST = 4


@dataclasses.dataclass(frozen=True)
class RowFixture:
    """Which object's row a literal dict stands in for.

    `whole`: it has every column that the object reads so far. `part`: it has
    the marks of a row, and a stub of the database returns it. `called`: the
    same, but made by a call of `dict`. `kept`: it has the marks of an
    instance's row, though maybe no id, and is kept where a migration's instance
    is read.
    """

    object: str
    kind: Literal["whole", "part", "called", "kept"]


def row_fixtures(
    module: Module, tree: Tree, handed_out: Mapping[Span, bool], kept: Mapping[Span, bool]
) -> dict[Span, RowFixture]:
    """The rows among the dicts of a file, by place.

    `handed_out` are the places of the dicts that stubs of the database return,
    `kept` those of the dicts that stand in for the instances of migrations.
    """
    found = {}
    for node in module.all(ast.Dict):
        keys = _keys(node) if len(node.keys) >= SMALLEST else frozenset()
        is_handed_out = module.source.span(node) in handed_out
        if _marked(keys) == "Migration":
            # the fake that keeps these rows returns them one by one
            is_handed_out = _is_made_by_fake(module, node)
        fixture = _fixture(keys, tree, is_handed_out)
        if fixture is None and module.source.span(node) in kept and keys >= MARKS["Instance"]:
            fixture = RowFixture("Instance", "kept") if tree.object("Instance") else None
        if fixture is not None:
            found[module.source.span(node)] = fixture
    for call in module.all(ast.Call) if handed_out else ():
        keys = frozenset(word.arg for word in call.keywords if word.arg is not None)
        name = _marked(keys) if module.source.span(call) in handed_out else ""
        if name not in ("", "Migration") and tree.object(name) is not None:
            found[module.source.span(call)] = RowFixture(name, "called")
    return found


def _fixture(keys: frozenset[str], tree: Tree, is_handed_out: bool) -> RowFixture | None:
    for name in OBJECTS if keys else ():
        known = tree.object(name)
        if known is None or name not in MARKS:
            continue
        if columns_of(known).keys() <= keys:
            return RowFixture(name, "whole")
        if is_handed_out and _marked(keys) == name:
            return RowFixture(name, "part")
    return None


def _is_made_by_fake(module: Module, node: ast.Dict) -> bool:
    """Whether a fake returns the dict, in a file that replaces the queries of migrations."""
    function, statement = module.function_around(node), module.source.statement(node)
    if function is None or "fake" not in function.name or not isinstance(statement, ast.Assign):
        return False
    names = {one.id for one in statement.targets if isinstance(one, ast.Name)}
    returned = (one.value for one in ast.walk(function.node) if isinstance(one, ast.Return))
    is_returned = any(isinstance(one, ast.Name) and one.id in names for one in returned)
    return statement.value is node and is_returned and b"'migration_get" in module.source.text


def _marked(keys: frozenset[str]) -> str:
    """The object whose marks are all among the keys, with the id; "" if there is none."""
    names = (name for name in OBJECTS if name in MARKS and {*MARKS[name], "id"} <= keys)
    return next(names, "")


def _keys(node: ast.Dict) -> frozenset[str]:
    """The keys, if all of them are literal."""
    keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
    if len(keys) != len(node.keys):
        return frozenset()
    return frozenset(key for key in keys if isinstance(key, str))


@cached_for_run
def columns_of(found: ObjectClass) -> dict[str, str]:
    """The fields of an object that are columns of its table, with their types."""
    left = NOT_COLUMNS.get(found.name, set())
    return {name: kind for name, kind in found.fields.items() if name not in left}
