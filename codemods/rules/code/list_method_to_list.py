"""Let code that treats rows as a list go on doing so, where they become a list object.

A list object is iterated, counted and indexed as a list is, but it cannot be
added to a list. `list(rows)` can, and holds the same objects. What changes the
list in place stays, and is listed.
"""

import libcst as cst
import libcst.matchers as m

from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import HoldsProvider
from codemods.rewriting.nodes import changed, passed_to, targets
from codemods.rewriting.rule import Rule

CHANGING = {"append", "extend", "insert", "remove", "pop", "reverse", "sort", "clear"}

JOINING = m.Add() | m.Multiply()
EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def both(self, context, host, others):
        return self.conductor_api.service_get_all_by_host(context, host) + others
""",
        """\
from nova import objects


class Reader(object):

    def both(self, context, host, others):
        return list(objects.ServiceList.get_by_host(context, host)) + others
""",
    ),
    LeftAlone(
        """\
def both(services, others):
    return services + others
""",
    ),
)


class ListMethodToList(Rule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider,)

    def leave_BinaryOperation(
        self, original: cst.BinaryOperation, updated: cst.BinaryOperation
    ) -> cst.BinaryOperation:
        """`rows + others` and `rows * 2`."""
        if not m.matches(original.operator, JOINING):
            return updated
        return changed(
            updated,
            left=self._listed(original.left, updated.left),
            right=self._listed(original.right, updated.right),
        )

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self._left(node.target, "+=")

    def visit_Attribute(self, node: cst.Attribute) -> None:
        if node.attr.value in CHANGING:
            self._left(node.value, f".{node.attr.value}()")

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self._set(node.target)

    def visit_Del(self, node: cst.Del) -> None:
        self._set(node.target)

    def _set(self, target: cst.BaseExpression) -> None:
        for one in targets(target):
            if isinstance(one, cst.Subscript):
                self._left(one.value, "[...] =")

    def _listed(
        self, original: cst.BaseExpression, updated: cst.BaseExpression
    ) -> cst.BaseExpression:
        held = self.held(original)
        if held is None or held.list is None:
            return updated
        new = passed_to("list", updated)
        return self.edited(original, new, self.file.item_of(held.list.name), held.list.evidence)

    def _left(self, node: cst.BaseExpression, detail: str) -> None:
        held = self.held(node)
        if held is not None and held.list is not None:
            item = self.file.item_of(held.list.name)
            self.declined(node, item, "value.list-only", held.list.evidence, detail)
