# SPDX-License-Identifier: Apache-2.0
"""Unit tests that replace the database under objects of another package."""

import pathlib
import re
import textwrap

import pytest
from tables import assert_same_text, outcome
from unit_test_sources import CREATE, MARK, PATH, READ, READ_ALL, WAIT, Beside, reader

#: The tree has no objects of its own.
CODE: Beside = {**reader(READ, READ_ALL, CREATE, MARK, WAIT), "nova/objects/": None}

MODULE = "nova.tests.compute.test_reader"

HEAD = """\
import mock
from mox3 import mox

from nova.compute import reader
from nova import db
from nova.db import api as db_api
from nova import test


"""

CASE = """\
class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

"""

#: The methods of a test case, and what a person is told: who replaces what of which object.
NAMED = [
    pytest.param(
        """\
def test_read(self):
    self.stubs.Set(db, 'service_get_all', self._services)
    self.stubs.Set(db_api, 'compute_node_create', lambda *args: None)
    self.stubs.Set(self.reader.db, 'service_get_all_by_topic', None)
""",
        [
            ("ReaderTestCase.test_read", "service_get_all", "Service"),
            ("ReaderTestCase.test_read", "compute_node_create", "ComputeNode"),
            ("ReaderTestCase.test_read", "service_get_all_by_topic", "Service"),
        ],
        id="the module under any name",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.stubs.Set(db, 'flavor_get', self._flavor)
    self.stubs.Set(db, 'instance_update_and_get_original', self._update)
""",
        [
            ("ReaderTestCase.test_mark", "flavor_get", "Flavor"),
            ("ReaderTestCase.test_mark", "instance_update_and_get_original", "Instance"),
        ],
        id="functions that the conductor has under another name",
    ),
    pytest.param(
        """\
def test_read(self):
    self.stubs.Set(db, 'service_get_by_compute_host', self._service)
    if self: self.stubs.Set(db, 'service_get_by_compute_host', None)

def test_again(self):
    self.stubs.Set(db, 'service_get_by_compute_host', self._service); a = 1
    return a
""",
        [
            ("ReaderTestCase.test_again", "service_get_by_compute_host", "Service"),
            ("ReaderTestCase.test_read", "service_get_by_compute_host", "Service"),
        ],
        id="once for a test",
    ),
    pytest.param(
        """\
def test_read(self):
    def asked():
        self.stubs.Set(db, 'service_get_all', self._services)

    class Inner(object):
        def __init__(self):
            self.stubs.Set(db, 'service_get_all', None)  # nothing

    asked()
""",
        [
            ("ReaderTestCase.test_read.Inner.__init__", "service_get_all", "Service"),
            ("ReaderTestCase.test_read.asked", "service_get_all", "Service"),
        ],
        id="nested functions and classes",
    ),
    pytest.param(
        """\
def test_read(self):
    self.mox.StubOutWithMock(db, 'service_get_by_compute_host')
    db.service_get_by_compute_host('context', 'host1').AndReturn({'id': 1})
    self.mox.ReplayAll()
""",
        [("ReaderTestCase.test_read", "service_get_by_compute_host", "Service")],
        id="recorded call",
    ),
    pytest.param(
        """\
def test_read(self):
    self.mox.StubOutWithMock(db, 'service_get_by_compute_host')
    db.service_get_by_compute_host('context', 'host1').AndRaise(ValueError)
    self.mox.ReplayAll()
""",
        [("ReaderTestCase.test_read", "service_get_by_compute_host", "Service")],
        id="recorded call that raises",
    ),
    pytest.param(
        """\
@mock.patch('nova.db.service_get_by_compute_host')
def test_read(self, mock_get):
    self.reader.read('context', 'host1')

@mock.patch.object(db, 'service_get_all_by_topic')
def test_read_all(self, mock_get):
    self.reader.read_all('context', 'compute')
""",
        [
            ("ReaderTestCase.test_read", "service_get_by_compute_host", "Service"),
            ("ReaderTestCase.test_read_all", "service_get_all_by_topic", "Service"),
        ],
        id="mocks",
    ),
]

#: Nobody need look at these.
NOT_NAMED = [
    pytest.param(
        """\
def test_read(self):
    self.stubs.Set(db, 'network_get', self._network)
    self.stubs.Set(db, 'service_get', self._service)
    self.stubs.Set(db, self.name, self._service)
""",
        id="functions that no conductor ends in",
    ),
    pytest.param(
        """\
def test_read(self):
    self.stubs.Set(db, 'migration_create', self._migration)
    self.stubs.Set(db, 'instance_get_by_uuid', self._instance)
""",
        id="functions whose calls stay with the conductor",
    ),
    pytest.param(
        """\
def test_read(self):
    self.stubs.Set(self.reader, 'service_get_all', self._services)
    self.stubs.Set(reader, 'service_get_all', self._services)
    db.service_get_all('context')
    self.db_service_get_all = None
""",
        id="functions of something else",
    ),
]

STUBBED = NAMED[0].values[0]

#: Trees in which the stubs govern what they governed before.
OTHER_TREES = [
    pytest.param(reader(READ), id="objects over the tree's database"),
    pytest.param(
        {**CODE, "nova/compute/reader.py": "class Reader(object):\n    pass\n"},
        id="code that does not change",
    ),
]


def in_test_case(methods: str) -> str:
    return HEAD + CASE + textwrap.indent(methods, " " * 4)


def told(root: pathlib.Path, text: str, beside: Beside = CODE) -> list[tuple[str, str, str]]:
    """Who replaces which function of which object, as a person is told; the file stays."""
    found = outcome(root, text, path=PATH, beside=beside)
    assert found.failures == ()
    assert_same_text(found.text, text)
    named = []
    for one in sorted(found.result.needs_person, key=lambda one: (one.test, one.line)):
        said = re.fullmatch(
            r"replaces the database's (\w+)\(\), which the shim's (\w+) never calls", one.reason
        )
        assert said is not None
        assert one.path == PATH
        assert said[1] in text.splitlines()[one.line - 1]
        named.append((one.test.removeprefix(MODULE).lstrip("."), *said.groups()))
    return named


@pytest.mark.parametrize(("methods", "expected"), NAMED)
def test_named(methods: str, expected: list[tuple[str, str, str]], tmp_path: pathlib.Path):
    assert told(tmp_path, in_test_case(methods)) == expected


def test_named_outside_of_functions(tmp_path: pathlib.Path):
    text = HEAD + CASE + "\nSTUBS.Set(db, 'service_get_all', None)\n"
    assert told(tmp_path, text) == [("", "service_get_all", "Service")]


def test_line_endings_do_not_matter(tmp_path: pathlib.Path):
    methods, expected = NAMED[0].values
    assert told(tmp_path, in_test_case(methods).replace("\n", "\r\n")) == expected


@pytest.mark.parametrize("methods", NOT_NAMED)
def test_not_named(methods: str, tmp_path: pathlib.Path):
    assert told(tmp_path, in_test_case(methods)) == []


@pytest.mark.parametrize("beside", OTHER_TREES)
def test_not_named_in_other_trees(beside: Beside, tmp_path: pathlib.Path):
    assert told(tmp_path, in_test_case(STUBBED), beside) == []
