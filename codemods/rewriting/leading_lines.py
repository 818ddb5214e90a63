# SPDX-License-Identifier: Apache-2.0
"""The blank lines and comments above a statement: whose they are, and what stays of them."""

import re
from collections.abc import Sequence
from typing import Any

import libcst as cst

# the licence, and what editors, Python and the system want to know
_OF_FILE = re.compile(r"licen[cs]e|copyright|coding[:=]|vim:|-\*-|^#!", re.I)

Lines = Sequence[cst.EmptyLine]

_DEFINITION = (cst.FunctionDef, cst.ClassDef)


def parted(lines: Lines, is_top: bool) -> tuple[Lines, Lines]:
    """The lines above a statement in two: the comment right above it is its own.

    Unless it says at the top of a file (`is_top`) what is true of the file.
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
    """The lines above a statement that goes and those behind it, with the wider gap of the two."""
    upper, lower = without_last_gap(above), without_first_gap(below)
    gap = max(above[len(upper) :], below[: len(below) - len(lower)], key=len)
    return [*upper, *gap, *lower]


def with_footer(block: Any, above: Sequence[cst.EmptyLine]) -> Any:
    """A block that ends with what stood above the statements that went from its end."""
    if not above or not isinstance(block, cst.IndentedBlock):
        return block
    lines = [*above, *block.footer]
    while lines and lines[-1].comment is None:
        # it set off what is gone; what sets off the block stands below it
        lines.pop()
    return block.with_changes(footer=lines)


def begun(block: Any, original: cst.IndentedBlock) -> Any:
    """The block without the blank line that came behind a beginning which is gone.

    One that sets a definition off from no other stays.
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
