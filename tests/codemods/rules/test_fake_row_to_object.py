# SPDX-License-Identifier: Apache-2.0
"""Subclasses in unit tests that override what deals in rows."""

import pathlib
import textwrap

import older_tree
import pytest
from unit_test_sources import (
    CREATE,
    NODES,
    NODES_WITHOUT_GETTER,
    READ,
    WAIT,
    Beside,
    in_module,
    reader,
)
from unit_test_tables import check_listed, check_not_known, check_rewritten

RULE = "fake_row_to_object"

NODE = """\
def made(self, context, values):
    return self.conductor_api.compute_node_create(context, values)
"""

CODE = reader(READ, CREATE, NODE, WAIT)

#: The nodes of a service are found by its host.
WITHOUT_GETTER: Beside = {
    **reader(READ, NODES),
    "nova/objects/compute_node.py": NODES_WITHOUT_GETTER,
}

#: Objects without a registry, made without any values.
OLDER: Beside = {"nova/objects/": None, **older_tree.files(), **reader(READ, NODES, CREATE)}


def in_fake(methods: str) -> str:
    """A module in which `methods` are those of a subclass of the reader."""
    return in_module("class FakeReader(reader.Reader):\n" + textwrap.indent(methods, " " * 4))


ROWS = [
    pytest.param(
        """\
def read(self, context, host):
    # by host
    if host: return {'id': 1, 'compute_node': None}  # one
    a = 2; return ({'id': a, 'host': host})
""",
        """\
def read(self, context, host):
    # by host
    if host: return objects.Service(id=1)  # one
    a = 2; return (objects.Service(id=a, host=host))
""",
        id="on one line with others, parentheses",
    ),
    pytest.param(
        """\
@staticmethod
def read(context, host): return {'id': 'id1', 'nosuch': None}
""",
        """\
@staticmethod
def read(context, host): return mock.Mock(id='id1', nosuch=None)
""",
        id="values that the object refuses, method on one line",
    ),
    pytest.param(
        """\
def read(self, context, host):
    return {}
""",
        """\
def read(self, context, host):
    return objects.Service()
""",
        id="empty row",
    ),
    pytest.param(
        """\
def made(self, context, values):
    try:
        return {
            'id': self.id, 'vcpus': (
                1 + 2),
            'stats': {'a': 1}}
    finally:
        self.id += 1

def read(self, context, host):
    for one in self.hosts:
        return {"id": one}
    return None
""",
        """\
def made(self, context, values):
    try:
        return objects.ComputeNode(id=self.id, vcpus=1 + 2, stats={'a': 1})
    finally:
        self.id += 1

def read(self, context, host):
    for one in self.hosts:
        return objects.Service(id=one)
    return None
""",
        id="several methods, a row over several lines",
    ),
    pytest.param(
        """\
def read(self, context, host):
    return {'id': 1, 'topic': 'compute', 'host': host, 'binary': 'nova'}

def made(self, context, values):
    return {'id': 1, 'vcpus': self.cpus, 'memory_mb': self.memory}
""",
        """\
def read(self, context, host):
    return objects.Service(id=1, topic='compute', host=host, binary='nova')

def made(self, context, values):
    return objects.ComputeNode(id=1, vcpus=self.cpus,
                               memory_mb=self.memory)
""",
        id="79 columns and beyond",
    ),
    pytest.param(
        """\
def read(self, context, host):
    # the row
    return {
        'id': 1,  # which
        # where
        'host': host,
    }
""",
        """\
def read(self, context, host):
    # the row
    # which
    # where
    return objects.Service(id=1, host=host)
""",
        id="comments in the row",
    ),
    pytest.param(
        """\
def read(self, context, host):
    def seen():
        return {'id': 1}

    return {'id': seen()['id']}
""",
        """\
def read(self, context, host):
    def seen():
        return {'id': 1}

    return objects.Service(id=seen()['id'])
""",
        id="what a nested function returns",
    ),
]

ATTRIBUTES = [
    pytest.param(
        """\
def create(self, context, values):
    # keep
    self.node = values  # them
    self.node['id'] = 1
    self.values = values
""",
        """\
def create(self, context, values):
    # keep
    # them
    self.node = objects.ComputeNode()
    self.node.update(copy.deepcopy(values))
    self.node.id = 1
    self.values = values
""",
        id="comments, another attribute",
    ),
    pytest.param(
        """\
def create(self, context, values):
    if values: self.node = values
    a = 1; self.node = (values); b = a
    return b
""",
        """\
def create(self, context, values):
    if values:
        self.node = objects.ComputeNode()
        self.node.update(copy.deepcopy(values))
    a = 1
    self.node = objects.ComputeNode()
    self.node.update(copy.deepcopy(values))
    b = a
    return b
""",
        id="on one line with others",
    ),
    pytest.param(
        """\
def create(self, context, values):
    self.node = self.values = values
    return self.values
""",
        """\
def create(self, context, values):
    self.node = objects.ComputeNode()
    self.node.update(copy.deepcopy(values))
    self.values = values
    return self.values
""",
        id="two targets",
    ),
]

CLASSES = [
    pytest.param(
        """\
class Middle(reader.Reader):
    pass


@mock.patch('nova.compute.reader.LOG')
class FakeReader(Middle):
    class Inner(reader.Reader):
        def read(self, context, host):
            return {'id': 1}

    def read(self, context, host):
        return {'id': 2}


class ReaderTestCase(test.NoDBTestCase):
    def test_read(self):
        class Local(FakeReader):
            def read(self, context, host):
                return {'id': 3}

        Local().read('context', 'host1')
""",
        """\
class Middle(reader.Reader):
    pass


@mock.patch('nova.compute.reader.LOG')
class FakeReader(Middle):
    class Inner(reader.Reader):
        def read(self, context, host):
            return objects.Service(id=1)

    def read(self, context, host):
        return objects.Service(id=2)


class ReaderTestCase(test.NoDBTestCase):
    def test_read(self):
        class Local(FakeReader):
            def read(self, context, host):
                return objects.Service(id=3)

        Local().read('context', 'host1')
""",
        id="subclasses of subclasses, nested classes",
    ),
]

#: Whole modules, and the tree that they stand in.
OTHER_TREES = [
    pytest.param(
        """\
from nova.compute import reader


class FakeReader(reader.Reader):
    def read(self, context, host):
        if host: return {'id': 1}  # one
        a = 1; return {
            'id': a,  # which
            'host': host,
            'compute_node': None}

    def create(self, context, values):
        self.node = values
""",
        """\
from nova.compute import reader
from nova.objects import compute_node as compute_node_obj
from nova.objects import service as service_obj


class FakeReader(reader.Reader):
    def read(self, context, host):
        if host:
            # one
            service = service_obj.Service()
            service.id = 1
            service.host = self.host
            return service
        a = 1
        service = service_obj.Service()
        # which
        service.id = a
        service.host = host
        return service

    def create(self, context, values):
        self.node = compute_node_obj.ComputeNode()
        self.node.update(values)
""",
        OLDER,
        id="objects that are filled one field at a time",
    ),
    pytest.param(
        """\
from nova.compute import reader


class FakeReader(reader.Reader):
    def read(self, context, host):
        service = self.host
        return {'host': service}
""",
        """\
from nova.compute import reader
from nova.objects import service as service_obj


class FakeReader(reader.Reader):
    def read(self, context, host):
        service = self.host
        db_service = service_obj.Service()
        db_service.host = service
        return db_service
""",
        OLDER,
        id="name of the object is taken",
    ),
    pytest.param(
        """\
from nova.compute import reader


class FakeReader(reader.Reader):
    def read(self, context, host):
        if host: return {'id': 1}
        return {'id': 2, 'host': 'host2'}
""",
        """\
from nova.compute import reader
from nova import objects


class FakeReader(reader.Reader):
    def read(self, context, host):
        if host: return objects.Service(id=1, host=self.host)
        return objects.Service(id=2, host='host2')
""",
        WITHOUT_GETTER,
        id="host that the nodes are found by",
    ),
    pytest.param(
        """\
from nova.compute import reader


class FakeReader(reader.Reader):
    def read(self, context, host):
        return {'compute_node': []}
""",
        """\
from nova.compute import reader
from nova import objects


class FakeReader(reader.Reader):
    def read(self, context, host):
        return objects.Service(host=self.host)
""",
        WITHOUT_GETTER,
        id="host that is all there is",
    ),
    pytest.param(
        """\
from nova.compute import reader


class FakeReader(reader.Reader):
    def read(self, context, host):
        return {'id': 1}
""",
        """\
from nova.compute import reader

from shim import objects


class FakeReader(reader.Reader):
    def read(self, context, host):
        return objects.Service(id=1)
""",
        {**CODE, "nova/objects/": None},
        id="objects of another package",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
def read(self, context, host):
    return {NAME: 1, 'id': 2}
""",
        id="row with a key that is a name",
    ),
    pytest.param(
        """\
def read(self, context, host):
    row = {'id': 1}
    return row
""",
        id="row under a name",
    ),
    pytest.param(
        """\
def read(self, context, host):
    return {'id': 1} if host else {'id': 2}
""",
        id="one row or another",
    ),
    pytest.param(
        """\
def create(self, context, values):
    self.node = dict(values, id=1)
""",
        id="dict of one's own in the attribute",
    ),
    pytest.param(
        """\
def read(self, context, host):
    return dict(id=1)
""",
        id="row by dict()",
    ),
    pytest.param(
        """\
def read(self, context, host):
    return {key: 1 for key in ('id',)}
""",
        id="row by a comprehension",
    ),
    pytest.param(
        """\
def create(self, context, values):
    self.node = values or {}
""",
        id="one dict or another in the attribute",
    ),
    pytest.param(
        """\
def create(self, context, values):
    self.node, self.values = values, 1
""",
        id="attribute that is set with another",
    ),
    pytest.param(
        """\
def create(self, context, values):
    [self.values, self.node] = [1, {'id': 1}]
""",
        id="attribute in a list that is set to a dict",
    ),
    pytest.param(
        """\
read = lambda self, context, host: {'id': 1}
""",
        id="lambda",
    ),
    pytest.param(
        """\
read = fake_read = lambda self, context, host: dict(id=1) if host else None
""",
        id="lambda with two names",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
def read(self, context, host):
    return None

def wait(self, context):
    return {'id': 1}

def other(self):
    return {'id': 1}
""",
        id="other methods",
    ),
    pytest.param(
        """\
def create(self, context, values):
    self.values = values
    node = values
    return node
""",
        id="other names",
    ),
    pytest.param(
        """\
read = lambda self, context, host: None
wait = other = lambda self, context: {'id': 1}

def create(self, context, values):
    self.node, self.values = None, values
    self.values, other = self.node, values
""",
        id="lambdas and attributes that get no row",
    ),
    pytest.param(
        """\
def create(self, context, values):
    self.client.node = values
""",
        id="attribute of something else",
    ),
    pytest.param(
        """\
def read(self, context, host):
    return [{'id': 1}]
""",
        id="list of rows",
    ),
    pytest.param(
        """\
def read(self, context, host):
    return self.row({'id': 1})
""",
        id="row for a call",
    ),
    pytest.param(
        """\
def read(self, context, host):
    return lambda: {'id': 1}
""",
        id="row of a lambda",
    ),
    pytest.param(
        """\
class Inner(object):
    def read(self, context, host):
        return {'id': 1}

def read(self, context, host):
    class Row(object):
        def read(self, context, host):
            return {'id': 1}

        def create(self, context, values):
            self.node = values

    return None
""",
        id="classes within",
    ),
    pytest.param(
        """\
def _read(self, context, host):
    return {'id': 1}

def create(self, context, values):
    self.nodes = self._node = self.__node = values
""",
        id="names like those",
    ),
    pytest.param(
        """\
def create(self, context, values):
    def keep(self):
        self.node = values

    keep(self.client)
""",
        id="another self",
    ),
    pytest.param(
        """\
def create(this, context, values):
    self = context
    self.node = values
""",
        id="self that is something else",
    ),
    pytest.param(
        """\
def create(self, context, values):
    self.node = mock.Mock()
""",
        id="mock in the attribute",
    ),
]

#: Subclasses of a class whose name may stand for another.
OTHER_BASES = [
    pytest.param(
        """\
def case(reader):
    class FakeReader(reader.Reader):
        def read(self, context, host):
            return {'id': 1}

    return FakeReader
""",
        id="parameter of the name of the module",
    ),
]

#: Classes that are no subclasses of the code's.
OTHER_CLASSES = [
    pytest.param(
        """\
class reader(object):
    class Reader(object):
        node = None


class FakeReader(reader.Reader):
    def read(self, context, host):
        return {'id': 1}

    def create(self, context, values):
        self.node = values
""",
        id="class of the name of the module",
    ),
    pytest.param(
        """\
class Reader(object):
    def read(self, context, host):
        return {'id': 1}

    def create(self, context, values):
        self.node = values


class ReaderTestCase(test.NoDBTestCase):
    def read(self, context, host):
        return {'id': reader.Reader().read(context, host)}
""",
        id="classes of their own",
    ),
    pytest.param(
        """\
class FakeReader(conductor_api.Reader):
    def read(self, context, host):
        return {'id': 1}

    def create(self, context, values):
        self.node = values
""",
        id="class of another module",
    ),
    pytest.param(
        """\
class Mixin(object):
    def read(self, context, host):
        return {'id': 1}


class FakeReader(Mixin):
    reader = reader.Reader
""",
        id="class that has a reader",
    ),
    pytest.param(
        """\
Base = reader.Reader
Base = object


class FakeReader(Base):
    def read(self, context, host):
        return {'id': 1}
""",
        id="name bound to another class",
    ),
    pytest.param(
        """\
def read(self, context, host):
    return {'id': 1}


reader.Reader.read = read
""",
        id="function in the place of the method",
    ),
]


@pytest.mark.parametrize(("before", "after"), [*ROWS, *ATTRIBUTES])
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_fake(before), in_fake(after), CODE)


@pytest.mark.parametrize(("before", "after"), CLASSES)
def test_rewritten_in_classes(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_module(before), in_module(after), CODE)


@pytest.mark.parametrize(("before", "after", "beside"), OTHER_TREES)
def test_rewritten_in_other_trees(before: str, after: str, beside: Beside, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after, beside)


@pytest.mark.parametrize(("before", "after"), [ROWS[0], ATTRIBUTES[0]])
def test_line_endings_are_kept(before: str, after: str, tmp_path: pathlib.Path):
    before, after = (in_fake(text).replace("\n", "\r\n") for text in (before, after))
    check_rewritten(tmp_path, RULE, before, after, CODE)


@pytest.mark.parametrize("before", LEFT)
def test_left_and_listed(before: str, tmp_path: pathlib.Path):
    check_listed(tmp_path, RULE, in_fake(before), None, "needs-person", CODE)


@pytest.mark.parametrize("before", OTHER_BASES)
def test_left_and_listed_in_other_classes(before: str, tmp_path: pathlib.Path):
    check_listed(tmp_path, RULE, in_module(before), None, "needs-person", CODE)


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_nothing_for_the_rule(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_fake(before), None, CODE)


@pytest.mark.parametrize("before", OTHER_CLASSES)
def test_nothing_for_the_rule_in_other_classes(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_module(before), None, CODE)


def test_nothing_for_the_rule_where_the_code_goes_on_with_rows(tmp_path: pathlib.Path):
    code = reader("""\
def read(self, context, host):
    return self.conductor_api.service_get_by_host_and_topic(context, host, host)
""")
    check_not_known(tmp_path, RULE, in_fake(ROWS[0].values[0]), None, code)
