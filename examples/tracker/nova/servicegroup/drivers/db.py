"""Which services are up, by their rows."""

from nova import conductor
from nova import context


class DbDriver(object):

    def __init__(self):
        self.conductor_api = conductor.API(use_local=True)
        self.timers = []

    def join(self, service):
        self.timers.append((self._report_state, service))

    def tick(self):
        for function, service in self.timers:
            function(service)

    @staticmethod
    def is_up(service_ref):
        """The row comes from the conductor, or straight from the database."""
        return bool(service_ref['updated_at'] or service_ref['created_at'])

    def get_all(self, group_id):
        rs = []
        ctxt = context.get_admin_context()
        services = self.conductor_api.service_get_all_by_topic(ctxt, group_id)
        for service in services:
            if self.is_up(service):
                rs.append(service['host'])
        return rs

    def _report_state(self, service):
        """Say once more that the service is alive."""
        ctxt = context.get_admin_context()
        state_catalog = {}
        report_count = service.service_ref['report_count']
        report_count += 1
        state_catalog['report_count'] = report_count

        service.service_ref = self.conductor_api.service_update(
            ctxt, service.service_ref, state_catalog)
