# SPDX-License-Identifier: Apache-2.0
"""Fold a node into one line, as far as its strings allow."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import libcst as cst

from codemods.rewriting.lines.regions import Gap, Item

Node = TypeVar("Node", bound=cst.CSTNode)

#: White space that disappears with its line break, at the edge of a node.
_EDGES: Mapping[type[cst.CSTNode], tuple[str, ...]] = {
    cst.LeftParen: ("whitespace_after",),
    cst.RightParen: ("whitespace_before",),
    cst.LeftSquareBracket: ("whitespace_after",),
    cst.RightSquareBracket: ("whitespace_before",),
    cst.LeftCurlyBrace: ("whitespace_after",),
    cst.RightCurlyBrace: ("whitespace_before",),
    cst.Call: ("whitespace_after_func", "whitespace_before_args"),
    cst.Arg: ("whitespace_after_star", "whitespace_after_arg"),
    cst.Subscript: ("whitespace_after_value",),
    cst.Comma: ("whitespace_before",),
    cst.Dot: ("whitespace_before", "whitespace_after"),
    cst.AssignEqual: ("whitespace_before", "whitespace_after"),
}
_LEAVES = (cst.Name, cst.SimpleString, cst.BaseNumber)
_ITEMS: Mapping[type[cst.CSTNode], str] = {
    cst.Call: "args",
    cst.List: "elements",
    cst.Tuple: "elements",
    cst.Set: "elements",
    cst.Dict: "elements",
    cst.Subscript: "slice",
}


@dataclasses.dataclass(frozen=True)
class Folded(Generic[Node]):
    """A node on one line, with the gaps between strings that were on separate lines."""

    node: Node
    split: frozenset[Gap]


def folded(node: Node) -> Folded[Node] | None:
    """`node` without line breaks between its tokens; None if there is a comment between them.

    Every comma between two items is explicit, and every gap is a separate node.
    """
    folder = _Folder()
    try:
        visited = node.visit(folder)
    except _Commented:
        return None
    assert isinstance(visited, cst.CSTNode)
    new = _spaced(visited)
    assert isinstance(new, type(node))
    return Folded(new, frozenset(folder.split))


def is_leaf(node: cst.CSTNode) -> bool:
    """Whether an expression is a single token, with nothing in it to change."""
    return isinstance(node, _LEAVES) and not node.lpar


def _spaced(call: cst.CSTNode) -> cst.CSTNode:
    """A call with the spacing of a newly written one: `f(a, b)`."""
    if not isinstance(call, cst.Call) or not call.args:
        return call
    args = [
        arg.with_changes(
            comma=cst.MaybeSentinel.DEFAULT
            if arg is call.args[-1]
            else cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")),
            whitespace_after_arg=cst.SimpleWhitespace(""),
        )
        for arg in call.args
    ]
    return call.with_changes(args=args, whitespace_before_args=cst.SimpleWhitespace(""))


class _Commented(Exception):
    """There is a comment where a line would be folded."""


class _Folder(cst.CSTTransformer):
    def __init__(self) -> None:
        super().__init__()
        self.split: set[Gap] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        return not isinstance(node, Gap) and not is_leaf(node)

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        if isinstance(original, Gap):
            return _space(original)
        if isinstance(original, cst.ConcatenatedString):
            assert isinstance(updated, cst.ConcatenatedString)
            if _is_break(original.whitespace_between):
                self.split.add(updated.whitespace_between)
        kind, changes = type(original), dict[str, Any]()
        for name in _EDGES.get(kind, ()):
            if _is_break(getattr(original, name)):
                changes[name] = cst.SimpleWhitespace("")
        name = _ITEMS.get(kind, "")
        if name and getattr(original, name):
            last = getattr(original, name)[-1]
            drops = _is_break(_before_closing(original, last)) and isinstance(last.comma, cst.Comma)
            changes[name] = _with_commas(getattr(updated, name), drops)
        return updated.with_changes(**changes) if changes else updated


def _space(gap: Gap) -> cst.SimpleWhitespace:
    if isinstance(gap, cst.ParenthesizedWhitespace):
        if gap.first_line.comment or any(line.comment for line in gap.empty_lines):
            raise _Commented
        return cst.SimpleWhitespace(" ")
    assert isinstance(gap, cst.SimpleWhitespace)
    return cst.SimpleWhitespace(" ") if _is_break(gap) else gap.with_changes()


def _is_break(gap: object) -> bool:
    if isinstance(gap, cst.SimpleWhitespace):
        return "\\" in gap.value
    return isinstance(gap, cst.ParenthesizedWhitespace)


def _before_closing(node: cst.CSTNode, last: Item) -> object:
    """The white space before the bracket that closes `node`, whose last item is `last`."""
    comma = last.comma
    if isinstance(node, cst.Tuple) and not node.rpar:
        return None
    if isinstance(comma, cst.Comma) and _is_break(comma.whitespace_after):
        return comma.whitespace_after
    if isinstance(last, cst.Arg):
        return last.whitespace_after_arg
    if isinstance(node, cst.Tuple):
        return node.rpar[0].whitespace_before
    closing = getattr(node, "rbracket", None) or getattr(node, "rbrace", None)
    return getattr(closing, "whitespace_before", None)


def _with_commas(items: Sequence[Item], drops_last: bool) -> list[Item]:
    made = []
    for item in items:
        comma = item.comma
        if item is items[-1]:
            if drops_last and (len(items) > 1 or not isinstance(item, cst.SubscriptElement)):
                item = item.with_changes(comma=cst.MaybeSentinel.DEFAULT)
        elif not isinstance(comma, cst.Comma):
            space = cst.SimpleWhitespace(" ")
            item = item.with_changes(comma=cst.Comma(whitespace_after=space))
        made.append(item)
    return made
