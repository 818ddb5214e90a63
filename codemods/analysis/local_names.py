# SPDX-License-Identifier: Apache-2.0
"""What binds and what reads a name in a function."""

import ast
from collections.abc import Iterable, Iterator

from codemods.analysis.project import Function
from codemods.syntax.source import Source
from codemods.syntax.walk import children, walk

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def uses(root: ast.AST, name: str) -> list[ast.Name]:
    """The places where a name is read, bound or deleted, in source order."""
    found = [n for n in _scope(root, name) if isinstance(n, ast.Name) and n.id == name]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def readings(root: ast.AST, name: str) -> list[ast.Name]:
    """The places where a name is read, in source order."""
    return [node for node in uses(root, name) if is_load(node)]


def is_load(node: ast.Name | ast.Attribute) -> bool:
    """Whether a name or an attribute is read here, not set or deleted."""
    return isinstance(node.ctx, ast.Load)


def bindings(root: ast.AST, name: str) -> list[ast.AST]:
    """The nodes below `root` that bind a name: assignments, definitions and imports."""
    return [node for node in _scope(root, name) if node is not root and name in _bound_by(node)]


def _scope(root: ast.AST, name: str) -> Iterator[ast.AST]:
    """The nodes of `root`, except the bodies of nested functions with a local of that name."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if node is root or not isinstance(node, _FUNCTION) or not has_own(node, name):
            waiting += children(node)
        else:
            waiting += getattr(node, "decorator_list", [])
            waiting += [one for one in (*node.args.defaults, *node.args.kw_defaults) if one]


def has_own(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, name: str) -> bool:
    """Whether a name is local to a function, like a list comprehension's variable in Python 2."""
    return name in own_names(function)


def own_names(
    scope: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | ast.Module,
) -> set[str]:
    """The names that a function, a class or a module binds in its own scope."""
    waiting: list[ast.AST] = []
    found: set[str] = set()
    declared: set[str] = set()
    if not isinstance(scope, ast.Lambda):
        waiting += scope.body
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Global | ast.Nonlocal):
            declared.update(node.names)
        else:
            found.update(_bound_by(node))
        if not isinstance(node, (*_FUNCTION, ast.ClassDef)):
            waiting += children(node)
    found -= declared
    if isinstance(scope, _FUNCTION):
        found |= {one.arg for one in walk(scope.args) if isinstance(one, ast.arg)}
    return found


def _bound_by(node: ast.AST) -> Iterable[str]:
    """The names that a node itself binds in the scope around it."""
    if isinstance(node, ast.Name):
        return () if is_load(node) else (node.id,)
    if isinstance(node, ast.arg):
        return (node.arg,)
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler):
        return (node.name,) if node.name else ()
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    return node.names if isinstance(node, ast.Global | ast.Nonlocal) else ()


def only_assignment(function: Function, name: str) -> ast.Assign | None:
    """The only assignment to a name in a function; None if anything else may bind it."""
    found = bindings(function.node, name)
    parent = function.module.source.parent(found[0]) if len(found) == 1 else None
    return parent if isinstance(parent, ast.Assign) and found[0] in parent.targets else None


def only_value(function: Function, value: ast.expr) -> ast.expr:
    """The expression that a local name certainly stands for; otherwise `value` itself."""
    if isinstance(value, ast.Name):
        bound = only_assignment(function, value.id)
        return bound.value if bound is not None else value
    return value


def around(function: Function | None) -> Iterator[Function]:
    """A function and the functions around it, from the inside out."""
    while function is not None:
        yield function
        function = function.outer


def names_in(function: Function) -> set[str]:
    """Every name that occurs in a function or in those around it."""
    *_, outermost = around(function)
    nodes = list(walk(outermost.node))
    found = {node.id for node in nodes if isinstance(node, ast.Name)}
    found |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return found | {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def attribute_of(use: ast.Name, source: Source) -> ast.Attribute | None:
    """The node `name.attribute`, if that is how the name is used."""
    parent = source.parent(use)
    return parent if isinstance(parent, ast.Attribute) and parent.value is use else None
