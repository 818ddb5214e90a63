# SPDX-License-Identifier: Apache-2.0
"""Replace a simple statement with whole statements.

A simple statement may share its line with others or follow `if x:`. A rule returns
`Statements`; the line that holds them is split here.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import TypeVar

import libcst as cst

from codemods.rewriting.comments import lost_comments, under

Line = cst.SimpleStatementLine | cst.BaseCompoundStatement

Small = TypeVar("Small", cst.SimpleStatementLine, cst.SimpleStatementSuite)
First = TypeVar("First", bound=cst.SimpleStatementLine)
Second = TypeVar("Second", bound=cst.BaseCompoundStatement)


@dataclasses.dataclass(frozen=True, eq=False)
class Statements(cst.BaseSmallStatement):
    """Statements that replace a simple one; the node exists only while its line is visited.

    `original` is the simple one; its comments stay with its successors.
    `takes_comments` says that the comment above is removed with a statement that nothing
    replaces.
    """

    lines: Sequence[cst.BaseStatement] = ()
    original: cst.BaseSmallStatement | None = None
    takes_comments: bool = False
    semicolon: cst.Semicolon | cst.MaybeSentinel = cst.MaybeSentinel.DEFAULT

    @property
    def commented(self) -> list[cst.BaseStatement]:
        """The statements, the first one below the comments that they would lose."""
        lines = list(self.lines)
        if lines and self.original is not None:
            lines[0] = under(lines[0], lost_comments([self.original], lines))
        return lines

    def _visit_and_replace_children(self, visitor: cst.CSTVisitorT) -> "Statements":
        return self

    def _codegen_impl(self, state: object, default_semicolon: bool = False) -> None:
        raise TypeError("statements were left inside a line")


def lines_of(line: Small) -> list[cst.BaseStatement] | None:
    """The statements of a line, each on its own, if some became whole ones; else None."""
    return apart(line) if any(isinstance(one, Statements) for one in line.body) else None


def apart(line: Small) -> list[cst.BaseStatement]:
    """The statements of a line, each on its own."""
    found = list(_apart(line.body))
    if not found:
        return found
    if isinstance(line, cst.SimpleStatementLine):
        found[0] = under(found[0], line.leading_lines, above=True)
    last, comment = line.body[-1], line.trailing_whitespace.comment
    if isinstance(last, Statements):
        if comment is not None and last.lines and len(line.body) > 1:
            # the comment is about the last statement of the line, not about all of them
            place = len(found) - len(last.lines)
            found[place] = under(found[place], [cst.EmptyLine(comment=comment)])
    elif isinstance(found[-1], cst.SimpleStatementLine):
        found[-1] = found[-1].with_changes(trailing_whitespace=line.trailing_whitespace)
    return found


def _apart(body: Sequence[cst.BaseSmallStatement]) -> Iterator[cst.BaseStatement]:
    for one in body:
        if isinstance(one, Statements):
            yield from one.commented
        else:
            yield cst.SimpleStatementLine([one.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)])


def without_end(line: Small, original: Small) -> Small:
    """The line without the semicolon before statements removed from its end."""
    if not line.body or len(line.body) == len(original.body):
        return line
    last, end = line.body[-1], original.body[-1].semicolon
    if isinstance(end, cst.Semicolon) or not isinstance(last.semicolon, cst.Semicolon):
        return line
    return line.with_changes(body=[*line.body[:-1], last.with_changes(semicolon=end)])


def takes_comments(line: cst.SimpleStatementLine) -> bool:
    """Whether the whole line is removed together with the comments right above it."""
    return all(isinstance(one, Statements) and one.takes_comments for one in line.body)


def before_comment(first: First, second: Second) -> tuple[First, Second]:
    """Put a new `first` statement before the `second`, which keeps only its comment above it.

    The other lines above the second go above the first.
    """
    lines = list(second.leading_lines)
    start = len(lines)
    while start and lines[start - 1].comment is not None:
        start -= 1
    return (
        first.with_changes(leading_lines=[*lines[:start], *first.leading_lines]),
        second.with_changes(leading_lines=lines[start:]),
    )
