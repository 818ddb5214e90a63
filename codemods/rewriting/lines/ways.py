# SPDX-License-Identifier: Apache-2.0
"""The ways to lay out one expression of a statement."""

import dataclasses
from collections.abc import Callable

import libcst as cst

from codemods.rewriting.lines.breaks import Laid, Layout, line_break
from codemods.rewriting.lines.draft import Draft, respaced
from codemods.rewriting.lines.folded import folded
from codemods.rewriting.lines.printed import Printed
from codemods.rewriting.lines.regions import DOTS, SEAMS, Region, regions

#: Decides where the lines of a folded expression end; the bool says if brackets are around it.
Way = Callable[[Layout, cst.BaseExpression, bool], Laid | None]


def packed(layout: Layout, flat: cst.BaseExpression, inside: bool) -> Laid | None:
    """Broken only between a call's arguments, or the parts of a parenthesized expression."""
    return layout.packed(own_region(layout.printed, flat), may_hang=True)


def aligned(layout: Layout, flat: cst.BaseExpression, inside: bool) -> Laid | None:
    """The same, but only with lines aligned with the first argument."""
    return layout.packed(own_region(layout.printed, flat), may_hang=False)


def whole(layout: Layout, flat: cst.BaseExpression, inside: bool) -> Laid | None:
    """Broken at every level that needs it."""
    return layout.whole(regions(layout.printed, inside, 0))


def broken_at_seams(layout: Layout, flat: cst.BaseExpression, inside: bool) -> Laid | None:
    """Broken at every level, also at the seams of comprehensions, dict items and lambdas."""
    return layout.whole(regions(layout.printed, inside, SEAMS))


def broken_anywhere(layout: Layout, flat: cst.BaseExpression, inside: bool) -> Laid | None:
    """Broken at every level, also at seams, dots and subscripts."""
    return layout.whole(regions(layout.printed, inside, DOTS))


def one_each(layout: Layout, flat: cst.BaseExpression, inside: bool) -> Laid | None:
    """One argument per line, even if that leaves a line too long."""
    return layout.one_each(own_region(layout.printed, flat))


def laid(
    draft: Draft, node: cst.BaseExpression, form: cst.BaseExpression, way: Way
) -> cst.BaseExpression | None:
    """`form` laid out in the place of `node`; None if that is impossible in this way.

    It is also None if `form` has a comment in it.
    """
    flat = folded(form)
    if flat is None:
        return None
    place, inside = draft.place(node), draft.around(node) is not None
    found = way(Layout(Printed(flat.node), flat.split, place), flat.node, inside)
    if found is None and way in (broken_at_seams, broken_anywhere) and place.body >= 0:
        # lines indented like the statement's body are better than lines that are too long
        place = dataclasses.replace(place, margin=place.indent, body=-1)
        found = way(Layout(Printed(flat.node), flat.split, place), flat.node, inside)
    if found is None:
        return None
    gaps = {gap: line_break(margin, draft.indent) for gap, margin in found.breaks}
    new, _ = respaced(flat.node, gaps)
    assert isinstance(new, cst.BaseExpression)
    return new


def own_region(printed: Printed, node: cst.BaseExpression) -> Region:
    """The region of a call's arguments, or of the contents of the parentheses of `node`."""
    if isinstance(node, cst.Call):
        opening = node.whitespace_before_args
    else:
        opening = node.lpar[-1].whitespace_after
    waiting = regions(printed, False, 0)
    while waiting:
        region = waiting.pop()
        if region.opening is opening:
            return region
        waiting += region.inner
    raise AssertionError("a call with arguments is a region")


def in_parentheses(node: cst.BaseExpression) -> cst.BaseExpression:
    """`node` in parentheses, if it has none."""
    if node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
