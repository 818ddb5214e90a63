"""The tracker leaves the same rows, before the rewrite and after each patch."""

import json

from nova.compute import tracker
from nova import context
from nova import db
from nova import exception
from nova import test


class TrackerTestCase(test.TestCase):

    def setUp(self):
        super(TrackerTestCase, self).setUp()
        self.context = context.get_admin_context()
        db.service_create(None, {'host': 'host1', 'topic': 'compute',
                                 'binary': 'nova-compute'})
        db.flavor_create(None, {'name': 'm1.tiny', 'memory_mb': 512})
        db.flavor_create(None, {'name': 'm1.small', 'memory_mb': 1024})
        db.instance_create(None, {'uuid': 'uuid1', 'memory_mb': 512})
        self.migration('uuid1', '2014-10-01', 2)
        self.migration('uuid1', '2014-10-02', 1)
        self.migration('gone', '2014-10-03', 2)
        self.tracker = tracker.Tracker('host1', 'node1', self.driver)

    @staticmethod
    def driver():
        return {'vcpus': 2, 'memory_mb': 2048}

    @staticmethod
    def migration(uuid, updated_at, flavor_id):
        db.migration_create(None, {
            'instance_uuid': uuid, 'dest_compute': 'host1',
            'new_instance_type_id': flavor_id, 'status': 'finished',
            'updated_at': updated_at})

    def row(self):
        rows = db.select('compute_nodes')
        self.assertEqual(1, len(rows))
        return rows[0]

    def stats(self):
        # the object writes text where the tracker wrote numbers
        stats = json.loads(self.row()['stats'])
        return dict((key, int(value)) for key, value in stats.items())

    def test_the_first_audit_creates_the_node(self):
        self.tracker.audit(self.context)
        row = self.row()
        self.assertEqual(1, row['service_id'])
        self.assertEqual('node1', row['hypervisor_hostname'])
        # one instance, by its last migration; the other one is gone
        self.assertEqual(512, row['memory_mb_used'])
        self.assertEqual({'claims': 1}, self.stats())
        self.assertEqual([], json.loads(row['pci_stats']))

    def test_a_later_audit_updates_it(self):
        self.tracker.audit(self.context)
        self.tracker.audit(self.context)
        self.assertEqual({'claims': 2}, self.stats())
        self.assertEqual(512, self.row()['memory_mb_used'])

    def test_another_tracker_finds_the_node(self):
        self.tracker.audit(self.context)
        other = tracker.Tracker('host1', 'node1', self.driver)
        other.audit(self.context)
        self.assertEqual(1, other.compute_node['id'])
        self.assertEqual(1, self.row()['id'])

    def test_each_of_several_nodes_of_a_host_is_its_own(self):
        self.tracker.audit(self.context)
        other = tracker.Tracker('host1', 'node2', self.driver)
        other.audit(self.context)
        other.audit(self.context)
        self.assertEqual(['node1', 'node2'], [
            row['hypervisor_hostname'] for row in db.select('compute_nodes')])

    def test_without_a_service_there_is_no_node(self):
        db.reset()
        self.tracker.audit(self.context)
        self.assertTrue(self.tracker.disabled)
        self.assertEqual([], db.select('compute_nodes'))

    def test_a_claim_marks_the_instance(self):
        self.tracker.audit(self.context)
        instance = db.instance_get_by_uuid(None, 'uuid1')
        instance['vm_state'] = 'nobody wrote this'
        self.tracker.claim(self.context, instance)
        row = db.instance_get_by_uuid(None, 'uuid1')
        self.assertEqual(('host1', 'node1'), (row['host'], row['node']))
        self.assertEqual('host1', instance['host'])
        self.assertIsNone(row['vm_state'])
        self.assertEqual(1024, self.row()['memory_mb_used'])

    def test_a_claim_that_is_too_large_is_refused(self):
        self.tracker.audit(self.context)
        instance = {'uuid': 'uuid1', 'memory_mb': 4096}
        self.assertRaises(exception.ComputeResourcesUnavailable,
                          self.tracker.claim, self.context, instance)

    def test_a_dropped_claim_gives_back(self):
        self.tracker.audit(self.context)
        status = self.tracker.drop_claim(self.context, 'uuid1')
        self.assertEqual('finished', status)
        self.assertEqual(0, self.row()['memory_mb_used'])

    def test_the_counts_stay_numbers(self):
        for _ in range(3):
            self.tracker.audit(self.context)
        self.assertEqual({'claims': 3}, self.tracker.counts)


class FakeTracker(tracker.Tracker):
    """Without a service in the database."""

    def _get_service(self, context):
        return {'id': 7, 'compute_node': []}


class FakeTrackerTestCase(test.TestCase):

    def test_it_creates_a_node_of_that_service(self):
        fake = FakeTracker('host1', 'node1', TrackerTestCase.driver)
        self.stubs.Set(db, 'service_get', self._service_get)
        fake.audit(context.get_admin_context())
        self.assertEqual(7, db.select('compute_nodes')[0]['service_id'])

    def _service_get(self, context, service_id):
        return {'id': service_id, 'compute_node': []}
