# SPDX-License-Identifier: Apache-2.0
"""Expect of a unit test's new object what was expected of the conductor's create().

A mock of the conductor was called with the values of the row, and returned a row.
A mock of the object's create() is called without them: the object that the code
keeps has the values, except a plain list where the field takes an object, which it
rejects, and has the stats as a dict. If the code reads the id of the new row, the
fake sets it on the object. The object does not hold addresses as text, so a test
that expects one is left to a person.
"""

import libcst as cst

from codemods.analysis.created_nodes import CreatedPart
from codemods.model import Evidence, Item
from codemods.rewriting.comments import lost_comments, under
from codemods.rewriting.elements import without
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import CreatedPartProvider
from codemods.rewriting.nodes import (
    assignment,
    attribute,
    call,
    expression,
    line,
    literal_text,
)
from codemods.rules.tests.base import MockRule

_TRACKER = """\
from nova import conductor


class Tracker(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def track(self, context, values):
        api = self.conductor_api
        self.compute_node = api.compute_node_create(context, values)
"""

_BESIDE = (("nova/compute/tracker.py", _TRACKER),)

_BEFORE = """\
import mock

from nova.compute import tracker
from nova import test


class TrackerTestCase(test.NoDBTestCase):
    def setUp(self):
        super(TrackerTestCase, self).setUp()
        api = mock.Mock()
        with mock.patch('nova.conductor.API', return_value=api):
            self.rt = tracker.Tracker()
        self.cond_api_mock = self.rt.conductor_api

    def test_track(self):
        create_mock = self.cond_api_mock.compute_node_create
        expected_values = {'vcpus': 1}
        self.rt.track('context', expected_values)
        create_mock.assert_called_once_with('context', expected_values)
"""

_AFTER = """\
import mock

from nova.compute import tracker
from nova import test


class TrackerTestCase(test.NoDBTestCase):
    def setUp(self):
        super(TrackerTestCase, self).setUp()
        api = mock.Mock()
        with mock.patch('nova.conductor.API', return_value=api):
            self.rt = tracker.Tracker()

    @mock.patch('nova.objects.ComputeNode.create')
    def test_track(self, create_mock):
        expected_values = {'vcpus': 1}
        self.rt.track('context', expected_values)
        create_mock.assert_called_once_with('context')
        self.assertEqual(
            expected_values,
            dict((key, self.rt.compute_node[key]) for key in expected_values))
"""

_PATH = "nova/tests/compute/test_tracker.py"

EXAMPLES = (
    Example(_BEFORE, _AFTER, path=_PATH, beside=_BESIDE),
    LeftAlone(
        _BEFORE.replace("with('context', expected_values)", "with('context', values={})"),
        because="needs-person",
        path=_PATH,
        beside=_BESIDE,
    ),
)

#: What a test's comment says of stats that are text only until there is an object.
PROMISE = "when the ComputeNode object is used"


class CreateExpectationToObject(MockRule):
    """See the module."""

    METADATA_DEPENDENCIES = (CreatedPartProvider,)

    def leave_Assign(
        self, original: cst.Assign, updated: cst.Assign
    ) -> cst.Assign | cst.BaseSmallStatement:
        """`create_mock.side_effect = fake`, or `expected['stats'] = '{}'`."""
        part = self._part(original)
        if part is None:
            return updated
        item, evidence = self._item(part), self._evidence(original)
        if part.kind == "told":
            return self.removed_from_line(original, item, evidence)
        return self.edited(original, updated.with_changes(value=cst.Dict([])), item, evidence)

    def leave_SimpleStatementLine(
        self, original: cst.SimpleStatementLine, updated: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine:
        """Drop the comment that the stats will not be text once the object is used."""
        above = original.leading_lines[-1:]
        note = above[0].comment if above else None
        if note is None or PROMISE not in note.value or not self._has_stats(original):
            return updated
        self.dropped(note)
        return updated.with_changes(leading_lines=updated.leading_lines[:-1])

    def _has_stats(self, original: cst.SimpleStatementLine) -> bool:
        parts = [self._part(one) for one in original.body]
        return any(part is not None and part.kind == "stats" for part in parts)

    def leave_FunctionDef(
        self, original: cst.FunctionDef, updated: cst.FunctionDef
    ) -> cst.FunctionDef | cst.RemovalSentinel:
        """The fake that made a row: the object has its values already."""
        part = self._part(original)
        if part is None:
            return updated
        if part.row_id is not None:
            evidence = (self.step(original, "the code reads the id that the row got"),)
            return self.edited(original, self._of_id(updated, part), self._item(part), evidence)
        return self.removed(original, self._item(part), self._evidence(original))

    def _of_id(self, fake: cst.FunctionDef, part: CreatedPart) -> cst.FunctionDef:
        """The fake that gives the object its id."""
        node = cst.Name(part.variable)
        context = fake.params.params[:1] if self.file.takes_context(part.call.object) else ()
        params = [
            cst.Param(node),
            *(one.with_changes(comma=cst.MaybeSentinel.DEFAULT) for one in context),
        ]
        given = assignment(attribute(node, "id"), cst.Integer(str(part.row_id)))
        block = fake.body if isinstance(fake.body, cst.IndentedBlock) else cst.IndentedBlock([])
        new = fake.with_changes(
            params=cst.Parameters(params), body=block.with_changes(body=[given])
        )
        kept = under(given, lost_comments([fake], [new]))
        return new.with_changes(body=block.with_changes(body=[kept]))

    def leave_Dict(self, original: cst.Dict, updated: cst.Dict) -> cst.Dict:
        """The values, without those that the object rejects."""
        part = self._part(original)
        if part is None or not part.refused:
            return updated
        opening, kept = without(
            updated.lbrace.whitespace_after,
            updated.elements,
            lambda one: _key(one) in part.refused,
        )
        brace = updated.lbrace.with_changes(whitespace_after=opening)
        new = updated.with_changes(elements=kept, lbrace=brace)
        return self.edited(original, new, self._item(part), self._evidence(original))

    def leave_Expr(
        self, original: cst.Expr, updated: cst.Expr
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """`create_mock.assert_called_once_with(context, expected)`."""
        part = self._part(original)
        if part is None:
            return updated
        asserted = cst.ensure_type(updated.value, cst.Call)
        values, key = asserted.args[1].value, cst.Name("key")
        there = cst.Subscript(expression(part.node), [cst.SubscriptElement(cst.Index(key))])
        pair = cst.Tuple([cst.Element(key), cst.Element(there)])
        pairs = cst.GeneratorExp(pair, cst.CompFor(key, values), lpar=[], rpar=[])
        given = [expression(part.node)] if part.is_bound else []
        if self.file.takes_context(part.call.object):
            given.append(asserted.args[0].value)
        lines = [
            line(call(asserted.func, *given)),
            line(call("self.assertEqual", values, call("dict", pairs))),
        ]
        return self.replaced(original, lines, self._item(part), self._evidence(original))

    def _part(self, original: cst.CSTNode) -> CreatedPart | None:
        """What has to follow a mock of create() at a place, if objects are created so far."""
        part = self.get_metadata(CreatedPartProvider, original, None)
        return part if part is not None and self.is_replaced(part.call) else None

    def _item(self, part: CreatedPart) -> Item:
        return self.file.item_of(part.call.object)

    def _evidence(self, original: cst.CSTNode) -> Evidence:
        return (self.step(original, "the object has the values that it is created with"),)


def _key(element: cst.BaseDictElement) -> str | None:
    return literal_text(element.key) if isinstance(element, cst.DictElement) else None
