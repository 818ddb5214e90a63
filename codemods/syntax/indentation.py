# SPDX-License-Identifier: Apache-2.0
"""Indentation as Python 2 counts it: a tab goes to the next multiple of eight.

Python 3 refuses blocks whose lines mix tabs and spaces differently, and libcst prints
all lines of a block with the same indentation. Both get such text with four spaces per
level instead, and the original indentation has to be restored afterwards.
"""

import re
from typing import NamedTuple

from codemods.syntax.tokens import tokens

#: Comments that set another tab width in Python 2.
_TAB_WIDTH = re.compile(rb"(?:tab-width:|:tabstop=|:ts=|set tabsize=)[ \t]*([0-9]+)")
#: Line endings, the same in Python 2 and 3.
LINE_END = re.compile(rb"\r\n|\r|\n")


#: A line with something other than spaces in its indentation; only then it has to be counted.
_NO_SPACE = re.compile(rb"^ *[\t\f\\]|\r *[\t\f\\]", re.M)
_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)")


class IndentedLine(NamedTuple):
    """The indentation of a logical line, or of a line with only a comment.

    It spans `start`, where the line starts, to `end`. A comment belongs to the innermost
    block that is not indented further.
    """

    start: int
    end: int
    level: int
    column: int
    is_comment: bool


def indented_lines(source: bytes) -> list[IndentedLine]:
    """The indentation of every line that has any text, in order.

    Raises IndentationError if the indentation does not match any block.
    """
    lines: list[IndentedLine] = []
    columns, width = [0], 8
    depth, start, starts_line = 0, 0, True
    for token in tokens(source):
        if token.kind == "newline":
            starts_line = starts_line or not depth
            start = token.end if starts_line else start
            continue
        if token.kind == "comment":
            found = _TAB_WIDTH.search(token.text)
            # Python 2 ignores other widths as well
            width = int(found[1]) if found and 0 < int(found[1]) <= 40 else width
        if starts_line:
            column = _column(source[start : token.start], width)
            is_comment = token.kind == "comment"
            if not is_comment:
                _enter(columns, column, source, start)
            level = sum(at <= column for at in columns[1:])
            lines.append(IndentedLine(start, token.start, level, column, is_comment))
            starts_line = is_comment
        depth = max(0, depth + (token.kind == "opening") - (token.kind == "closing"))
    return lines


def _column(text: bytes, width: int) -> int:
    column = 0
    for byte in text:
        if byte == 0x20:
            column += 1
        elif byte == 0x09:
            column = (column // width + 1) * width
        elif byte == 0x0C:
            column = 0
        else:
            # a backslash: the indentation of the next line does not matter
            break
    return column


def _enter(columns: list[int], column: int, source: bytes, start: int) -> None:
    """Leave the blocks that end at a column, or open one there."""
    if column > columns[-1]:
        columns.append(column)
        return
    while columns[-1] > column:
        columns.pop()
    if columns[-1] != column:
        number = len(LINE_END.findall(source, 0, start)) + 1
        message = "unindent does not match any outer indentation level"
        raise IndentationError(message, (None, number, None, None))


def uneven_lines(source: bytes) -> list[IndentedLine]:
    """The indented lines if those of a block are not all indented alike; else none.

    Raises IndentationError if the indentation does not match any block.
    """
    if _NO_SPACE.search(source) is None:
        return []
    lines = indented_lines(source)
    return lines if is_uneven(source, lines) else []


def is_uneven(source: bytes, lines: list[IndentedLine]) -> bool:
    """Whether lines of a block differ from its first in indentation, or use more than blanks."""
    texts = [b""]
    for line in lines:
        if line.is_comment:
            continue
        text = source[line.start : line.end]
        if line.level >= len(texts):
            if not text.startswith(texts[-1]) or text.strip(b" \t"):
                return True
            texts.append(text)
        elif text != texts[line.level]:
            return True
        del texts[line.level + 1 :]
    return False


def evened(text: bytes, lines: list[IndentedLine]) -> tuple[bytes, dict[int, int]]:
    """The text with four spaces per level, and how many columns each line has lost by that."""
    pieces: list[bytes] = []
    taken: dict[int, int] = {}
    position, number = 0, 1
    for line in lines:
        if line.is_comment:
            continue
        before = text[position : line.start]
        number += len(LINE_END.findall(before))
        # no blanks on a continued line: Python 3 would count them
        for index, part in enumerate(_LINES.findall(text, line.start, line.end)):
            kept = part.lstrip(b" \t\f") if index else b"    " * line.level + part.strip(b" \t\f")
            before += kept
            taken[number + index] = len(part) - len(kept)
        number += len(LINE_END.findall(text, line.start, line.end))
        pieces.append(before)
        position = line.end
    return b"".join((*pieces, text[position:])), taken
