# SPDX-License-Identifier: Apache-2.0
"""Find where a unit test parses stats, and where it expects them to be passed as JSON text."""

import ast
import json
from collections.abc import Iterator

from codemods.analysis.dict_values import bound_values
from codemods.analysis.facts import Span
from codemods.analysis.inference import Inference
from codemods.analysis.json_texts import is_loads
from codemods.analysis.local_names import (
    attribute_of,
    bindings,
    is_load,
    only_assignment,
    readings,
)
from codemods.analysis.project import Module
from codemods.analysis.tree import Tree

_TOLD = "update_resource_stats"


def expected_stats(module: Module, tree: Tree) -> dict[Span, bool]:
    """The JSON text in what update_resource_stats() should be called with, according to a mock.

    True if it is certainly there for nothing else, and the code is what calls the mock.
    """
    if _TOLD.encode() not in module.source.text:
        return {}
    is_of_code = not any(_is_called(module, one) for one in module.attributes(_TOLD))
    found: dict[Span, bool] = {}
    for call in module.all(ast.Call):
        for argument in _arguments(call) if _is_assertion(module, call) else ():
            is_alone = is_of_code and _is_alone(module, argument)
            for key, text in _given(module, argument):
                if tree.field_type("ComputeNode", key).is_dict and _is_json(text):
                    place = module.source.span(text)
                    found[place] = found.get(place, True) and is_alone
    return found


def parsed_fields(module: Module, inference: Inference) -> dict[Span, bool]:
    """The calls that themselves parse the JSON of a row's field."""
    return {
        module.source.span(call): True
        for call in module.all(ast.Call)
        if is_loads(module.dotted_name(call.func))
        and any(value.kind == "json" for value in inference.values(call))
    }


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(word.value for word in call.keywords)]


def _is_called(module: Module, node: ast.Attribute) -> bool:
    """Whether a test may itself call the method, not only ask what it was called with."""
    parent, function = module.source.parent(node), module.function_around(node)
    if not is_load(node) or isinstance(parent, ast.Attribute):
        return False
    if function is None or not isinstance(parent, ast.Assign):
        return True
    names = [target.id for target in parent.targets if isinstance(target, ast.Name)]
    return len(names) < len(parent.targets) or any(
        attribute_of(use, module.source) is None
        for name in names
        for use in readings(function.node, name)
    )


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
        for statement in _assignments(module, argument):
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
                yield from _pairs(statement.value)
        yield from _stores(module, argument)
    elif isinstance(argument, ast.Dict):
        yield from _pairs(argument)


def _assignments(module: Module, name: ast.Name) -> list[ast.AST | None]:
    """What gives a name its values in the enclosing function."""
    function = module.function_around(name)
    root: ast.AST = function.node if function is not None else module.source.tree
    return [module.source.parent(node) for node in bindings(root, name.id)]


def _is_alone(module: Module, argument: ast.expr) -> bool:
    """Whether a dict is filled and expected in the function around it, and nothing else."""
    function = module.function_around(argument)
    if not isinstance(argument, ast.Name) or function is None:
        return isinstance(argument, ast.Dict)
    statement = only_assignment(function, argument.id)
    uses = readings(function.node, argument.id)
    return (
        statement is not None
        and len(statement.targets) == 1
        and all(_is_expected(module, use) for use in uses)
    )


def _is_expected(module: Module, use: ast.Name) -> bool:
    """Whether a name is an argument of such an assertion, or something is stored in its dict."""
    parent = module.source.parent(use)
    if isinstance(parent, ast.Subscript):
        return isinstance(parent.ctx, ast.Store)
    call = module.source.parent(parent) if isinstance(parent, ast.keyword) else parent
    return isinstance(call, ast.Call) and _is_assertion(module, call)


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
