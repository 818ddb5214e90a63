# SPDX-License-Identifier: Apache-2.0
"""Let code that treats rows as a list keep working if they become a list object.

A list object supports iteration, len() and indexing, but it cannot be added to a
list. `list(rows)` can, and holds the same objects.
"""

import libcst as cst
import libcst.matchers as m

from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import HoldsProvider
from codemods.rewriting.nodes import changed, passed_to
from codemods.rules.code.base import CodeRule

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


class ListMethodToList(CodeRule):
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

    def _listed(
        self, original: cst.BaseExpression, updated: cst.BaseExpression
    ) -> cst.BaseExpression:
        held = self.held(original)
        if held is None or held.list is None:
            return updated
        new = passed_to("list", updated)
        return self.edited(original, new, self.file.item_of(held.list.name), held.list.evidence)
