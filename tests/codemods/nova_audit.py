# SPDX-License-Identifier: Apache-2.0
"""Run under Python 2.7 in a nova tree: audits by its real tracker, and the rows they leave.

Prints the rows of compute_nodes, migrations, instances and services as JSON,
timestamps aside. The database is SQLite, the driver reports PCI devices and a
NUMA topology, two instances are on the node and one is being resized to it.
"""

import json
import sys

import mock
import testtools.run

from nova.compute import flavors
from nova.compute import resource_tracker
from nova import context
from nova import db
from nova.db.sqlalchemy import api as sqlalchemy_api
from nova.db.sqlalchemy import models
from nova import objects
from nova.openstack.common import jsonutils
from nova import test
from nova.virt import fake
from nova.virt import hardware

TIMES = ('created_at', 'updated_at', 'deleted_at', 'launched_at')


class Driver(fake.SmallFakeDriver):

    def get_available_resource(self, nodename):
        found = fake.SmallFakeDriver.get_available_resource(self, nodename)
        found['numa_topology'] = hardware.VirtNUMAHostTopology(cells=[
            hardware.VirtNUMATopologyCellUsage(0, set([0, 1]), 4096),
            hardware.VirtNUMATopologyCellUsage(1, set([2, 3]), 4096)]).to_json()
        found['pci_passthrough_devices'] = jsonutils.dumps([
            {'address': '0000:0%d:00.0' % n, 'vendor_id': '8086',
             'product_id': '1520', 'dev_type': 'type-PCI',
             'dev_id': 'pci_%d' % n, 'label': 'label_8086_1520',
             'status': 'available'} for n in (1, 2)])
        found['supported_instances'] = jsonutils.dumps(
            [['x86_64', 'kvm', 'hvm']])
        return found


class Audit(test.TestCase):

    def instance(self, **values):
        flavor = db.flavor_get_by_name(self.ctxt, 'm1.tiny')
        row = {'memory_mb': 512, 'root_gb': 1, 'ephemeral_gb': 0, 'vcpus': 1,
               'vm_state': 'active', 'project_id': 'p', 'user_id': 'u',
               'os_type': 'linux', 'instance_type_id': flavor['id'],
               'system_metadata': {}}
        for prefix in ('', 'old_', 'new_'):
            flavors.save_flavor_info(row['system_metadata'], flavor, prefix)
        row.update(values)
        return db.instance_create(self.ctxt, row)

    def test_rows(self):
        self.flags(pci_passthrough_whitelist=[
            '{"vendor_id": "8086", "product_id": "1520"}'])
        self.flags(use_local=True, group='conductor')
        self.ctxt = context.get_admin_context()
        db.service_create(self.ctxt, {
            'host': 'host1', 'binary': 'nova-compute', 'topic': 'compute',
            'report_count': 0})
        self.instance(uuid='11111111-1111-1111-1111-111111111111',
                      host='host1', node='node1')
        moving = self.instance(uuid='22222222-2222-2222-2222-222222222222',
                               host='host2', node='node2', vm_state='resized')
        db.migration_create(self.ctxt, {
            'instance_uuid': moving['uuid'], 'status': 'finished',
            'source_compute': 'host2', 'source_node': 'node2',
            'dest_compute': 'host1', 'dest_node': 'node1',
            'old_instance_type_id': moving['instance_type_id'],
            'new_instance_type_id': moving['instance_type_id']})
        claimed = self.instance(uuid='33333333-3333-3333-3333-333333333333',
                                vm_state='building')
        fake.set_nodes(['node1'])
        self.addCleanup(fake.restore_nodes)
        driver = Driver(None)
        tracker = resource_tracker.ResourceTracker('host1', driver, 'node1')
        tracker.update_available_resource(self.ctxt)
        tracker.update_available_resource(self.ctxt)
        found = objects.Instance.get_by_uuid(
            self.ctxt, claimed['uuid'], expected_attrs=['system_metadata'])
        with mock.patch.object(objects.InstancePCIRequests,
                               'get_by_instance_uuid',
                               return_value=objects.InstancePCIRequests(
                                   requests=[])):
            tracker.instance_claim(self.ctxt, found)
        print('ROWS ' + json.dumps(self.rows(), sort_keys=True))

    def rows(self):
        session = sqlalchemy_api.get_session()
        tables = (models.ComputeNode, models.Migration, models.Instance,
                  models.Service)
        return dict(
            (table.__tablename__, [self.row(one) for one in
                                   session.query(table).order_by('id')])
            for table in tables)

    @staticmethod
    def row(one):
        return dict((column.name, getattr(one, column.name))
                    for column in one.__table__.columns
                    if column.name not in TIMES)


if __name__ == '__main__':
    testtools.run.main([sys.argv[0], '__main__'], sys.stdout)
