# SPDX-License-Identifier: Apache-2.0
"""The ids that a unit test's fake of the conductor's create() gives to rows."""

import ast
from collections.abc import Iterable, Iterator

from codemods.analysis.constant_rows import constants_of
from codemods.analysis.inference import Inference
from codemods.analysis.project import Function, Module
from codemods.mappings import ConductorCall


def reads_id(methods: Iterable[Function], call: ConductorCall, inference: Inference) -> bool:
    """Whether one of the methods reads the id of a row such as `call` makes."""
    return any(
        any(value.kind == "row" and value.name == call.object for value in inference.values(owner))
        for method in methods
        for owner in _owners_of_ids(method)
    )


def _owners_of_ids(method: Function) -> Iterator[ast.expr]:
    """The expressions that a method reads the key 'id' of."""
    for node in ast.walk(method.node):
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            key, owner = node.slice, node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            key, owner = node.args[0], node.func.value
        if isinstance(key, ast.Constant) and key.value == "id":
            yield owner


def id_of(fake: ast.FunctionDef, module: Module) -> int | None:
    """The id of the row that a fake makes; None if the source does not tell."""
    found = {_number(value) for value in _ids(fake, dict(constants_of(module)))}
    return found.pop() if len(found) == 1 else None


def _ids(fake: ast.FunctionDef, constants: dict[str, ast.expr]) -> Iterator[ast.expr]:
    """The values that a fake gives to an id, itself or through a constant of the file."""
    for node in ast.walk(fake):
        if isinstance(node, ast.Dict):
            yield from _in_row(node)
        elif isinstance(node, ast.keyword) and node.arg == "id":
            yield node.value
        elif isinstance(node, ast.Assign):
            if any(isinstance(one, ast.Subscript) and _is_id(one.slice) for one in node.targets):
                yield node.value
        elif isinstance(node, ast.Name) and node.id in constants:
            value = constants[node.id]
            for row in value.elts if isinstance(value, ast.List | ast.Tuple) else [value]:
                yield from _in_row(row)


def _in_row(row: ast.expr) -> Iterator[ast.expr]:
    if isinstance(row, ast.Dict):
        yield from (value for key, value in zip(row.keys, row.values, strict=True) if _is_id(key))


def _is_id(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == "id"


def _number(node: ast.expr) -> int | None:
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None
