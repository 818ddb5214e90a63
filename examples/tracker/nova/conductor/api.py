"""What the conductor does for whoever has no database: rows as dicts."""

from nova import db


class LocalAPI(object):

    def wait_until_ready(self, context):
        return True

    def service_create(self, context, values):
        return db.service_create(context, values)

    def service_update(self, context, service, values):
        return db.service_update(context, service['id'], values)

    def service_destroy(self, context, service_id):
        return db.service_destroy(context, service_id)

    def service_get_by_args(self, context, host, binary):
        return db.service_get_by_args(context, host, binary)

    def service_get_by_compute_host(self, context, host):
        return db.service_get_by_compute_host(context, host)

    def service_get_all_by_topic(self, context, topic):
        return db.service_get_all_by_topic(context, topic)

    def compute_node_create(self, context, values):
        return db.compute_node_create(context, values)

    def compute_node_update(self, context, node, values):
        return db.compute_node_update(context, node['id'], values)

    def compute_node_delete(self, context, node):
        return db.compute_node_delete(context, node['id'])

    def instance_update(self, context, instance_uuid, **updates):
        return db.instance_update(context, instance_uuid, updates)

    def instance_type_get(self, context, instance_type_id):
        return db.flavor_get(context, instance_type_id)

    def migration_get_in_progress_by_host_and_node(self, context, host, node):
        return db.migration_get_in_progress(context, host, node)
