# SPDX-License-Identifier: Apache-2.0
"""What the patches of a unit test replace, and which parameter gets the mock of each."""

import ast
import dataclasses
from collections.abc import Mapping

from codemods.analysis.project import Function, Module

#: How `mock` is imported.
_MOCK = ("mock", "unittest.mock")


@dataclasses.dataclass(frozen=True, eq=False)
class MockPatch:
    """A call of mock.patch() or mock.patch.object().

    It replaces the attribute `name` of the object with the dotted name `owner`;
    either is "" if it is not known. `target` is the first argument. Unless
    `is_given`, the patch makes a mock and passes it to the function that it
    decorates. `keywords` are the named arguments.
    """

    owner: str
    name: str
    target: ast.expr
    is_given: bool
    keywords: Mapping[str, ast.expr]


def patch_of(node: ast.expr, module: Module) -> MockPatch | None:
    """The patch that an expression makes; None if it makes none, or another kind of patch."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    function = module.dotted_name(node.func)
    keywords = {word.arg or "**": word.value for word in node.keywords}
    target, *others = node.args
    if is_mock_name(function, "patch"):
        owner, _, name = _text(target).rpartition(".")
    elif is_mock_name(function, "patch.object") and others:
        owner, name = module.dotted_name(target), _text(others.pop(0))
    else:
        return None
    return MockPatch(owner, name, target, bool(others) or "new" in keywords, keywords)


def is_mock_name(dotted: str, name: str = "") -> bool:
    """Whether a dotted name is one of the mock library's: `name`, or any if that is empty."""
    if name:
        return any(dotted == f"{library}.{name}" for library in _MOCK)
    return dotted.startswith(tuple(f"{library}." for library in _MOCK))


def _text(node: ast.expr) -> str:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if isinstance(node, ast.Constant) and is_text else ""


def parameters_of_mocks(function: Function) -> dict[ast.expr, str]:
    """The patches that decorate a function, each with the parameter that gets its mock.

    The bottom decorator comes first. Empty if the function has parameters other
    than these, because then it is not clear which is which.
    """
    decorators = getattr(function.node, "decorator_list", [])
    patches = [(node, patch_of(node, function.module)) for node in reversed(decorators)]
    mocks = [node for node, patch in patches if patch is not None and not patch.is_given]
    args = function.node.args
    names = [arg.arg for arg in (*args.posonlyargs, *args.args)]
    names = names[1:] if function.receiver else names
    return dict(zip(mocks, names, strict=True)) if len(names) == len(mocks) else {}
