"""Another API whose methods are called as the conductor's are."""

from nova import db
from nova.servicegroup.drivers import db as db_driver


class HostAPI(object):

    def service_get_all_by_topic(self, context, topic):
        return db.service_get_all_by_topic(context, topic)


class HostController(object):

    def __init__(self):
        self.host_api = HostAPI()
        self.servicegroup_api = db_driver.DbDriver()

    def index(self, context):
        services = self.host_api.service_get_all_by_topic(context, 'compute')
        return [service['host'] for service in services
                if self.servicegroup_api.is_up(service)]
