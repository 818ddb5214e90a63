# SPDX-License-Identifier: Apache-2.0
"""Keep a dict field of the compute node a dict; the object converts it to JSON.

The column holds JSON text, and the dict API expected that text. The object takes
the dict, writes the text itself, and rejects text (unless its fields keep what
they are given). So the statement that made the text is removed, with the comment
that announced its end. A dict that was filled in place is assigned as a whole,
because an object does not notice changes inside a dict that it holds. A dict that
other code still uses is copied, because the object converts its values to text in
place.
"""

from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.model import Item
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import DictFieldProvider
from codemods.rewriting.nodes import call
from codemods.rules.code.base import CodeRule

EXAMPLES = (
    Example(
        """\
from nova import conductor
from nova.openstack.common import jsonutils


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, values):
        values['stats'] = jsonutils.dumps(values['stats'])
        self.conductor_api.compute_node_create(context, values)
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, values):
        compute_node = objects.ComputeNode()
        compute_node.update(copy.deepcopy(values))
        compute_node.create(context)
""",
    ),
    LeftAlone(
        """\
from nova.openstack.common import jsonutils


def write(context, values):
    values['stats'] = jsonutils.dumps(values['stats'])
    return values
""",
    ),
)


TELLING = m.Call(m.Attribute(attr=m.Name(m.MatchRegex("_*update_resource_stats"))))


class StatsJsonToDict(CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (DictFieldProvider,)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # whether each enclosing function passes the stats on to a client, the innermost last
        self._tells = [False]

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._tells.append(bool(m.findall(node.body, TELLING)))

    def leave_FunctionDef(
        self, original: cst.FunctionDef, updated: cst.FunctionDef
    ) -> cst.FunctionDef:
        """Leave the function as it is; only whether it passes the stats on matters."""
        self._tells.pop()
        return updated

    @property
    def _effect(self) -> Effect | None:
        return Effect.HANDS_OVER_STATS if self._tells[-1] else None

    def leave_Assign(
        self, original: cst.Assign, updated: cst.Assign
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """`values['stats'] = dumps(values['stats'])`, or `values['stats'] = {}` before the rest."""
        found = self.get_metadata(DictFieldProvider, original, None)
        if found is None:
            return updated
        if found.kind == "turned":
            return self.removed_with_comments(
                original, Item.COMPUTE_NODE, found.evidence, self._effect
            )
        return self.removed(original, Item.COMPUTE_NODE, found.evidence, self._effect)

    def leave_Expr(self, original: cst.Expr, updated: cst.Expr) -> cst.BaseSmallStatement:
        """`values['stats'].update(stats)` as `values['stats'] = dict(stats)`."""
        found = self.get_metadata(DictFieldProvider, original, None)
        if found is None:
            return updated
        filling = cst.ensure_type(updated.value, cst.Call)
        target = cst.ensure_type(filling.func, cst.Attribute).value
        assert isinstance(target, cst.Subscript)
        new = cst.Assign([cst.AssignTarget(target)], call("dict", filling.args[0].value))
        effects = tuple(filter(None, (Effect.FILLS_STATS, self._effect)))
        return self.edited(original, new, Item.COMPUTE_NODE, found.evidence, effects)

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.BaseExpression:
        """`dumps(stats)` as `dict(stats)`, or as `stats` if the object copies it."""
        found = self.get_metadata(DictFieldProvider, original, None)
        if found is None:
            return updated
        given = updated.args[0].value
        new = given if found.kind == "given" else call("dict", given)
        effects = tuple(filter(None, (Effect.SETS_STATS, self._effect)))
        return self.edited(original, new, Item.COMPUTE_NODE, found.evidence, effects)

    def leave_Name(self, original: cst.Name, updated: cst.Name) -> cst.BaseExpression:
        """A copy of a dict that other code still uses."""
        return self._copied(original, updated)

    def leave_Attribute(
        self, original: cst.Attribute, updated: cst.Attribute
    ) -> cst.BaseExpression:
        """`self.stats` as `copy.copy(self.stats)`."""
        return self._copied(original, updated)

    def _copied(
        self, original: cst.BaseExpression, updated: cst.BaseExpression
    ) -> cst.BaseExpression:
        found = self.get_metadata(DictFieldProvider, original, None)
        if found is None:
            return updated
        self.wants_import("import copy", Item.COMPUTE_NODE)
        new = call("copy.copy", updated)
        return self.edited(original, new, Item.COMPUTE_NODE, found.evidence)

    def leave_SimpleString(
        self, original: cst.SimpleString, updated: cst.SimpleString
    ) -> cst.BaseExpression:
        """`'{}'` as `{}`."""
        found = self.get_metadata(DictFieldProvider, original, None)
        if found is None:
            return updated
        return self.edited(original, cst.Dict([]), Item.COMPUTE_NODE, found.evidence, self._effect)
