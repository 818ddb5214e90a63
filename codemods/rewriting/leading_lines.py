# SPDX-License-Identifier: Apache-2.0
"""The blank lines and comments above a statement: what they belong to, and which stay."""

import re
from collections.abc import Sequence
from typing import Any

import libcst as cst

# the licence, and comments for editors, Python and the system
_OF_FILE = re.compile(r"licen[cs]e|copyright|coding[:=]|vim:|-\*-|^#!", re.I)

Lines = Sequence[cst.EmptyLine]

_DEFINITION = (cst.FunctionDef, cst.ClassDef)


def parted(lines: Lines, is_top: bool) -> tuple[Lines, Lines]:
    """Split the lines above a statement: the comment right above it belongs to it.

    A comment at the top of a file (`is_top`) may be about the file; then all lines are
    the file's.
    """
    count = len(lines)
    while count and lines[count - 1].comment is not None:
        count -= 1
    own = [line.comment.value for line in lines[count:] if line.comment is not None]
    if is_top and any(map(_OF_FILE.search, own)):
        count = len(lines)
    return lines[:count], lines[count:]


def without_last_gap(lines: Lines) -> Lines:
    """The lines without the blank ones at their end."""
    end = len(lines)
    while end and lines[end - 1].comment is None:
        end -= 1
    return lines[:end]


def without_first_gap(lines: Lines) -> Lines:
    """The lines without the blank ones at their start."""
    start = 0
    while start < len(lines) and lines[start].comment is None:
        start += 1
    return lines[start:]


def joined(above: Lines, below: Lines) -> Lines:
    """The lines above and below a removed statement, with the larger of the two gaps."""
    upper, lower = without_last_gap(above), without_first_gap(below)
    gap = max(above[len(upper) :], below[: len(below) - len(lower)], key=len)
    return [*upper, *gap, *lower]


def with_footer(block: Any, above: Sequence[cst.EmptyLine]) -> Any:
    """A block with the lines above the statements that were removed from its end."""
    if not above or not isinstance(block, cst.IndentedBlock):
        return block
    lines = [*above, *block.footer]
    while lines and lines[-1].comment is None:
        # the blank line set off the removed statement, not the block
        lines.pop()
    return block.with_changes(footer=lines)


def begun(block: Any, original: cst.IndentedBlock) -> Any:
    """The block without a blank line at its start, left by a removed statement.

    It stays if the block begins with a definition now and did not before.
    """
    if not isinstance(block, cst.IndentedBlock) or not block.body:
        return block
    first, *others = block.body
    if isinstance(first, (cst.FunctionDef, cst.ClassDef)) and not isinstance(
        original.body[0], (cst.FunctionDef, cst.ClassDef)
    ):
        return block
    lines = getattr(first, "leading_lines", ())
    before = getattr(original.body[0], "leading_lines", ())
    if not _starts_blank(lines) or _starts_blank(before):
        return block
    first = first.with_changes(leading_lines=without_first_gap(lines))
    return block.with_changes(body=[first, *others])


def _starts_blank(lines: Sequence[cst.EmptyLine]) -> bool:
    return bool(lines) and lines[0].comment is None
