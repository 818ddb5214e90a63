# SPDX-License-Identifier: Apache-2.0
"""Stubs of methods that return objects by now, and of the conductor's that destroy one."""

import pathlib

import pytest
import small_tree
from unit_test_sources import READ, WAIT, Beside, in_test_case, reader
from unit_test_tables import check_listed, check_not_known, check_rewritten

RULE = "method_stub_to_object"

NODE = """\
def _node(self, context, values):
    return self.conductor_api.compute_node_create(context, values)
"""

NODES = """\
def _nodes(self, context, host):
    service = self.conductor_api.service_get_by_compute_host(context, host)
    nodes = service['compute_node']
    return nodes
"""

SERVICE = """\
def _service(self, context, host):
    return self.conductor_api.service_get_by_compute_host(context, host)
"""

OPEN = """\
def new_node(self, context, values):
    return self.conductor_api.compute_node_create(context, values)
"""

DELETE = """\
def delete(self, context, node):
    self.conductor_api.compute_node_delete(context, node)
"""

CODE = reader(NODE, NODES, SERVICE, OPEN, DELETE, WAIT)

#: Objects whose destroy() takes no context.
WITHOUT_CONTEXT: Beside = {
    **CODE,
    "nova/objects/compute_node.py": small_tree.COMPUTE_NODE.replace("(self, context", "(self"),
}

#: Functions that take a method's place return objects.
RETURNED = [
    pytest.param(
        """\
def test_node(self):
    def fake_node(context, values):
        # one
        if values: return {'id': 1}  # the first
        a = 1; return ({'id': a,
                # two
                'vcpus': 2})

    self.stubs.Set(self.reader, '_node', fake_node)
""",
        """\
def test_node(self):
    def fake_node(context, values):
        # one
        if values:
            # the first
            row = dict(test_compute_node.fake_compute_node, id=1)
            return objects.ComputeNode._from_db_object(
                context, objects.ComputeNode(), row)
        a = 1
        # two
        row = dict(test_compute_node.fake_compute_node, id=a, vcpus=2)
        return objects.ComputeNode._from_db_object(context,
                                                   objects.ComputeNode(),
                                                   row)

    self.stubs.Set(self.reader, '_node', fake_node)
""",
        id="on one line with others, comments, up to 79 columns",
    ),
    pytest.param(
        """\
def test_node(self):
    def fake_node(ctx, values): return values
    def dashed(ctx, values=None): return {'a-b': 1, "id": 2}
    def fake_none(ctx, values):
        return None

    self.stubs.Set(self.reader, '_node', fake_node)
    self.stubs.Set(self.reader, '_node', dashed)
    self.stubs.Set(self.reader, '_node', fake_none)
""",
        """\
def test_node(self):
    def fake_node(ctx, values):
        row = dict(test_compute_node.fake_compute_node, **values)
        return objects.ComputeNode._from_db_object(ctx,
                                                   objects.ComputeNode(),
                                                   row)
    def dashed(ctx, values=None):
        row = dict(test_compute_node.fake_compute_node,
                   **{'a-b': 1, "id": 2})
        return objects.ComputeNode._from_db_object(ctx,
                                                   objects.ComputeNode(),
                                                   row)
    def fake_none(ctx, values):
        return None

    self.stubs.Set(self.reader, '_node', fake_node)
    self.stubs.Set(self.reader, '_node', dashed)
    self.stubs.Set(self.reader, '_node', fake_none)
""",
        id="functions on one line, keys that are no names, nothing returned",
    ),
    pytest.param(
        """\
def test_nodes(self):
    def fake_nodes(ctx, host):
        if host:
            return self.rows  # all
        return [{'id': 1}, {'id': 2}]

    self.stubs.Set(self.reader, '_nodes', fake_nodes)
""",
        """\
def test_nodes(self):
    def fake_nodes(ctx, host):
        if host:
            return self.rows  # all
        return [objects.ComputeNode._from_db_object(
                    ctx, objects.ComputeNode(),
                    dict(test_compute_node.fake_compute_node, **row))
                for row in [{'id': 1}, {'id': 2}]]

    self.stubs.Set(self.reader, '_nodes', fake_nodes)
""",
        id="list of rows, and one that is not known",
    ),
    pytest.param(
        """\
def test_nodes(self):
    def fake_nodes(ctx, host):
        return []

    self.stubs.Set(self.reader, '_nodes', fake_nodes)
    self.reader._nodes('context', {'id': 1})

def test_node(self):
    def fake_node(context, values):
        return {'id': 1}

    self.stubs.Set(self.reader, '_node', fake_node)
""",
        """\
def test_nodes(self):
    def fake_nodes(ctx, host):
        return []

    self.stubs.Set(self.reader, '_nodes', fake_nodes)
    self.reader._nodes('context', {'id': 1})

def test_node(self):
    def fake_node(context, values):
        row = dict(test_compute_node.fake_compute_node, id=1)
        return objects.ComputeNode._from_db_object(context,
                                                   objects.ComputeNode(),
                                                   row)

    self.stubs.Set(self.reader, '_node', fake_node)
""",
        id="no rows",
    ),
    pytest.param(
        """\
def test_node(self):
    def fake_node(context, values):
        def values_of(row):
            return {'a': row}

        return {'id': values_of(1)['a']}

    self.stubs.Set(self.reader, '_node', fake_node)
""",
        """\
def test_node(self):
    def fake_node(context, values):
        def values_of(row):
            return {'a': row}

        row_2 = dict(test_compute_node.fake_compute_node,
                     id=values_of(1)['a'])
        return objects.ComputeNode._from_db_object(context,
                                                   objects.ComputeNode(),
                                                   row_2)

    self.stubs.Set(self.reader, '_node', fake_node)
""",
        id="what a nested function returns",
    ),
    pytest.param(
        """\
def test_node(self):
    def fake_node(context, values):
        return {'id': 1}

    self.stubs.Set(self.reader, 'new_node', fake_node)
    self.stubs.Set(reader.Reader, 'new_node', fake_node)
    self.stubs.Set(self.other, 'new_node', fake_node)
""",
        """\
def test_node(self):
    def fake_node(context, values):
        row = dict(test_compute_node.fake_compute_node, id=1)
        return objects.ComputeNode._from_db_object(context,
                                                   objects.ComputeNode(),
                                                   row)

    self.stubs.Set(self.reader, 'new_node', fake_node)
    self.stubs.Set(reader.Reader, 'new_node', fake_node)
    self.stubs.Set(self.other, 'new_node', fake_node)
""",
        id="method that is not private",
    ),
]

#: Rows that are recorded as a method's answer are objects.
RECORDED = [
    pytest.param(
        """\
def test_node(self):
    row = {'id': 1}  # the row
    a = 1; made = {'id': a,
                   # how many
                   'vcpus': (2)}; b = a
    self.mox.StubOutWithMock(self.reader, '_node')
    self.reader._node(self.context, {}).AndReturn(row)
    self.reader._node(self.context, values=b).AndReturn(made)
    self.mox.ReplayAll()
""",
        """\
def test_node(self):
    # the row
    row = dict(test_compute_node.fake_compute_node, id=1)
    row = objects.ComputeNode._from_db_object(self.context,
                                              objects.ComputeNode(), row)
    a = 1
    # how many
    row_2 = dict(test_compute_node.fake_compute_node, id=a, vcpus=2)
    made = objects.ComputeNode._from_db_object(self.context,
                                               objects.ComputeNode(),
                                               row_2)
    b = a
    self.mox.StubOutWithMock(self.reader, '_node')
    self.reader._node(self.context, {}).AndReturn(row)
    self.reader._node(self.context, values=b).AndReturn(made)
    self.mox.ReplayAll()
""",
        id="two rows, one with the name of any row",
    ),
    pytest.param(
        """\
def test_node(self):
    a = 1; made = {'id': a,
                   # how many
                   'vcpus': (2)}; b = a
    self.mox.StubOutWithMock(self.reader, '_node')
    self.reader._node(self.context, values=b).AndReturn(made)
    self.mox.ReplayAll()
""",
        """\
def test_node(self):
    a = 1
    # how many
    row = dict(test_compute_node.fake_compute_node, id=a, vcpus=2)
    made = objects.ComputeNode._from_db_object(self.context,
                                               objects.ComputeNode(), row)
    b = a
    self.mox.StubOutWithMock(self.reader, '_node')
    self.reader._node(self.context, values=b).AndReturn(made)
    self.mox.ReplayAll()
""",
        id="on one line with others, a comment",
    ),
    pytest.param(
        """\
def test_node(self):
    def record():
        row = {'id': 1}
        self.reader._node(self.context, {}).AndReturn(row)

    record()
""",
        """\
def test_node(self):
    def record():
        row = dict(test_compute_node.fake_compute_node, id=1)
        row = objects.ComputeNode._from_db_object(self.context,
                                                  objects.ComputeNode(),
                                                  row)
        self.reader._node(self.context, {}).AndReturn(row)

    record()
""",
        id="nested function",
    ),
    pytest.param(
        """\
def test_node(self):
    row = {'id': 1}
    self.reader._node('context', {}).AndReturn(row)
""",
        """\
def test_node(self):
    row = dict(test_compute_node.fake_compute_node, id=1)
    row = objects.ComputeNode._from_db_object('context',
                                              objects.ComputeNode(), row)
    self.reader._node('context', {}).AndReturn(row)
""",
        id="context of the call",
    ),
    pytest.param(
        """\
def test_node(self):
    row = {'id': 1}
    self.reader._node(values={}, context=self.context).AndReturn(row)
""",
        """\
def test_node(self):
    row = dict(test_compute_node.fake_compute_node, id=1)
    row = objects.ComputeNode._from_db_object(self.context,
                                              objects.ComputeNode(), row)
    self.reader._node(values={}, context=self.context).AndReturn(row)
""",
        id="context with its name",
    ),
    pytest.param(
        """\
def setUp(self):
    super(ReaderTestCase, self).setUp()
    self.context = 'context'

def test_node(self):
    row = {'id': 1}
    self.reader._node(mox.IgnoreArg(), {}).AndReturn(row)
""",
        """\
def setUp(self):
    super(ReaderTestCase, self).setUp()
    self.context = 'context'

def test_node(self):
    row = dict(test_compute_node.fake_compute_node, id=1)
    row = objects.ComputeNode._from_db_object(self.context,
                                              objects.ComputeNode(), row)
    self.reader._node(mox.IgnoreArg(), {}).AndReturn(row)
""",
        id="context that may be any",
    ),
]

#: The stub of the conductor's method is one of destroy().
DESTROYED = [
    pytest.param(
        """\
def test_delete(self):
    def fake_delete(context, node):  # gone
        self.deleted.append(node)

    def other_delete(ctx,  # any
                     row): pass

    self.stubs.Set(self.reader.conductor_api, 'compute_node_delete',
                   fake_delete)  # it
    self.stubs.Set(self.reader.conductor_api,
                   # the other
                   'compute_node_delete', other_delete)
""",
        """\
def test_delete(self):
    def fake_delete(node, context):  # gone
        self.deleted.append(node)

    def other_delete(row,  # any
                     ctx): pass

    self.stubs.Set(objects.ComputeNode, 'destroy',
                   fake_delete)  # it
    self.stubs.Set(objects.ComputeNode,
                   # the other
                   'destroy', other_delete)
""",
        id="comments",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
def test_delete(self):
    def fake_delete(context, node=None):
        pass

    self.stubs.Set(self.reader.conductor_api, 'compute_node_delete',
                   fake_delete)
""",
        id="stub of destroy with a default",
    ),
    pytest.param(
        """\
def test_delete(self):
    def fake_delete(*args):
        pass

    self.stubs.Set(self.reader.conductor_api, 'compute_node_delete',
                   fake_delete)
""",
        id="stub of destroy that takes anything",
    ),
    pytest.param(
        """\
def test_node(self):
    self.mox.StubOutWithMock(self.reader, '_node')
    self.reader._node(self.context, {}).AndReturn({'id': 1})
""",
        id="recorded row without a name",
    ),
    pytest.param(
        """\
def test_delete(self):
    self.stubs.Set(self.reader.conductor_api, 'compute_node_delete',
                   lambda context, node: None)
""",
        id="stub of destroy that is a lambda",
    ),
    pytest.param(
        """\
def test_delete(self):
    def fake_delete(context, node):
        pass

    self.stubs.Set(self.reader.conductor_api, 'compute_node_delete',
                   fake_delete)
    self.stubs.Set(db, 'compute_node_delete', fake_delete)
""",
        id="stub of destroy that is another stub too",
    ),
    pytest.param(
        """\
def test_node(self):
    self.stubs.Set(self.reader, '_node', lambda context, values: {'id': 1})
""",
        id="lambda",
    ),
    pytest.param(
        """\
def test_node(self):
    self.stubs.Set(self.reader, '_node', self._fake_node)

def _fake_node(self, context, values):
    return {'id': 1}
""",
        id="method of the test",
    ),
    pytest.param(
        """\
def test_node(self):
    def fake_node(context, values):
        return dict(values, id=1)

    self.stubs.Set(self.reader, '_node', fake_node)
""",
        id="dict()",
    ),
    pytest.param(
        """\
def test_node(self):
    def fake_node(*args):
        return {'id': 1}

    self.stubs.Set(self.reader, '_node', fake_node)
""",
        id="function that takes anything",
    ),
    pytest.param(
        """\
def test_service(self):
    def fake_service(context, host):
        return {'id': 1}

    self.stubs.Set(self.reader, '_service', fake_service)
""",
        id="row of another object",
    ),
    pytest.param(
        """\
@mock.patch.object(reader.Reader, '_node')
def test_node(self, mock_node):
    mock_node.return_value = {'id': 1}
""",
        id="mock",
    ),
    pytest.param(
        """\
def test_nodes(self):
    nodes = [{'id': 1}]
    self.reader._nodes(self.context, 'host1').AndReturn(nodes)
""",
        id="recorded list of rows",
    ),
    pytest.param(
        """\
def test_node(self):
    row = {'id': 1}
    context = self.context
    self.reader._node(context, {}).AndReturn(row)
""",
        id="context that is made behind the row",
    ),
    pytest.param(
        """\
def test_node(self):
    row = {'id': 1}
    self.reader._node(self.context.elevated(), {}).AndReturn(row)
""",
        id="context that is the result of a call",
    ),
    pytest.param(
        """\
def test_node(self):
    row = {'id': 1}
    self.reader._node(mox.IgnoreArg(), {}).AndReturn(row)
""",
        id="context that may be any, where the tests keep none",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
def test_node(self):
    def fake_node(values):
        return {'id': 1}

    self.stubs.Set(self.reader, '_node', fake_node)
    self.stubs.Set(self.reader, '_other', fake_node)
    self.stubs.Set(self.reader, self.name, fake_node)
    self.reader._node(self.context).AndReturn({'id': 1})
    self.reader._node(self.context, {}).AndRaise(exception.NovaException)
""",
        id="other arguments, other methods",
    ),
    pytest.param(
        """\
def test_delete(self):
    def fake(context, node):
        pass

    self.stubs.Set(self.reader.conductor_api, 'wait_until_ready', fake)
    self.stubs.Set(self.reader.client, 'compute_node_delete', fake)
    self.stubs.Set(db, 'compute_node_delete', fake)
""",
        id="other stubs",
    ),
    pytest.param(
        """\
def test_node(self):
    def fake_node(context, values):
        return {'id': 1}

    fake_node('context', {})
    self.made = fake_node
""",
        id="function that is no stub",
    ),
    pytest.param(
        """\
def test_node(self):
    def fake_node(context, values):
        return {'id': 1}

    self.stubs.Set(jsonutils, '_node', fake_node)
    self.stubs.Set(self.other, 'new_node', fake_node)
    self.stubs.Set(exception.NovaException, 'new_node', fake_node)
""",
        id="method of something else",
    ),
]

UNIT_BEFORE = """\
from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def test_node(self):
        def fake_node(context, values):
            return {'id': 1}

        self.stubs.Set(reader.Reader, '_node', fake_node)
"""

UNIT_AFTER = """\
from nova.compute import reader
from nova import objects
from nova import test
from nova.tests.unit.objects import test_compute_node


class ReaderTestCase(test.NoDBTestCase):
    def test_node(self):
        def fake_node(context, values):
            row = dict(test_compute_node.fake_compute_node, id=1)
            return objects.ComputeNode._from_db_object(context,
                                                       objects.ComputeNode(),
                                                       row)

        self.stubs.Set(reader.Reader, '_node', fake_node)
"""


@pytest.mark.parametrize(("before", "after"), [*RETURNED, *RECORDED, *DESTROYED])
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_test_case(before), in_test_case(after), CODE)


@pytest.mark.parametrize(("before", "after"), [RETURNED[0], RECORDED[1], DESTROYED[0]])
def test_line_endings_are_kept(before: str, after: str, tmp_path: pathlib.Path):
    before, after = (in_test_case(text).replace("\n", "\r\n") for text in (before, after))
    check_rewritten(tmp_path, RULE, before, after, CODE)


def test_fixtures_are_found_where_the_unit_tests_are(tmp_path: pathlib.Path):
    path = "nova/tests/unit/compute/test_reader.py"
    beside = {**CODE, **small_tree.unit_tests("nova/tests/unit")}
    check_rewritten(tmp_path, RULE, UNIT_BEFORE, UNIT_AFTER, beside, path)


def test_left_and_listed_where_the_function_is_beside_the_test(tmp_path: pathlib.Path):
    test_node = """\
def test_node(self):
    self.stubs.Set(self.reader, '_node', fake_node)
"""
    fake_node = """\


def fake_node(context, values):
    return {'id': 1}
"""
    before = in_test_case(test_node) + fake_node
    check_listed(tmp_path, RULE, before, None, "needs-person", CODE)


def test_left_and_listed_where_there_is_no_fixture(tmp_path: pathlib.Path):
    before = in_test_case(RETURNED[0].values[0])
    beside = {**CODE, "nova/tests/objects/": None}
    check_listed(tmp_path, RULE, before, None, "needs-person", beside)


@pytest.mark.parametrize("before", LEFT)
def test_left_and_listed(before: str, tmp_path: pathlib.Path):
    check_listed(tmp_path, RULE, in_test_case(before), None, "needs-person", CODE)


def test_left_and_listed_where_objects_keep_the_context(tmp_path: pathlib.Path):
    before = in_test_case("""\
def test_delete(self):
    def fake_delete(context, node):
        pass

    self.stubs.Set(self.reader.conductor_api, 'compute_node_delete',
                   fake_delete)
""")
    check_listed(tmp_path, RULE, before, None, "needs-person", WITHOUT_CONTEXT)


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_nothing_for_the_rule(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_test_case(before), None, CODE)


def test_nothing_for_the_rule_where_no_method_returns_rows(tmp_path: pathlib.Path):
    before = in_test_case(RETURNED[0].values[0])
    check_not_known(tmp_path, RULE, before, None, reader(READ, WAIT))
