"""What the scheduler is told of a node."""

import mock

from nova import db
from nova.scheduler import host_manager
from nova.scheduler import report
from nova import test


class ReportClientTestCase(test.TestCase):

    def setUp(self):
        super(ReportClientTestCase, self).setUp()
        self.client = report.ReportClient()

    def test_constructor(self):
        self.assertIsNotNone(self.client.conductor_api)

    @mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
    def test_update_resource_stats(self, mock_update):
        self.client.update_resource_stats('context', {'id': 1, 'vcpus': 2})
        mock_update.assert_called_once_with('context', {'id': 1},
                                            {'vcpus': 2})

    def test_the_columns_keep_their_meaning(self):
        db.compute_node_create(None, {'service_id': 1, 'pci_stats': None})
        self.client.update_resource_stats(
            None, {'id': 1, 'pci_stats': '[{"count": 2}]'})
        self.assertEqual([[{'count': 2}]], host_manager.pools(None))
