# SPDX-License-Identifier: Apache-2.0
"""Lay out what rules changed: 79 columns, with continuation lines in nova's style."""

import re
from collections.abc import Collection
from typing import TypeVar

import libcst as cst
import libcst.matchers as m

from codemods.rewriting.children import Kinds
from codemods.rewriting.comments import WIDTH
from codemods.rewriting.lines.alignment import hang, is_misaligned, realign
from codemods.rewriting.lines.definitions import lay_out_parameters
from codemods.rewriting.lines.draft import Draft
from codemods.rewriting.lines.folded import folded
from codemods.rewriting.lines.headers import bare, with_blocks
from codemods.rewriting.lines.printed import Printed
from codemods.rewriting.lines.ways import (
    Way,
    aligned,
    broken_anywhere,
    broken_at_seams,
    in_parentheses,
    laid,
    one_each,
    own_region,
    packed,
    whole,
)

S = TypeVar("S", bound=cst.BaseStatement)

_OPERATIONS = (cst.BooleanOperation, cst.BinaryOperation, cst.Comparison, cst.IfExp)
_IS_OPERATION = Kinds(*_OPERATIONS)
_CONSTANTS = m.Name("None") | m.Name("True") | m.Name("False")
_ONE_WORD = re.compile(r"\S*(\s*#.*)?")
#: No statement has as many places to lay out; the limit keeps a mistake from looping forever.
_ROUNDS = 200


def laid_out(
    statement: S, indent: str, touched: Collection[cst.CSTNode] | None, is_elif: bool = False
) -> S:
    """Lay out what was touched in a statement.

    `indent` is the white space before it. `touched` are the nodes in it that rules made
    or changed; None if the whole statement is new. Of a compound statement, only the
    header and those of its other clauses are laid out. `is_elif` says that an `If` is an
    `elif`, which the node itself does not show.

    Only what overlaps something touched changes: lines that have become too long, and
    lines that were aligned with a bracket that has moved. If only an argument changed,
    pass the argument: if a call is touched as a whole, its name counts as changed.
    """
    header = bare(statement)
    is_new = touched is None
    if touched is None:
        flat = folded(header)
        header = header if flat is None else flat.node
    if touched is None or statement in touched:
        touched = [header]
    draft = Draft(header, indent, touched, is_elif)
    if not draft.spans:
        return statement
    before = draft.node
    _break_operations(draft)
    _lay_out_calls(draft)
    lay_out_parameters(draft)
    _realign(draft)
    _break_lines(draft)
    if is_new:
        _break_in_any_case(draft)
    elif draft.node is before:
        return statement
    new = with_blocks(draft.node, statement)
    assert isinstance(new, type(statement))
    return new


def _break_operations(draft: Draft) -> None:
    """Break long operations at their operators, in parentheses."""
    for node in draft.printed.nodes:
        if not _IS_OPERATION[node.__class__]:
            continue
        if isinstance(node, _OPERATIONS) and draft.is_subject(node) and not _tests_call(node):
            if draft.is_long(node) and draft.is_touched(*draft.printed.outer(node)):
                _is_laid(draft, node, in_parentheses(node), aligned)


def _tests_call(node: cst.BaseExpression) -> bool:
    """Whether a comparison only compares with a constant, as in `f(x) is None`."""
    if not isinstance(node, cst.Comparison):
        return False
    other = node.comparisons[-1].comparator
    return isinstance(other, cst.Integer) or m.matches(other, _CONSTANTS)


def _lay_out_calls(draft: Draft) -> None:
    """Lay out the touched calls that are too long or misaligned, the outer ones first."""
    for _ in range(_ROUNDS):
        calls = [n for n in draft.printed.nodes if type(n) is cst.Call and n.args]
        # an outer call ends after those in it; of two side by side the right one comes first
        calls.sort(key=lambda call: -draft.printed.span(call)[1])
        if not any(_is_laid_out(draft, call) for call in calls):
            return


def _is_laid_out(draft: Draft, call: cst.Call) -> bool:
    """Lay out a call if it is too long or misaligned; return whether that was done."""
    printed = draft.printed
    start, end = printed.span(call)
    if not draft.is_touched(start, end):
        return False
    is_named = draft.is_touched(start, printed.outer(call.func)[1])
    is_moved = is_named and is_misaligned(printed, call)
    if not is_moved and not draft.is_long(call):
        return False
    new = _call_laid_out(draft, call)
    if new is not None:
        draft.replace(call, new)
    return new is not None


def _call_laid_out(draft: Draft, call: cst.Call) -> cst.BaseExpression | None:
    printed = draft.printed
    opening = printed.outer(call.whitespace_before_args)[0]
    start = printed.outer(call)[0]
    if printed.line(start) != printed.line(opening):
        return None
    parent = printed.parents[call]
    if printed.column(opening) > WIDTH:
        # the name alone is too long
        is_value = isinstance(parent, cst.Assign)
        return laid(draft, call, in_parentheses(call), whole) if is_value else None
    around = draft.around(call)
    is_part = (
        around is not None
        and not isinstance(_above_chain(printed, call), cst.Arg)
        and printed.line(printed.span(around)[0]) == printed.line(start)
        and not _ONE_WORD.fullmatch(printed.behind(printed.outer(call)[1]))
    )
    # if the line goes on after the call, hanging arguments are hard to follow
    return laid(draft, call, call, aligned if is_part else packed)


def _above_chain(printed: Printed, node: cst.CSTNode) -> cst.CSTNode:
    """The parent of the whole chain `a(b).c[d]` that starts with `node`."""
    parent = printed.parents[node]
    while isinstance(parent, cst.Attribute | cst.Call | cst.Subscript):
        parent = printed.parents[parent]
    return parent


def _realign(draft: Draft) -> None:
    """Move lines along with what they were aligned with, or lay out the call around them anew."""
    for _ in range(_ROUNDS):
        stuck = {region.opening for region in realign(draft)}
        calls = [n for n in draft.printed.nodes if type(n) is cst.Call]
        for call in calls:
            start, end = draft.printed.outer(call.func)
            if call.whitespace_before_args in stuck and draft.is_touched(start, end):
                if _is_laid(draft, call, call, whole):
                    break
        else:
            return


def _break_lines(draft: Draft) -> None:
    """Break lines that are still too long, wherever a line may end."""
    for _ in range(_ROUNDS):
        if not any(_is_broken(draft, line) for line in draft.long):
            return


def _is_broken(draft: Draft, line: int) -> bool:
    """Break an expression that makes a line too long; return whether that was done."""
    nodes = _candidates(draft.printed, line)
    for node in nodes:
        if any(_is_laid(draft, node, form, whole) for form in _forms(draft, node)):
            return True
        if isinstance(node, cst.Call) and node.args and folded(node) is None:
            # a call with comments cannot be folded, so only its first line is broken
            region, margin = own_region(draft.printed, node), draft.place(node).margin
            if hang(draft, region, margin, draft.excess - draft.excess_of(node)):
                return True
    return any(
        _is_laid(draft, node, form, broken_at_seams)
        for node in nodes
        for form in _forms(draft, node)
    ) or any(
        _is_laid(draft, node, form, broken_anywhere)
        for node in nodes
        for form in sorted(_forms(draft, node), key=lambda form: not form.lpar)
    )


def _forms(draft: Draft, node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """An expression as it is and, if they change nothing, in parentheses; the better one first."""
    if not draft.is_subject(node) or node.lpar:
        return [node]
    forms = [node, in_parentheses(node)]
    is_listed = isinstance(node, _OPERATIONS) and not isinstance(node, cst.BinaryOperation)
    return forms[::-1] if is_listed else forms


def _is_laid(draft: Draft, node: cst.BaseExpression, form: cst.BaseExpression, way: Way) -> bool:
    new = laid(draft, node, form, way)
    if new is not None:
        draft.replace(node, new)
    return new is not None


def _candidates(printed: Printed, line: int) -> list[cst.BaseExpression]:
    """The expressions on a line, from the best one to break to the worst.

    Those that start on the line come first, from the outside in, then those that span
    the whole line, from the inside out, and last those that only end there.
    """
    first, last = printed.line_span(line)
    starting, around, ending = [], [], []
    for node in printed.nodes:
        if isinstance(node, cst.BaseExpression):
            start, end = printed.outer(node)
            if first <= start < last:
                starting.append(node)
            elif start < first and last <= end:
                around.append(node)
            elif start < first < end:
                ending.append(node)
    return [*starting, *reversed(around), *ending]


def _break_in_any_case(draft: Draft) -> None:
    """Give each argument a line of its own if a line is still too long."""
    for line in draft.long:
        for node in _candidates(draft.printed, line):
            if isinstance(node, cst.Call) and node.args:
                if _is_laid(draft, node, node, one_each):
                    return
