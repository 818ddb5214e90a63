"""What the conductor does for whoever has no database: rows as dicts."""

from nova import db


class LocalAPI(object):

    def wait_until_ready(self, context):
        return True

    def service_create(self, context, values):
        return db.service_create(context, values)

    def service_update(self, context, service, values):
        return db.service_update(context, service['id'], values)

    def service_get_by_compute_host(self, context, host):
        return db.service_get_by_compute_host(context, host)

    def compute_node_create(self, context, values):
        return db.compute_node_create(context, values)

    def compute_node_update(self, context, node, values):
        return db.compute_node_update(context, node['id'], values)

    def instance_update(self, context, instance_uuid, **updates):
        return db.instance_update(context, instance_uuid, updates)

    def migration_get_in_progress_by_host_and_node(self, context, host, node):
        return db.migration_get_in_progress(context, host, node)
