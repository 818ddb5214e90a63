# SPDX-License-Identifier: Apache-2.0
"""Tell which expressions are dicts or read their keys, from the enclosing function alone."""

import ast
from typing import TypeGuard

from codemods.analysis.builtin_names import is_builtin
from codemods.analysis.project import Module


def is_dict(module: Module, node: ast.expr) -> bool:
    """Whether a value is, or may be, a dict made in the expression or bound to its name."""
    if isinstance(node, ast.Name):
        return any(is_dict(module, value) for value in bound_values(module, node))
    return _is_made(module, node)


def bound_values(module: Module, name: ast.Name) -> list[ast.expr]:
    """The values that the enclosing function assigns to a name."""
    around = module.function_around(name)
    root: ast.AST = around.node if around is not None else module.source.tree
    return [
        node.value
        for node in ast.walk(root)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id == name.id
    ]


def _is_made(module: Module, node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_made(module, node.body) or _is_made(module, node.orelse)
    if isinstance(node, ast.BoolOp):
        return any(_is_made(module, value) for value in node.values)
    return isinstance(node, ast.Dict | ast.DictComp) or is_made_dict(node, module)


def is_made_dict(node: ast.AST, module: Module) -> TypeGuard[ast.Call]:
    """Whether this is a call of the builtin `dict`."""
    func = node.func if isinstance(node, ast.Call) else None
    return isinstance(func, ast.Name) and func.id == "dict" and is_builtin(module, func)


def literal_keys(node: ast.Dict) -> list[str] | None:
    """The keys of a literal dict; None if one of them is not a valid name for an attribute."""
    keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
    words = [key for key in keys if isinstance(key, str) and key.isidentifier()]
    return words if len(words) == len(keys) else None


def field_read(module: Module, node: ast.expr) -> tuple[ast.expr, str] | None:
    """The row and the literal key of `row['key']`, `row.get('key')`, or a name for such a read."""
    if isinstance(node, ast.Name):
        values = bound_values(module, node)
        node = values[0] if len(values) == 1 else node
    if isinstance(node, ast.Subscript):
        return _read(node.value, node.slice)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        return _read(node.func.value, node.args[0]) if node.func.attr == "get" else None
    return None


def _read(row: ast.expr, key: ast.expr) -> tuple[ast.expr, str] | None:
    return (row, str(key.value)) if isinstance(key, ast.Constant) else None
