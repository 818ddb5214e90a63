"""Keep track of what a node has, and what its instances use."""

import copy
import json

from nova.compute import claims
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
        self.tracked_migrations = {}
        self.old_resources = {}
        self.conductor_api = conductor.API()
        self.report_client = report.ReportClient()

    @property
    def disabled(self):
        return self.compute_node is None

    def audit(self, context):
        resources = self.driver()
        resources['hypervisor_hostname'] = self.nodename
        resources['memory_mb_used'] = 0
        # Grab the migrations that are coming or going
        capi = self.conductor_api
        migrations = capi.migration_get_in_progress_by_host_and_node(context,
                self.host, self.nodename)
        self._add_migrations(context, resources, migrations)
        self._sync(context, resources)

    def claim(self, context, instance):
        claim = claims.Claim(instance, self.compute_node)
        self._set_instance_host_and_node(context, instance)
        self._add(self.compute_node, instance['memory_mb'])
        self._update(context, self.compute_node)
        return claim

    def _set_instance_host_and_node(self, context, instance):
        """Tag the instance as one of this host."""
        values = {'host': self.host, 'node': self.nodename}
        self.conductor_api.instance_update(context, instance['uuid'],
                                           **values)
        instance['host'] = self.host
        instance['node'] = self.nodename

    def drop_claim(self, context, uuid):
        migration, itype = self.tracked_migrations.pop(uuid)
        self._add(self.compute_node, -itype['memory_mb'])
        self._update(context, self.compute_node)
        return migration['status']

    def update_usage(self, context, instance):
        """The instance is a row, or an object of whoever calls."""
        self.counts['updates'] = self.counts.get('updates', 0) + 1
        return instance['uuid']

    def _add_migrations(self, context, resources, migrations):
        self.tracked_migrations.clear()

        # do not add an instance twice: the last migration is the one
        filtered = {}
        for migration in migrations:
            instance = migration['instance']
            if not instance:
                # migration of an instance that is gone
                continue
            uuid = instance['uuid']
            other = filtered.get(uuid, None)
            if not other or migration['updated_at'] >= other['updated_at']:
                filtered[uuid] = migration

        for migration in filtered.values():
            instance = migration['instance']
            itype = self._get_itype(context, migration)
            uuid = instance['uuid']
            self.tracked_migrations[uuid] = (migration, itype)
            if migration['dest_compute'] == self.host:
                self._add(resources, itype['memory_mb'])

    def _get_itype(self, context, migration):
        itype_id = migration['new_instance_type_id']
        return self.conductor_api.instance_type_get(context, itype_id)

    def _add(self, resources, memory_mb):
        resources['memory_mb_used'] += memory_mb
        self.counts['claims'] = self.counts.get('claims', 0) + 1

    def _sync(self, context, resources):
        """Create or update the compute node."""
        if not self.compute_node:
            service = self._get_service(context)
            if not service:
                # no service record, so there is no node
                return

            nodes = service['compute_node']
            for node in nodes:
                if node.get('hypervisor_hostname') == self.nodename:
                    self.compute_node = node
                    break

        if not self.compute_node:
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

    def _write_stats(self, resources):
        resources['stats'] = {}
        resources['stats'].update(self.counts)
        resources['pci_stats'] = json.dumps([])

    def _create(self, context, values):
        self._write_stats(values)
        # the object will make JSON of it, so this can go one day
        values['stats'] = json.dumps(values['stats'], sort_keys=True)

        self.compute_node = self.conductor_api.compute_node_create(context,
                                                                   values)

    def _changed(self, resources):
        """Whether anything is new since this was asked last."""
        if resources != self.old_resources:
            self.old_resources = copy.deepcopy(resources)
            return True
        return False

    def _update(self, context, values):
        self._write_stats(values)
        if not self._changed(values):
            return
        # the object will make JSON of it, so this can go one day
        values['stats'] = json.dumps(values['stats'], sort_keys=True)

        if 'service' in self.compute_node:
            del self.compute_node['service']
        self.compute_node.update(values)
        stats = values.copy()
        stats['id'] = self.compute_node['id']
        self.report_client.update_resource_stats(context, stats)
