# SPDX-License-Identifier: Apache-2.0
"""Unit tests that return a service with its nodes, which the code now reads by a second query."""

import ast
import dataclasses
from collections.abc import Collection

from codemods.analysis.free_names import first_free
from codemods.analysis.local_names import attribute_of, is_load, uses
from codemods.analysis.project import Function
from codemods.analysis.relations import NODES
from codemods.analysis.tree import Tree
from codemods.mappings import ConductorCall


@dataclasses.dataclass(frozen=True, eq=False)
class JoinedNodes:
    """`service_mock.return_value = service`, where the service comes with its nodes.

    `mock` is the name of the mock that now returns these, `nodes` that of their list.
    """

    call: ConductorCall
    mock: str
    nodes: str


def joined_nodes(
    function: Function,
    mock: str,
    call: ConductorCall,
    rows: Collection[ast.Dict],
    lists: Collection[str],
    tree: Tree,
) -> tuple[ast.Assign, JoinedNodes] | None:
    """The statement that makes the `mock` of a getter return `rows` with nodes.

    None if they come without nodes, or if the list of these is not one of `lists`.
    """
    names = {nodes_in(row) if call.object == NODES[0] else None for row in rows}
    name = names.pop() if len(names) == 1 else None
    told = [one for one in uses(function.node, mock) if _is_told(one, function)]
    if name is None or name not in lists or len(told) != 1:
        return None
    statement, body = function.module.source.statement(told[0]), function.node.body
    if not isinstance(statement, ast.Assign) or not (isinstance(body, list) and statement in body):
        return None
    variable = first_free(function.module, tree, statement, "nodes_mock")
    return statement, JoinedNodes(call, variable, name)


def nodes_in(row: ast.Dict) -> str | None:
    """The name of the list of nodes in the row of a service, if it has a name."""
    for key, value in zip(row.keys, row.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == NODES[1]:
            return value.id if isinstance(value, ast.Name) else None
    return None


def _is_told(use: ast.Name, function: Function) -> bool:
    asked = attribute_of(use, function.module.source)
    return asked is not None and asked.attr == "return_value" and not is_load(asked)
