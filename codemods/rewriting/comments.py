# SPDX-License-Identifier: Apache-2.0
"""Keep the comments of what is rewritten: none is lost unless its statement goes."""

import dataclasses
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import libcst as cst

from codemods.rewriting.children import children

WIDTH = 79

#: How wide a note is at least, however deep it stands.
_NARROWEST = 20

Node = TypeVar("Node", bound=cst.CSTNode)


@dataclasses.dataclass(frozen=True, eq=False)
class Note(cst.EmptyLine):
    """A comment that a rule puts above a new statement, on one line until it is wrapped.

    Lines after the first are indented by `hanging` more columns.
    """

    hanging: int = 0


def noted(statement: cst.BaseStatement, text: str) -> cst.BaseStatement:
    """The statement under a comment that says `text`."""
    return under(statement, [Note(comment=cst.Comment(f"# {text}"))])


def wrapped(statement: cst.BaseStatement, indent: str) -> cst.BaseStatement:
    """The statement with the notes above it wrapped to 79 columns."""
    lines = getattr(statement, "leading_lines", ())
    if not any(isinstance(line, Note) for line in lines):
        return statement
    width = max(WIDTH - len(indent), _NARROWEST)
    return statement.with_changes(leading_lines=list(_wrapped(lines, width)))


def _wrapped(lines: Iterable[cst.EmptyLine], width: int) -> Iterator[cst.EmptyLine]:
    for line in lines:
        if isinstance(line, Note) and line.comment is not None:
            for one in textwrap.wrap(
                line.comment.value.removeprefix("# "),
                width,
                initial_indent="# ",
                subsequent_indent="# " + " " * line.hanging,
                break_long_words=False,
            ):
                yield cst.EmptyLine(comment=cst.Comment(one))
        else:
            yield line


def comments_in(*nodes: cst.CSTNode) -> list[cst.Comment]:
    """The comments inside nodes, in the order of the source."""
    found: list[cst.Comment] = []
    for node in nodes:
        if type(node) is cst.Comment:
            found.append(node)
        else:
            found += comments_in(*children(node))
    return found


def uncommented(node: Node) -> Node:
    """The node without the comments in it; line breaks stay, the statement gets the comments."""
    new = node.visit(_Uncommenter()) if comments_in(node) else node
    assert isinstance(new, type(node))
    return new


class _Uncommenter(cst.CSTTransformer):
    def leave_ParenthesizedWhitespace(
        self,
        original_node: cst.ParenthesizedWhitespace,
        updated_node: cst.ParenthesizedWhitespace,
    ) -> cst.ParenthesizedWhitespace:
        """Drop the comment at the end of a line and the lines of comments after it."""
        return updated_node.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=())


def lost_comments(
    before: Iterable[cst.CSTNode], after: Iterable[cst.CSTNode]
) -> list[cst.EmptyLine]:
    """The comments that are in `before` but not in `after`, each as a line."""
    kept = Counter(one.value for one in comments_in(*after))
    lost = []
    for one in comments_in(*before):
        if kept[one.value]:
            kept[one.value] -= 1
        else:
            lost.append(cst.EmptyLine(comment=one))
    return lost


def under(
    statement: cst.BaseStatement, lines: Sequence[cst.EmptyLine], above: bool = False
) -> cst.BaseStatement:
    """The statement with `lines` right above it, or `above` the lines that are there already."""
    if not lines:
        return statement
    own = getattr(statement, "leading_lines", ())
    both = [*lines, *own] if above else [*own, *lines]
    return statement.with_changes(leading_lines=both)
