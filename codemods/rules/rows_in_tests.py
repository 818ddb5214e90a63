"""Literal rows in unit tests, and the objects that take their place; shared by rules of tests."""

import ast

from codemods.mappings import relations
from codemods.rules.base import FileContext


def bound_literal(context: FileContext, node: ast.FunctionDef, value: ast.expr) -> ast.expr:
    """The expression that a name of the function is bound to, if it is bound once."""
    if not isinstance(value, ast.Name):
        return value
    bound = [
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Assign)
        and isinstance(one.targets[0], ast.Name)
        and one.targets[0].id == value.id
    ]
    return bound[0] if len(bound) == 1 else value


def own_pairs(name: str, literal: ast.Dict) -> list[tuple[str, ast.expr]]:
    """The keys and values of a literal row, without the rows that are joined with it."""
    return [
        (str(key.value), value)
        for key, value in zip(literal.keys, literal.values, strict=True)
        if isinstance(key, ast.Constant) and (name, key.value) not in relations()
    ]


def object_for(context: FileContext, name: str, literal: ast.Dict) -> tuple[str, str]:
    """The object that takes a dict's place, and the import that it needs."""
    spelled, line = context.tree.spelling(name)
    pairs = [
        (key, value)
        for key, value in own_pairs(name, literal)
        if "ObjectField" not in context.tree.field_kind(name, key)
    ]
    legal = context.tree.constructor_takes_fields and all(
        _is_legal(context.tree.field_kind(name, key), value) for key, value in pairs
    )
    words = ", ".join(f"{key}={context.text(value)}" for key, value in pairs)
    if legal:
        return f"{spelled}({words})", line
    return f"mock.Mock({words})", "import mock"


def _is_legal(kind: str, value: ast.expr) -> bool:
    if not kind:
        return False
    if isinstance(value, ast.Constant) and ("Integer" in kind):
        return isinstance(value.value, int)
    return True
