# SPDX-License-Identifier: Apache-2.0
"""The children of a node, and a visit that copies only what changes.

libcst's own visit makes a new node for every one that it passes, including white space
and commas, and finds children in the same way. The rewrite needs a tenth of that.
"""

from collections.abc import Mapping
from typing import Any

import libcst as cst

#: Nodes that hold no expression.
PUNCTUATION = (
    cst.AssignEqual,
    cst.BaseAugOp,
    cst.BaseBinaryOp,
    cst.BaseBooleanOp,
    cst.BaseCompOp,
    cst.BaseParenthesizableWhitespace,
    cst.BaseUnaryOp,
    cst.BitOr,
    cst.Colon,
    cst.Comma,
    cst.Comment,
    cst.Dot,
    cst.EmptyLine,
    cst.ImportStar,
    cst.LeftCurlyBrace,
    cst.LeftParen,
    cst.LeftSquareBracket,
    cst.Newline,
    cst.RightCurlyBrace,
    cst.RightParen,
    cst.RightSquareBracket,
    cst.Semicolon,
    cst.TrailingWhitespace,
)


#: Nodes that visit some of their fields only if there is something in them.
_CONDITIONAL = ("FormattedStringExpression", "TemplatedStringExpression", "TypeParam")


class _Fields(dict[type[cst.CSTNode], tuple[str, ...]]):
    """The fields that may hold nodes, by class of node, in the order of the source."""

    def of(self, node: cst.CSTNode) -> tuple[str, ...]:
        """The fields of the node's class; the first time, a visit finds them."""
        found = self.get(node.__class__)
        if found is None:
            visitor = _Noting()
            node._visit_and_replace_children(visitor)
            found = tuple(dict.fromkeys(visitor.fields))
            if node.__class__.__name__ not in _CONDITIONAL:
                self[node.__class__] = found
        return found


class _Noting(cst.CSTTransformer):
    """Records the fields that it visits."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[str] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        return False

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        self.fields.append(attribute)


class _Putting(cst.CSTTransformer):
    """Replaces nodes, in the way that libcst has for each place."""

    def __init__(self, new: Mapping[cst.CSTNode, Any]) -> None:
        super().__init__()
        self._new = new

    def on_visit(self, node: cst.CSTNode) -> bool:
        return False

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        return self._new.get(original_node, updated_node)


class Kinds(dict[type, bool]):
    """Whether a class is one of some kinds, `but` for others; `isinstance` is slow with libcst."""

    def __init__(self, *kinds: type, but: tuple[type, ...] = ()) -> None:
        super().__init__()
        self._kinds = kinds
        self._but = but

    def __missing__(self, kind: type) -> bool:
        self[kind] = found = issubclass(kind, self._kinds) and not issubclass(kind, self._but)
        return found


_FIELDS = _Fields()
_IS_NODE = Kinds(cst.CSTNode)
_HOLDS_EXPRESSIONS = Kinds(cst.CSTNode, but=PUNCTUATION)


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The children of a node, in the order of the source."""
    found: list[cst.CSTNode] = []
    for field in _FIELDS.of(node):
        value = getattr(node, field)
        if isinstance(value, list | tuple):
            found += value
        elif _IS_NODE[value.__class__]:
            found.append(value)
    return found


class Visitor(cst.CSTTransformer):
    """A visitor that may adapt a node that is put in the place of another."""

    def put(self, parent: cst.CSTNode, field: str, new: Any) -> Any:
        """Return what to put into a field of `parent` for `new`."""
        return new

    def put_beside_word(self, new: Any) -> Any:
        """Return what to put there if libcst refuses `new` because a word is right next to it."""
        return new


def visited(node: Any, visitor: Visitor) -> Any:
    """What the visitor makes of a node and those below it; unchanged nodes stay the same.

    It does not visit white space, brackets, operators and the like.
    """
    updated = node
    if visitor.on_visit(node):
        new = {}
        for field in _FIELDS.of(node):
            value = getattr(node, field)
            for child in value if isinstance(value, list | tuple) else (value,):
                if _HOLDS_EXPRESSIONS[child.__class__]:
                    became = visited(child, visitor)
                    if became is not child:
                        new[child] = visitor.put(node, field, became)
        if new:
            updated = _with_children(node, new, visitor)
    return visitor.on_leave(node, updated)


def _with_children(node: cst.CSTNode, new: Mapping[cst.CSTNode, Any], visitor: Visitor) -> Any:
    try:
        return node._visit_and_replace_children(_Putting(new))
    except cst.CSTValidationError:
        apart = {child: visitor.put_beside_word(became) for child, became in new.items()}
        return node._visit_and_replace_children(_Putting(apart))
