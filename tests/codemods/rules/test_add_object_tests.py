# SPDX-License-Identifier: Apache-2.0
"""The unit tests of the getter that is added to the list of compute nodes."""

import pathlib

import pytest
import small_tree
from unit_test_sources import NODES, NODES_WITHOUT_GETTER, READ, Beside, reader
from unit_test_tables import check_not_known, check_rewritten

RULE = "add_object_tests"

PATH = "nova/tests/objects/test_compute_node.py"

FILL = """\
def fill(self, context, values):
    values['pci_stats'] = '[]'
    return self.conductor_api.compute_node_create(context, values)
"""

#: The code reads the nodes of a service, for which their list has no getter.
CODE: Beside = {**reader(NODES, FILL), "nova/objects/compute_node.py": NODES_WITHOUT_GETTER}

HEAD = """\
import mock

from nova import db
from nova import exception
from nova.objects import compute_node
from nova.objects import service
from nova.tests.objects import test_objects

fake_compute_node = {
    'id': 123,
    'vcpus': 1,
    'created_at': None,
    'updated_at': None,
    'deleted_at': None,
    'deleted': 0,
    'pci_stats': None,
}
"""

TESTS = """\

    def test_get_by_service(self):
        self.mox.StubOutWithMock(db, 'service_get_by_compute_host')
        db.service_get_by_compute_host(self.context, 'fake-host').AndReturn(
            {'compute_node': [fake_compute_node]})
        self.mox.ReplayAll()
        fake_service = service.Service()
        fake_service.host = 'fake-host'
        computes = compute_node.ComputeNodeList.get_by_service(self.context,
                                                               fake_service)
        self.assertEqual(1, len(computes))
        self.assertEqual(fake_compute_node['id'], computes[0].id)

    def test_get_by_service_not_found(self):
        self.mox.StubOutWithMock(db, 'service_get_by_compute_host')
        db.service_get_by_compute_host(self.context, 'fake-host').AndRaise(
            exception.ComputeHostNotFound(host='fake-host'))
        self.mox.ReplayAll()
        fake_service = service.Service()
        fake_service.host = 'fake-host'
        computes = compute_node.ComputeNodeList.get_by_service(self.context,
                                                               fake_service)
        self.assertEqual(0, len(computes))
"""

#: What stands before the new tests, and what behind them.
REWRITTEN = [
    pytest.param(
        """\


class _TestComputeNodeObject(object):
    # the getters
    def test_get_by_hypervisor(self):
        self.assertTrue(compute_node.ComputeNodeList.get_by_hypervisor)  # it
""",
        """\


class TestComputeNodeObject(test_objects._LocalTest,
                            _TestComputeNodeObject):
    pass
""",
        id="before another class, comments",
    ),
    pytest.param(
        """\


class _TestComputeNodeObject(object):
    @mock.patch('nova.db.compute_node_search_by_hypervisor')
    @mock.patch.object(db, 'compute_node_get_all')
    def test_get_by_hypervisor(self, mock_all, mock_search):
        mock_all.return_value = [fake_compute_node]

    def test_get_all(self):
        def got():
            class Inner(object):
                def __len__(self): return 1; two = 2

            return Inner()

        self.assertEqual(1, len(got()))
""",
        "",
        id="last class, decorators, nested functions and classes",
    ),
    pytest.param(
        """\


class _TestComputeNodeObject(object):
    def test_get_by_hypervisor(self): assert compute_node.ComputeNodeList
""",
        "\n\nTESTS = _TestComputeNodeObject; COUNT = len((TESTS,))\n",
        id="test on one line, statements behind",
    ),
    pytest.param(
        """\


class TestBase(object):
    class _TestComputeNodeObject(object):
        def test_get_by_hypervisor(self):
            pass


class _TestComputeNodeObject(TestBase):
    def test_get_by_hypervisor(self):
        pass
""",
        """\


class _Others(object):
    def test_get_by_hypervisor(self):
        pass
""",
        id="other classes with such a test",
    ),
]

GETTER_TEST = "".join(REWRITTEN[0].values)

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        GETTER_TEST.replace("test_get_by_hypervisor", "test_get_all"),
        id="class without the test of the other getter",
    ),
    pytest.param(
        GETTER_TEST.replace("_TestComputeNodeObject", "_TestComputeNodes"),
        id="class of another name",
    ),
    pytest.param(
        GETTER_TEST.replace(
            "    # the getters\n",
            "    def test_get_by_service(self):\n        self.assertTrue(service)\n\n",
        ),
        id="class with a test of that name",
    ),
]

#: Trees in which there is no getter to test.
OTHER_TREES = [
    pytest.param(
        {**CODE, "nova/objects/compute_node.py": small_tree.COMPUTE_NODE},
        id="list that has the getter",
    ),
    pytest.param({**CODE, **reader(READ, FILL)}, id="code that reads no nodes"),
    pytest.param({**CODE, "nova/objects/": None}, id="objects of another package"),
]


@pytest.mark.parametrize(("before", "behind"), REWRITTEN)
def test_rewritten(before: str, behind: str, tmp_path: pathlib.Path):
    check_rewritten(
        tmp_path, RULE, HEAD + before + behind, HEAD + before + TESTS + behind, CODE, PATH
    )


def test_line_endings_are_kept(tmp_path: pathlib.Path):
    before, behind = REWRITTEN[0].values
    texts = (HEAD + before + behind, HEAD + before + TESTS + behind)
    before, after = (text.replace("\n", "\r\n") for text in texts)
    check_rewritten(tmp_path, RULE, before, after, CODE, PATH)


def test_exception_is_imported(tmp_path: pathlib.Path):
    line = "from nova import exception\n"
    before, behind = REWRITTEN[0].values
    text = HEAD.replace(line, "") + before + behind
    check_rewritten(tmp_path, RULE, text, HEAD + before + TESTS + behind, CODE, PATH)


def test_service_is_imported(tmp_path: pathlib.Path):
    line = "from nova.objects import service\n"
    before, behind = REWRITTEN[0].values
    text = HEAD.replace(line, "") + before + behind
    check_rewritten(tmp_path, RULE, text, HEAD + before + TESTS + behind, CODE, PATH)


def test_names_are_those_that_the_file_has(tmp_path: pathlib.Path):
    texts = (GETTER_TEST, REWRITTEN[0].values[0] + TESTS + REWRITTEN[0].values[1])
    before, after = (
        (HEAD + text)
        .replace("import service\n", "import service as service_obj\n")
        .replace("service.Service()", "service_obj.Service()")
        for text in texts
    )
    check_rewritten(tmp_path, RULE, before, after, CODE, PATH)


def test_file_does_not_end_in_a_new_line(tmp_path: pathlib.Path):
    before = REWRITTEN[2].values[0]
    text, after = HEAD + before.rstrip("\n"), HEAD + before + TESTS.rstrip("\n")
    check_rewritten(tmp_path, RULE, text, after, CODE, PATH)


def test_getter_alone_is_tested(tmp_path: pathlib.Path):
    before, behind = REWRITTEN[0].values
    check_rewritten(
        tmp_path,
        RULE,
        HEAD + before + behind,
        HEAD + before + TESTS + behind,
        {**CODE, **reader(NODES)},
        PATH,
    )


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_nothing_for_the_rule(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, HEAD + before, None, CODE, PATH)


@pytest.mark.parametrize("beside", OTHER_TREES)
def test_nothing_for_the_rule_in_other_trees(beside: Beside, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, HEAD + GETTER_TEST, None, beside, PATH)
