# SPDX-License-Identifier: Apache-2.0
"""List the unit tests that replace database functions which the shim's objects do not use.

A test that replaces functions of the tree's database API controlled what the
conductor answered. The shim's objects have a database of their own, so such a test
does not affect them: a person has to decide what it should do instead. Nothing is
changed.
"""

from typing import Any

import libcst as cst

from codemods.mappings import conductor_calls, conductor_name
from codemods.rewriting.examples import LeftAlone
from codemods.rewriting.file import File
from codemods.rewriting.metadata import StubProvider
from codemods.rules.example_sources import READER
from codemods.rules.tests.base import TestRule

_BESIDE = (
    ("nova/compute/reader.py", READER),
    ("nova/objects/", None),
)

EXAMPLES = (
    LeftAlone(
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_read(self):
        self.stubs.Set(db, 'service_get_by_compute_host', self._service)
        self.assertTrue(self.reader.read('context', 'host1'))

    def _service(self, context, host):
        return self.services[host]
""",
        because="needs-person",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_read(self):
        self.stubs.Set(db, 'network_get', self._network)
        self.assertTrue(self.reader.read('context', 'host1'))

    def _network(self, context, network_id):
        return self.networks[network_id]
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


class DatabaseStubToPerson(TestRule):
    """See the module."""

    METADATA_DEPENDENCIES = (StubProvider,)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._told: set[tuple[str, str]] = set()

    @classmethod
    def applies(cls, file: File) -> bool:
        """Whether the objects have a database of their own."""
        return not file.tree.is_own

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """`self.stubs.Set(db, 'service_get', fake)`."""
        stub = self.get_metadata(StubProvider, original, None)
        call = conductor_calls().get(conductor_name(stub.name)) if stub is not None else None
        if stub is None or call is None or call.declined is not None:
            return updated
        item, who = self.file.item_of(call.object), (stub.test, stub.name)
        if who not in self._told and item in self.file.done and self.file.tests_what():
            reason = (
                f"replaces the database's {stub.name}(), which the shim's {call.object} never calls"
            )
            self._told.add(who)
            self.needs_person(original, stub.test, item, reason)
        return updated
