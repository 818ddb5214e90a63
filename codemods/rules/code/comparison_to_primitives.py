# SPDX-License-Identifier: Apache-2.0
"""Compare the contents of objects where dicts were compared.

`==`, `!=` and `cmp()` compare the contents of two dicts, but the identity of
two objects. `obj_to_primitive` converts an object to a dict and a list object
to a list of dicts, and returns anything else unchanged. If the rest of the
function only reads the variable, the variable is set to the dict just above
the comparison, so that what the function keeps for the next comparison is a
dict as well. Otherwise only the operands of the comparison are converted.
"""

from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.analysis.compared import DictVariable
from codemods.rewriting.comments import noted
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import ComparedProvider, DictVariablesProvider
from codemods.rewriting.nodes import (
    assignment,
    bare,
    call,
    changed,
    expression,
    line,
    method,
    passed_to,
)
from codemods.rewriting.primitives import PrimitiveRule
from codemods.rules.code.base import CodeRule

Below = cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]

PAIRS = expression("((key, obj_base.obj_to_primitive(value)) for key, value in items)")

WHY = "Objects compare by identity, so compare their primitives."

EXAMPLES = (
    Example(
        """\
import copy

from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.old = {}

    def write(self, context, values):
        node = self.conductor_api.compute_node_create(context, values)
        return self.changed(node)

    def changed(self, node):
        if cmp(node, self.old) != 0:
            self.old = copy.deepcopy(node)
            return True
        return False
""",
        """\
import copy

from nova import objects
from nova.objects import base as obj_base


class Writer(object):
    def __init__(self):
        self.old = {}

    def write(self, context, values):
        node = objects.ComputeNode()
        node.update(copy.deepcopy(values))
        node.create(context)
        return self.changed(node)

    def changed(self, node):
        # Objects compare by identity, so compare their primitives.
        node = obj_base.obj_to_primitive(node)
        if cmp(node, self.old) != 0:
            self.old = copy.deepcopy(node)
            return True
        return False
""",
    ),
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.old = None

    def is_same(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        same = service == self.old
        self.old = service
        service['disabled'] = same
        return same
""",
        """\
from nova import objects
from nova.objects import base as obj_base


class Writer(object):
    def __init__(self):
        self.old = None

    def is_same(self, context, host):
        service = objects.Service.get_by_compute_host(context, host)
        same = (obj_base.obj_to_primitive(service) ==
                obj_base.obj_to_primitive(self.old))
        self.old = service
        service.disabled = same
        return same
""",
    ),
    LeftAlone(
        """\
from nova import db


def is_same(context, host, other):
    return db.service_get_by_compute_host(context, host) == other
""",
    ),
)


class ComparisonToPrimitives(PrimitiveRule, CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (DictVariablesProvider, ComparedProvider)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._compared: set[cst.Arg] = set()
        #: The first statement of each line, above which another line can be put.
        self._first: set[cst.BaseSmallStatement] = set()

    def leave_Comparison(self, original: cst.Comparison, updated: cst.Comparison) -> cst.Comparison:
        """`row == other`."""
        comparisons = [
            changed(new, comparator=self._dict(old.comparator, new.comparator))
            for old, new in zip(original.comparisons, updated.comparisons, strict=True)
        ]
        left = self._dict(original.left, updated.left)
        return changed(updated, left=left, comparisons=comparisons)

    def visit_Call(self, node: cst.Call) -> None:
        if m.matches(node.func, m.Name("cmp")):
            self._compared.update(node.args)

    def leave_Arg(self, original: cst.Arg, updated: cst.Arg) -> cst.Arg:
        """`cmp(row, other)`."""
        if original not in self._compared:
            return updated
        return changed(updated, value=self._dict(original.value, updated.value))

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> None:
        self._first.update(node.body[:1])

    def leave_SimpleStatementLine(
        self, original: cst.SimpleStatementLine, updated: cst.SimpleStatementLine
    ) -> Below:
        """A statement that compares, with the one that makes the dict above it."""
        new: Below = self._below(original.body[0], original, updated)
        return new

    def leave_If(self, original: cst.If, updated: cst.If) -> Below:
        """An `if` that compares, with the statement that makes the dict above it."""
        new: Below = self._below(original.test, original, updated)
        return new

    def leave_Return(self, original_node: Any, updated_node: Any) -> Any:
        """A statement that is not the first on its line."""
        if original_node in self._first:
            return updated_node
        lines = self._lines(original_node)
        if not lines:
            return updated_node
        variable = self._variables(original_node)[0]
        return self.replaced(
            original_node,
            [*lines, line(updated_node)],
            self.item(variable.holding),
            variable.holding.evidence,
            Effect.COMPARES_CONTENTS,
        )

    leave_Assert = leave_Assign = leave_AugAssign = leave_Expr = leave_Raise = leave_Return

    def _dict(
        self, original: cst.BaseExpression, updated: cst.BaseExpression
    ) -> cst.BaseExpression:
        held = self.get_metadata(ComparedProvider, original, None)
        return updated if held is None else self.primitive(original, updated, held)

    def _variables(self, header: cst.CSTNode) -> tuple[DictVariable, ...]:
        return self.get_metadata(DictVariablesProvider, header, ())

    def _below(self, header: cst.CSTNode, original: cst.CSTNode, updated: Any) -> Any:
        """Put the statements that make dicts between a statement and the comments above it."""
        lines = self._lines(header)
        if not lines:
            return updated
        above = [*updated.leading_lines, *lines[0].leading_lines]
        lines[0] = lines[0].with_changes(leading_lines=above)
        row = self._variables(header)[0].holding
        new = cst.FlattenSentinel([*lines, updated.with_changes(leading_lines=())])
        return self.edited(original, new, self.item(row), row.evidence, Effect.COMPARES_CONTENTS)

    def _lines(self, header: cst.CSTNode) -> list[cst.SimpleStatementLine]:
        """The statements that convert variables to dicts, with a comment that says why."""
        lines: list[cst.SimpleStatementLine] = []
        for variable in self._variables(header):
            self.wants_base(variable.holding)
            lines.append(assignment(variable.name, self._value(variable)))
        if lines:
            lines[0] = cst.ensure_type(noted(lines[0], WHY), cst.SimpleStatementLine)
        return lines

    def _value(self, variable: DictVariable) -> cst.Call:
        """The expression that makes a dict of the variable's value."""
        value = expression(variable.name)
        if not self.keeps_objects(variable.holding):
            return passed_to("obj_base.obj_to_primitive", value)
        # the PCI devices stay an object in the dict, too
        pairs = cst.ensure_type(PAIRS.deep_clone(), cst.GeneratorExp)
        items = method(value, "items")
        return call("dict", bare(pairs.with_deep_changes(pairs.for_in, iter=items)))
