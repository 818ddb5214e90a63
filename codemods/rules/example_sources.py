# SPDX-License-Identifier: Apache-2.0
"""Sources shared by the examples of several rules."""

#: Code that fills a column for which the tree's compute nodes have no field.
PCI_STATS_WRITER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def create(self, context, values):
        values['pci_stats'] = '[]'
        return self.conductor_api.compute_node_create(context, values)
"""

#: Code that creates a compute node, with fields for all its columns.
NODE_WRITER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def create(self, context, values):
        return self.conductor_api.compute_node_create(context, values)
"""

#: Code that reads a service through the conductor.
READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
"""

#: The same with the object.
OBJECT_READER = """\
from nova import objects


class Reader(object):

    def read(self, context, host):
        return objects.Service.get_by_compute_host(context, host)
"""

#: A node whose object takes the list of its PCI devices.
PCI_STATS_NODE = """\
from nova import db
from nova.objects import base
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'pci_stats': fields.ObjectField('PciDeviceList', nullable=True),
        }

    @base.remotable
    def create(self, context):
        db.compute_node_create(context, self.obj_get_changes())
"""

#: A unit test that mocks the whole conductor.
MOCKED_CONDUCTOR = """\
import mock

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        api = mock.Mock()
        with mock.patch('nova.conductor.API', return_value=api):
            self.reader = reader.Reader()
        self.cond_api_mock = self.reader.conductor_api

    def test_read(self):
        capi = self.cond_api_mock
        service_mock = capi.service_get_by_compute_host
        self.reader.read('context', 'host')
        self.assertTrue(service_mock.called)
"""

#: The same, with the object mocked instead.
MOCKED_OBJECT = """\
import mock

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        api = mock.Mock()
        with mock.patch('nova.conductor.API', return_value=api):
            self.reader = reader.Reader()

    @mock.patch('nova.objects.Service.get_by_compute_host')
    def test_read(self, service_mock):
        self.reader.read('context', 'host')
        self.assertTrue(service_mock.called)
"""

#: Compute nodes whose list object has no getter for the nodes of a service.
NODES_WITHOUT_GETTER = """\
from nova import db
from nova.objects import base
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.5'

    fields = {
        'id': fields.IntegerField(),
        }


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }

    @base.remotable_classmethod
    def get_all(cls, context):
        return base.obj_make_list(context, ComputeNodeList(), ComputeNode,
                                  db.compute_node_get_all(context))
"""

#: A driver that reports the state of a service.
REPORTING_DRIVER = """\
from nova import conductor


class DbDriver(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def _report_state(self, context, service):
        catalog = {'report_count': service.service_ref['report_count'] + 1}
        self.conductor_api.service_update(context, service.service_ref, catalog)
"""

#: Code that keeps the compute node that it creates.
NODE_KEEPER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def create(self, context, values):
        self.node = self.conductor_api.compute_node_create(context, values)
"""

#: Code that creates a compute node, and passes its stats on to a client.
STATS_TELLER = """\
from nova import conductor
from nova.openstack.common import jsonutils


class Reader(object):
    def __init__(self, client=None):
        self.client = client
        self.conductor_api = conductor.API()

    def create(self, context, values):
        values['stats'] = jsonutils.dumps(values['stats'])
        self.conductor_api.compute_node_create(context, values)
        self.client.update_resource_stats(context, values)
"""

#: Code that reads the nodes of a service.
SERVICE_NODES_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def nodes(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        nodes = service['compute_node']
        return nodes
"""

#: The same, in code that also marks an instance.
NODES_READER = f"""\
{SERVICE_NODES_READER}
    def mark(self, context, uuid, host):
        self.conductor_api.instance_update(context, uuid, host=host)
"""

#: Code that reads a service, and updates a compute node.
SERVICE_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)

    def tell(self, context, node_id, values):
        self.conductor_api.compute_node_update(context, {'id': node_id}, values)
"""

#: Code that writes a list of PCI devices into the column of a node.
DEVICES_TRACKER = """\
from nova import conductor
from nova import objects
from nova.openstack.common import jsonutils


def write(context, values):
    devices = objects.PciDeviceList.get_by_compute_node(context, 1)
    values['pci_stats'] = jsonutils.dumps(devices.obj_to_primitive())
    conductor.API().compute_node_create(context, values)
"""

#: The list object of PCI devices.
DEVICES_LIST = """\
from nova.objects import base
from nova.objects import fields


class PciDeviceList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('PciDevice'),
        }

    @base.remotable_classmethod
    def get_by_compute_node(cls, context, node_id):
        pass
"""

#: A service whose object carries its context.
SERVICE_WITH_CONTEXT = """\
from nova.objects import base
from nova.objects import fields


class Service(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.12'

    fields = {
        'id': fields.IntegerField(read_only=True),
        'report_count': fields.IntegerField(),
        }

    @base.remotable_classmethod
    def get_by_compute_host(cls, context, host):
        pass

    @base.remotable
    def save(self):
        pass
"""
