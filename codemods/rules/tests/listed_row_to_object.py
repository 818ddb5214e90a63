# SPDX-License-Identifier: Apache-2.0
"""Replace the literal rows of a list in a file of unit tests with objects.

Tests assign such rows, or copies of them, where the code now keeps an object. An
object gets the same values, without those that it has no field for, which the code
cannot read from it. A list that is used in any other way stays as it is.
"""

from collections.abc import Iterator

import libcst as cst

from codemods.rewriting.elements import without
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import ListedRowProvider
from codemods.rewriting.nodes import arg, call, literal_text
from codemods.rules.tests.base import TestRule

_TRACKER = """\
from nova import conductor


class Tracker(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.compute_node = None

    def track(self, context, values):
        api = self.conductor_api
        self.compute_node = api.compute_node_create(context, values)
"""

_BESIDE = (
    ("nova/compute/tracker.py", _TRACKER),
    ("nova/test.py", "from nova import objects\n\nobjects.register_all()\n"),
)

_BEFORE = """\
import copy

import mock

from nova.compute import tracker
from nova import test

_NODES = [
    {
        'id': 1,
        'vcpus': 2,
        'service': None,
    },
]


class TrackerTestCase(test.NoDBTestCase):
    def setUp(self):
        super(TrackerTestCase, self).setUp()
        api = mock.Mock()
        with mock.patch('nova.conductor.API', return_value=api):
            self.rt = tracker.Tracker()
        self.cond_api_mock = self.rt.conductor_api

    def test_track(self):
        create_mock = self.cond_api_mock.compute_node_create
        self.rt.compute_node = copy.deepcopy(_NODES[0])
        self.assertFalse(create_mock.called)
"""

_AFTER = """\
import copy

import mock

from nova.compute import tracker
from nova import objects
from nova import test

_NODES = [
    objects.ComputeNode(
        id=1,
        vcpus=2,
    ),
]


class TrackerTestCase(test.NoDBTestCase):
    def setUp(self):
        super(TrackerTestCase, self).setUp()
        api = mock.Mock()
        with mock.patch('nova.conductor.API', return_value=api):
            self.rt = tracker.Tracker()

    @mock.patch('nova.objects.ComputeNode.create')
    def test_track(self, create_mock):
        self.rt.compute_node = copy.deepcopy(_NODES[0])
        self.assertFalse(create_mock.called)
"""

_PATH = "nova/tests/compute/test_tracker.py"

EXAMPLES = (
    Example(_BEFORE, _AFTER, path=_PATH, beside=_BESIDE),
    LeftAlone(
        """\
import copy

from nova.compute import tracker
from nova import test

_NODES = [{'id': 1}]


class TrackerTestCase(test.NoDBTestCase):
    def test_track(self):
        rt = tracker.Tracker()
        rt.compute_node = copy.deepcopy(_NODES[0])
        self.assertEqual(1, _NODES[0]['id'])
""",
        because="needs-person",
        path=_PATH,
        beside=_BESIDE,
    ),
)


class ListedRowToObject(TestRule):
    """See the module."""

    METADATA_DEPENDENCIES = (ListedRowProvider,)

    def leave_Dict(self, original: cst.Dict, updated: cst.Dict) -> cst.BaseExpression:
        """One of the rows."""
        row = self.get_metadata(ListedRowProvider, original, None)
        if row is None or self.file.item_of(row.object) not in self.file.done:
            return updated
        item = self.file.item_of(row.object)
        spelled, wanted = self.file.tree.spelling(row.object)
        self.wants_import(wanted, item)
        opening, elements = without(
            updated.lbrace.whitespace_after,
            updated.elements,
            lambda one: isinstance(one, cst.DictElement) and literal_text(one.key) in row.left_out,
        )
        made = call(spelled).with_changes(
            whitespace_before_args=opening,
            args=list(_words(elements, updated.rbrace.whitespace_before)),
            lpar=updated.lpar,
            rpar=updated.rpar,
        )
        evidence = (self.step(original, f"stands for a {row.object}"),)
        return self.edited(original, made, item, evidence)


def _words(
    elements: list[cst.BaseDictElement], closing: cst.BaseParenthesizableWhitespace
) -> Iterator[cst.Arg]:
    """The elements of a dict as keyword arguments, on the same lines."""
    for element in elements:
        pair = cst.ensure_type(element, cst.DictElement)
        # a keyword is shorter than a key with its quotes and the space after the colon
        value = pair.value.visit(_Shifted(3))
        assert isinstance(value, cst.BaseExpression)
        word = arg(value, literal_text(pair.key) or "")
        # a value with parentheses around several lines keeps them
        word = word.with_changes(value=value, comma=pair.comma)
        is_last = element is elements[-1]
        yield word.with_changes(whitespace_after_arg=closing) if is_last else word


class _Shifted(cst.CSTTransformer):
    """Moves all lines of an expression but the first to the left."""

    def __init__(self, columns: int) -> None:
        self.columns = columns

    def leave_ParenthesizedWhitespace(
        self,
        original_node: cst.ParenthesizedWhitespace,
        updated_node: cst.ParenthesizedWhitespace,
    ) -> cst.ParenthesizedWhitespace:
        """The white space before such a line."""
        before = updated_node.last_line.value
        shorter = before[: -self.columns] if len(before) > self.columns else before
        return updated_node.with_changes(last_line=cst.SimpleWhitespace(shorter))
