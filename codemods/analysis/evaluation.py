# SPDX-License-Identifier: Apache-2.0
"""In which order expressions may be evaluated, and which have to be evaluated early.

One call becomes several statements, so its arguments are evaluated in another
order. If that could make a difference, an expression is evaluated first, into a
local name.
"""

import ast
import enum
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from codemods.analysis.project import Function, Module
from codemods.syntax.walk import walk

Name = TypeVar("Name")

#: Calls that change nothing and return the same if they are made a moment later.
_HARMLESS = frozenset(
    ("elevated", "get_admin_context", "get", "deepcopy", "dumps", "loads", "utcnow", "strtime")
)
_BUILTINS = frozenset(
    ("bool", "dict", "float", "int", "isinstance", "len", "list", "max", "min", "set", "sorted")
) | {"str", "sum", "tuple", "unicode"}
_DISPLAYS = (ast.Tuple, ast.List, ast.Dict)


class Kind(enum.IntEnum):
    """How far an expression depends on what is evaluated before or after it."""

    #: It is the same whenever it is evaluated.
    FIXED = 0
    #: It reads what may change, and changes nothing itself.
    READING = 1
    #: It calls what may read or change anything.
    CALLING = 2


def kind_of(node: ast.expr, function: Function | None) -> Kind:
    """The kind of an expression in a function, or at module level if that is None."""
    found = Kind.FIXED
    for one in walk(node):
        if isinstance(one, ast.Call) and not _is_harmless(one):
            return Kind.CALLING
        if isinstance(one, ast.Yield | ast.YieldFrom | ast.Await):
            return Kind.CALLING
        if not _is_fixed(one, function):
            found = Kind.READING
    return found


def _is_fixed(node: ast.AST, function: Function | None) -> bool:
    if isinstance(node, ast.Name):
        local = function is not None and node.id in function.local_names
        return local or node.id in ("None", "True", "False")
    return isinstance(node, (ast.Constant, *_DISPLAYS))


def _is_harmless(node: ast.Call) -> bool:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr in _HARMLESS
    return isinstance(node.func, ast.Name) and node.func.id in _HARMLESS | _BUILTINS


def may_swap(one: Kind, other: Kind) -> bool:
    """Whether two expressions of these kinds may be evaluated in either order."""
    return Kind.FIXED in (one, other) or Kind.CALLING not in (one, other)


def early(
    before: Sequence[Name],
    after: Sequence[Name],
    kinds: Callable[[Name], Kind],
    needed: Iterable[Name] = (),
) -> list[Name]:
    """What has to be evaluated first, in its old order.

    `before` is the old order and `after` the new one; `needed` has to come
    first in any case.
    """
    found = set(needed)
    while True:
        order = [*(one for one in before if one in found), *(x for x in after if x not in found)]
        wrong = _first_wrong(before, order, kinds, found)
        if wrong is None:
            return [one for one in before if one in found]
        found.add(wrong)


def _first_wrong(
    before: Sequence[Name], order: Sequence[Name], kinds: Callable[[Name], Kind], found: set[Name]
) -> Name | None:
    """The first expression that now comes after one that it must not come after."""
    for number, one in enumerate(before):
        for other in before[number + 1 :]:
            if order.index(other) < order.index(one) and not may_swap(kinds(one), kinds(other)):
                return one
    return None


def is_same_later(module: Module, node: ast.expr, start: int, end: int) -> bool:
    """Whether an expression has the same value after the code between two offsets.

    False if it contains a call, an attribute or a subscript.
    """
    below = list(walk(node))
    if any(isinstance(one, ast.Call | ast.Attribute | ast.Subscript) for one in below):
        return False
    names = {one.id for one in below if isinstance(one, ast.Name)}
    return not any(
        isinstance(one, ast.Name)
        and not isinstance(one.ctx, ast.Load)
        and one.id in names
        and start <= module.source.start(one) < end
        for one in module.all(ast.Name)
    )
