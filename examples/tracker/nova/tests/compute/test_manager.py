"""What a host does with its instances, through the API that it uses."""

from nova.compute import manager
from nova import context
from nova import db
from nova import test


class ComputeManagerTestCase(test.TestCase):

    def setUp(self):
        super(ComputeManagerTestCase, self).setUp()
        self.context = context.get_admin_context()
        self.service = db.service_create(None, {'host': 'host1'})
        self.compute = manager.ComputeManager(
            'host1', 'node1', lambda: {'vcpus': 2, 'memory_mb': 2048})

    def test_a_node_that_is_gone_is_deleted(self):
        db.compute_node_create(None, {'service_id': self.service['id'],
                                      'hypervisor_hostname': 'old'})
        self.compute.update_available_resource(self.context)
        self.assertEqual(['node1'], [
            row['hypervisor_hostname'] for row in db.select('compute_nodes')])

    def test_an_update_of_an_instance_reaches_the_tracker(self):
        db.instance_create(None, {'uuid': 'uuid1', 'host': 'host1'})
        self.compute.set_error_state(self.context, 'uuid1')
        row = db.instance_get_by_uuid(None, 'uuid1')
        self.assertEqual('error', row['vm_state'])
        self.assertEqual({'updates': 1}, self.compute.tracker.counts)

    def test_it_waits_for_the_conductor(self):
        self.assertIsNotNone(self.compute.conductor_api)
        self.compute.wait(self.context)
