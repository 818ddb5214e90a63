# SPDX-License-Identifier: Apache-2.0
"""Insert elements into a literal dict or list, in the style of that literal."""

from collections.abc import Iterator
from typing import Any, TypeVar

import libcst as cst

Literal = TypeVar("Literal", cst.Dict, cst.List)

_NOTHING, _SPACE = cst.SimpleWhitespace(""), cst.SimpleWhitespace(" ")
_BRACKETS = {cst.Dict: ("lbrace", "rbrace"), cst.List: ("lbracket", "rbracket")}


def with_element(
    literal: Literal,
    element: cst.DictElement | cst.Element,
    own_line: cst.ParenthesizedWhitespace | None = None,
) -> Literal:
    """The literal with one more element at its end.

    The element gets a line of its own if others have one. `own_line` is the white space
    that gives it one if all of them are right after the bracket: see `line_in`.
    """
    left, right = _BRACKETS[type(literal)]
    opening, closing = getattr(literal, left), getattr(literal, right)
    if not literal.elements:
        line = _line(cst.SimpleWhitespace("    "))
        return literal.with_changes(
            elements=[element.with_changes(comma=cst.Comma())],
            **{
                left: opening.with_changes(whitespace_after=line),
                right: closing.with_changes(whitespace_before=line),
            },
        )
    *others, last = literal.elements
    gap, end = _gap(literal, opening, own_line), closing.whitespace_before
    if all(isinstance(one, cst.ParenthesizedWhitespace) for one in (gap, end)):
        # a comment after the last element stays there
        gap = gap.with_changes(first_line=end.first_line)
        end = end.with_changes(first_line=cst.TrailingWhitespace())
    comma = last.comma if isinstance(last.comma, cst.Comma) else None
    last = last.with_changes(comma=(comma or cst.Comma()).with_changes(whitespace_after=gap))
    if comma is not None:
        element = element.with_changes(comma=comma.with_changes(whitespace_after=_NOTHING))
    return literal.with_changes(
        elements=[*others, last, element], **{right: closing.with_changes(whitespace_before=end)}
    )


def with_element_before(
    literal: cst.Dict,
    number: int,
    element: cst.DictElement,
    own_line: cst.ParenthesizedWhitespace | None = None,
) -> cst.Dict:
    """The dict with an element before the one at `number`, which keeps its comment."""
    elements: list[Any] = list(literal.elements)
    gap: Any = _gap(literal, literal.lbrace, own_line)
    left = elements[number - 1].comma if number else literal.lbrace
    above = left.whitespace_after
    if isinstance(above, cst.ParenthesizedWhitespace):
        gap = above.with_changes(first_line=cst.TrailingWhitespace())
        above = above.with_changes(empty_lines=())
    left = left.with_changes(whitespace_after=above)
    elements.insert(number, element.with_changes(comma=cst.Comma(whitespace_after=gap)))
    if not number:
        return literal.with_changes(elements=elements, lbrace=left)
    elements[number - 1] = elements[number - 1].with_changes(comma=left)
    return literal.with_changes(elements=elements)


def _gap(
    literal: cst.Dict | cst.List, opening: Any, own_line: cst.ParenthesizedWhitespace | None
) -> cst.BaseParenthesizableWhitespace:
    """The white space before an element."""
    for last_line, indent in _indents(literal, opening):
        return _line(last_line, indent)
    return _SPACE if own_line is None else own_line


def _indents(
    literal: cst.Dict | cst.List, opening: Any
) -> Iterator[tuple[cst.SimpleWhitespace, bool]]:
    """The white space before the elements that start a line, from last to first."""
    commas = [element.comma for element in reversed(literal.elements[:-1])]
    for left in (*commas, opening):
        after = left.whitespace_after
        if isinstance(after, cst.ParenthesizedWhitespace):
            yield after.last_line, after.indent


def line_in(column: int) -> cst.ParenthesizedWhitespace:
    """A line break before an element that is aligned with the first one.

    `column` is how far that is from the indentation of the statement.
    """
    return _line(cst.SimpleWhitespace(" " * column))


def _line(last: cst.SimpleWhitespace, indent: bool = True) -> cst.ParenthesizedWhitespace:
    return cst.ParenthesizedWhitespace(indent=indent, last_line=last)
