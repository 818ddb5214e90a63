# SPDX-License-Identifier: Apache-2.0
"""Make `a['updated_at'] >= b['updated_at']` work for rows that were never updated.

The conductor returns times as text, and Python 2 orders None before any text;
objects have datetimes, which cannot be ordered with None at all. The new
comparison spells out what the old one did by accident.
"""

import dataclasses
from typing import TypeGuard

import libcst as cst
import libcst.matchers as m

from codemods.analysis.facts import Holding
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import HoldsProvider
from codemods.rewriting.nodes import (
    attribute,
    both,
    changed,
    comparison,
    either,
    expression,
    literal_key,
    literal_text,
    parenthesised,
    within,
)
from codemods.rules.code.base import CodeRule

TIMES = ("created_at", "updated_at", "deleted_at", "launched_at", "terminated_at", "scheduled_at")

ORDER = m.LessThan() | m.LessThanEqual() | m.GreaterThan() | m.GreaterThanEqual()
EARLIER = m.LessThan() | m.LessThanEqual()
OR_EQUAL = m.LessThanEqual() | m.GreaterThanEqual()

GETTER = m.Call(
    func=m.Attribute(attr=m.Name("get")),
    args=[m.Arg(star="", keyword=None), m.ZeroOrMore()],
)

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def last(self, context, host, node):
        last = None
        for one in self.conductor_api.migration_get_in_progress_by_host_and_node(
                context, host, node):
            if not last or one['updated_at'] >= last['updated_at']:
                last = one
        return last
""",
        """\
from nova import objects


class Reader(object):

    def last(self, context, host, node):
        last = None
        for one in objects.MigrationList.get_in_progress_by_host_and_node(
                context, host, node):
            if (not last or
                    last.updated_at is None or
                    (one.updated_at is not None and
                     one.updated_at >= last.updated_at)):
                last = one
        return last
""",
    ),
    LeftAlone(
        """\
def is_newer(one, other):
    return one['updated_at'] >= other['updated_at']
""",
    ),
)


@dataclasses.dataclass(frozen=True)
class Time:
    """A time read from a row: its key, and what the row is."""

    key: str
    row: Holding


class UpdatedAtComparisonToNoneSafe(CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider,)

    def leave_Comparison(
        self, original: cst.Comparison, updated: cst.Comparison
    ) -> cst.BaseExpression:
        """`a['updated_at'] >= b['updated_at']`, with a time that is None spelled out."""
        if not any(m.matches(one.operator, ORDER) for one in original.comparisons):
            return updated
        operands = [original.left, *(one.comparator for one in original.comparisons)]
        times = [time for one in operands if (time := self._time(one)) is not None]
        if not times:
            return updated
        row, item = times[0].row, self.file.item_of(times[0].row.name)
        is_pair = len(operands) == len(times) == 2 and row.name == times[1].row.name
        if not is_pair or not all(map(_is_named_twice, operands)) or not _are_sure(times):
            self.declined(original, item, "value.time", row.evidence)
            return updated
        if not all(self.file.field_type(row.name, time.key) for time in times):
            # other rules say why the read of a key that is not a field stays
            return updated
        one, only = updated.left, updated.comparisons[0]
        left, right = _attribute(one, times[0].key), _attribute(only.comparator, times[1].key)
        new = _safe(left, only.operator, right)
        new = new.with_changes(lpar=updated.lpar, rpar=updated.rpar)
        return self.edited(original, new, item, row.evidence, Effect.COMPARES_TIMES)

    def leave_UnaryOperation(
        self, original: cst.UnaryOperation, updated: cst.UnaryOperation
    ) -> cst.UnaryOperation:
        """`not a['updated_at'] >= b['updated_at']`, whose operand now binds less tightly."""
        if not isinstance(updated.operator, cst.Not):
            return updated
        return changed(updated, expression=within(updated.expression, cst.Not, may_equal=True))

    def leave_BooleanOperation(
        self, original: cst.BooleanOperation, updated: cst.BooleanOperation
    ) -> cst.BooleanOperation:
        """`x and a['updated_at'] >= b['updated_at']`, whose operands now bind less tightly."""
        right, kind = updated.right, type(updated.operator)
        if _is_or(updated) and _is_or(right) and not right.lpar:
            # just one more condition of the same `or`
            first = updated.with_changes(right=right.left, lpar=(), rpar=())
            return right.with_changes(left=first, lpar=updated.lpar, rpar=updated.rpar)
        left = within(updated.left, kind, may_equal=True)
        return changed(updated, left=left, right=within(right, kind))

    def _time(self, node: cst.BaseExpression) -> Time | None:
        """Which time of which row an expression reads; None if it does not read one."""
        if isinstance(node, cst.Subscript):
            owner, key = node.value, literal_key(node)
        elif isinstance(node, cst.Call) and m.matches(node, GETTER):
            owner = cst.ensure_type(node.func, cst.Attribute).value
            key = literal_text(node.args[0].value)
        else:
            return None
        row = self.holding(owner) if key in TIMES else None
        return Time(key, row) if key is not None and row is not None else None


def _are_sure(times: list[Time]) -> bool:
    return all(time.row.sure for time in times)


def _is_named_twice(node: cst.BaseExpression) -> bool:
    """Whether the expression can be written twice, because it has no calls but its own get()."""
    return len(m.findall(node, m.Call())) <= isinstance(node, cst.Call)


def _is_or(node: cst.BaseExpression) -> TypeGuard[cst.BooleanOperation]:
    return isinstance(node, cst.BooleanOperation) and isinstance(node.operator, cst.Or)


def _attribute(node: cst.BaseExpression, name: str) -> cst.BaseExpression:
    """`row.name`, whether or not the read has been rewritten already."""
    if isinstance(node, cst.Subscript):
        return attribute(node.value, name)
    if isinstance(node, cst.Call):
        return attribute(cst.ensure_type(node.func, cst.Attribute).value, name)
    return node


def _safe(
    left: cst.BaseExpression, operator: cst.BaseCompOp, right: cst.BaseExpression
) -> cst.BooleanOperation:
    """The comparison of two times, with None before any time."""
    if m.matches(operator, EARLIER):
        left, right = right, left
    has_left = comparison(left, cst.IsNot(), expression("None"))
    no_right = comparison(right, cst.Is(), expression("None"))
    # a node must not occur twice in a tree
    left, right = left.deep_clone(), right.deep_clone()
    if m.matches(operator, OR_EQUAL):
        later = comparison(left, cst.GreaterThanEqual(), right)
        return either(no_right, parenthesised(both(has_left, later)))
    return both(has_left, either(no_right, comparison(left, cst.GreaterThan(), right)))
