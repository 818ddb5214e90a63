"""Keep track of what a node has, and what its instances use."""

import json

from nova import conductor
from nova import exception
from nova.scheduler import report


class Tracker(object):

    def __init__(self, host, nodename, driver):
        self.host = host
        self.nodename = nodename
        self.driver = driver
        self.compute_node = None
        self.counts = {}
        self.conductor_api = conductor.API()
        self.report_client = report.ReportClient()

    def audit(self, context):
        resources = self.driver()
        resources['hypervisor_hostname'] = self.nodename
        resources['memory_mb_used'] = 0
        capi = self.conductor_api
        migrations = capi.migration_get_in_progress_by_host_and_node(context,
                self.host, self.nodename)
        for migration in migrations:
            instance = migration['instance']
            if not instance:
                # migration of an instance that is gone
                continue
            self._add(resources, instance['memory_mb'])
        self._sync(context, resources)

    def claim(self, context, instance):
        values = {'host': self.host, 'node': self.nodename}
        self.conductor_api.instance_update(context, instance['uuid'],
                                           **values)
        self._add(self.compute_node, instance['memory_mb'])
        self._update(context, self.compute_node)

    def _add(self, resources, memory_mb):
        resources['memory_mb_used'] += memory_mb
        self.counts['claims'] = self.counts.get('claims', 0) + 1

    def _sync(self, context, resources):
        if self.compute_node is None:
            service = self._get_service(context)
            if service is None:
                return
            nodes = service['compute_node']
            for node in nodes:
                if node['hypervisor_hostname'] == self.nodename:
                    self.compute_node = node
        if self.compute_node is None:
            resources['service_id'] = service['id']
            self._create(context, resources)
        else:
            self._update(context, resources)

    def _get_service(self, context):
        try:
            return self.conductor_api.service_get_by_compute_host(context,
                                                                  self.host)
        except exception.NotFound:
            return None

    def _create(self, context, values):
        values['stats'] = dict(self.counts)
        values['pci_stats'] = json.dumps([])
        # the object will make JSON of it, so this can go one day
        values['stats'] = json.dumps(values['stats'], sort_keys=True)

        self.compute_node = self.conductor_api.compute_node_create(context,
                                                                   values)

    def _update(self, context, values):
        values['stats'] = dict(self.counts)
        # the object will make JSON of it, so this can go one day
        values['stats'] = json.dumps(values['stats'], sort_keys=True)

        self.compute_node.update(values)
        stats = values.copy()
        stats['id'] = self.compute_node['id']
        self.report_client.update_resource_stats(context, stats)
