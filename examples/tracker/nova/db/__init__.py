"""The database: rows in memory, by table and id."""

import copy

from nova import exception

TABLES = {'services': {}, 'compute_nodes': {}, 'instances': {},
          'migrations': {}}
TIMES = {'created_at': None, 'updated_at': None, 'deleted_at': None,
         'deleted': False}


def reset():
    for table in TABLES.values():
        table.clear()


def insert(table, defaults, values):
    row = dict(TIMES, **defaults)
    row.update((k, v) for k, v in values.items() if k in row)
    row['id'] = len(TABLES[table]) + 1
    TABLES[table][row['id']] = row
    return copy.deepcopy(row)


def update(table, row_id, values):
    row = TABLES[table][row_id]
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
MIGRATION = {'instance_uuid': None, 'dest_compute': None, 'status': None}


def service_create(context, values):
    return insert('services', SERVICE, values)


def service_update(context, service_id, values):
    return update('services', service_id, values)


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
    return insert('migrations', MIGRATION, values)


def migration_get_in_progress(context, host, node):
    rows = select('migrations', dest_compute=host)
    for row in rows:
        found = select('instances', uuid=row['instance_uuid'])
        row['instance'] = found[0] if found else None
    return rows
