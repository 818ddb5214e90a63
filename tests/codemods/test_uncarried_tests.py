# SPDX-License-Identifier: Apache-2.0
"""Every way to replace the conductor is carried over, or its test named as needing a person."""

import pathlib
import textwrap

import pytest
from tables import Outcome, outcome
from unit_test_sources import (
    NODES,
    PATH,
    READ,
    READ_ALL,
    REPORT,
    TRACK,
    WAIT,
    in_module,
    in_test_case,
    reader,
)

CODE = reader(READ, READ_ALL, REPORT, WAIT)
CASE = "nova.tests.compute.test_reader.ReaderTestCase"


def named(found: Outcome) -> set[str]:
    """The tests of the file that need a person, without the class that they are in."""
    persons = [one for one in found.result.needs_person if one.path == PATH]
    return {one.test.removeprefix(f"{CASE}.") for one in persons}


STUBS = [
    pytest.param(
        """\
with mock.patch.object(self.reader.conductor_api, 'service_update') as update:
    self.reader.report('context', {'id': 1})
update.assert_called_once_with('context', {'id': 1}, mock.ANY)
""",
        id="a patch on an instance's handle",
    ),
    pytest.param(
        """\
patcher = mock.patch.object(conductor_api.LocalAPI, 'service_update')
update = patcher.start()
self.addCleanup(patcher.stop)
self.reader.report('context', {'id': 1})
self.assertEqual('context', update.call_args[0][0])
""",
        id="a patch that is started",
    ),
    pytest.param(
        """\
patcher = mock.patch('nova.conductor.api.LocalAPI.service_update')
patcher.start()
self.reader.report('context', {'id': 1})
""",
        id="a patch of the dotted name",
    ),
    pytest.param(
        """\
with mock.patch.multiple('nova.conductor.api.LocalAPI',
                         service_update=mock.DEFAULT):
    self.reader.report('context', {'id': 1})
""",
        id="a patch of several",
    ),
    pytest.param(
        """\
with mock.patch.multiple(conductor_api.LocalAPI,
                         service_update=mock.DEFAULT):
    self.reader.report('context', {'id': 1})
""",
        id="a patch of several on a class",
    ),
    pytest.param(
        """\
self.mox.StubOutWithMock(self.reader.conductor_api, 'service_update')
self.reader.conductor_api.service_update('context', {'id': 1}, mox.IgnoreArg())
self.mox.ReplayAll()
self.reader.report('context', {'id': 1})
""",
        id="mox on an instance's handle",
    ),
    pytest.param(
        """\
self.mox.StubOutWithMock(conductor_api.LocalAPI, 'service_get_by_compute_host')
conductor_api.LocalAPI.service_get_by_compute_host(
    'context', 'host1').AndReturn({'id': 1})
self.mox.ReplayAll()
self.reader.read('context', 'host1')
""",
        id="mox on a class",
    ),
    pytest.param(
        """\
api = self.mox.CreateMock(conductor_api.LocalAPI)
api.service_get_by_compute_host('context', 'host1').AndReturn({'id': 1})
self.stubs.Set(self.reader, 'conductor_api', api)
self.mox.ReplayAll()
self.reader.read('context', 'host1')
""",
        id="a mox of the whole class",
    ),
    pytest.param(
        """\
def fake_update(api, context, service, values):
    return dict(service, **values)

self.stubs.Set(conductor_api.LocalAPI, 'service_update', fake_update)
self.reader.report('context', {'id': 1})
""",
        id="a stub on a class",
    ),
    pytest.param(
        """\
setattr(self.reader.conductor_api, 'service_update', lambda *args: None)
self.reader.report('context', {'id': 1})
""",
        id="setattr",
    ),
    pytest.param(
        """\
self.useFixture(fixtures.MonkeyPatch(
    'nova.conductor.api.LocalAPI.service_update', lambda *args: None))
self.reader.report('context', {'id': 1})
""",
        id="a fixture",
    ),
    pytest.param(
        """\
conductor_api.LocalAPI.service_update = mock.Mock()
self.reader.report('context', {'id': 1})
""",
        id="a method that is set on a class",
    ),
    pytest.param(
        """\
class FakeAPI(object):
    def service_update(self, context, service, values):
        return service

self.stubs.Set(self.reader, 'conductor_api', FakeAPI())
self.reader.report('context', {'id': 1})
""",
        id="a class that only looks like the API",
    ),
    pytest.param(
        """\
class FakeAPI(conductor_api.LocalAPI):
    def service_update(self, context, service, values):
        return service

with mock.patch('nova.conductor.API', FakeAPI):
    reader.Reader().report('context', {'id': 1})
""",
        id="a class that inherits from the API",
    ),
    pytest.param(
        """\
with mock.patch('nova.conductor.API') as factory:
    reader.Reader().report('context', {'id': 1})
    self.assertTrue(factory.return_value.service_update.called)
""",
        id="a factory of the API",
    ),
    pytest.param(
        """\
with mock.patch.object(conductor, 'API'):
    reader.Reader().report('context', {'id': 1})
""",
        id="the factory on its module",
    ),
    pytest.param(
        """\
with mock.patch.object(reader.Reader, 'conductor_api', create=True):
    self.reader.report('context', {'id': 1})
""",
        id="the handle as a class attribute",
    ),
    pytest.param(
        """\
api = mock.create_autospec(conductor_api.LocalAPI)
api.service_update.return_value = {'id': 1}
with mock.patch('nova.conductor.API', return_value=api):
    reader.Reader().report('context', {'id': 1})
""",
        id="a mock with the API's signatures",
    ),
    pytest.param(
        """\
api = mock.Mock(**{'service_update.return_value': {'id': 1}})
with mock.patch('nova.conductor.API', return_value=api):
    reader.Reader().report('context', {'id': 1})
""",
        id="a mock told by keywords",
    ),
    pytest.param(
        """\
for name in ('service_update', 'service_get_by_compute_host'):
    self.stubs.Set(conductor_api.LocalAPI, name, mock.Mock())
self.reader.report('context', {'id': 1})
""",
        id="names in a tuple",
    ),
    pytest.param(
        """\
def run():
    with mock.patch.object(conductor_api.LocalAPI, 'service_update') as update:
        update.return_value = {}
        self.reader.report('context', {'id': 1})

run()
""",
        id="within a function",
    ),
]


@pytest.mark.parametrize("body", STUBS)
def test_test_is_named(body: str, tmp_path: pathlib.Path):
    method = "def test_report(self):\n" + "".join(f"    {one}\n" for one in body.splitlines())
    text = in_test_case(method).replace("import mock\n", "import fixtures\nimport mock\n")
    found = outcome(tmp_path, text, PATH, CODE)
    assert found.failures == ()
    assert named(found) == {"test_report"}


SET_UP = """\
def setUp(self):
    super(ReaderTestCase, self).setUp()
    patcher = mock.patch('nova.conductor.api.LocalAPI.service_update')
    self.update = patcher.start()
    self.addCleanup(patcher.stop)

def test_report(self):
    reader.Reader().report('context', {'id': 1})
"""


def test_the_class_whose_set_up_it_is_is_named(tmp_path: pathlib.Path):
    found = outcome(tmp_path, in_test_case(SET_UP), PATH, CODE)
    assert named(found) == {CASE}


DECORATED = """\
@mock.patch.object(conductor_api.LocalAPI, 'service_update')
class ReaderTestCase(test.NoDBTestCase):
    def test_report(self, update):
        reader.Reader().report('context', {'id': 1})
"""


def test_decorated_class_is_named(tmp_path: pathlib.Path):
    found = outcome(tmp_path, in_module(DECORATED), PATH, CODE)
    assert {one.test for one in found.result.needs_person} == {CASE}


@pytest.mark.parametrize("made", ["mock.Mock()", "mock.create_autospec(conductor_api.API)", "None"])
def test_handle_that_a_test_replaces_does_not_keep_the_code_as_it_is(
    made: str, tmp_path: pathlib.Path
):
    method = f"""\
def test_report(self):
    self.reader.conductor_api = {made}
    self.reader.report('context', {{'id': 1}})
"""
    found = outcome(tmp_path, in_test_case(method), PATH, CODE)
    after = {change.path: change.after for change in found.result.changes}
    assert b"service_update" not in after["nova/compute/reader.py"]
    assert named(found) == {"test_report"}


USED = """\
def patched():
    return mock.patch('nova.conductor.api.LocalAPI.service_update')

def twice():
    return [patched(), patched()]

class ReaderTestCase(test.NoDBTestCase):
    def _stub(self):
        self.stubs.Set(conductor_api.LocalAPI, 'service_update', mock.Mock())

    def test_patched(self):
        with patched():
            reader.Reader().report('context', {'id': 1})

    def test_twice(self):
        twice()

    def test_stubbed(self):
        self._stub()
        reader.Reader().report('context', {'id': 1})

    def test_wait(self):
        reader.Reader().wait('context')
"""


def test_tests_that_use_a_helper_are_named(tmp_path: pathlib.Path):
    found = outcome(tmp_path, in_module(USED), PATH, CODE)
    module = CASE.rpartition(".")[0]
    assert {one.test for one in found.result.needs_person} == {
        f"{module}.patched",
        f"{module}.twice",
        f"{CASE}._stub",
        f"{CASE}.test_patched",
        f"{CASE}.test_twice",
        f"{CASE}.test_stubbed",
    }
    reasons = {one.test: one.reason for one in found.result.needs_person}
    gone = "replaces the conductor's service_update(), which the code no longer calls"
    assert reasons[f"{CASE}.test_twice"] == f"uses patched, which {gone}"


HELPERS = """\
def patched():
    return mock.patch('nova.conductor.api.LocalAPI.service_update')


class FakeConductor(object):
    def service_update(self, context, service, values):
        return service
"""


def test_helpers_outside_of_tests_are_named(tmp_path: pathlib.Path):
    found = outcome(tmp_path, in_module(HELPERS), PATH, CODE)
    module = CASE.rpartition(".")[0]
    assert {one.test for one in found.result.needs_person} == {
        f"{module}.patched",
        f"{module}.FakeConductor.service_update",
    }


ELSEWHERE = """\
import mock

from nova.conductor import api


def fake_conductor(test):
    test.stubs.Set(api.LocalAPI, 'service_update', mock.Mock())
"""


def test_file_that_does_not_know_the_code_is_named(tmp_path: pathlib.Path):
    beside = {**CODE, "nova/tests/fake_api.py": ELSEWHERE}
    found = outcome(tmp_path, in_test_case("def test_nothing(self):\n    pass"), PATH, beside)
    persons = [(one.path, one.line, one.test) for one in found.result.needs_person]
    assert persons == [("nova/tests/fake_api.py", 7, "nova.tests.fake_api.fake_conductor")]


def test_test_that_uses_a_helper_of_another_file_is_named(tmp_path: pathlib.Path):
    text = """\
from nova import test
from nova.tests import fake_api


class OtherTestCase(test.NoDBTestCase):
    def test_other(self):
        fake_api.fake_conductor(self)

    def test_nothing(self):
        pass
"""
    beside = {**CODE, "nova/tests/fake_api.py": ELSEWHERE, "nova/tests/test_other.py": text}
    found = outcome(tmp_path, in_test_case("def test_nothing(self):\n    pass"), PATH, beside)
    assert {one.test for one in found.result.needs_person} == {
        "nova.tests.fake_api.fake_conductor",
        "nova.tests.test_other.OtherTestCase.test_other",
    }


@pytest.mark.parametrize(("methods", "names"), [((READ, NODES), {"test_read"}), ((READ,), set())])
def test_row_with_nodes_is_named_where_the_code_reads_them_apart(
    methods: tuple[str, ...], names: set[str], tmp_path: pathlib.Path
):
    text = in_test_case("""\
@mock.patch.object(conductor_api.LocalAPI, 'service_get_by_compute_host')
def test_read(self, mock_get):
    mock_get.return_value = {'id': 1, 'compute_node': [{'id': 2}]}
    self.assertEqual(1, self.reader.read('context', 'host1').id)
""")
    found = outcome(tmp_path, text, PATH, reader(*methods, WAIT))
    assert "objects.Service(id=1)" in found.text
    assert named(found) == names


OTHERS = [
    pytest.param(
        """\
self.stubs.Set(db, 'service_update', lambda *args: None)
self.mox.StubOutWithMock(self.reader.db, 'service_update')
self.reader.db.service_update('context', 1, {}).AndReturn(self.services[1])
with mock.patch('nova.db.service_update') as update:
    self.assertFalse(update.called)
""",
        id="the database's functions",
    ),
    pytest.param(
        """\
self.stubs.Set(self.reader.cells_rpcapi, 'service_update', mock.Mock())
with mock.patch.object(self.host_api.virtapi, 'instance_update'):
    pass
""",
        id="the APIs of cells and virt drivers",
    ),
    pytest.param(
        """\
service = conductor.API().service_update('context', {'id': 1}, {})
self.assertEqual('service_update', service['binary'])
""",
        id="a call of the real API",
    ),
    pytest.param(
        """\
self.reader.conductor_api = conductor_api.LocalAPI()
self.stubs.Set(conductor_api.LocalAPI, 'wait_until_ready', mock.Mock())
""",
        id="the real API in its attribute, and a method that moves no rows",
    ),
    pytest.param(
        """\
class FakeDB(object):
    def service_update(self, context, service_id, values):
        return {}

self.service_update = FakeDB().service_update('context', 1, {})
""",
        id="a class that stands for the database",
    ),
    pytest.param(
        """\
self.stubs.Set(conductor_api.LocalAPI, 'instance_update', mock.Mock())
""",
        id="a method that the code never called",
    ),
]


@pytest.mark.parametrize("body", OTHERS)
def test_test_of_something_else_is_not_named(body: str, tmp_path: pathlib.Path):
    method = "def test_report(self):\n" + "".join(f"    {one}\n" for one in body.splitlines())
    found = outcome(tmp_path, in_test_case(method), PATH, CODE)
    assert found.failures == ()
    assert named(found) == set()


def test_stub_of_what_the_tested_file_goes_on_calling_is_not_named(tmp_path: pathlib.Path):
    kept = """\
def report(self, context, **values):
    return self.conductor_api.instance_update(context, 'uuid1', **values)
"""
    mark = """\
def mark(self, context):
    self.conductor_api.instance_update(context, 'uuid1', host='host1')
"""
    other = reader(mark)["nova/compute/reader.py"]
    method = """\
def test_report(self):
    with mock.patch.object(conductor_api.LocalAPI, 'instance_update'):
        self.reader.report('context', host='host1')
"""
    beside = {**reader(kept), "nova/compute/marker.py": other}
    found = outcome(tmp_path, in_test_case(method), PATH, beside)
    assert any(one.path == "nova/compute/marker.py" for one in found.result.changes)
    assert named(found) == set()


_ROWS = """

_ROWS = [{'id': 1}]
"""


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("{'id': 1}", {"test_node"}),
        ("copy.deepcopy(_ROWS[0])", {"test_node"}),
        ("objects.ComputeNode(id=1)", set()),
        ("None", set()),
    ],
)
def test_dict_in_the_place_of_an_object_is_named(
    value: str, names: set[str], tmp_path: pathlib.Path
):
    method = f"def test_node(self):\n    self.reader.compute_node = {value}\n"
    text = in_test_case(method) + _ROWS
    found = outcome(tmp_path, text, PATH, reader(TRACK, WAIT))
    assert found.failures == ()
    assert named(found) == names


#: What only a dict does, and what an object of this tree does as well.
ASKED = [
    pytest.param("self.assertEqual({'id': 1}, row)", {"test_row"}, id="compared with a literal"),
    pytest.param("want = dict(id=1)\nself.assertEqual(row, want)", {"test_row"}, id="with a name"),
    pytest.param("self.assertTrue(row == {'id': 1})", {"test_row"}, id="the operator"),
    pytest.param("self.assertEqual(3, len(row))", {"test_row"}, id="its length"),
    pytest.param("row.clear()", {"test_row"}, id="a method of dicts"),
    pytest.param("del row['host']", {"test_row"}, id="a key that goes"),
    pytest.param("self.assertEqual(1, row['id'])", set(), id="a key that is compared"),
    pytest.param("self.assertIn('host', row)", set(), id="a key that is looked for"),
    pytest.param("self.assertTrue('host' in row)", set(), id="the same with the operator"),
    pytest.param("self.assertEqual('context', row)", set(), id="compared with a text"),
    pytest.param("self.assertIsNotNone(row)", set(), id="asked whether it is there"),
    pytest.param("self.assertEqual({'id': 1}, {'id': row['id']})", set(), id="a dict of its own"),
]


@pytest.mark.parametrize(("lines", "names"), ASKED)
def test_rows_of_the_code_that_a_test_takes_for_dicts(
    lines: str, names: set[str], tmp_path: pathlib.Path
):
    body = f"row = self.reader.read('context', 'host1')\n{lines}\n"
    method = "def test_row(self):\n" + textwrap.indent(body, "    ")
    found = outcome(tmp_path, in_test_case(method), PATH, CODE)
    assert found.failures == ()
    assert named(found) == names


@pytest.mark.parametrize("place", ["top", "function"])
def test_code_that_imports_all_of_a_module(place: str, tmp_path: pathlib.Path):
    ((path, code),) = CODE.items()
    star = "from os.path import *\n"
    # the import of the objects would have no certain place below a star
    code = f"from nova import objects\n{code}"
    code = star + code if place == "top" else f"{code}\n\ndef late():\n    {star}"
    found = outcome(tmp_path, code, path)
    assert found.result.failures == ()
    assert [change.path for change in found.result.changes] == [path]
