# SPDX-License-Identifier: Apache-2.0
"""Find where a unit test parses stats, and where it expects them to be passed as JSON text."""

import ast
import json
from collections.abc import Iterator

from codemods.analysis.dict_values import bound_values
from codemods.analysis.facts import Span
from codemods.analysis.inference import Inference
from codemods.analysis.json_texts import is_loads
from codemods.analysis.project import Module
from codemods.analysis.tree import Tree

_TOLD = "update_resource_stats"


def expected_stats(module: Module, tree: Tree) -> dict[Span, bool]:
    """Where JSON text is among what a mock of update_resource_stats() should be called with."""
    if _TOLD.encode() not in module.source.text:
        return {}
    return {
        module.source.span(text): True
        for call in module.all(ast.Call)
        if _is_assertion(module, call)
        for argument in call.args
        for key, text in _given(module, argument)
        if tree.field_type("ComputeNode", key).is_dict and _is_json(text)
    }


def parsed_fields(module: Module, inference: Inference) -> dict[Span, bool]:
    """The calls that themselves parse the JSON of a row's field."""
    return {
        module.source.span(call): True
        for call in module.all(ast.Call)
        if is_loads(module.dotted_name(call.func))
        and any(value.kind == "json" for value in inference.values(call))
    }


def _is_assertion(module: Module, call: ast.Call) -> bool:
    """`client.update_resource_stats.assert_called_once_with(...)`, or on a name for the mock."""
    func = call.func
    if not isinstance(func, ast.Attribute) or not func.attr.startswith("assert_called"):
        return False
    mock = func.value
    mocks = bound_values(module, mock) if isinstance(mock, ast.Name) else [mock]
    return any(isinstance(one, ast.Attribute) and one.attr == _TOLD for one in mocks)


def _given(module: Module, argument: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """The keys and values of a dict that is expected, including those stored in it."""
    if isinstance(argument, ast.Name):
        for value in bound_values(module, argument):
            if isinstance(value, ast.Dict):
                yield from _pairs(value)
        yield from _stores(module, argument)
    elif isinstance(argument, ast.Dict):
        yield from _pairs(argument)


def _pairs(node: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant):
            yield str(key.value), value


def _stores(module: Module, name: ast.Name) -> Iterator[tuple[str, ast.expr]]:
    """`name[key] = value` in the enclosing function."""
    around = module.function_around(name)
    for node in module.all(ast.Assign):
        target = node.targets[0]
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            is_one = target.value.id == name.id and module.function_around(node) is around
            if is_one and isinstance(target.slice, ast.Constant):
                yield str(target.slice.value), node.value


def _is_json(node: ast.expr) -> bool:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    try:
        json.loads(node.value)
    except ValueError:
        return False
    return True
