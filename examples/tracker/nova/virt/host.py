"""Take a host out of service, and back."""

from nova import conductor
from nova import context


class Host(object):

    def __init__(self, host):
        self.host = host
        self._conductor_api = conductor.API()

    def set_host_enabled(self, enabled):
        cntxt = context.get_admin_context()
        service = self._conductor_api.service_get_by_args(cntxt, self.host,
                                                          'nova-compute')
        self._conductor_api.service_update(
            cntxt, service,
            {'disabled': not enabled,
             'disabled_reason': None if enabled else 'set by the driver'})
