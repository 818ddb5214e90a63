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

#: From a folded expression, and whether brackets stand around it, to where its lines end.
Way = Callable[[Layout, cst.BaseExpression, bool], Laid | None]


def packed(layout: Layout, flat: cst.BaseExpression, inside: bool) -> Laid | None:
    """Broken between a call's arguments, or what its parentheses hold, and nowhere else."""
    return layout.packed(own_region(layout.printed, flat), may_hang=True)


def aligned(layout: Layout, flat: cst.BaseExpression, inside: bool) -> Laid | None:
    """The same with the lines under the first argument only."""
    return layout.packed(own_region(layout.printed, flat), may_hang=False)


def whole(layout: Layout, flat: cst.BaseExpression, inside: bool) -> Laid | None:
    """Broken on every level that needs it."""
    return layout.whole(regions(layout.printed, inside, 0))


def broken_at_seams(layout: Layout, flat: cst.BaseExpression, inside: bool) -> Laid | None:
    """Broken on every level, within a keyword, a pair or a lambda as well."""
    return layout.whole(regions(layout.printed, inside, SEAMS))


def broken_anywhere(layout: Layout, flat: cst.BaseExpression, inside: bool) -> Laid | None:
    """Broken on every level, at dots and subscripts as well."""
    return layout.whole(regions(layout.printed, inside, DOTS))


def one_each(layout: Layout, flat: cst.BaseExpression, inside: bool) -> Laid | None:
    """An argument a line, even if that leaves one too long."""
    return layout.one_each(own_region(layout.printed, flat))


def laid(
    draft: Draft, node: cst.BaseExpression, form: cst.BaseExpression, way: Way
) -> cst.BaseExpression | None:
    """`form` laid out in the place of `node`.

    None where it cannot be done in this way, or where a comment is in it.
    """
    flat = folded(form)
    if flat is None:
        return None
    place, inside = draft.place(node), draft.around(node) is not None
    found = way(Layout(Printed(flat.node), flat.split, place), flat.node, inside)
    if found is None and way in (broken_at_seams, broken_anywhere) and place.body >= 0:
        # as far in as the body of the statement is better than too far out
        place = dataclasses.replace(place, margin=place.indent, body=-1)
        found = way(Layout(Printed(flat.node), flat.split, place), flat.node, inside)
    if found is None:
        return None
    gaps = {gap: line_break(margin, draft.indent) for gap, margin in found.breaks}
    new, _ = respaced(flat.node, gaps)
    assert isinstance(new, cst.BaseExpression)
    return new


def own_region(printed: Printed, node: cst.BaseExpression) -> Region:
    """The region of a call's arguments, or of what the parentheses of `node` hold."""
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
