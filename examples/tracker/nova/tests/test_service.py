"""A service keeps its record, and its drivers read those of all."""

import mock

from nova.api import hosts
from nova.cmd import cert
from nova import context
from nova import db
from nova import service
from nova.servicegroup.drivers import db as db_driver
from nova.servicegroup.drivers import mc as mc_driver
from nova import test
from nova.virt import host


class ServiceTestCase(test.TestCase):

    def setUp(self):
        super(ServiceTestCase, self).setUp()
        self.service = service.Service('host1', 'nova-compute', 'compute')

    def row(self):
        return db.service_get_by_args(None, 'host1', 'nova-compute')

    def test_the_first_start_creates_the_record(self):
        self.service.start()
        self.assertEqual(1, self.service.service_id)
        self.assertEqual(0, self.row()['report_count'])

    def test_the_next_one_finds_it(self):
        self.service.start()
        other = service.Service('host1', 'nova-compute', 'compute')
        other.start()
        self.assertEqual(1, other.service_ref['id'])

    @mock.patch('nova.conductor.api.LocalAPI.service_get_by_args')
    def test_it_asks_for_its_record(self, mock_get):
        mock_get.return_value = {'id': 3, 'host': 'host1'}
        self.service.start()
        self.assertEqual(3, self.service.service_id)

    def test_it_reports_its_state(self):
        self.service.start()
        self.service.servicegroup_api.tick()
        self.service.servicegroup_api.tick()
        self.assertEqual(2, self.row()['report_count'])
        self.assertEqual(2, self.service.service_ref['report_count'])

    def test_it_goes_and_may_be_gone_already(self):
        self.service.start()
        self.service.kill()
        self.service.kill()
        self.assertEqual([], db.select('services'))

    def test_the_drivers_list_who_is_up(self):
        self.service.start()
        self.assertEqual(['host1'], db_driver.DbDriver().get_all('compute'))
        driver = mc_driver.MemcachedDriver({'compute:host1'})
        self.assertEqual(['host1'], driver.get_all('compute'))
        self.assertEqual([], mc_driver.MemcachedDriver({}).get_all('compute'))

    def test_the_host_api_is_another_one(self):
        self.service.start()
        listed = hosts.HostController().index(context.get_admin_context())
        self.assertEqual(['host1'], listed)

    def test_a_host_is_taken_out_of_service(self):
        self.service.start()
        host.Host('host1').set_host_enabled(False)
        self.assertEqual('set by the driver', self.row()['disabled_reason'])
        self.assertEqual([], db_driver.DbDriver().get_all('compute'))

    def test_a_command_starts_one(self):
        self.assertEqual('nova-cert', cert.main().binary)
