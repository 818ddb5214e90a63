# SPDX-License-Identifier: Apache-2.0
"""Literal rows under names of a file's top, which mocks of the conductor's methods return."""

import pathlib
import textwrap

import pytest
from unit_test_sources import (
    CASE,
    HEAD,
    MOCKED_CASE,
    NODES,
    READ,
    READ_ALL,
    Beside,
    reader,
)
from unit_test_tables import check_listed, check_rewritten

RULE = "conductor_stub_to_object_stub"

#: The test cases of a tree, with which its objects are there.
REGISTERED = "from nova import objects\n\nobjects.register_all()\n"
CODE: Beside = {"nova/test.py": REGISTERED, **reader(READ, READ_ALL, NODES)}

GETTER = "nova.conductor.api.LocalAPI.service_get_by_compute_host"
ROW = "ROW = {'id': 1, 'host': 'h', 'disabled': False, 'disabled_reason': None}\n"
OBJECT = """\
ROW = objects.Service(id=1, host='h', disabled=False, disabled_reason=None)
"""


def module(constants: str, methods: str, case: str = CASE) -> str:
    """A module of unit tests with constants above its test case."""
    text = textwrap.dedent(methods).strip("\n") + "\n"
    return f"{HEAD}\n\n{constants}{case}{textwrap.indent(text, ' ' * 4)}"


TOLD = f"""
@mock.patch('{GETTER}')
def test_read(self, mock_get):
    mock_get.return_value = ROW
    self.reader.read('context', 'h')
"""
TOLD_AFTER = """
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, mock_get):
    mock_get.return_value = ROW
    self.reader.read('context', 'h')
"""

CARRIED = [
    pytest.param(ROW, TOLD, OBJECT, TOLD_AFTER, id="told to the mock"),
    pytest.param(
        ROW,
        TOLD.replace("= ROW", "= row").replace("    mock_get", "    row = ROW\n    mock_get"),
        OBJECT,
        TOLD_AFTER.replace("= ROW", "= row").replace("    mock_get", "    row = ROW\n    mock_get"),
        id="under a name of the test",
    ),
    pytest.param(
        ROW,
        f"""
        def test_read(self):
            with mock.patch('{GETTER}',
                            return_value=ROW):
                self.reader.read('context', 'h')
        """,
        OBJECT,
        """
        def test_read(self):
            with mock.patch('nova.objects.Service.get_by_compute_host',
                            return_value=ROW):
                self.reader.read('context', 'h')
        """,
        id="keyword of the patch",
    ),
    pytest.param(
        ROW,
        TOLD + TOLD.replace("test_read", "test_read_again"),
        OBJECT,
        TOLD_AFTER + TOLD_AFTER.replace("test_read", "test_read_again"),
        id="two tests",
    ),
    pytest.param(
        ROW + "OTHER = {'id': 2}\n",
        """
        @mock.patch('nova.conductor.api.LocalAPI.service_get_all_by_topic')
        def test_read_all(self, mock_list):
            mock_list.return_value = [ROW, OTHER]
            self.reader.read_all('context', 'compute')
        """,
        OBJECT + "OTHER = objects.Service(id=2)\n",
        """
        @mock.patch('nova.objects.ServiceList.get_by_topic')
        def test_read_all(self, mock_list):
            mock_list.return_value = [ROW, OTHER]
            self.reader.read_all('context', 'compute')
        """,
        id="two in a list",
    ),
    pytest.param(
        "ROW = {\n    'id': 1,  # the only one\n    'compute_node': [],\n}\n",
        TOLD,
        "# the only one\nROW = objects.Service(id=1)\n",
        TOLD_AFTER,
        id="rows that are joined with it",
    ),
]

LEFT = [
    pytest.param(
        ROW,
        TOLD + "    self.assertEqual('h', ROW['host'])\n",
        id="also read",
    ),
    pytest.param(
        ROW,
        TOLD
        + """
@mock.patch('nova.db.service_get')
def test_database(self, mock_get):
    mock_get.return_value = ROW
""",
        id="also a row of the database",
    ),
    pytest.param(
        ROW,
        TOLD
        + """
@mock.patch('nova.conductor.api.LocalAPI.service_get_all_by_topic')
def test_read_all(self, mock_list):
    mock_list.return_value = [ROW]
    self.reader.read_all('context', 'compute')
""",
        id="of two methods",
    ),
    pytest.param(ROW + "ROW['host'] = 'other'\n", TOLD, id="changed"),
    pytest.param(ROW + "ROW = {'id': 2}\n", TOLD, id="bound twice"),
    pytest.param("ID = 1\nROW = {'id': ID}\n", TOLD, id="value that is no literal"),
    pytest.param("ROW = {'id': '1'}\n", TOLD, id="value of another type"),
    pytest.param("ROW = {'id': None}\n", TOLD, id="None for a field that takes none"),
    pytest.param("ROW = {'created_at': '2014'}\n", TOLD, id="time as text"),
    pytest.param("ROW = {'id': 1, 'zone': 'a'}\n", TOLD, id="column that is no field"),
    pytest.param("KEY = 'id'\nROW = {KEY: 1}\n", TOLD, id="key that is no literal"),
    pytest.param("if mock:\n    ROW = {'id': 1}\n", TOLD, id="below a condition"),
    pytest.param(
        ROW,
        f"""
        def test_read(self, ROW=None):
            def read():
                with mock.patch('{GETTER}',
                                return_value=ROW):
                    self.reader.read('context', 'h')
            read()
        """,
        id="a parameter of the function around",
    ),
    pytest.param(
        ROW,
        TOLD.replace("test_read(", "test_copied(").replace("= ROW", "= dict(ROW)"),
        id="copied",
    ),
]


@pytest.mark.parametrize(("constants", "before", "objects", "after"), CARRIED)
def test_carried_over(
    constants: str, before: str, objects: str, after: str, tmp_path: pathlib.Path
):
    text, new = module(constants, before), module(objects, after)
    check_rewritten(tmp_path, RULE, text, new, CODE)


@pytest.mark.parametrize(("constants", "methods"), LEFT)
def test_left_to_a_person(constants: str, methods: str, tmp_path: pathlib.Path):
    text = module(constants, methods)
    check_listed(tmp_path, RULE, text, None, "needs-person", CODE)


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param({"nova/test.py": "CASES = ()\n"}, id="objects that nobody registers"),
        pytest.param(
            {"nova/tests/test_other.py": "from nova.tests.compute.test_reader import ROW\n"},
            id="another file",
        ),
    ],
)
def test_left_to_a_person_beside(beside: Beside, tmp_path: pathlib.Path):
    text = module(ROW, TOLD)
    check_listed(tmp_path, RULE, text, None, "needs-person", {**CODE, **beside})


MOCKED = """
def test_read(self):
    capi = self.cond_api_mock
    service_mock = capi.service_get_by_compute_host
    service = ROW
    service_mock.return_value = service
    self.rt.read('context', 'h')
"""
MOCKED_AFTER = """
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, service_mock):
    service = ROW
    service_mock.return_value = service
    self.rt.read('context', 'h')
"""


def test_carried_over_where_the_whole_conductor_is_mocked(tmp_path: pathlib.Path):
    case = MOCKED_CASE.replace("        self.cond_api_mock = self.rt.conductor_api\n", "")
    before, after = module(ROW, MOCKED, MOCKED_CASE), module(OBJECT, MOCKED_AFTER, case)
    check_rewritten(tmp_path, RULE, before, after, CODE)
