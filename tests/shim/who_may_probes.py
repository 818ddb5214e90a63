# SPDX-License-Identifier: Apache-2.0
"""Every remotable method and every dict call, asked by an administrator, a user of the project that
has the rows, a user of another, one without a project, and nobody.

In the syntax of Python 2.7 as well: nova_peer.py runs it on nova 2014.2.
"""

import datetime
import sqlite3

#: user, project, administrator
CALLERS = {
    'admin': (u'root', u'ops', True),
    'user': (u'user', u'proj', False),
    'stranger': (u'stranger', u'other', False),
    'homeless': (u'user', None, False),
    'nobody': (None, None, False),
}
#: The rows that the probes are about: one of each, of the project ``proj``.
SERVICE = NODE = GROUP = MIGRATION = DEVICE = 1
INSTANCE = u'00000000-0000-4000-8000-000000000001'
OTHERS_INSTANCE = u'00000000-0000-4000-8000-000000000002'
NEW_INSTANCE = u'00000000-0000-4000-8000-000000000003'
LONG_AGO = u'2000-01-01T00:00:00Z'
NODE_VALUES = {
    'vcpus': 8, 'memory_mb': 16384, 'local_gb': 500, 'vcpus_used': 1,
    'memory_mb_used': 1024, 'local_gb_used': 20, 'hypervisor_type': u'QEMU',
    'hypervisor_version': 2001000, 'cpu_info': u'?',
}
MIGRATION_VALUES = {
    'instance_uuid': INSTANCE, 'source_compute': u'cmp-a', 'source_node': u'node-a',
    'dest_compute': u'cmp-b', 'dest_node': u'node-b', 'status': u'migrating',
}
FLAVOR_VALUES = {
    'memory_mb': 512, 'vcpus': 1, 'root_gb': 1, 'ephemeral_gb': 0, 'swap': 0,
    'rxtx_factor': 1.0, 'disabled': False,
}


def changed(obj, **values):
    for name, value in sorted(values.items()):
        setattr(obj, name, value)
    return obj


def of_service(o, c):
    return {
        'Service.create': lambda: o.Service(
            host=u'new', binary=u'b', topic=u't', report_count=0, disabled=False).create(c),
        'Service.get_by_args': lambda: o.Service.get_by_args(c, u'cmp-a', u'nova-compute'),
        'Service.get_by_compute_host': lambda: o.Service.get_by_compute_host(c, u'cmp-a'),
        'Service.get_by_host_and_topic':
            lambda: o.Service.get_by_host_and_topic(c, u'cmp-a', u'compute'),
        'Service.get_by_id': lambda: o.Service.get_by_id(c, SERVICE),
        'ServiceList.get_all': lambda: o.ServiceList.get_all(c),
        'ServiceList.get_by_host': lambda: o.ServiceList.get_by_host(c, u'cmp-a'),
        'ServiceList.get_by_topic': lambda: o.ServiceList.get_by_topic(c, u'compute'),
    }


def of_loaded_service(o, c, admin):
    def service():
        return o.Service.get_by_id(admin, SERVICE)

    return {
        'Service.save': lambda: changed(service(), report_count=9).save(c),
        'Service.destroy': lambda: service().destroy(c),
    }


def of_compute_node(o, c):
    return {
        'ComputeNode.create': lambda: o.ComputeNode(
            service_id=SERVICE, hypervisor_hostname=u'new', **NODE_VALUES).create(c),
        'ComputeNode.get_by_id': lambda: o.ComputeNode.get_by_id(c, NODE),
        'ComputeNode.get_by_service_id': lambda: o.ComputeNode.get_by_service_id(c, SERVICE),
        'ComputeNodeList.get_all': lambda: o.ComputeNodeList.get_all(c),
        'ComputeNodeList.get_by_hypervisor':
            lambda: o.ComputeNodeList.get_by_hypervisor(c, u'node'),
        'ComputeNodeList._get_by_service': lambda: o.ComputeNodeList._get_by_service(c, SERVICE),
    }


def of_loaded_compute_node(o, c, admin):
    def node():
        return o.ComputeNode.get_by_id(admin, NODE)

    return {
        'ComputeNode.save': lambda: changed(node(), vcpus=9).save(c),
        'ComputeNode.destroy': lambda: node().destroy(c),
    }


def of_flavor(o, c):
    return {
        'Flavor.create': lambda: o.Flavor(
            name=u'new', flavorid=u'new', is_public=True, **FLAVOR_VALUES).create(c),
        'Flavor.get_by_flavor_id': lambda: o.Flavor.get_by_flavor_id(c, u'private'),
        'Flavor.get_by_id': lambda: o.Flavor.get_by_id(c, 2),
        'Flavor.get_by_name': lambda: o.Flavor.get_by_name(c, u'a private one'),
        'FlavorList.get_all': lambda: o.FlavorList.get_all(c),
        'FlavorList.get_all public':
            lambda: o.FlavorList.get_all(c, filters={'is_public': True}),
    }


def of_loaded_flavor(o, c, admin):
    def flavor():
        return o.Flavor.get_by_flavor_id(admin, u'private')

    return {
        'Flavor._load_projects': lambda: flavor()._load_projects(c),
        'Flavor.add_access': lambda: flavor().add_access(c, u'other'),
        'Flavor.remove_access': lambda: flavor().remove_access(c, u'proj'),
        'Flavor.save_projects': lambda: flavor().save_projects(c, [u'other'], [u'proj']),
        'Flavor.save_extra_specs':
            lambda: flavor().save_extra_specs(c, {u'new': u'1'}, [u'old']),
        'Flavor.destroy': lambda: flavor().destroy(c),
    }


def of_instance(o, c):
    return {
        'Instance.create': lambda: o.Instance(
            uuid=NEW_INSTANCE, project_id=u'proj', user_id=u'user', host=u'cmp-a').create(c),
        'Instance.get_by_id': lambda: o.Instance.get_by_id(c, 1),
        'Instance.get_by_uuid': lambda: o.Instance.get_by_uuid(c, INSTANCE),
        'InstanceList._get_active_by_window_joined':
            lambda: o.InstanceList._get_active_by_window_joined(c, LONG_AGO),
        'InstanceList.get_by_filters': lambda: o.InstanceList.get_by_filters(c, {}),
        'InstanceList.get_by_filters of another':
            lambda: o.InstanceList.get_by_filters(c, {'project_id': u'other'}),
        'InstanceList.get_by_filters after one':
            lambda: o.InstanceList.get_by_filters(c, {}, sort_key='id', marker=OTHERS_INSTANCE),
        'InstanceList.get_by_host': lambda: o.InstanceList.get_by_host(c, u'cmp-a'),
        'InstanceList.get_by_host_and_node':
            lambda: o.InstanceList.get_by_host_and_node(c, u'cmp-a', u'node-a'),
        'InstanceList.get_by_host_and_not_type':
            lambda: o.InstanceList.get_by_host_and_not_type(c, u'cmp-a', 9),
        'InstanceList.get_by_security_group_id':
            lambda: o.InstanceList.get_by_security_group_id(c, GROUP),
        'InstanceList.get_hung_in_rebooting':
            lambda: o.InstanceList.get_hung_in_rebooting(c, 60),
    }


def of_loaded_instance(o, c, admin):
    def instance():
        return o.Instance.get_by_uuid(admin, INSTANCE, expected_attrs=['metadata'])

    return {
        'Instance.save': lambda: changed(instance(), vm_state=u'error').save(c),
        'Instance.refresh': lambda: instance().refresh(c),
        'Instance.delete_metadata_key': lambda: instance().delete_metadata_key(c, u'role'),
        'Instance.destroy': lambda: instance().destroy(c),
    }


def of_instance_parts(o, c):
    return {
        'InstanceFault.create': lambda: o.InstanceFault(
            instance_uuid=INSTANCE, code=1, message=u'm', details=u'd', host=u'h').create(c),
        'InstanceFault.get_latest_for_instance':
            lambda: o.InstanceFault.get_latest_for_instance(c, INSTANCE),
        'InstanceFaultList.get_by_instance_uuids':
            lambda: o.InstanceFaultList.get_by_instance_uuids(c, [INSTANCE]),
        'InstanceInfoCache.get_by_instance_uuid':
            lambda: o.InstanceInfoCache.get_by_instance_uuid(c, INSTANCE),
        'InstanceNUMATopology.create': lambda: o.InstanceNUMATopology(
            instance_uuid=INSTANCE,
            cells=[o.InstanceNUMACell(id=0, cpuset=set([1]), memory=512)]).create(c),
        'InstanceNUMATopology.get_by_instance_uuid':
            lambda: o.InstanceNUMATopology.get_by_instance_uuid(c, INSTANCE),
        'InstancePCIRequests.get_by_instance_uuid':
            lambda: o.InstancePCIRequests.get_by_instance_uuid(c, INSTANCE),
        'InstancePCIRequests.save': lambda: o.InstancePCIRequests(
            instance_uuid=INSTANCE,
            requests=[o.InstancePCIRequest(count=2, spec=[{u'vendor_id': u'8086'}],
                                           alias_name=u'a', is_new=False,
                                           request_id=None)]).save(c),
    }


def of_loaded_info_cache(o, c, admin):
    def cache():
        return o.InstanceInfoCache.get_by_instance_uuid(admin, INSTANCE)

    return {
        'InstanceInfoCache.save': lambda: changed(cache(), network_info=u'[]').save(c),
        'InstanceInfoCache.refresh': lambda: cache().refresh(c),
        'InstanceInfoCache.delete': lambda: cache().delete(c),
    }


def of_migration(o, c):
    return {
        'Migration.create': lambda: o.Migration(**MIGRATION_VALUES).create(c),
        'Migration.get_by_id': lambda: o.Migration.get_by_id(c, MIGRATION),
        'Migration.get_by_instance_and_status':
            lambda: o.Migration.get_by_instance_and_status(c, INSTANCE, u'migrating'),
        'MigrationList.get_by_filters': lambda: o.MigrationList.get_by_filters(c, {}),
        'MigrationList.get_in_progress_by_host_and_node':
            lambda: o.MigrationList.get_in_progress_by_host_and_node(c, u'cmp-a', u'node-a'),
        'MigrationList.get_unconfirmed_by_dest_compute':
            lambda: o.MigrationList.get_unconfirmed_by_dest_compute(c, 60, u'cmp-b'),
    }


def of_loaded_migration(o, c, admin):
    def migration():
        return o.Migration.get_by_id(admin, MIGRATION)

    return {'Migration.save': lambda: changed(migration(), status=u'error').save(c)}


def of_pci_device(o, c):
    return {
        'PciDevice.get_by_dev_addr': lambda: o.PciDevice.get_by_dev_addr(c, NODE, u'0000:04:00.1'),
        'PciDevice.get_by_dev_id': lambda: o.PciDevice.get_by_dev_id(c, DEVICE),
        'PciDeviceList.get_by_compute_node':
            lambda: o.PciDeviceList.get_by_compute_node(c, NODE),
        'PciDeviceList.get_by_instance_uuid':
            lambda: o.PciDeviceList.get_by_instance_uuid(c, INSTANCE),
    }


def of_loaded_pci_device(o, c, admin):
    def device():
        return o.PciDevice.get_by_dev_id(admin, DEVICE)

    return {
        'PciDevice.save': lambda: changed(device(), label=u'new').save(c),
        'PciDevice.save of one that is gone':
            lambda: changed(device(), status=u'removed').save(c),
    }


def of_security_group(o, c):
    return {
        'SecurityGroup.get': lambda: o.SecurityGroup.get(c, GROUP),
        'SecurityGroup.get_by_name':
            lambda: o.SecurityGroup.get_by_name(c, u'proj', u'default'),
        'SecurityGroupList.get_all': lambda: o.SecurityGroupList.get_all(c),
        'SecurityGroupList.get_by_project':
            lambda: o.SecurityGroupList.get_by_project(c, u'proj'),
    }


def of_loaded_security_group(o, c, admin):
    def group():
        return o.SecurityGroup.get(admin, GROUP)

    def instance():
        return o.Instance.get_by_uuid(admin, INSTANCE)

    return {
        'SecurityGroup.in_use': lambda: group().in_use(c),
        'SecurityGroup.refresh': lambda: group().refresh(c),
        'SecurityGroup.save': lambda: changed(group(), description=u'new').save(c),
        'SecurityGroupList.get_by_instance':
            lambda: o.SecurityGroupList.get_by_instance(c, instance()),
    }


def of_objects(o, c, admin):
    """The probes of the objects ``o``, by name, for a caller's context."""
    probes = {}
    for make in (of_service, of_compute_node, of_flavor, of_instance, of_instance_parts,
                 of_migration, of_pci_device, of_security_group):
        probes.update(make(o, c))
    for make in (of_loaded_service, of_loaded_compute_node, of_loaded_flavor,
                 of_loaded_instance, of_loaded_info_cache, of_loaded_migration,
                 of_loaded_pci_device, of_loaded_security_group):
        probes.update(make(o, c, admin))
    return probes


def of_dicts(api, c):
    """The probes of the dict calls of nova 2014.2."""
    return {
        'instance_update': lambda: api.instance_update(c, INSTANCE, vm_state=u'error'),
        'instance_get_all_by_host': lambda: api.instance_get_all_by_host(c, u'cmp-a'),
        'instance_get_all_by_host_and_node':
            lambda: api.instance_get_all_by_host_and_node(c, u'cmp-a', u'node-a'),
        'migration_get_in_progress_by_host_and_node':
            lambda: api.migration_get_in_progress_by_host_and_node(c, u'cmp-a', u'node-a'),
        'service_get_all': lambda: api.service_get_all(c),
        'service_get_all_by_topic': lambda: api.service_get_all_by_topic(c, u'compute'),
        'service_get_all_by_host': lambda: api.service_get_all_by_host(c, u'cmp-a'),
        'service_get_by_host_and_topic':
            lambda: api.service_get_by_host_and_topic(c, u'cmp-a', u'scheduler'),
        'service_get_by_host_and_topic compute':
            lambda: api.service_get_by_host_and_topic(c, u'cmp-a', u'compute'),
        'service_get_by_compute_host': lambda: api.service_get_by_compute_host(c, u'cmp-a'),
        'service_get_by_args': lambda: api.service_get_by_args(c, u'cmp-a', u'nova-compute'),
        'service_create': lambda: api.service_create(
            c, {'host': u'new', 'binary': u'b', 'topic': u't'}),
        'service_update': lambda: api.service_update(c, {'id': SERVICE}, {'report_count': 9}),
        'service_destroy': lambda: api.service_destroy(c, SERVICE),
        'compute_node_create': lambda: api.compute_node_create(
            c, dict(NODE_VALUES, service_id=SERVICE)),
        'compute_node_update': lambda: api.compute_node_update(c, {'id': NODE}, {'vcpus': 9}),
        'compute_node_delete': lambda: api.compute_node_delete(c, {'id': NODE}),
    }


def of_earlier_dicts(api, c):
    """The probes of the dict calls that 2014.2 no longer has."""
    instance = {'uuid': INSTANCE, 'host': u'cmp-a', 'node': u'node-a'}
    return {
        'instance_get': lambda: api.instance_get(c, 1),
        'instance_get_by_uuid': lambda: api.instance_get_by_uuid(c, INSTANCE),
        'instance_get_all': lambda: api.instance_get_all(c),
        'instance_get_all_by_filters': lambda: api.instance_get_all_by_filters(c, {}),
        'instance_get_all_hung_in_rebooting':
            lambda: api.instance_get_all_hung_in_rebooting(c, 60),
        'instance_get_active_by_window_joined':
            lambda: api.instance_get_active_by_window_joined(c, datetime.datetime(2000, 1, 1)),
        'instance_destroy': lambda: api.instance_destroy(c, instance),
        'instance_info_cache_update': lambda: api.instance_info_cache_update(
            c, instance, {'network_info': u'[]'}),
        'instance_info_cache_delete': lambda: api.instance_info_cache_delete(c, instance),
        'instance_fault_create': lambda: api.instance_fault_create(
            c, {'instance_uuid': INSTANCE, 'code': 1}),
        'instance_type_get': lambda: api.instance_type_get(c, 2),
        'migration_get': lambda: api.migration_get(c, MIGRATION),
        'migration_get_unconfirmed_by_dest_compute':
            lambda: api.migration_get_unconfirmed_by_dest_compute(c, 60, u'cmp-b'),
        'migration_create': lambda: api.migration_create(
            c, instance, {'dest_compute': u'cmp-b', 'status': u'migrating'}),
        'migration_update': lambda: api.migration_update(c, {'id': MIGRATION}, u'error'),
    }


def summary(value):
    """Which rows an answer is about."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, (list, tuple)) or hasattr(value, 'objects'):
        return sorted(summary(item) for item in value)
    return next(str(value[name]) for name in ('uuid', 'id', 'instance_uuid') if name in value)


def error_name(error):
    """What the error is called, of Python's own where the shim's is one of these."""
    names = (cls.__name__ for cls in type(error).__mro__)
    return next(name for name in names if not name.endswith('Refused')).replace('_Remote', '')


def then(*steps):
    """The results of the steps, errors by name."""
    found = []
    for step in steps:
        try:
            found.append(step())
        except Exception as error:
            found.append('! ' + error_name(error))
    return found


def rows_of(path):
    """Every row of a SQLite file, by table."""
    connection = sqlite3.connect(path)
    try:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'shadow%'")
        return dict((name, sorted(
            repr(row) for row in connection.execute('SELECT * FROM ' + name)))
            for (name,) in tables.fetchall())
    finally:
        connection.close()


def outcome(probe, path, before):
    """What came of a probe: its answer or its error, and the tables that it changed."""
    try:
        found = {'answer': summary(probe())}
    except Exception as error:
        found = {'error': error_name(error)}
    after = rows_of(path)
    found['changed'] = sorted(name for name in after if before[name] != after[name])
    return found


def table(path, contexts, probes_for, restore):
    """The outcome of each probe for each caller, each on the rows as they were."""
    found = {}
    before = rows_of(path)
    for caller in sorted(contexts):
        for name, probe in sorted(probes_for(contexts[caller]).items()):
            cell = outcome(probe, path, before)
            found.setdefault(name, {})[caller] = cell
            if cell['changed']:
                restore()
    return found
