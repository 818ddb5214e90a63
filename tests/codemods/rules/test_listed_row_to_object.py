# SPDX-License-Identifier: Apache-2.0
"""Lists of literal rows under names of a file's top, which tests put where the code keeps nodes."""

import pathlib
import textwrap

import pytest
from sources import crlf
from unit_test_sources import HEAD, MOCKED_CASE, NODES, TRACK, Beside, reader
from unit_test_tables import check_listed, check_rewritten

RULE = "listed_row_to_object"

SYNC = """\
def sync(self, context, values):
    service = self.conductor_api.service_get_by_compute_host(context, 'h')
    for node in service['compute_node']:
        self.compute_node = node
    if not self.compute_node:
        self.compute_node = self.conductor_api.compute_node_create(context, values)
    return self.compute_node['id']
"""

#: The test cases of a tree, with which its objects are there.
REGISTERED = "from nova import objects\n\nobjects.register_all()\n"
CODE: Beside = {"nova/test.py": REGISTERED, **reader(NODES, TRACK, SYNC)}

ROWS = "ROWS = [{'id': 1, 'vcpus': 2, 'service': None}]\n"
OBJECTS = "ROWS = [objects.ComputeNode(id=1, vcpus=2)]\n"

#: The mocked conductor of the case is not asked for any more.
CASE = MOCKED_CASE.replace("        self.cond_api_mock = self.rt.conductor_api\n", "")


def module(constants: str, methods: str, case: str = MOCKED_CASE) -> str:
    """A module of unit tests with constants above its test case."""
    text = textwrap.dedent(methods).strip("\n") + "\n"
    return f"{HEAD}\n\n{constants}{case}{textwrap.indent(text, ' ' * 4)}"


KEPT = """
def test_track(self):
    create_mock = self.cond_api_mock.compute_node_create
    self.rt.compute_node = copy.deepcopy(ROWS[0])
    self.assertFalse(create_mock.called)
"""
KEPT_AFTER = """
@mock.patch('nova.objects.ComputeNode.create')
def test_track(self, create_mock):
    self.rt.compute_node = copy.deepcopy(ROWS[0])
    self.assertFalse(create_mock.called)
"""

JOINED = """
def test_sync(self):
    service_mock = self.cond_api_mock.service_get_by_compute_host
    service = SERVICE
    service_mock.return_value = service
    self.rt.sync('context', {})
"""
JOINED_AFTER = """
@mock.patch('nova.objects.ComputeNodeList.get_by_service')
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_sync(self, service_mock, nodes_mock):
    service = SERVICE
    service_mock.return_value = service
    nodes_mock.return_value = ROWS
    self.rt.sync('context', {})
"""

SERVICE = "\nSERVICE = {'id': 3, 'compute_node': ROWS}\n"
SERVICE_AFTER = "\nSERVICE = objects.Service(id=3)\n"

FAKED = """
def test_create(self):
    def fake_create(ctx, values):
        row = copy.deepcopy(ROWS[0])
        row.update(values)
        return row

    create_mock = self.cond_api_mock.compute_node_create
    create_mock.side_effect = fake_create
    values = {'vcpus': 4}
    self.rt.sync('context', values)
    create_mock.assert_called_once_with('context', values)
"""
FAKED_AFTER = """
@mock.patch('nova.objects.ComputeNode.create', autospec=True)
def test_create(self, create_mock):
    def fake_create(compute_node, ctx):
        compute_node.id = 1

    create_mock.side_effect = fake_create
    values = {'vcpus': 4}
    self.rt.sync('context', values)
    create_mock.assert_called_once_with(self.rt.compute_node, 'context')
    self.assertEqual(
        values, dict((key, self.rt.compute_node[key]) for key in values))
"""

CARRIED = [
    pytest.param(ROWS, KEPT, OBJECTS, KEPT_AFTER, id="copied deeply"),
    pytest.param(
        ROWS,
        KEPT.replace("copy.deepcopy(ROWS[0])", "ROWS[0]"),
        OBJECTS,
        KEPT_AFTER.replace("copy.deepcopy(ROWS[0])", "ROWS[0]"),
        id="not copied",
    ),
    pytest.param(
        "ROWS = [\n    {'id': 1,\n     # of the host\n     'vcpus': 2},\n    {'id': 2},\n]\n",
        KEPT + KEPT.replace("ROWS[0]", "ROWS[1]").replace("test_track", "test_other"),
        "ROWS = [\n    objects.ComputeNode(id=1,\n"
        f"{' ' * 24}# of the host\n{' ' * 24}vcpus=2),\n"
        "    objects.ComputeNode(id=2),\n]\n",
        KEPT_AFTER + KEPT_AFTER.replace("ROWS[0]", "ROWS[1]").replace("test_track", "test_other"),
        id="two, with a comment",
    ),
    pytest.param(
        ROWS + SERVICE,
        KEPT + JOINED,
        OBJECTS + SERVICE_AFTER,
        KEPT_AFTER + JOINED_AFTER,
        id="nodes of a service",
    ),
    pytest.param(ROWS, KEPT + FAKED, OBJECTS, KEPT_AFTER + FAKED_AFTER, id="fake of a new row"),
    pytest.param(
        ROWS,
        KEPT.replace("copy.deepcopy(", "copy.copy("),
        OBJECTS,
        KEPT_AFTER.replace("copy.deepcopy(", "copy.copy("),
        id="copied",
    ),
    pytest.param(
        ROWS.replace("'", '"'), KEPT, OBJECTS.replace("'", '"'), KEPT_AFTER, id="double quotes"
    ),
    pytest.param(
        "ROWS = [({'id': 1, 'vcpus': (2)})]  # one\n",
        KEPT,
        "ROWS = [(objects.ComputeNode(id=1, vcpus=(2)))]  # one\n",
        KEPT_AFTER,
        id="parentheses, comment behind",
    ),
    pytest.param(
        ROWS + ROWS.replace("ROWS", "OTHERS"),
        KEPT + KEPT.replace("ROWS", "OTHERS").replace("test_track", "test_other"),
        OBJECTS + OBJECTS.replace("ROWS", "OTHERS"),
        KEPT_AFTER + KEPT_AFTER.replace("ROWS", "OTHERS").replace("test_track", "test_other"),
        id="two lists",
    ),
]

#: The list stays what it is, and the test is named that puts a row of it where an object belongs.
LEFT = [
    pytest.param(ROWS, KEPT + "    self.assertEqual(1, ROWS[0]['id'])\n", id="also read"),
    pytest.param(ROWS, KEPT + "    self.assertEqual(1, len(ROWS))\n", id="also counted"),
    pytest.param(ROWS + "ROWS.append({'id': 2})\n", KEPT, id="changed"),
    pytest.param(ROWS + "ROWS = [{'id': 2}]\n", KEPT, id="bound twice"),
    pytest.param(
        ROWS + "OTHER = {'nodes': ROWS}\n", KEPT, id="in a dict of which nothing is known"
    ),
    pytest.param("ROWS = [{'id': 1, 'zone': 'a'}]\n", KEPT, id="key that is no column"),
    pytest.param("ROWS = [{'id': 1, 'vcpus': int('2')}]\n", KEPT, id="value that is no literal"),
    pytest.param("ROWS = [{'id': 1, 'vcpus': '2'}]\n", KEPT, id="value of another type"),
    pytest.param("ROWS = [{'id': 1}, dict(id=2)]\n", KEPT, id="row that is no literal"),
    pytest.param(ROWS + SERVICE, KEPT, id="service of which nothing is known"),
    pytest.param(
        ROWS,
        KEPT
        + """
def test_rows(self):
    def rows():
        return ROWS
    self.rt.rows = rows
""",
        id="function that is no fake of a new row",
    ),
]


@pytest.mark.parametrize(("constants", "before", "objects", "after"), CARRIED)
def test_carried_over(
    constants: str, before: str, objects: str, after: str, tmp_path: pathlib.Path
):
    text, new = module(constants, before), module(objects, after, CASE)
    check_rewritten(tmp_path, RULE, text, new, CODE)


def test_line_endings_are_kept(tmp_path: pathlib.Path):
    text, new = crlf(module(ROWS, KEPT)), crlf(module(OBJECTS, KEPT_AFTER, CASE))
    check_rewritten(tmp_path, RULE, text, new, CODE)


@pytest.mark.parametrize(("constants", "methods"), LEFT)
def test_left_to_a_person(constants: str, methods: str, tmp_path: pathlib.Path):
    after = methods.replace(KEPT, KEPT_AFTER, 1)
    text, new = module(constants, methods), module(constants, after, CASE)
    check_listed(tmp_path, RULE, text, new, "needs-person", CODE)


def test_left_to_a_person_where_a_service_is_told_in_another_way(tmp_path: pathlib.Path):
    methods = JOINED.replace("return_value = service", "side_effect = [service]")
    text, new = (module(ROWS + SERVICE, one + methods) for one in (KEPT, KEPT_AFTER))
    check_listed(tmp_path, RULE, text, new, "needs-person", CODE)


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param({"nova/test.py": "CASES = ()\n"}, id="objects that nobody registers"),
        pytest.param(
            {"nova/tests/test_other.py": "from nova.tests.compute.test_reader import ROWS\n"},
            id="another file",
        ),
    ],
)
def test_left_to_a_person_beside(beside: Beside, tmp_path: pathlib.Path):
    text, new = module(ROWS, KEPT), module(ROWS, KEPT_AFTER, CASE)
    check_listed(tmp_path, RULE, text, new, "needs-person", {**CODE, **beside})
