# SPDX-License-Identifier: Apache-2.0
"""Remove a unit test that only asserts that the conductor's attribute exists.

Once the attribute is removed, there is nothing left to test.
"""

import libcst as cst

from codemods.model import Item
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import UnreadProvider
from codemods.rules.example_sources import READER
from codemods.rules.tests.base import TestRule

_BESIDE = (("nova/compute/reader.py", READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_constructor(self):
        self.assertIsNotNone(self.reader.conductor_api)

    def test_read(self):
        self.assertIsNotNone(self.reader.read(None, 'host1'))
""",
        """\
from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_read(self):
        self.assertIsNotNone(self.reader.read(None, 'host1'))
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_constructor(self):
        self.assertIsNotNone(self.reader.conductor_api)

    def test_wait(self):
        self.reader.conductor_api.wait_until_ready(None)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


class RemoveHandleTest(TestRule):
    """See the module."""

    METADATA_DEPENDENCIES = (UnreadProvider,)

    def leave_FunctionDef(
        self, original: cst.FunctionDef, updated: cst.FunctionDef
    ) -> cst.FunctionDef | cst.RemovalSentinel:
        """`def test_x(self): self.assertIsNotNone(self.reader.conductor_api)`."""
        if not self.is_unread(original):
            return updated
        evidence = (self.step(original, "tests only that the handle is there"),)
        return self.removed(original, Item.CONDUCTOR, evidence)
