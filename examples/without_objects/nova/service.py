"""The record of a service: found or made when it starts, kept up to date."""

from nova import conductor
from nova import exception


class Service(object):

    def __init__(self, host, binary, topic):
        self.host = host
        self.binary = binary
        self.topic = topic
        self.conductor_api = conductor.API()

    def start(self, context):
        try:
            self.service_ref = self.conductor_api.service_get_by_args(
                context, self.host, self.binary)
        except exception.NotFound:
            self.service_ref = self._create_service_ref(context)
        self.service_id = self.service_ref['id']

    def _create_service_ref(self, context):
        values = {
            'host': self.host,
            'binary': self.binary,
            'topic': self.topic,
            'report_count': 0
        }
        return self.conductor_api.service_create(context, values)

    def report_state(self, context):
        state = {}
        state['report_count'] = self.service_ref['report_count'] + 1
        self.service_ref = self.conductor_api.service_update(
            context, self.service_ref, state)

    def kill(self, context):
        try:
            self.conductor_api.service_destroy(context, self.service_id)
        except exception.NotFound:
            return False
        return True
