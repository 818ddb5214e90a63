# SPDX-License-Identifier: Apache-2.0
"""What names and attributes are set to according to the source alone, without inference."""

import ast
from collections.abc import Iterable, Iterator

from codemods.analysis.local_names import bindings, uses
from codemods.analysis.project import Class, Function, Module, Project
from codemods.syntax.walk import walk

#: A value, and the file that it is in.
Kept = tuple[ast.expr, Module]


def assigned(bound: Iterable[ast.AST], module: Module) -> list[ast.expr] | None:
    """The values that are assigned to a name; None if it gets one in any other way."""
    values = []
    for one in bound:
        parent = module.source.parent(one)
        if isinstance(one, ast.Global):
            continue
        if not isinstance(parent, ast.Assign) or one not in parent.targets:
            return None
        values.append(parent.value)
    return values or None


def class_around(node: ast.AST, module: Module) -> tuple[Class, Function] | None:
    """The class whose method contains a node, with the method; None if none does."""
    function = module.function_around(node)
    while function is not None and function.owner is None:
        function = function.outer
    return (function.owner, function) if function is not None and function.owner else None


def class_of_self(node: ast.expr, module: Module) -> Class | None:
    """The class whose `self` has the attribute; None if it is not an attribute of `self`."""
    around = class_around(node, module)
    if around is None or not isinstance(node, ast.Attribute):
        return None
    owner, method = around
    value = node.value
    if not isinstance(value, ast.Name) or value.id != method.receiver:
        return None
    # a nested function may have a `self` of its own
    is_only = len(bindings(method.node, value.id)) == 1 and value in uses(method.node, value.id)
    return owner if is_only else None


def kept_in(node: ast.Attribute, module: Module, project: Project) -> Iterator[Kept]:
    """What the class of `self`, or a base, assigns to `self.attr`, or returns from `attr()`.

    Nothing if the attribute is not one of `self`.
    """
    owner = class_of_self(node, module)
    if owner is None:
        return
    for one in project.ancestry(owner):
        for value in one.kept.get(node.attr, ()):
            yield value, one.module
        made = one.methods.get(node.attr)
        for value in returned(made) if made is not None else ():
            yield value, one.module


def returned(function: Function) -> Iterator[ast.expr]:
    """The values that a function returns."""
    for node in walk(function.node):
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value
