# SPDX-License-Identifier: Apache-2.0
"""The nodes below a node, and a visit of them that copies nothing but what changes.

libcst's own visit makes every node anew that it comes by, white space and
commas too, and asks for the children in the same way. Of that the rewrite
needs a tenth.
"""

from collections.abc import Mapping
from typing import Any

import libcst as cst

#: What holds no expression.
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


#: What visits some of its fields only where there is something in them.
_CONDITIONAL = ("FormattedStringExpression", "TemplatedStringExpression", "TypeParam")


class _Fields(dict[type[cst.CSTNode], tuple[str, ...]]):
    """The fields of a class of nodes that may hold nodes, in the order of the source."""

    def of(self, node: cst.CSTNode) -> tuple[str, ...]:
        """Those of the node's class, found out by a visit when they are first asked for."""
        found = self.get(node.__class__)
        if found is None:
            visitor = _Noting()
            node._visit_and_replace_children(visitor)
            found = tuple(dict.fromkeys(visitor.fields))
            if node.__class__.__name__ not in _CONDITIONAL:
                self[node.__class__] = found
        return found


class _Noting(cst.CSTTransformer):
    """Notes which fields it is sent through."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[str] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        return False

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        self.fields.append(attribute)


class _Putting(cst.CSTTransformer):
    """Puts other nodes in the place of some, as libcst sees fit for each place."""

    def __init__(self, new: Mapping[cst.CSTNode, Any]) -> None:
        super().__init__()
        self._new = new

    def on_visit(self, node: cst.CSTNode) -> bool:
        return False

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        return self._new.get(original_node, updated_node)


class Kinds(dict[type, bool]):
    """Whether what has a class is a node of some kinds; libcst's own classes are slow to be asked.

    It is none of those that are left out.
    """

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
    """The nodes right below, in the order of the source."""
    found: list[cst.CSTNode] = []
    for field in _FIELDS.of(node):
        value = getattr(node, field)
        if isinstance(value, list | tuple):
            found += value
        elif _IS_NODE[value.__class__]:
            found.append(value)
    return found


class Visitor(cst.CSTTransformer):
    """A visitor that has a say in how a node comes into the place of another."""

    def put(self, parent: cst.CSTNode, field: str, new: Any) -> Any:
        """What comes into a field of `parent`, as it is, where `new` was made for it."""
        return new

    def put_beside_word(self, new: Any) -> Any:
        """The same where libcst refuses it, since a word stands right beside it."""
        return new


def visited(node: Any, visitor: Visitor) -> Any:
    """What the visitor makes of a node and those below; what it leaves stays the same node.

    It is not shown white space, brackets, operators and the like.
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
