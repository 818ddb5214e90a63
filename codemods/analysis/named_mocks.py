# SPDX-License-Identifier: Apache-2.0
"""The mocks that `mock.patch` makes in a unit test, and the names that they have there."""

import ast
import dataclasses

from codemods.analysis.project import Module


@dataclasses.dataclass(frozen=True)
class Mock:
    """A mock that has a name within `scope`."""

    name: str
    scope: ast.AST


def is_patch(module: Module, node: ast.AST) -> bool:
    """Whether a node is a call of mock.patch() that creates a mock."""
    if not isinstance(node, ast.Call):
        return False
    places = {"mock.patch": 1, "mock.patch.object": 2}.get(module.dotted_name(node.func))
    return (
        places is not None
        and len(node.args) == places
        and not any(word.arg in (None, "new", "new_callable") for word in node.keywords)
    )


def mock_of(module: Module, patch: ast.Call) -> Mock | None:
    """The mock that a patch makes; None if its name is not known."""
    parent = module.source.parent(patch)
    if isinstance(parent, ast.FunctionDef) and patch in parent.decorator_list:
        return _parameter(module, parent, patch)
    if isinstance(parent, ast.withitem):
        return _named(module, parent, parent.optional_vars)
    if isinstance(parent, ast.Call) and patch in parent.args:
        item = module.source.parent(parent)
        targets = item.optional_vars if isinstance(item, ast.withitem) else None
        if isinstance(targets, ast.Tuple) and len(targets.elts) == len(parent.args):
            return _named(module, item, targets.elts[parent.args.index(patch)])
    if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
        return _started(module, parent.targets[0])
    return None


def name_of_mock(module: Module, patch: ast.Call) -> str | None:
    """The name of the mock that a patch makes, in a `with` or when it is started, say.

    "" if nothing can reach the mock; None if that is not certain.
    """
    mock = mock_of(module, patch)
    if mock is not None:
        return mock.name
    around = module.source.parent(patch)
    if isinstance(around, ast.Call) and patch in around.args:
        around = module.source.parent(around)
    if isinstance(around, ast.withitem):
        return "" if around.optional_vars is None else None
    started = module.source.parent(around)
    if not isinstance(around, ast.Attribute) or around.attr != "start":
        return None
    statement = module.source.parent(started)
    if isinstance(statement, ast.Expr):
        return ""
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else None


def _parameter(module: Module, function: ast.FunctionDef, patch: ast.Call) -> Mock | None:
    """The parameter for a decorator's mock; mocks are passed bottom decorator first."""
    patches = [one for one in function.decorator_list if is_patch(module, one)]
    found = module.function_of.get(function)
    if patch not in patches or found is None:
        return None
    number = patches[::-1].index(patch)
    names = found.parameters
    return Mock(names[number], function) if number < len(names) else None


def _named(module: Module, item: ast.AST, target: ast.expr | None) -> Mock | None:
    return Mock(target.id, module.source.parent(item)) if isinstance(target, ast.Name) else None


def _started(module: Module, patcher: ast.Name) -> Mock | None:
    """`name = patcher.start()` in the same function."""
    function = module.function_around(patcher)
    for node in ast.walk(function.node) if function is not None else ():
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        func, target = node.value.func, node.targets[0]
        is_start = isinstance(func, ast.Attribute) and func.attr == "start"
        if is_start and isinstance(target, ast.Name) and function is not None:
            owner = func.value if isinstance(func, ast.Attribute) else None
            if isinstance(owner, ast.Name) and owner.id == patcher.id:
                return Mock(target.id, function.node)
    return None
