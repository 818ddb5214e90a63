# SPDX-License-Identifier: Apache-2.0
"""Remove the mock of the whole conductor if no unit test looks at it any more.

It is removed together with the attribute of the code under test: the local alias
of the mock, the attribute that held it, and the patch that installed it.
"""

import libcst as cst
import libcst.matchers as m

from codemods.model import Evidence, Item
from codemods.rewriting.elements import without
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import UnreadProvider
from codemods.rules.example_sources import MOCKED_CONDUCTOR, MOCKED_OBJECT, READER
from codemods.rules.tests.base import TestRule

_BESIDE = (("nova/compute/reader.py", READER),)

EXAMPLES = (
    Example(
        MOCKED_CONDUCTOR,
        MOCKED_OBJECT,
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
import mock

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        api = mock.Mock()
        with mock.patch('nova.conductor.API', return_value=api):
            self.reader = reader.Reader()
        self.cond_api_mock = self.reader.conductor_api

    def test_read(self):
        capi = self.cond_api_mock
        self.reader.read('context', 'host')
        self.assertEqual(1, len(capi.mock_calls))
""",
        because="needs-person",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


class RemoveHandleMock(TestRule):
    """See the module."""

    METADATA_DEPENDENCIES = (UnreadProvider,)

    def leave_Assign(
        self, original: cst.Assign, updated: cst.Assign
    ) -> cst.Assign | cst.RemovalSentinel:
        """A local name of the mock, the attribute that held it, or what made it for its patch."""
        if not self.is_unread(original):
            return updated
        is_name = m.matches(
            original, m.Assign([m.AssignTarget(m.Name())], m.Attribute() | m.Name())
        )
        item = self.file.last_item if is_name else Item.CONDUCTOR
        return self.removed(original, item, self._evidence(original))

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """`contextlib.nested(mock.patch('nova.conductor.API', ...), ...)`."""
        unread = [number for number, one in enumerate(original.args) if self._is_patch(one)]
        if not unread:
            return updated
        gone = [updated.args[number] for number in unread]
        opening, args = without(updated.whitespace_before_args, updated.args, gone.__contains__)
        new = updated.with_changes(args=args, whitespace_before_args=opening)
        return self.edited(original, new, Item.CONDUCTOR, self._evidence(original))

    def _is_patch(self, original: cst.Arg) -> bool:
        return isinstance(original.value, cst.Call) and self.is_unread(original.value)

    def _evidence(self, original: cst.CSTNode) -> Evidence:
        return (self.step(original, "no test looks at the mocked conductor"),)
