"""A compute node as the database has it, and as an object."""

from nova import db
from nova import objects
from nova import test

fake_compute_node = {
    'id': 1,
    'created_at': None,
    'updated_at': None,
    'deleted_at': None,
    'deleted': False,
    'service_id': 1,
    'vcpus': 2,
    'memory_mb': 2048,
    'memory_mb_used': 512,
    'hypervisor_hostname': 'node1',
    'stats': '{"claims": "1"}',
}


class TestComputeNode(test.TestCase):

    def test_it_reads_every_column(self):
        node = objects.ComputeNode()._from_db_object(dict(fake_compute_node))
        self.assertEqual({'claims': '1'}, node.stats)
        self.assertEqual(set(objects.ComputeNode.fields),
                         set(fake_compute_node))

    def test_it_is_made_for_older_nodes(self):
        primitive = dict(fake_compute_node, pci_stats='[]')
        objects.ComputeNode().obj_make_compatible(primitive, '1.0')
        self.assertNotIn('stats', primitive)

    def test_save_writes_what_was_set(self):
        db.compute_node_create(None, {'service_id': 1, 'vcpus': 1,
                                      'memory_mb': 5})
        node = objects.ComputeNode(id=1)
        node.obj_reset_changes()
        node.vcpus = 4
        node.save(None)
        self.assertEqual((4, 5), (node.vcpus, node.memory_mb))
