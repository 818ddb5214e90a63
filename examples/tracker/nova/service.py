"""A process that serves one topic of a host."""

from nova import conductor
from nova import context
from nova import exception
from nova.servicegroup.drivers import db as db_driver


class Service(object):

    def __init__(self, host, binary, topic):
        self.host = host
        self.binary = binary
        self.topic = topic
        self.service_ref = None
        self.service_id = None
        self.conductor_api = conductor.API(use_local=True)
        self.servicegroup_api = db_driver.DbDriver()

    @classmethod
    def create(cls, host='host1', binary=None, topic=None):
        return cls(host, binary, topic)

    def start(self):
        ctxt = context.get_admin_context()
        try:
            self.service_ref = self.conductor_api.service_get_by_args(
                ctxt, self.host, self.binary)
            self.service_id = self.service_ref['id']
        except exception.NotFound:
            self.service_ref = self._create_service_ref(ctxt)
        self.servicegroup_api.join(self)

    def _create_service_ref(self, context):
        svc_values = {
            'host': self.host,
            'binary': self.binary,
            'topic': self.topic,
            'report_count': 0
        }
        service = self.conductor_api.service_create(context, svc_values)
        self.service_id = service['id']
        return service

    def kill(self):
        """Take the record of this service away."""
        try:
            self.conductor_api.service_destroy(context.get_admin_context(),
                                               self.service_id)
        except exception.NotFound:
            pass


def serve(server):
    server.start()
