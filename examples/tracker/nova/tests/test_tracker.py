"""The tracker leaves the same rows, before the rewrite and after each patch."""

import json
import unittest

from nova.compute import tracker
from nova import db
from nova import objects


class TrackerTest(unittest.TestCase):

    def setUp(self):
        objects.register_all()
        db.reset()
        db.service_create(None, {'host': 'host1', 'topic': 'compute'})
        db.instance_create(None, {'uuid': 'uuid1', 'memory_mb': 512})
        db.migration_create(None, {'instance_uuid': 'uuid1',
                                   'dest_compute': 'host1'})
        db.migration_create(None, {'instance_uuid': 'gone',
                                   'dest_compute': 'host1'})
        self.tracker = tracker.Tracker(
            'host1', 'node1', lambda: {'vcpus': 2, 'memory_mb': 2048})

    def row(self):
        rows = db.select('compute_nodes')
        self.assertEqual(1, len(rows))
        return rows[0]

    def test_the_first_audit_creates_the_node(self):
        self.tracker.audit(None)
        row = self.row()
        self.assertEqual(1, row['service_id'])
        self.assertEqual(512, row['memory_mb_used'])
        self.assertEqual({'claims': 1}, json.loads(row['stats']))
        self.assertEqual([], json.loads(row['pci_stats']))

    def test_a_later_audit_updates_it(self):
        self.tracker.audit(None)
        self.tracker.audit(None)
        self.assertEqual({'claims': 2}, json.loads(self.row()['stats']))

    def test_a_claim_marks_the_instance(self):
        self.tracker.audit(None)
        instance = db.instance_get_by_uuid(None, 'uuid1')
        self.tracker.claim(None, instance)
        row = db.instance_get_by_uuid(None, 'uuid1')
        self.assertEqual(('host1', 'node1'), (row['host'], row['node']))
        self.assertEqual(1024, self.row()['memory_mb_used'])

    def test_without_a_service_there_is_no_node(self):
        db.reset()
        self.tracker.audit(None)
        self.assertEqual([], db.select('compute_nodes'))
