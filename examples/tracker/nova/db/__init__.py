"""The database: rows in memory, by table and id."""

import copy

from nova import exception

TABLES = {'services': {}, 'compute_nodes': {}, 'instances': {},
          'migrations': {}, 'flavors': {}}
TIMES = {'created_at': None, 'updated_at': None, 'deleted_at': None,
         'deleted': False}


def reset():
    for table in TABLES.values():
        table.clear()


def insert(table, defaults, values):
    row = dict(TIMES, **defaults)
    row.update((k, v) for k, v in values.items() if k in row)
    row['id'] = max(TABLES[table], default=0) + 1
    row['created_at'] = '2014-10-16'
    TABLES[table][row['id']] = row
    return copy.deepcopy(row)


def update(table, row_id, values):
    row = TABLES[table][row_id]
    for key, value in values.items():
        if isinstance(value, (dict, list)):
            raise TypeError('%s: no column holds %r' % (key, value))
    row.update((k, v) for k, v in values.items() if k in row)
    return copy.deepcopy(row)


def select(table, **wanted):
    return [copy.deepcopy(row) for row in TABLES[table].values()
            if all(row[key] == value for key, value in wanted.items())]


SERVICE = {'host': None, 'binary': None, 'topic': None, 'report_count': 0,
           'disabled': False, 'disabled_reason': None}
NODE = {'service_id': None, 'vcpus': 0, 'memory_mb': 0, 'memory_mb_used': 0,
        'hypervisor_hostname': None, 'stats': '{}', 'pci_stats': None}
INSTANCE = {'uuid': None, 'host': None, 'node': None, 'memory_mb': 0,
            'vm_state': None}
MIGRATION = {'instance_uuid': None, 'dest_compute': None, 'status': None,
             'new_instance_type_id': None}
FLAVOR = {'name': None, 'memory_mb': 0}


def service_create(context, values):
    return insert('services', SERVICE, values)


def service_update(context, service_id, values):
    return update('services', service_id, values)


def service_destroy(context, service_id):
    if TABLES['services'].pop(service_id, None) is None:
        raise exception.ServiceNotFound(service_id)


def service_get_by_args(context, host, binary):
    for row in select('services', host=host, binary=binary):
        return row
    raise exception.HostBinaryNotFound(host)


def service_get_all_by_topic(context, topic):
    return select('services', topic=topic, disabled=False)


def service_get(context, service_id, with_compute_node=False):
    rows = select('services', id=service_id)
    if not rows:
        raise exception.ServiceNotFound(service_id)
    rows[0]['compute_node'] = select('compute_nodes', service_id=service_id)
    return rows[0]


def service_get_by_compute_host(context, host):
    for row in select('services', host=host):
        return service_get(context, row['id'])
    raise exception.ComputeHostNotFound(host)


def compute_node_create(context, values):
    return insert('compute_nodes', NODE, values)


def compute_node_update(context, node_id, values):
    return update('compute_nodes', node_id, values)


def compute_node_delete(context, node_id):
    if TABLES['compute_nodes'].pop(node_id, None) is None:
        raise exception.ComputeHostNotFound(node_id)


def compute_node_get_all(context):
    return select('compute_nodes')


def flavor_create(context, values):
    return insert('flavors', FLAVOR, values)


def flavor_get(context, flavor_id):
    for row in select('flavors', id=flavor_id):
        return row
    raise exception.FlavorNotFound(flavor_id)


def instance_create(context, values):
    return insert('instances', INSTANCE, values)


def instance_update(context, uuid, values):
    return update('instances', instance_get_by_uuid(context, uuid)['id'],
                  values)


def instance_get_by_uuid(context, uuid):
    for row in select('instances', uuid=uuid):
        return row
    raise exception.InstanceNotFound(uuid)


def migration_create(context, values):
    return insert('migrations', dict(MIGRATION, updated_at=None), values)


def migration_get_in_progress(context, host, node):
    rows = select('migrations', dest_compute=host)
    for row in rows:
        found = select('instances', uuid=row['instance_uuid'])
        row['instance'] = found[0] if found else None
    return rows
