# SPDX-License-Identifier: Apache-2.0
"""Walk a syntax tree; ast.walk and ast.iter_child_nodes take three times as long."""

import ast
import re
from collections.abc import Iterator

# types of fields that do not hold nodes, or only operators or contexts without a position
_WITHOUT_PLACE = frozenset(
    ("boolop", "cmpop", "constant", "expr_context", "identifier", "int", "operator", "string")
) | {"type_ignore", "unaryop"}

#: A field in the ASDL grammar, which is the docstring of each class.
_FIELD = re.compile(r"(\w+)([*?]?) (\w+)")

#: Classes whose lists may hold None: for the key of `**` in a dict, and for no default.
_WITH_GAPS = frozenset((ast.Dict, ast.arguments))


class _Fields(dict[type[ast.AST], tuple[tuple[str, bool], ...]]):
    """The fields of each class that hold nodes, and whether they hold lists, found on demand."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[tuple[str, bool], ...]:
        self[kind] = found = tuple(
            (name, many == "*")
            for what, many, name in _FIELD.findall(kind.__doc__ or "")
            if what not in _WITHOUT_PLACE
        )
        return found


_FIELDS = _Fields()


def children(node: ast.AST) -> list[ast.AST]:
    """The children of `node`, without operators and contexts."""
    found: list[ast.AST] = []
    for field, is_list in _FIELDS[node.__class__]:
        value = getattr(node, field, None)
        if value is None:
            continue
        if is_list:
            found += value
        else:
            found.append(value)
    if node.__class__ in _WITH_GAPS:
        return [one for one in found if one is not None]
    return found


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node of the tree, in no particular order, without operators and contexts."""
    waiting: list[ast.AST | None] = [tree]
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        yield node
        # like `children`, but without making a list for each of a million nodes
        for field, is_list in _FIELDS[node.__class__]:
            value = getattr(node, field, None)
            if is_list:
                waiting += value or ()
            else:
                waiting.append(value)
