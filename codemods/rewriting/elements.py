# SPDX-License-Identifier: Apache-2.0
"""Remove elements from between brackets."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import libcst as cst

Element = TypeVar("Element", cst.Arg, cst.BaseDictElement)
Gap = cst.BaseParenthesizableWhitespace


def without(
    opening: Gap, elements: Sequence[Element], is_out: Callable[[Element], bool]
) -> tuple[Gap, list[Element]]:
    """The white space after the opening bracket, and the elements that stay.

    A comment on its own line stays, above the next element.
    """
    kept: list[Element] = []
    for element in elements:
        if not is_out(element):
            kept.append(element)
        elif not isinstance(element.comma, cst.Comma) or element is elements[-1]:
            kept[-1:] = [one.with_changes(comma=element.comma) for one in kept[-1:]]
        elif kept:
            comma = kept[-1].comma
            assert isinstance(comma, cst.Comma)
            gap = _joined(comma.whitespace_after, element.comma.whitespace_after)
            kept[-1] = kept[-1].with_changes(comma=comma.with_changes(whitespace_after=gap))
        else:
            opening = _joined(opening, element.comma.whitespace_after)
    return opening, kept


def _joined(before: Gap, after: Gap) -> Gap:
    """The white space before an element, with the comments above the next one."""
    if not isinstance(after, cst.ParenthesizedWhitespace):
        return before
    if isinstance(before, cst.ParenthesizedWhitespace):
        return before.with_changes(empty_lines=[*before.empty_lines, *after.empty_lines])
    if any(line.comment is not None for line in after.empty_lines):
        return after.with_changes(first_line=cst.TrailingWhitespace())
    return before
