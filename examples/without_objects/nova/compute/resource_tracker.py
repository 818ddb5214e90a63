"""What a node has, and what its instances and migrations use of it."""

import copy
import json

from nova import conductor
from nova import exception


class ResourceTracker(object):

    def __init__(self, host, nodename, driver):
        self.host = host
        self.nodename = nodename
        self.driver = driver
        self.compute_node = None
        self.stats = {}
        self.old_resources = {}
        self.conductor_api = conductor.API()

    def audit(self, context):
        """Count what is used, and store it; say whether anything changed."""
        resources = self.driver()
        resources['hypervisor_hostname'] = self.nodename
        resources['memory_mb_used'] = 0
        self.stats = {'incoming': 0}
        capi = self.conductor_api
        migrations = capi.migration_get_in_progress_by_host_and_node(context,
                self.host, self.nodename)
        for migration in migrations:
            instance = migration['instance']
            if not instance:
                # the instance is gone, so it uses nothing
                continue
            self._add(resources, migration, instance)
        return self._sync(context, resources)

    def claim(self, context, instance_uuid, memory_mb):
        """Take an instance, and what it uses."""
        values = {'host': self.host, 'node': self.nodename,
                  'launched_on': self.host}
        self.conductor_api.instance_update(context, instance_uuid, **values)
        self.compute_node['memory_mb_used'] += memory_mb
        self._update(context, self.compute_node)

    def _add(self, resources, migration, instance):
        if migration['dest_compute'] == self.host:
            self.stats['incoming'] += 1
        resources['memory_mb_used'] += instance['memory_mb']

    def _sync(self, context, resources):
        if self.compute_node is None:
            service = self._get_service(context)
            if service is None:
                return False
            nodes = service['compute_node']
            for node in nodes:
                if node['hypervisor_hostname'] == self.nodename:
                    self.compute_node = node
        if self.compute_node is None:
            resources['service_id'] = service['id']
            return self._create(context, resources)
        return self._update(context, resources)

    def _get_service(self, context):
        try:
            return self.conductor_api.service_get_by_compute_host(context,
                                                                  self.host)
        except exception.NotFound:
            return None

    def _create(self, context, values):
        values['stats'] = dict(self.stats)
        values['pci_stats'] = json.dumps([{'count': 2, 'vendor_id': '8086',
                                           'product_id': '1520'}])
        values['stats'] = json.dumps(values['stats'], sort_keys=True)
        self.compute_node = self.conductor_api.compute_node_create(context,
                                                                   values)
        return True

    def _update(self, context, values):
        values['stats'] = dict(self.stats)
        values['stats'] = json.dumps(values['stats'], sort_keys=True)
        if values == self.old_resources:
            return False
        self.old_resources = copy.deepcopy(values)
        self.compute_node = self.conductor_api.compute_node_update(
            context, self.compute_node, values)
        return True
