# SPDX-License-Identifier: Apache-2.0
"""Unit tests that let the database hand out rows: completed where it shows whose, else named."""

import pathlib
import textwrap

import pytest
from tables import outcome

PATH = "nova/tests/compute/test_reader.py"

READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        return self.conductor_api.service_get_by_args(context, host, 'nova-compute')

    def nodes(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return service['compute_node']
"""

HEAD = """\
import copy

import fixtures
import mock

from nova.compute import reader
from nova import db
from nova import test

ROW = {'id': 1, 'host': 'h', 'binary': 'b', 'topic': 't'}
PART = {'id': 1, 'host': 'h'}


def fake_row(**values):
    row = {'id': 2, 'host': 'h', 'binary': 'b', 'topic': 't'}
    row.update(values)
    return row


def fake_part():
    return dict(host='h')


class ReaderTestCase(test.TestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()
        self.row = {'id': 3, 'host': 'h', 'binary': 'b', 'topic': 't'}
        self.part = {'id': 3, 'host': 'h'}

"""

#: Ways to let the database hand out `{row}`.
WAYS = [
    pytest.param(
        """\
def test_read(self):
    with mock.patch.object(db, 'service_get_by_args', return_value={row}):
        self.assertTrue(self.reader.read('context', 'h'))
""",
        id="patch.object",
    ),
    pytest.param(
        """\
@mock.patch('nova.db.service_get_by_args')
def test_read(self, get):
    get.return_value = {row}
    self.assertTrue(self.reader.read('context', 'h'))
""",
        id="told",
    ),
    pytest.param(
        """\
@mock.patch('nova.db.api.service_get_by_args', new=lambda *args: {row})
def test_read(self):
    self.assertTrue(self.reader.read('context', 'h'))
""",
        id="new",
    ),
    pytest.param(
        """\
@mock.patch('nova.db.sqlalchemy.api.service_get_by_args', side_effect=lambda *args: {row})
def test_read(self, get):
    self.assertTrue(self.reader.read('context', 'h'))
""",
        id="side effect, below the API",
    ),
    pytest.param(
        """\
def test_read(self):
    self.stubs.Set(db, 'service_get_by_args', lambda *args: {row})
    self.assertTrue(self.reader.read('context', 'h'))
""",
        id="stubs.Set",
    ),
    pytest.param(
        """\
def test_read(self):
    def get(*args):
        return {row}
    self.stubs.Set(db, 'service_get_by_args', get)
    self.assertTrue(self.reader.read('context', 'h'))
""",
        id="a function",
    ),
    pytest.param(
        """\
def test_read(self):
    self.useFixture(fixtures.MonkeyPatch('nova.db.service_get_by_args', lambda *args: {row}))
    self.assertTrue(self.reader.read('context', 'h'))
""",
        id="a fixture",
    ),
    pytest.param(
        """\
def test_read(self):
    self.mox.StubOutWithMock(db, 'service_get_by_args')
    db.service_get_by_args('context', 'h', 'nova-compute').AndReturn({row})
    self.mox.ReplayAll()
    self.assertTrue(self.reader.read('context', 'h'))
""",
        id="mox",
    ),
]

#: Rows with the marks of a service's, and of which too little is there.
WHOLE = ["ROW", "dict(ROW, host='i')", "copy.copy(ROW)", "ROW.copy()", "fake_row(host='i')"]
WHOLE += ["self.row", "copy.deepcopy(self.row)"]
LACKING = ["PART", "self.part", "{'host': 'h'}", "fake_part() or PART", "dict(PART, topic='t')"]


def _named(text: str, root: pathlib.Path) -> tuple[str, list[str]]:
    found = outcome(
        root, HEAD + textwrap.indent(text, " " * 4), PATH, {"nova/compute/reader.py": READER}
    )
    assert found.failures == ()
    return found.text, [one.reason for one in found.result.needs_person]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("row", WHOLE)
def test_a_row_that_shows_whose_it_is_gets_the_other_columns(
    way: str, row: str, tmp_path: pathlib.Path
):
    text, reasons = _named(way.format(row=row), tmp_path)
    assert "'disabled_reason': None" in text
    assert not reasons


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("row", LACKING)
def test_a_row_that_lacks_too_much_names_its_test(way: str, row: str, tmp_path: pathlib.Path):
    text, reasons = _named(way.format(row=row), tmp_path)
    assert "'disabled_reason'" not in text
    [reason] = reasons
    assert reason.startswith(
        "stubs the database with a Service row that lacks binary, created_at, deleted and "
    )
    assert reason.endswith(" more")


def test_a_joined_row_names_its_test_too(tmp_path: pathlib.Path):
    test = """\
def test_nodes(self):
    row = dict(ROW, compute_node=[{'id': 1, 'memory_mb': 5}])
    self.stubs.Set(db, 'service_get_by_compute_host', lambda *args: row)
    self.assertEqual(1, len(self.reader.nodes('context', 'h')))
"""
    _, reasons = _named(test, tmp_path)
    assert [one.partition(" that lacks")[0] for one in reasons] == [
        "stubs the database with a ComputeNode row"
    ]


@pytest.mark.parametrize("row", ["self.make()", "objects_row", "[]", "None"])
def test_nothing_is_said_of_rows_that_nobody_sees(row: str, tmp_path: pathlib.Path):
    test = f"""\
def test_read(self):
    self.stubs.Set(db, 'service_get_by_args', lambda *args: {row})
    self.assertTrue(self.reader.read('context', 'h'))
"""
    assert _named(test, tmp_path)[1] == []


def test_nothing_is_said_of_queries_that_the_code_never_made(tmp_path: pathlib.Path):
    test = """\
def test_read(self):
    self.stubs.Set(db, 'service_get_all_by_host', lambda *args: [PART])
    self.assertTrue(self.reader)
"""
    assert _named(test, tmp_path)[1] == []


@pytest.mark.parametrize("asked", ["{}.keys()", "dict({})", "sorted({})", "{}.values()"])
def test_a_test_that_reads_the_keys_of_a_row_is_named(asked: str, tmp_path: pathlib.Path):
    row = "self.reader.read('context', 'h')"
    test = f"""\
def test_read(self):
    self.assertTrue({asked.format(row)})
"""
    _, reasons = _named(test, tmp_path)
    assert [one.partition(":")[0] for one in reasons] == [
        "does with a Service object what only a dict does"
    ]


@pytest.mark.parametrize("asked", ["{}['host']", "{}.get('host')", "{} is None"])
def test_what_an_object_answers_names_no_test(asked: str, tmp_path: pathlib.Path):
    row = "self.reader.read('context', 'h')"
    test = f"""\
def test_read(self):
    self.assertTrue({asked.format(row)})
"""
    assert _named(test, tmp_path)[1] == []


API = """\
class LocalAPI(object):
    def service_get_by_args(self, context, host, binary):
        return self._manager.service_get_all_by(context, host=host,
                                                binary=binary)

    def service_update(self, context, service, values):
        return self._manager.service_update(context, service, values)


API = LocalAPI
"""


@pytest.mark.parametrize("owner", ["rpcapi.ConductorAPI", "manager.ConductorManager"])
def test_a_test_that_replaces_what_serves_the_call_is_named(owner: str, tmp_path: pathlib.Path):
    test = f"""\
def test_read(self):
    with mock.patch('nova.conductor.{owner}.service_get_all_by', return_value=ROW):
        self.assertTrue(self.reader.read('context', 'h'))
"""
    found = outcome(
        tmp_path,
        HEAD + textwrap.indent(test, " " * 4),
        PATH,
        {"nova/compute/reader.py": READER, "nova/conductor/api.py": API},
    )
    assert [one.reason for one in found.result.needs_person] == [
        "replaces the conductor's service_get_all_by(), which the code no longer calls"
    ]
