"""Which services are up, by what they left in a cache."""

from nova import conductor
from nova import context


class MemcachedDriver(object):

    def __init__(self, cache):
        self.cache = cache
        self.conductor_api = conductor.API(use_local=True)

    def is_up(self, service_ref):
        return ('%(topic)s:%(host)s' % service_ref) in self.cache

    def get_all(self, group_id):
        ctxt = context.get_admin_context()
        services = self.conductor_api.service_get_all_by_topic(ctxt, group_id)
        return [service['host'] for service in services
                if self.is_up(service)]
