# SPDX-License-Identifier: Apache-2.0
"""The literal rows of a unit test that objects can replace."""

import ast
import keyword
from collections.abc import Callable, Iterable

from codemods.analysis.field_types import FieldType
from codemods.analysis.local_names import around, bindings, only_assignment, readings
from codemods.analysis.patches import is_mock_name
from codemods.analysis.project import Function
from codemods.analysis.tree import Tree
from codemods.mappings import relations

#: Builtins that take a dict apart, or make another one from it.
_READING = frozenset(
    ("dict", "enumerate", "filter", "iter", "list", "map", "next", "set", "sorted", "tuple", "zip")
)
#: The keywords of Mock() that do not set attributes.
_OF_MOCKS = frozenset(
    ("name", "parent", "return_value", "side_effect", "spec", "spec_set", "unsafe", "wraps")
)
_LOOKING = ("assertDict", "assertIn", "assertItems", "assertNotIn", "assertSub")
_MAKING = ("copy", "deepcopy", "dumps", "to_primitive")

#: Returns the literal row that a unit test module keeps in a module-level name, if any.
Constant = Callable[[str], ast.Dict | None]


def is_object(tree: Tree, name: str, literal: ast.Dict) -> bool:
    """Whether an object of the class `name` can be made from a literal row."""
    return tree.constructor_takes_fields and all(
        _is_legal(tree.field_type(name, key), value)
        for key, value in own_pairs(tree, name, literal)
    )


def is_mock(tree: Tree, name: str, literal: ast.Dict) -> bool:
    """Whether a Mock can have the columns of a literal row as attributes."""
    return _OF_MOCKS.isdisjoint(key for key, _ in own_pairs(tree, name, literal))


def own_pairs(tree: Tree, name: str, literal: ast.Dict) -> list[tuple[str, ast.expr]]:
    """The keys and values of a literal row, without the joined rows."""
    return [
        (key, value)
        for key, value in _pairs(literal)
        if (name, key) not in relations() and not tree.field_type(name, key).is_object
    ]


def _is_legal(field: FieldType, value: ast.expr) -> bool:
    if not field:
        return False
    if isinstance(value, ast.Constant) and field.is_integer:
        return isinstance(value.value, int)
    return True


def has_words(literal: ast.Dict) -> bool:
    """Whether every key of a dict is a literal that could be a keyword argument."""
    return len(_pairs(literal)) == len(literal.keys)


def _pairs(literal: ast.Dict) -> list[tuple[str, ast.expr]]:
    """The keys that could be keyword arguments, with their values."""
    keys = [key.value if isinstance(key, ast.Constant) else None for key in literal.keys]
    return [
        (key, value)
        for key, value in zip(keys, literal.values, strict=True)
        if isinstance(key, str) and key.isidentifier() and not keyword.iskeyword(key)
    ]


def literal_rows(
    function: Function,
    values: Iterable[ast.expr],
    mock: str = "",
    constant: Constant = lambda name: None,
) -> list[ast.Dict] | None:
    """The literal rows among `values`, which the mock called `mock` returns.

    `constant` returns the literal row in a module-level name. None if there
    may be a row among them that is not such a literal, or one that the
    function does more with than pass it on.
    """
    found: list[ast.Dict] = []
    for value in values:
        rows = _rows(function, value, mock, constant)
        if rows is None:
            return None
        found += rows
    return found


def _rows(
    function: Function, value: ast.expr, mock: str, constant: Constant
) -> list[ast.Dict] | None:
    if isinstance(value, ast.Dict):
        return [value] if has_words(value) else None
    if isinstance(value, ast.List | ast.Tuple):
        return literal_rows(function, value.elts, mock, constant)
    if isinstance(value, ast.Name) and _is_fixture(function, value):
        return []
    if isinstance(value, ast.Name) and not any(
        bindings(one.node, value.id) for one in around(function)
    ):
        row = constant(value.id)
        return [row] if row is not None else None
    if isinstance(value, ast.Name):
        statement = only_assignment(function, value.id)
        found = _rows(function, statement.value, mock, constant) if statement else None
        # no literal rows: it may be used in any way
        return found if found == [] or is_handed_on(function, value.id, mock) else None
    if isinstance(value, ast.Constant) or _is_other(function, value):
        return []
    return None


def _is_other(function: Function, value: ast.expr) -> bool:
    """Whether a value already is a mock or an object."""
    if isinstance(value, ast.Subscript):
        return _is_fixture(function, value.value)
    node = value.func if isinstance(value, ast.Call) else value
    dotted = function.module.dotted_name(node)
    if dotted in ("copy.copy", "copy.deepcopy") and isinstance(value, ast.Call) and value.args:
        return _is_other(function, value.args[0]) or _is_fixture(function, value.args[0])
    return is_mock_name(dotted) or ".objects." in dotted


def _is_fixture(function: Function, node: ast.expr) -> bool:
    """Whether a module-level name holds an object or mock, or a container of them."""
    if not isinstance(node, ast.Name) or bindings(function.node, node.id):
        return False
    body = function.module.source.tree.body
    bound = [
        one
        for one in body
        if isinstance(one, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == node.id for target in one.targets)
    ]
    value = bound[0].value if len(bound) == 1 else None
    values: list[ast.expr] = [value] if isinstance(value, ast.Call) else []
    if isinstance(value, ast.List | ast.Tuple):
        values = value.elts
    elif isinstance(value, ast.Dict):
        values = value.values
    return bool(values) and all(
        isinstance(one, ast.Call) and _is_other(function, one) for one in values
    )


def is_handed_on(function: Function, name: str, mock: str = "") -> bool:
    """Whether the function only passes on a row, or a list of rows, as it is."""
    return all(_is_handed_on(function, use, mock) for use in readings(function.node, name))


def _is_handed_on(function: Function, node: ast.expr, mock: str) -> bool:
    parent = function.module.source.parent(node)
    if isinstance(parent, ast.keyword):
        parent = function.module.source.parent(parent)
    if isinstance(parent, ast.Call):
        return parent.func is not node and not _takes_apart(parent)
    if isinstance(parent, ast.Assign):
        return all(is_attribute(target, mock, "return_value") for target in parent.targets)
    if isinstance(parent, ast.List | ast.Tuple):
        return _is_handed_on(function, parent, mock)
    if isinstance(parent, ast.Subscript):
        return _is_number(parent.slice) and _is_handed_on(function, parent, mock)
    if isinstance(parent, ast.Compare):
        return not any(isinstance(op, ast.In | ast.NotIn) for op in parent.ops)
    return False


def is_attribute(node: ast.expr, owner: str, name: str) -> bool:
    """Whether a node is `owner.name`."""
    value = node.value if isinstance(node, ast.Attribute) and node.attr == name else None
    return isinstance(value, ast.Name) and value.id == owner


def _takes_apart(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in _READING or call.func.id.endswith(_MAKING)
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return name.endswith(_MAKING) or name.startswith(_LOOKING)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)
