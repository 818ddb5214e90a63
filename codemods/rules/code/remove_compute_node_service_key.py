# SPDX-License-Identifier: Apache-2.0
"""Remove `if 'service' in compute_node: del compute_node['service']`.

The conductor's answer to an update contained the joined service, which had to
be removed before the row was sent again. An object has no such key:
`'service' in` it is always false, so the statement does nothing.
"""

from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.analysis.facts import Holding
from codemods.analysis.readings import Attribute
from codemods.analysis.relations import SERVICE
from codemods.model import Item
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import HoldsProvider, RelationProvider
from codemods.rewriting.nodes import is_same, literal_key, literal_text
from codemods.rules.code.base import CodeRule

OWNER, KEY = SERVICE

ASKED = m.Comparison(comparisons=[m.ComparisonTarget(m.In() | m.NotIn())])
IN = m.Comparison(comparisons=[m.ComparisonTarget(m.In())])
DELETES = [m.Del(m.Subscript())]
GUARDED = m.If(
    IN,
    m.IndentedBlock([m.SimpleStatementLine(DELETES)]) | m.SimpleStatementSuite(DELETES),
    orelse=None,
)

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, values):
        node = self.conductor_api.compute_node_create(context, values)
        if 'service' in node:
            del node['service']
        return node
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, values):
        node = objects.ComputeNode()
        node.update(copy.deepcopy(values))
        node.create(context)
        return node
""",
    ),
    LeftAlone(
        """\
def write(node):
    if 'service' in node:
        del node['service']
""",
    ),
)


class RemoveComputeNodeServiceKey(CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider, RelationProvider)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        #: The nodes of statements that do nothing.
        self._doing_nothing: set[cst.CSTNode] = set()

    def visit_If(self, node: cst.If) -> None:
        if not m.matches(node, GUARDED):
            return
        test = cst.ensure_type(node.test, cst.Comparison)
        deleted = _deleted(node)
        node_asked = self._asked(test)
        if node_asked is None or not node_asked.sure or literal_key(deleted) != KEY:
            return
        if is_same(deleted.value, test.comparisons[0].comparator):
            self._doing_nothing |= {node, test, deleted}

    def leave_If(self, original: cst.If, updated: cst.If) -> cst.If | cst.RemovalSentinel:
        """Remove the whole statement, with the comments inside it."""
        if original not in self._doing_nothing:
            return updated
        held = self._asked(cst.ensure_type(original.test, cst.Comparison))
        assert held is not None
        return self.removed(original, Item.COMPUTE_NODE, held.evidence)

    def leave_Comparison(
        self, original: cst.Comparison, updated: cst.Comparison
    ) -> cst.BaseExpression:
        """`'service' in node` of any other kind."""
        held = self._asked(original)
        if held is not None and original not in self._doing_nothing:
            self._left(original, held, f"'{KEY}' in")
        return updated

    def leave_Subscript(
        self, original: cst.Subscript, updated: cst.Subscript
    ) -> cst.BaseExpression:
        """`node['service']`, assigned or deleted."""
        if literal_key(original) != KEY or original in self._doing_nothing:
            return updated
        held, reading = self._held_node(original.value), self.reading(original)
        if held is not None and not (reading and isinstance(reading.way, Attribute)):
            self._left(original, held, f"'{KEY}'")
        return updated

    def _asked(self, test: cst.Comparison) -> Holding | None:
        """The compute node in `'service' in node` or `'service' not in node`."""
        if not m.matches(test, ASKED) or literal_text(test.left) != KEY:
            return None
        return self._held_node(test.comparisons[0].comparator)

    def _held_node(self, node: cst.BaseExpression) -> Holding | None:
        held = self.holding(node)
        return held if held is not None and held.name == OWNER else None

    def _left(self, original: cst.CSTNode, held: Holding, detail: str) -> None:
        self.declined(original, Item.COMPUTE_NODE, "value.dict-only", held.evidence, detail)


def _deleted(guarded: cst.If) -> cst.Subscript:
    """The subscript that the only statement of the block deletes."""
    first = guarded.body.body[0]
    small = first.body[0] if isinstance(first, cst.SimpleStatementLine) else first
    return cst.ensure_type(cst.ensure_type(small, cst.Del).target, cst.Subscript)
