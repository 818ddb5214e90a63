# SPDX-License-Identifier: Apache-2.0
"""What names and attributes are set to, as the files say it: inference need not know of them."""

import ast
from collections.abc import Iterable, Iterator

from codemods.analysis.local_names import bindings, uses
from codemods.analysis.project import Class, Function, Module, Project
from codemods.syntax.walk import walk

#: A value, and the file in which it stands.
Kept = tuple[ast.expr, Module]


def assigned(bound: Iterable[ast.AST], module: Module) -> list[ast.expr] | None:
    """The values that are assigned to a name; None where it gets one in any other way."""
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
    """The class whose method holds a node, with the method; None where none does."""
    function = module.function_around(node)
    while function is not None and function.owner is None:
        function = function.outer
    return (function.owner, function) if function is not None and function.owner else None


def class_of_self(node: ast.expr, module: Module) -> Class | None:
    """The class of whose method's `self` it is an attribute; None if it is nothing of the kind."""
    around = class_around(node, module)
    if around is None or not isinstance(node, ast.Attribute):
        return None
    owner, method = around
    value = node.value
    if not isinstance(value, ast.Name) or value.id != method.receiver:
        return None
    # a function within the method may have a `self` of its own
    is_only = len(bindings(method.node, value.id)) == 1 and value in uses(method.node, value.id)
    return owner if is_only else None


def kept_in(node: ast.Attribute, module: Module, project: Project) -> Iterator[Kept]:
    """What the class of a method's object, or a base of it, puts in `self.attr` or returns of it.

    Nothing where the attribute is one of anything else.
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
