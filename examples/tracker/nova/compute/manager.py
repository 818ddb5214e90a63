"""What a host does with its instances."""

from nova.compute import tracker
from nova import conductor


class ComputeManager(object):

    def __init__(self, host, nodename, driver):
        self.host = host
        self.nodename = nodename
        self.conductor_api = conductor.API()
        self.tracker = tracker.Tracker(host, nodename, driver)

    def _instance_update(self, context, instance_uuid, **kwargs):
        """Update an instance in the database, and tell the tracker."""
        instance_ref = self.conductor_api.instance_update(context,
                                                          instance_uuid,
                                                          **kwargs)
        if instance_ref['host'] == self.host:
            self.tracker.update_usage(context, instance_ref)
        return instance_ref

    def set_error_state(self, context, instance_uuid):
        self._instance_update(context, instance_uuid, vm_state='error')

    def update_available_resource(self, context):
        self.tracker.audit(context)
        for node in self._get_compute_nodes_in_db(context):
            if node.get('hypervisor_hostname') != self.nodename:
                self.conductor_api.compute_node_delete(context, node)

    def _get_compute_nodes_in_db(self, context):
        service_ref = self.conductor_api.service_get_by_compute_host(
            context, self.host)
        return service_ref['compute_node']

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)
