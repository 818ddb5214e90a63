# SPDX-License-Identifier: Apache-2.0
"""Add unit tests for the getter that is added to the list of compute nodes.

They follow those of the list's other getters, in the same mixin, so that they run
both locally and over RPC.
"""

import libcst as cst

from codemods.analysis.object_changes import GetterTested, ObjectChange
from codemods.rewriting.adding import Added, AddingRule, set_off
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.file import File
from codemods.rewriting.findings import Effect
from codemods.rewriting.nodes import statements
from codemods.rules.example_sources import NODES_WITHOUT_GETTER
from codemods.rules.tests.base import TestRule

_TESTS = """\
def test_get_by_service(self):
    self.mox.StubOutWithMock({db}, 'service_get_by_compute_host')
    {db}.service_get_by_compute_host(self.context, 'fake-host').AndReturn(
        {'compute_node': [fake_compute_node]})
    self.mox.ReplayAll()
    fake_service = {service}.Service()
    fake_service.host = 'fake-host'
    computes = {compute_node}.ComputeNodeList.get_by_service(self.context, fake_service)
    self.assertEqual(1, len(computes))
    self.assertEqual(fake_compute_node['id'], computes[0].id)

def test_get_by_service_not_found(self):
    self.mox.StubOutWithMock({db}, 'service_get_by_compute_host')
    {db}.service_get_by_compute_host(self.context, 'fake-host').AndRaise(
        {exception}.ComputeHostNotFound(host='fake-host'))
    self.mox.ReplayAll()
    fake_service = {service}.Service()
    fake_service.host = 'fake-host'
    computes = {compute_node}.ComputeNodeList.get_by_service(self.context, fake_service)
    self.assertEqual(0, len(computes))
"""

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def nodes(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        nodes = service['compute_node']
        return nodes

    def create(self, context, values):
        values['pci_stats'] = '[]'
        return self.conductor_api.compute_node_create(context, values)
"""

_BESIDE = (
    ("nova/compute/reader.py", _READER),
    ("nova/objects/compute_node.py", NODES_WITHOUT_GETTER),
)

EXAMPLES = (
    Example(
        """\
from nova import db
from nova.objects import compute_node
from nova.objects import service
from nova.tests.objects import test_objects

fake_compute_node = {
    'id': 123,
    'created_at': None,
    'updated_at': None,
    'deleted_at': None,
    'deleted': 0,
    'pci_stats': None,
}


class _TestComputeNodeObject(object):
    def test_get_by_hypervisor(self):
        self.assertTrue(compute_node.ComputeNodeList.get_by_hypervisor)


class TestComputeNodeObject(test_objects._LocalTest,
                            _TestComputeNodeObject):
    pass
""",
        """\
from nova import db
from nova import exception
from nova.objects import compute_node
from nova.objects import service
from nova.tests.objects import test_objects

fake_compute_node = {
    'id': 123,
    'created_at': None,
    'updated_at': None,
    'deleted_at': None,
    'deleted': 0,
    'pci_stats': None,
}


class _TestComputeNodeObject(object):
    def test_get_by_hypervisor(self):
        self.assertTrue(compute_node.ComputeNodeList.get_by_hypervisor)

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


class TestComputeNodeObject(test_objects._LocalTest,
                            _TestComputeNodeObject):
    pass
""",
        path="nova/tests/objects/test_compute_node.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova import db
from nova.objects import compute_node
from nova.objects import service
from nova.tests.objects import test_objects

fake_compute_node = {
    'id': 123,
    'created_at': None,
    'updated_at': None,
    'deleted_at': None,
    'deleted': 0,
    'pci_stats': None,
}


class _TestComputeNodeObject(object):
    def test_get_all(self):
        self.assertTrue(compute_node.ComputeNodeList.get_all)


class TestComputeNodeObject(test_objects._LocalTest,
                            _TestComputeNodeObject):
    pass
""",
        path="nova/tests/objects/test_compute_node.py",
        beside=_BESIDE,
    ),
)


class AddObjectTests(AddingRule, TestRule):
    """See the module."""

    @classmethod
    def applies(cls, file: File) -> bool:
        """Whether there is a getter to test."""
        return super().applies(file) and file.adds_nodes_getter

    def added(self, original: cst.CSTNode, change: ObjectChange) -> Added | None:
        """The tests of the getter."""
        if not isinstance(change, GetterTested) or not self.file.became.has(Effect.GETS_NODES):
            return None
        package = self.file.tree.package
        modules = {"db": package, "exception": package}
        modules |= dict.fromkeys(("compute_node", "service"), f"{package}.objects")
        names = {name: self.name_of(name, inside) for name, inside in modules.items()}
        return Added(behind=set_off(statements(_TESTS, **names)))
