# SPDX-License-Identifier: Apache-2.0
"""What objects and dict calls do with the deployment of deployment.py, in full.

In the syntax of Python 2.7 as well: nova_peer.py runs it on nova 2014.2.
"""

import datetime
import json
import re

from who_may_probes import (
    FLAVOR_VALUES, INSTANCE, MIGRATION, MIGRATION_VALUES, NODE_VALUES, OTHERS_INSTANCE, SERVICE,
    changed, error_name, rows_of)

INSTANCE_REF = {'uuid': INSTANCE, 'host': u'cmp-a', 'node': u'node-a'}
#: Fields that 2014.2's objects do not have.
LATER = {'ComputeNode': ('host', 'pci_device_pools', 'pci_stats', 'supported_instances')}
NOW = re.compile(r'20[2-9]\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*')


def then(call, look):
    """What is seen after a call that is made for what it does."""
    call()
    return look()


def of_earlier_dicts(api, c):
    """The dict calls that 2014.2 no longer has."""
    when = datetime.datetime(2000, 1, 1)
    return {
        'instance_get': lambda: api.instance_get(c, 1),
        'instance_get of none': lambda: api.instance_get(c, 99),
        'instance_get_by_uuid': lambda: api.instance_get_by_uuid(c, INSTANCE),
        'instance_get_by_uuid without joins':
            lambda: api.instance_get_by_uuid(c, INSTANCE, []),
        'instance_get_by_uuid with devices':
            lambda: api.instance_get_by_uuid(c, INSTANCE, ['pci_devices']),
        'instance_get_all': lambda: api.instance_get_all(c),
        'instance_get_all_by_filters': lambda: api.instance_get_all_by_filters(
            c, {'deleted': False}),
        'instance_get_all_by_filters sorted': lambda: [
            row['uuid'] for row in api.instance_get_all_by_filters(c, {}, 'id', 'asc')],
        'instance_get_all_by_filters with joins': lambda: api.instance_get_all_by_filters(
            c, {'uuid': INSTANCE}, columns_to_join=['system_metadata']),
        'instance_get_all_hung_in_rebooting':
            lambda: api.instance_get_all_hung_in_rebooting(c, 60),
        'instance_get_active_by_window_joined':
            lambda: api.instance_get_active_by_window_joined(c, when),
        'instance_get_active_by_window_joined of a host':
            lambda: api.instance_get_active_by_window_joined(c, when, None, None, u'cmp-b'),
        'instance_destroy': lambda: api.instance_destroy(c, INSTANCE_REF),
        'instance_destroy of none': lambda: api.instance_destroy(c, {'uuid': u'x'}),
        'instance_info_cache_update': lambda: then(
            lambda: api.instance_info_cache_update(c, INSTANCE_REF, {'network_info': u'[]'}),
            lambda: api.instance_get_by_uuid(c, INSTANCE)['info_cache']),
        'instance_info_cache_delete': lambda: then(
            lambda: api.instance_info_cache_delete(c, INSTANCE_REF),
            lambda: api.instance_get_by_uuid(c, INSTANCE)['info_cache']),
        'instance_info_cache_update of one that is gone': lambda: then(
            lambda: api.instance_info_cache_delete(c, INSTANCE_REF),
            lambda: api.instance_info_cache_update(
                c, INSTANCE_REF, {'network_info': u'[]'})),
        'instance_fault_create': lambda: api.instance_fault_create(
            c, {'instance_uuid': INSTANCE, 'code': 1, 'message': u'm', 'details': u'd',
                'host': u'h'}),
        'instance_type_get': lambda: api.instance_type_get(c, 2),
        'instance_type_get of none': lambda: api.instance_type_get(c, 99),
        'migration_get': lambda: api.migration_get(c, MIGRATION),
        'migration_get of none': lambda: api.migration_get(c, 99),
        'migration_get_unconfirmed_by_dest_compute':
            lambda: api.migration_get_unconfirmed_by_dest_compute(c, 60, u'cmp-b'),
        'migration_create': lambda: api.migration_create(
            c, INSTANCE_REF, {'dest_compute': u'cmp-b', 'status': u'migrating'}),
        'migration_update': lambda: api.migration_update(c, {'id': MIGRATION}, u'error'),
        'migration_update of none': lambda: api.migration_update(c, {'id': 99}, u'error'),
    }


TIMES = {'created_at': u'2014-10-16T12:00:00.000000', 'updated_at': None, 'deleted_at': None,
         'deleted': 0}
SERVICE_ROW = dict(TIMES, id=7, host=u'h', binary=u'b', topic=u't', report_count=3, disabled=False,
                   disabled_reason=None)
NODE_ROW = dict(
    TIMES, id=8, service_id=7, vcpus=2, memory_mb=3, local_gb=4, vcpus_used=1, memory_mb_used=1,
    local_gb_used=1, hypervisor_type=u'QEMU', hypervisor_version=1, hypervisor_hostname=u'n',
    free_ram_mb=None, free_disk_gb=None, current_workload=None, running_vms=None, cpu_info=u'?',
    disk_available_least=None, metrics=None, stats=u'{"a": "1"}', host_ip=u'192.0.2.1',
    numa_topology=None, pci_stats=None, supported_instances=None)
FLAVOR_ROW = dict(
    TIMES, id=9, name=u'n', memory_mb=1, vcpus=1, root_gb=None, ephemeral_gb=0, flavorid=u'f',
    swap=0, rxtx_factor=1.0, vcpu_weight=None, disabled=False, is_public=True,
    extra_specs={u'k': u'v'})
MIGRATION_ROW = dict(
    TIMES, id=5, source_compute=u'a', dest_compute=u'b', source_node=u'c', dest_node=u'd',
    dest_host=None, old_instance_type_id=1, new_instance_type_id=2, instance_uuid=INSTANCE,
    status=u'migrating')
FAULT_ROW = dict(TIMES, id=4, instance_uuid=INSTANCE, code=500, message=u'm', details=u'd',
                 host=u'h')
CACHE_ROW = dict(TIMES, instance_uuid=INSTANCE, network_info=u'[]')
GROUP_ROW = dict(TIMES, id=3, name=u'g', description=u'd', user_id=u'u', project_id=u'p')
DEVICE_ROW = dict(
    TIMES, id=2, compute_node_id=8, address=u'a', vendor_id=u'8086', product_id=u'1520',
    dev_type=u't', status=u'available', dev_id=None, label=u'l', instance_uuid=None,
    request_id=None, extra_info=u'{"k": "v"}')


class Topology(object):
    """What is no topology."""


def of_rows(o, c, row):
    """``_from_db_object``; ``row`` is an instance as a dict call gives it."""
    as_dicts = dict(row, metadata={u'a': u'1'}, system_metadata={u'b': None})

    def made(name, values, **more):
        cls = getattr(o, name)
        return cls._from_db_object(c, cls(), values, **more)

    return {
        'Service._from_db_object': lambda: made('Service', SERVICE_ROW),
        'Service._from_db_object of a row with nodes':
            lambda: made('Service', dict(SERVICE_ROW, compute_node=[NODE_ROW])),
        'Service._from_db_object of a row without': lambda: made('Service', {'id': 1}),
        'ComputeNode._from_db_object': lambda: made('ComputeNode', NODE_ROW),
        'Flavor._from_db_object': lambda: made('Flavor', FLAVOR_ROW),
        'Flavor._from_db_object with specs':
            lambda: made('Flavor', FLAVOR_ROW, expected_attrs=['extra_specs']),
        'Migration._from_db_object': lambda: made('Migration', MIGRATION_ROW),
        'InstanceFault._from_db_object': lambda: made('InstanceFault', FAULT_ROW),
        'InstanceInfoCache._from_db_object': lambda: made('InstanceInfoCache', CACHE_ROW),
        'SecurityGroup._from_db_object': lambda: made('SecurityGroup', GROUP_ROW),
        'PciDevice._from_db_object': lambda: made('PciDevice', DEVICE_ROW),
        'Instance._from_db_object': lambda: made('Instance', row),
        'Instance._from_db_object with everything': lambda: made(
            'Instance', dict(row, pci_devices=[DEVICE_ROW]),
            expected_attrs=['metadata', 'system_metadata', 'info_cache', 'security_groups',
                            'pci_devices']),
        'Instance._from_db_object with dicts': lambda: made(
            'Instance', as_dicts, expected_attrs=['metadata', 'system_metadata']),
        'Instance._from_db_object of times with a zone': lambda: made(
            'Instance', dict(row, launched_at=u'2014-10-16T12:00:00Z')).launched_at,
        'Instance._from_db_object of metadata without a value': lambda: made(
            'Instance', dict(row, metadata=[{'key': u'a', 'value': None}]),
            expected_attrs=['metadata']).metadata,
        'Instance._from_db_object of system metadata without a value': lambda: made(
            'Instance', dict(row, system_metadata=[{'key': u'a', 'value': None}]),
            expected_attrs=['system_metadata']).system_metadata,
        'Instance._from_db_object of no number':
            lambda: made('Instance', dict(row, memory_mb=u'much')),
    }


def of_parts(o, c):
    """What 2014.2's code calls on the parts of an instance."""
    cells = [o.InstanceNUMACell(id=0, cpuset=set([2, 1]), memory=512)]
    topology = o.InstanceNUMATopology(cells=cells)
    requests = o.InstancePCIRequests.get_by_instance_uuid
    old = u'[{"count": 3, "spec": [{"vendor_id": "8086"}], "alias_name": "old"}]'

    def kept(**system_metadata):
        return o.InstancePCIRequests.get_by_instance(
            c, {'uuid': INSTANCE, 'system_metadata': system_metadata})

    def newly(request):
        return [request.is_new, request.new, request.request_id, request.alias_name]

    def cached():
        instance = o.Instance.get_by_uuid(c, INSTANCE)
        held = instance.info_cache
        other = o.InstanceInfoCache.get_by_instance_uuid(c, INSTANCE)
        changed(other, network_info=u'[{"id": "vif"}]').save(c)
        instance.refresh(c)
        return [held is instance.info_cache, [vif['id'] for vif in instance.info_cache.network_info],
                sorted(instance.obj_what_changed())]

    def created(cells):
        made = o.Instance(uuid=u'00000000-0000-4000-8000-000000000003', project_id=u'p',
                          numa_topology=o.InstanceNUMATopology(cells=cells))
        made.create(c)
        found = o.Instance.get_by_uuid(c, made.uuid, expected_attrs=['numa_topology'])
        return [made.numa_topology, found.numa_topology]

    return {
        'InstanceNUMATopology.topology_from_obj':
            lambda: json.loads(topology.topology_from_obj().to_json()),
        'InstanceNUMATopology.obj_from_topology':
            lambda: o.InstanceNUMATopology.obj_from_topology(topology.topology_from_obj()),
        'InstanceNUMATopology.obj_from_topology without cells':
            lambda: o.InstanceNUMATopology.obj_from_topology(
                o.InstanceNUMATopology(cells=[]).topology_from_obj()),
        'InstanceNUMATopology.obj_from_topology of something else':
            lambda: o.InstanceNUMATopology.obj_from_topology(Topology()),
        'InstanceNUMATopology.get_by_instance_uuid':
            lambda: o.InstanceNUMATopology.get_by_instance_uuid(c, INSTANCE),
        'InstanceNUMATopology.get_by_instance_uuid of one without':
            lambda: o.InstanceNUMATopology.get_by_instance_uuid(c, OTHERS_INSTANCE),
        'InstanceNUMATopology.get_by_instance_uuid of none':
            lambda: o.InstanceNUMATopology.get_by_instance_uuid(c, u'x'),
        'InstanceNUMATopology.create with an id': lambda: o.InstanceNUMATopology(
            id=1, instance_uuid=INSTANCE, cells=cells).create(c),
        'InstanceNUMATopology.create without cells': lambda: then(
            lambda: o.InstanceNUMATopology(instance_uuid=OTHERS_INSTANCE, cells=[]).create(c),
            lambda: o.InstanceNUMATopology.get_by_instance_uuid(c, OTHERS_INSTANCE)),
        'Instance.create with a topology': lambda: created(cells),
        'Instance.create with a topology without cells': lambda: created([]),
        'Instance.numa_topology of one without':
            lambda: o.Instance.get_by_uuid(c, OTHERS_INSTANCE).numa_topology,
        'InstancePCIRequest.new': lambda: newly(o.InstancePCIRequest(is_new=True)),
        'InstancePCIRequests.get_by_instance_uuid': lambda: requests(c, INSTANCE),
        'InstancePCIRequests.get_by_instance_uuid of none': lambda: requests(c, u'x'),
        'InstancePCIRequests.get_by_instance': lambda: kept(),
        'InstancePCIRequests.get_by_instance of an object':
            lambda: o.InstancePCIRequests.get_by_instance(
                c, o.Instance.get_by_uuid(c, INSTANCE)),
        'InstancePCIRequests.get_by_instance of 2014.1':
            lambda: kept(pci_requests=old, new_pci_requests=old),
        'InstancePCIRequests.get_by_instance of 2014.1, none new':
            lambda: kept(pci_requests=old),
        'InstancePCIRequests.get_by_instance_uuid_and_newness':
            lambda: o.InstancePCIRequests.get_by_instance_uuid_and_newness(
                c, INSTANCE, False),
        'InstancePCIRequests.get_by_instance_uuid_and_newness, new':
            lambda: o.InstancePCIRequests.get_by_instance_uuid_and_newness(c, INSTANCE, True),
        'Instance.refresh keeps its info cache': cached,
    }


def of_filters(o, c):
    """Instances by what they are and in which order: the two that are there, and two more."""
    def found(filters, **more):
        for number, pairs in ((4, {u'a': u'1', u'b': u'2'}), (5, {u'a': u'2'})):
            o.Instance(
                uuid=u'00000000-0000-4000-8000-00000000000%d' % number, project_id=u'p',
                user_id=u'u', display_name=u'vm %d' % number, host=u'cmp-%d' % number,
                memory_mb=number, vm_state=u'active', metadata=pairs,
                system_metadata={u's': u'%d' % number}).create(c)
        more.setdefault('sort_key', 'id')
        return [i.uuid[-1:] for i in o.InstanceList.get_by_filters(c, filters, **more)]

    filters = {
        'metadata': {'metadata': {u'a': u'2'}},
        'metadata as a list': {'metadata': [{u'a': u'1'}, {u'b': u'2'}]},
        'metadata in two pairs': {'metadata': {u'b': u'1'}},
        'metadata that nobody has': {'metadata': [{u'a': u'3'}]},
        'no metadata': {'metadata': {}},
        'system_metadata': {'system_metadata': {u's': u'4'}},
        'system_metadata as a list': {'system_metadata': [{u's': u'5'}]},
        'tag-key': {'filter': [{'name': 'tag-key', 'value': u'b'}]},
        'tag-key, several': {'filter': [{'name': 'tag-key', 'value': [u'b', u'role']}]},
        'tag-value': {'filter': [{'name': 'tag-value', 'value': [u'2']}]},
        'tag-key or tag-value': {'filter': [{'name': 'tag-key', 'value': u'role'},
                                            {'name': 'tag-value', 'value': u'1'}]},
        'tag:': {'filter': [{'name': 'tag:a', 'value': [u'2', u'3']}]},
        'tag: and tag-key': {'filter': [{'name': 'tag:a', 'value': u'1'},
                                        {'name': 'tag-key', 'value': u'b'}]},
        'tag: of a dict': {'filter': [{'name': 'tag:a', 'value': {'one': u'1'}}]},
        'tag of another kind': {'filter': [{'name': 'tag-colour', 'value': u'1'}]},
        'other filter': {'filter': [{'name': 'colour', 'value': u'1'}, {}, u'x']},
        'no filter': {'filter': None},
        'host': {'host': u'cmp-4'},
        'hosts': {'host': [u'cmp-4', u'cmp-5']},
        'no host': {'host': None},
        'name': {'display_name': u'vm [45]'},
        'number': {'memory_mb': 4},
        'numbers': {'memory_mb': u'^[45]$'},
        'unknown': {'colour': u'red'},
        'name of the model': {'name': u'instance-00000001'},
        'not deleted': {'deleted': False},
        'deleted': {'deleted': True},
        'deleted softly': {'deleted': False, 'soft_deleted': True},
        'changed since': {'changes-since': datetime.datetime(2010, 1, 1)},
        'cleaned': {'cleaned': True},
        'not cleaned': {'cleaned': False, 'task_state': None},
    }
    probes = dict(
        ('InstanceList.get_by_filters ' + name, lambda wanted=wanted: found(wanted))
        for name, wanted in filters.items())
    for name, more in (
            ('up', {'sort_dir': 'asc'}),
            ('by memory', {'sort_key': 'memory_mb', 'sort_dir': 'asc'}),
            ('by nonesuch', {'sort_key': 'nonesuch'}),
            ('two', {'limit': 2}),
            ('none', {'limit': 0}),
            ('after', {'marker': OTHERS_INSTANCE, 'sort_dir': 'asc'}),
            ('after none', {'marker': u'x'})):
        probes['InstanceList.get_by_filters, ' + name] = lambda more=more: found({}, **more)
    return probes


def of_deleted(o, c):
    """What is made with ``deleted`` set."""
    def made(name, values, **more):
        obj = getattr(o, name)(deleted=False, **dict(values, **more))
        obj.create(c)
        return obj.deleted

    return {
        'Service.create with deleted': lambda: made(
            'Service', {'host': u'h', 'binary': u'b', 'topic': u't'}),
        'ComputeNode.create with deleted': lambda: made(
            'ComputeNode', NODE_VALUES, service_id=SERVICE, hypervisor_hostname=u'n'),
        'Flavor.create with deleted': lambda: made(
            'Flavor', FLAVOR_VALUES, name=u'n', flavorid=u'n', is_public=True),
        'Migration.create with deleted': lambda: made('Migration', MIGRATION_VALUES),
    }


def of_lists(o, c):
    """The dict style on lists."""
    def found():
        return o.ServiceList.get_all(c)

    return {
        'list.get': lambda: found().get('objects'),
        'list.get of none': lambda: found().get('nonesuch'),
        'list.items': lambda: found().items(),
        'list.iteritems': lambda: list(found().iteritems()),
        'list.update': lambda: [found().update({'objects': []}), 0],
        'list by name': lambda: found()['objects'],
        'list by number': lambda: found()[1],
        'list by slice': lambda: found()[:1],
        'list in': lambda: 'objects' in found(),
        'list counted': lambda: [found().count(None), len(found())],
    }


def of_objects(o, c, row):
    """All of them; ``row`` is the instance INSTANCE as a dict call gives it."""
    found = {}
    for probes in (of_rows(o, c, row), of_parts(o, c), of_filters(o, c), of_deleted(o, c), of_lists(o, c)):
        found.update(probes)
    return found


def of_notifications(o, api, c, sent):
    """What is told of an instance that is stored; ``sent`` gives it, and forgets it."""
    def instance():
        flavor = o.Flavor.get_by_flavor_id(c, u'private')
        found = o.Instance.get_by_uuid(c, INSTANCE, expected_attrs=[
            'metadata', 'system_metadata', 'info_cache'])
        vif = u'[{"id": "vif", "address": "mac", "network": {"label": "net"}}]'
        changed(found.info_cache, network_info=vif).save(c)
        found.system_metadata = dict(found.system_metadata, image_os=u'any')
        found.set_flavor(flavor)
        sent()
        return found

    def told(call):
        def probe():
            call(instance())
            return sent()
        return probe

    def saved(**values):
        return told(lambda found: changed(found, **values).save(c))

    when = datetime.datetime(2014, 10, 16, 12)
    return {
        'notification: state': saved(vm_state=u'error', task_state=None),
        'notification: task': saved(task_state=u'deleting'),
        'notification: from no task': told(lambda found: [
            changed(found, task_state=None).save(c), changed(found, task_state=u'x').save(c)]),
        'notification: name': saved(display_name=u'new'),
        'notification: no name': told(lambda found: [
            changed(found, display_name=u'old').save(c),
            changed(found, display_name=None).save(c)]),
        'notification: metadata': saved(metadata={u'k': u'v'}, launched_at=when, progress=5),
        'notification: nothing': saved(),
        'notification: info cache': told(
            lambda found: changed(found.info_cache, network_info=u'[]').save(c)),
        'notification: metadata key': told(
            lambda found: found.delete_metadata_key(c, u'role')),
        'notification: dict call': told(
            lambda found: api.instance_update(c, INSTANCE, vm_state=u'error')),
        'notification: nothing changed by a dict call': told(
            lambda found: api.instance_update(c, INSTANCE, vm_state=u'active')),
        'notification: create and destroy': told(lambda found: [
            o.Instance(uuid=u'00000000-0000-4000-8000-000000000009').create(c),
            found.destroy(c)]),
    }


def plain(value):
    """An answer as JSON, without the times of this run."""
    if hasattr(value, 'obj_name') and not hasattr(value, 'objects'):
        fields = dict((name, plain(getattr(value, name)))
                      for name in value.fields
                      if value.obj_attr_is_set(name) 
                      and name not in LATER.get(value.obj_name(), ()))
        return {'object': value.obj_name(), 'fields': fields,
                'changes': sorted(value.obj_what_changed())}
    if isinstance(value, dict):
        return dict((name, plain(item)) for name, item in value.items())
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, (list, tuple)) or hasattr(value, 'objects'):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return NOW.sub('now', u'%s' % (value,))


def outcome(probe):
    """The answer of a probe, or its error."""
    try:
        return {'answer': plain(probe())}
    except Exception as error:
        return {'error': error_name(error)}


def outcomes(probes, path, restore):
    """The outcome of each probe, each on the rows as they were."""
    found = {}
    before = rows_of(path)
    for name, probe in sorted(probes.items()):
        found[name] = outcome(probe)
        if rows_of(path) != before:
            restore()
    return found
