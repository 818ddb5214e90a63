# SPDX-License-Identifier: Apache-2.0
"""What each method of the objects does, at its edges too.

In the syntax of Python 2.7 as well: nova_peer.py runs it on nova 2014.2.
"""

import copy
import datetime

from who_may_probes import (
    DEVICE, FLAVOR_VALUES, GROUP, INSTANCE, MIGRATION, MIGRATION_VALUES, NODE, NODE_VALUES,
    OTHERS_INSTANCE, SERVICE, changed, then)

GONE = 99
NEW = u'00000000-0000-4000-8000-000000000009'


def of_services(o, c, seeing):
    def made(**values):
        return o.Service(**dict({'host': u'h', 'binary': u'b', 'topic': u't'}, **values))

    def there():
        return o.Service.get_by_id(c, SERVICE)

    def stored(obj):
        obj.create(c)
        return obj

    def renamed():
        service = there()
        service.save(c)
        before = service.updated_at
        changed(service, disabled=True, disabled_reason=u'x').save(c)
        return [before, service.updated_at is None, service.disabled, o.ServiceList.get_by_topic(
            c, u'compute'), o.ServiceList.get_all(c, disabled=True)]

    def gone():
        service = there()
        service.destroy(c)
        return then(
            there, lambda: service.destroy(c), lambda: changed(service, topic=u'x').save(c),
            lambda: o.ComputeNode.get_by_id(c, NODE),
            lambda: o.Service.get_by_id(seeing('yes'), SERVICE),
            lambda: o.Service.get_by_id(seeing('only'), 2),
            lambda: [s.id for s in o.ServiceList.get_all(seeing('yes'))],
            lambda: [s.id for s in o.ServiceList.get_all(seeing('only'))],
            lambda: o.Service.get_by_args(seeing('yes'), u'cmp-a', u'nova-compute').deleted,
            lambda: o.Service.get_by_compute_host(seeing('yes'), u'cmp-a').id,
            lambda: stored(made(host=u'cmp-a', binary=u'nova-compute', topic=u'compute')).id)

    return {
        'service: create': lambda: stored(made()),
        'service: create twice': lambda: then(lambda: stored(stored(made()))),
        'service: create of what is there': lambda: then(
            lambda: stored(made(host=u'cmp-a', binary=u'nova-compute', topic=u'x')),
            lambda: stored(made(host=u'cmp-a', binary=u'x', topic=u'compute')),
            lambda: stored(made(host=u'cmp-a', binary=u'nova-compute', topic=u'compute'))),
        'service: create of nothing': lambda: stored(o.Service()),
        'service: create with a zone': lambda: stored(made(availability_zone=u'z')),
        'service: none': lambda: then(
            lambda: o.Service.get_by_id(c, GONE), lambda: o.Service.get_by_args(c, u'x', u'y'),
            lambda: o.Service.get_by_compute_host(c, u'x')),
        'service: no topic': lambda: then(
            lambda: o.Service.get_by_host_and_topic(c, u'x', u'y')),
        'service: disabled': renamed,
        'service: gone': gone,
        'service: node': lambda: there().compute_node,
        'service: node of one without': lambda: then(
            lambda: o.Service.get_by_id(c, 2).compute_node),
        'service: other attributes': lambda: then(
            lambda: there().availability_zone, lambda: o.Service().host,
            lambda: o.Service().compute_node, lambda: there().nonesuch),
        'service: node that comes along': lambda: [
            o.Service.get_by_compute_host(c, u'cmp-a').obj_attr_is_set('compute_node'),
            there().obj_attr_is_set('compute_node')],
        'service: another id': lambda: then(lambda: changed(there(), id=7).id),
        'service: refused': lambda: then(
            lambda: changed(there(), report_count=u'x'), lambda: changed(there(), report_count=None),
            lambda: changed(there(), host=None).host, lambda: changed(there(), host=5).host,
            lambda: changed(there(), disabled=None), lambda: changed(there(), disabled=u'yes').disabled,
            lambda: changed(there(), compute_node=None),
            lambda: changed(there(), compute_node=u'x')),
        'service: changes': lambda: [
            sorted(changed(there(), host=u'cmp-a').obj_what_changed()),
            changed(there(), host=u'x').obj_get_changes()],
        'service: zones': lambda: [
            [s.availability_zone for s in o.ServiceList.get_all(c, set_zones=True)]],
        'services of a host': lambda: [
            s.binary for s in o.ServiceList.get_by_host(c, u'cmp-a')],
        'services of none': lambda: [o.ServiceList.get_by_host(c, u'x'),
                                     o.ServiceList.get_by_topic(c, u'x')],
    }


def of_nodes(o, c, seeing):
    def there():
        return o.ComputeNode.get_by_id(c, NODE)

    def made(**values):
        node = o.ComputeNode(**dict(NODE_VALUES, service_id=SERVICE, **values))
        node.create(c)
        return node

    def read(**values):
        made_one = made(**values)
        return o.ComputeNode.get_by_id(c, made_one.id)

    def saved(**values):
        node = changed(there(), **values)
        node.save(c)
        return [node, there()]

    def moved():
        node = there()
        node.save(c)
        return node.updated_at is None

    def gone():
        node = there()
        node.destroy(c)
        return then(
            there, lambda: node.destroy(c), lambda: changed(node, vcpus=3).save(c),
            lambda: o.ComputeNode.get_by_id(seeing('yes'), NODE).deleted,
            lambda: o.ComputeNode.get_by_service_id(c, SERVICE),
            lambda: o.ComputeNode.get_by_service_id(seeing('yes'), SERVICE),
            lambda: o.ComputeNodeList.get_all(seeing('yes')),
            lambda: [n.id for n in o.ComputeNodeList.get_by_hypervisor(seeing('yes'), u'node')])

    return {
        'node: create': lambda: made(hypervisor_hostname=u'n'),
        'node: create with everything': lambda: read(
            hypervisor_hostname=u'n', free_ram_mb=1, free_disk_gb=2, current_workload=3,
            running_vms=4, disk_available_least=5, metrics=u'[]', stats={u'a': u'1', u'b': None},
            host_ip='2001:db8:0:0::5', numa_topology=u'{"cells": []}'),
        'node: create without what must be there': lambda: then(
            lambda: o.ComputeNode(service_id=SERVICE).create(c)),
        'node: create twice': lambda: then(lambda: made().create(c)),
        'node: none': lambda: then(
            lambda: o.ComputeNode.get_by_id(c, GONE),
            lambda: o.ComputeNode.get_by_service_id(c, GONE),
            lambda: o.ComputeNodeList._get_by_service(c, GONE)),
        'node: save': lambda: saved(vcpus=9, cpu_info=u'{}'),
        'node: save nothing': moved,
        'node: save stats': lambda: saved(stats={'n': 1, u'm': None}),
        'node: save address': lambda: saved(host_ip=u'192.0.2.7'),
        'node: save no stats': lambda: saved(stats={}),
        'node: gone': gone,
        'node: service': lambda: there().service.id,
        'node: refused': lambda: then(
            lambda: changed(there(), vcpus=None), lambda: changed(there(), vcpus=u'many'),
            lambda: changed(there(), vcpus=u'7').vcpus, lambda: changed(there(), vcpus=7.5).vcpus,
            lambda: changed(there(), stats=u'{}'), lambda: changed(there(), stats={1: 2}),
            lambda: changed(there(), host_ip=u'nowhere'),
            lambda: changed(there(), hypervisor_type=None),
            lambda: changed(there(), cpu_info=None).cpu_info,
            lambda: changed(there(), numa_topology={}),
            lambda: changed(there(), metrics=5).metrics),
        'node: not set': lambda: then(
            lambda: o.ComputeNode().vcpus, lambda: o.ComputeNode().stats,
            lambda: o.ComputeNode().id),
        'nodes: by name': lambda: [
            [n.id for n in o.ComputeNodeList.get_by_hypervisor(c, text)]
            for text in (u'NODE', u'ode', u'x', u'n%a', u'')],
        'nodes: of a service': lambda: [
            n.id for n in o.ComputeNodeList.get_by_service(c, o.Service.get_by_id(c, SERVICE))],
    }


def of_flavors(o, c, seeing):
    def there():
        return o.Flavor.get_by_flavor_id(c, u'private')

    def made(**values):
        flavor = o.Flavor(**dict(FLAVOR_VALUES, **dict(
            {'name': u'n', 'flavorid': u'n', 'is_public': True}, **values)))
        flavor.create(c)
        return flavor

    def gone():
        flavor = there()
        flavor.destroy(c)
        return then(
            there, lambda: flavor.destroy(c),
            lambda: o.Flavor.get_by_flavor_id(c, u'private', read_deleted='yes').extra_specs,
            lambda: o.Flavor.get_by_flavor_id(seeing('yes'), u'private').deleted,
            lambda: [f.flavorid for f in o.FlavorList.get_all(c, inactive=True)],
            lambda: o.Flavor.get_by_name(seeing('yes'), u'a private one').id,
            lambda: flavor.add_access(c, u'p'),
            lambda: made(name=u'a private one', flavorid=u'private').id,
            lambda: o.Flavor.get_by_flavor_id(c, u'private', read_deleted='yes').deleted)

    def projects():
        flavor = there()
        flavor.add_access(c, u'p2')
        flavor.remove_access(c, u'proj')
        return [flavor.projects, there().projects]

    def specs():
        flavor = there()
        flavor.extra_specs = {u'new': u'1'}
        flavor.save_extra_specs(c, {u'new': u'1', u'old': u'2'}, [])
        return [there().extra_specs] + then(
            lambda: flavor.save_extra_specs(c, {}, [u'nonesuch']),
            lambda: flavor.save_extra_specs(c, None, [u'old', u'new']),
            lambda: there().extra_specs)

    def page(**more):
        return [f.flavorid for f in o.FlavorList.get_all(c, **more)]

    return {
        'flavor: create': made,
        'flavor: create with specs and projects': lambda: sorted(
            made(extra_specs={u'a': u'1'}, projects=[u'p', u'q']).projects),
        'flavor: create of what is there': lambda: then(
            lambda: made(name=u'a private one'), lambda: made(flavorid=u'private'),
            lambda: made(name=u'a private one', flavorid=u'private')),
        'flavor: create twice': lambda: then(lambda: made().create(c)),
        'flavor: create without what must be there': lambda: then(
            lambda: o.Flavor(name=u'x', flavorid=u'x').create(c)),
        'flavor: none': lambda: then(
            lambda: o.Flavor.get_by_id(c, GONE), lambda: o.Flavor.get_by_name(c, u'x'),
            lambda: o.Flavor.get_by_flavor_id(c, u'x')),
        'flavor: read': lambda: o.Flavor.get_by_id(c, 2),
        'flavor: gone': gone,
        'flavor: projects': projects,
        'flavor: access': lambda: then(
            lambda: there().add_access(c, u'proj'), lambda: there().remove_access(c, u'x'),
            lambda: changed(there(), projects=[u'z']).add_access(c, u'y'),
            lambda: there().save_projects(c, [u'proj'], None)),
        'flavor: specs': specs,
        'flavor: other attributes': lambda: then(
            lambda: o.Flavor().memory_mb, lambda: o.Flavor(flavorid=u'x').extra_specs,
            lambda: o.Flavor(flavorid=u'x').projects),
        'flavor: refused': lambda: then(
            lambda: changed(there(), memory_mb=None), lambda: changed(there(), swap=u'x'),
            lambda: changed(there(), extra_specs={u'a': None}),
            lambda: changed(there(), extra_specs={u'a': 1}).extra_specs,
            lambda: changed(there(), projects=u'p'), lambda: changed(there(), projects=[1]).projects,
            lambda: changed(there(), name=None).name, lambda: changed(there(), flavorid=None),
            lambda: changed(there(), rxtx_factor=u'2').rxtx_factor),
        'flavors: filters': lambda: [
            page(filters=filters) for filters in (
                {'min_memory_mb': 2048}, {'min_memory_mb': 4096}, {'min_root_gb': 20},
                {'disabled': True}, {'disabled': False}, {'is_public': True},
                {'is_public': False}, {'is_public': None}, {'nonesuch': 1})],
        'flavors: pages': lambda: then(
            lambda: page(limit=1), lambda: page(limit=0), lambda: page(marker=u'private'),
            lambda: page(marker=u'x'), lambda: page(sort_key='id', sort_dir='desc'),
            lambda: page(sort_key='nonesuch')),
    }


def of_migrations(o, c, seeing):
    def there():
        return o.Migration.get_by_id(c, MIGRATION)

    def made(**values):
        migration = o.Migration(**dict(MIGRATION_VALUES, **values))
        migration.create(c)
        return migration

    def in_progress(status):
        one = made(status=status)
        return one.id in [m.id for m in o.MigrationList.get_in_progress_by_host_and_node(
            c, u'cmp-a', u'node-a')]

    return {
        'migration: create': made,
        'migration: create of nothing': lambda: then(lambda: o.Migration().create(c)),
        'migration: create twice': lambda: then(lambda: made().create(c)),
        'migration: none': lambda: then(
            lambda: o.Migration.get_by_id(c, GONE),
            lambda: o.Migration.get_by_instance_and_status(c, INSTANCE, u'x')),
        'migration: save': lambda: then(
            lambda: changed(there(), status=u'done', dest_host=u'x').save(c), there),
        'migration: save nothing': lambda: then(lambda: there().save(c), there),
        'migration: instance': lambda: there().instance.uuid,
        'migration: status': lambda: [
            [status, in_progress(status)] for status in (
                u'migrating', u'confirmed', u'reverted', u'error', u'failed', u'finished', None)],
        'migrations: of nodes': lambda: [
            sorted(m.id for m in o.MigrationList.get_in_progress_by_host_and_node(
                c, host, node))
            for host, node in ((u'cmp-a', u'node-a'), (u'cmp-b', u'node-b'),
                               (u'cmp-a', u'node-b'), (u'x', u'y'))],
        'migrations: unconfirmed': lambda: [
            [m.id for m in o.MigrationList.get_unconfirmed_by_dest_compute(c, window, host)]
            for window, host in ((60, u'cmp-b'), (10 ** 9, u'cmp-b'), (60, u'cmp-a'))],
        'migrations: filters': lambda: [
            sorted(m.id for m in o.MigrationList.get_by_filters(c, filters))
            for filters in ({}, {'status': u'finished'}, {'host': u'cmp-b'}, {'host': u'x'},
                            {'status': u'migrating', 'host': u'cmp-a'}, {'nonesuch': 1})],
        'migration: refused': lambda: then(
            lambda: changed(there(), old_instance_type_id=u'x'),
            lambda: changed(there(), instance_uuid=u'no uuid').instance_uuid,
            lambda: changed(there(), status=None).status,
            lambda: o.Migration().status),
    }


def of_instances(o, c, seeing):
    optional = ['metadata', 'system_metadata', 'info_cache', 'security_groups', 'pci_devices',
                'fault', 'numa_topology']

    def there(attrs=None, uuid=INSTANCE):
        return o.Instance.get_by_uuid(c, uuid, expected_attrs=attrs)

    def made(**values):
        instance = o.Instance(**dict({'uuid': NEW, 'project_id': u'p', 'user_id': u'u'}, **values))
        instance.create(c)
        return instance

    def unnamed():
        instance = o.Instance(project_id=u'p')
        instance.create(c)
        return len(instance.uuid)

    def set_of(instance):
        return [name for name in optional if instance.obj_attr_is_set(name)]

    def states(expected, **kwargs):
        def save():
            instance = changed(there(), display_name=u'x')
            instance.save(c, **kwargs)
            return [instance.display_name, there().display_name]
        return save

    def deleting():
        changed(there(), task_state=u'deleting').save(c)
        return then(lambda: changed(there(), task_state=u'x').save(c, expected_task_state=[None]),
                    lambda: there().task_state)

    def metadata(**values):
        instance = changed(there(['metadata', 'system_metadata']), **values)
        instance.save(c)
        again = there(['metadata', 'system_metadata'])
        return [instance.metadata, again.metadata, instance.system_metadata,
                again.system_metadata, sorted(instance.obj_what_changed())]

    def in_place():
        instance = there(['metadata'])
        instance.metadata[u'new'] = u'1'
        before = sorted(instance.obj_what_changed())
        instance.save(c)
        return [before, sorted(instance.obj_what_changed()), there(['metadata']).metadata]

    def keys():
        instance = there(['metadata'])
        found = then(lambda: instance.delete_metadata_key(c, u'role'),
                     lambda: instance.delete_metadata_key(c, u'role'))
        return found + [instance.metadata, sorted(instance.obj_what_changed()),
                        there(['metadata']).metadata]

    def gone():
        instance = there()
        instance.destroy(c)
        return then(
            lambda: instance.deleted, lambda: instance.deleted_at is None, lambda: instance.id,
            there, lambda: instance.destroy(c), lambda: changed(instance, host=u'x').save(c),
            lambda: o.Instance.get_by_uuid(seeing('yes'), INSTANCE, optional),
            lambda: o.Instance.get_by_uuid(seeing('only'), OTHERS_INSTANCE),
            lambda: [i.uuid for i in o.InstanceList.get_by_filters(c, {'deleted': True})],
            lambda: [i.uuid for i in o.InstanceList.get_by_filters(c, {}, sort_key='id')],
            lambda: [i.uuid for i in o.InstanceList.get_by_host(c, u'cmp-a')],
            lambda: sorted(m.id for m in o.MigrationList.get_in_progress_by_host_and_node(
                c, u'cmp-a', u'node-a')),
            lambda: o.InstanceInfoCache.get_by_instance_uuid(c, INSTANCE),
            lambda: o.InstanceFault.get_latest_for_instance(c, INSTANCE),
            lambda: made(uuid=INSTANCE))

    def raced():
        first = made()
        second = there(uuid=NEW)
        changed(first, host=u'somewhere').save(c)
        return then(lambda: second.destroy(c), lambda: there(uuid=NEW).host,
                    lambda: o.Instance(uuid=NEW).destroy(c),
                    lambda: o.Instance(id=5).destroy(c))

    def refreshed():
        one, other = there(optional), there(['metadata'])
        changed(other, vm_state=u'stopped', metadata={u'z': u'1'}).save(c)
        changed(one, display_name=u'unsaved').refresh(c)
        return [one.vm_state, one.metadata, one.display_name, sorted(one.obj_what_changed())]

    def flavored():
        flavor = o.Flavor.get_by_flavor_id(c, u'private')
        instance = there(['system_metadata'])
        instance.set_flavor(flavor)
        instance.set_flavor(flavor, u'old')
        again = there(['system_metadata'])
        found = [again.get_flavor().memory_mb, again.get_flavor(u'old').vcpus,
                 dict(again.system_metadata)]
        again.delete_flavor(u'old')
        return found + [sorted(there(['system_metadata']).system_metadata)] + then(
            lambda: there().get_flavor(u'new'))

    return {
        'instance: create': made,
        'instance: create with parts': lambda: then(lambda: made(
            metadata={u'a': u'1'}, system_metadata={u'b': None},
            info_cache=o.InstanceInfoCache(network_info=u'[]')), lambda: there(optional, NEW)),
        'instance: create without a uuid': lambda: then(unnamed),
        'instance: create makes the project\'s default group': lambda: then(lambda: [
            made().id, o.SecurityGroup.get_by_name(seeing('no'), None, u'default').id]),
        'instance: create of what is there': lambda: then(lambda: made(uuid=INSTANCE)),
        'instance: create twice': lambda: then(lambda: made().create(c)),
        'instance: create with a group that is not there': lambda: then(lambda: made(
            security_groups=changed(
                o.SecurityGroupList(), objects=[o.SecurityGroup(name=u'x')]))),
        'instance: none': lambda: then(
            lambda: there(uuid=NEW), lambda: o.Instance.get_by_id(c, GONE),
            lambda: there(uuid=u'no uuid')),
        'instance: what is loaded': lambda: [
            set_of(there(attrs)) for attrs in (
                None, [], ['metadata'], ['fault'], ['numa_topology'], ['pci_devices'], optional)],
        'instance: everything': lambda: there(optional),
        'instance: lazily': lambda: [getattr(there([]), name) for name in optional],
        'instance: lazily, of one without': lambda: [
            getattr(there([], OTHERS_INSTANCE), name) for name in optional],
        'instance: other attributes': lambda: then(
            lambda: o.Instance().metadata, lambda: o.Instance().host,
            lambda: there().nonesuch, lambda: o.Instance(uuid=NEW).uuid),
        'instance: name': lambda: there().name,
        'instance: save': lambda: then(
            lambda: changed(there(), vm_state=u'x', launched_at=datetime.datetime(2014, 10, 16)
                            ).save(c), lambda: there(optional)),
        'instance: save nothing': lambda: then(lambda: there().save(c), lambda: there().updated_at),
        'instance: save what it cannot': lambda: then(
            lambda: changed(there(), uuid=NEW).save(c),
            lambda: changed(o.Instance(uuid=u'no uuid'), host=u'x').save(c)),
        'instance: states': lambda: then(
            states(1, expected_task_state=u'rebooting'),
            states(2, expected_task_state=[u'rebooting', None]),
            states(3, expected_task_state=(u'x',)), states(4, expected_task_state=[None]),
            states(5, expected_vm_state=u'active'), states(6, expected_vm_state=[u'x', u'y']),
            states(7, expected_vm_state=u'x', expected_task_state=u'y')),
        'instance: deleting': deleting,
        'instance: metadata': lambda: metadata(
            metadata={u'role': u'db', u'k': u'v'}, system_metadata={u's': u'1'}),
        'instance: no metadata': lambda: metadata(metadata={}),
        'instance: metadata in place': in_place,
        'instance: metadata key': keys,
        'instance: gone': gone,
        'instance: raced': raced,
        'instance: refresh': refreshed,
        'instance: flavor': flavored,
        'instance: refused': lambda: then(
            lambda: changed(there(), memory_mb=u'x'), lambda: changed(there(), metadata={u'a': None}),
            lambda: changed(there(), metadata=None), lambda: changed(there(), system_metadata={1: 2}),
            lambda: changed(there(), access_ip_v4=u'2001:db8::1'),
            lambda: changed(there(), access_ip_v6=u'x'),
            lambda: changed(there(), launched_at=u'yesterday'),
            lambda: changed(there(), launched_at=u'2014-10-16T12:00:00Z').launched_at,
            lambda: changed(there(), locked=None).locked, lambda: changed(there(), uuid=None),
            lambda: changed(there(), info_cache=u'x'), lambda: changed(there(), host=5).host,
            lambda: changed(there(), info_cache=None).info_cache),
        'instance: copied': lambda: [
            copy.deepcopy(there()).obj_to_primitive() == there().obj_to_primitive(),
            sorted(changed(there(), host=u'x').obj_clone().obj_what_changed())],
        'instances: what is loaded': lambda: [
            set_of(o.InstanceList.get_by_host(c, u'cmp-a', expected_attrs=attrs)[0])
            for attrs in (None, [], ['metadata'], ['metadata', 'fault'])],
        'instances: faults': lambda: then(
            lambda: o.InstanceList.get_by_host(c, u'cmp-a').fill_faults(),
            lambda: [i.fault for i in o.InstanceList.get_by_host(
                c, u'cmp-a', expected_attrs=['fault'])]),
        'instances: of a group': lambda: [
            o.InstanceList.get_by_security_group(c, o.SecurityGroup.get(c, GROUP))] + then(
                lambda: o.InstanceList.get_by_security_group_id(c, GONE)),
        'instances: by flavor': lambda: [
            [i.id for i in o.InstanceList.get_by_host_and_not_type(c, u'cmp-a', number)]
            for number in (1, 2, None)],
        'instances: in a window': lambda: [
            [i.id for i in o.InstanceList.get_active_by_window_joined(
                c, datetime.datetime(2010, 1, 1), end)]
            for end in (None, datetime.datetime(2040, 1, 1))],
        'instances: hung': lambda: [
            [i.id for i in o.InstanceList.get_hung_in_rebooting(c, seconds)]
            for seconds in (60, 10 ** 9)],
    }


def of_others(o, c, seeing):
    def device(**values):
        found = o.PciDevice.get_by_dev_id(c, DEVICE)
        return changed(found, **values)

    def saved(obj):
        obj.save(c)
        return obj

    def created():
        made = o.PciDevice.create({
            'address': u'0000:04:00.2', 'vendor_id': u'8086', 'product_id': u'1520',
            'dev_type': u'type-VF', 'label': u'l', 'dev_id': u'd', 'parent': u'x', 'id': 5})
        made.compute_node_id = NODE
        before = [made, sorted(made.obj_what_changed())]
        made.save(c)
        return before + [made, o.PciDevice.get_by_dev_addr(c, NODE, u'0000:04:00.2')]

    def removed():
        found = device(status=u'removed')
        found.save(c)
        return then(lambda: found.status, lambda: found.save(c),
                    lambda: o.PciDevice.get_by_dev_id(c, DEVICE),
                    lambda: device(status=u'removed').save(c),
                    lambda: o.PciDevice.get_by_dev_id(seeing('yes'), DEVICE).deleted,
                    lambda: len(o.PciDeviceList.get_by_compute_node(seeing('yes'), NODE)))

    def group(**values):
        return changed(o.SecurityGroup.get(c, GROUP), **values)

    def requested():
        made = o.InstancePCIRequests(instance_uuid=NEW, requests=[
            o.InstancePCIRequest(count=1, spec=[], alias_name=u'a', is_new=False,
                                 request_id=None)])
        made.save(c)
        return len(o.InstancePCIRequests.get_by_instance_uuid(c, NEW).requests)

    def cache():
        return o.InstanceInfoCache.get_by_instance_uuid(c, INSTANCE)

    def cached():
        first, second = cache(), cache()
        saved(changed(first, network_info=u'[{"id": "v"}]'))
        second.refresh(c)
        return [sorted(first.obj_what_changed()), [v['id'] for v in second.network_info]]

    def deleted():
        found = cache()
        found.delete(c)
        return then(cache, lambda: found.refresh(c), lambda: found.delete(c))

    def fault(**values):
        made = o.InstanceFault(**dict({'instance_uuid': INSTANCE, 'code': 5, 'message': u'm',
                                       'details': u'd', 'host': u'h'}, **values))
        made.create(c)
        return made

    return {
        'device: read': device,
        'device: none': lambda: then(
            lambda: o.PciDevice.get_by_dev_id(c, GONE),
            lambda: o.PciDevice.get_by_dev_addr(c, NODE, u'x')),
        'device: save': lambda: saved(device(status=u'available', instance_uuid=None,
                                             extra_info={u'a': u'1'})),
        'device: create': created,
        'device: removed': removed,
        'device: new': lambda: [o.PciDevice(), sorted(o.PciDevice().obj_what_changed())],
        'devices': lambda: [len(o.PciDeviceList.get_by_compute_node(c, NODE)),
                            len(o.PciDeviceList.get_by_instance_uuid(c, INSTANCE)),
                            len(o.PciDeviceList.get_by_instance_uuid(c, NEW))],
        'group: read': group,
        'group: save': lambda: saved(group(description=u'new')),
        'group: save a name that is there': lambda: then(
            lambda: saved(changed(o.SecurityGroup.get(c, 2), project_id=u'proj'))),
        'group: none': lambda: then(
            lambda: o.SecurityGroup.get(c, GONE),
            lambda: o.SecurityGroup.get_by_name(c, u'proj', u'x')),
        'group: in use': lambda: [group().in_use(c), o.SecurityGroup.get(c, 2).in_use(c)],
        'requests: of an instance without a row': requested,
        'cache: read': cache,
        'cache: save': cached,
        'cache: delete': deleted,
        'cache: new': lambda: [o.InstanceInfoCache.new(c, NEW),
                               sorted(o.InstanceInfoCache.new(c, NEW).obj_what_changed())],
        'cache: none': lambda: then(
            lambda: o.InstanceInfoCache.get_by_instance_uuid(c, NEW)),
        'cache: refused': lambda: then(
            lambda: changed(cache(), network_info=u'{'), lambda: changed(cache(), network_info=5),
            lambda: changed(cache(), network_info=None).network_info),
        'fault: create': fault,
        'fault: create twice': lambda: then(lambda: fault().create(c)),
        'fault: create without': lambda: then(
            lambda: o.InstanceFault(instance_uuid=INSTANCE, code=1).create(c)),
        'fault: latest': lambda: [fault().id, o.InstanceFault.get_latest_for_instance(
            c, INSTANCE).id, o.InstanceFault.get_latest_for_instance(c, NEW)],
        'faults': lambda: [[f.id for f in o.InstanceFaultList.get_by_instance_uuids(c, uuids)]
                           for uuids in ([INSTANCE], [NEW], [])],
    }


def of_dict_style(o, c, seeing):
    def service():
        return o.Service.get_by_id(c, SERVICE)

    def set_by_name(name, value):
        found = service()
        found[name] = value
        return getattr(found, name)

    def updated(values):
        found = service()
        found.update(values)
        return [found.host, sorted(found.obj_what_changed())]

    return {
        'dict: by name': lambda: then(
            lambda: service()['host'], lambda: service()['nonesuch'],
            lambda: service()['compute_node'].id, lambda: service()['availability_zone']),
        'dict: get': lambda: then(
            lambda: service().get('host'), lambda: service().get('nonesuch'),
            lambda: service().get('nonesuch', 1), lambda: service().get('availability_zone', 1),
            lambda: service().get('availability_zone'), lambda: service().get('host', 1),
            lambda: service().get('compute_node', None)),
        'dict: in': lambda: then(
            lambda: 'host' in service(), lambda: 'nonesuch' in service(),
            lambda: 'compute_node' in service(), lambda: 'id' in o.Service()),
        'dict: set': lambda: then(
            lambda: set_by_name('host', u'x'), lambda: set_by_name('host', 5),
            lambda: set_by_name('report_count', u'x'), lambda: set_by_name('nonesuch', 1)),
        'dict: update': lambda: then(
            lambda: updated({'host': u'y', 'topic': u'z'}), lambda: updated({'nonesuch': 1})),
        'dict: items': lambda: [sorted(name for name, _ in service().items()),
                                sorted(name for name, _ in service().iteritems()),
                                sorted(name for name, _ in o.Instance(host=u'h', id=1).items())],
        'dict: of an instance': lambda: then(
            lambda: o.Instance.get_by_uuid(c, INSTANCE)['name'],
            lambda: o.Instance.get_by_uuid(c, INSTANCE)['metadata'],
            lambda: o.Instance.get_by_uuid(c, INSTANCE).get('fault', 0),
            lambda: 'name' in o.Instance.get_by_uuid(c, INSTANCE)),
        'dict: lengths': lambda: then(lambda: len(service()), lambda: service().keys(),
                                      lambda: service().copy(), lambda: bool(o.Service())),
        'object: without a context': lambda: then(
            lambda: o.Service(id=1).save(), lambda: o.Instance(id=1, uuid=INSTANCE).refresh(),
            lambda: o.Instance(id=1, uuid=INSTANCE).fault,
            lambda: o.Service(host=u'h', binary=u'b', topic=u't').create()),
        'object: a context of its own': lambda: then(
            lambda: o.Service(context=c, host=u'h', binary=u'b', topic=u't').create(),
            lambda: o.Service(c, host=u'h2', binary=u'b', topic=u't').create()),
        'object: unknown attributes': lambda: then(
            lambda: o.Service(nonesuch=1).nonesuch, lambda: o.Service(host=None).host),
        'object: reset': lambda: [
            sorted(changed(service(), host=u'x', topic=u'y').obj_what_changed()),
            (lambda s: (s.obj_reset_changes(['host']), sorted(s.obj_what_changed()))[1])(
                changed(service(), host=u'x', topic=u'y'))],
    }


def of_all(o, c, seeing):
    """All of them. ``seeing`` makes an administrator's context of a ``read_deleted``."""
    found = {}
    for make in (of_services, of_nodes, of_flavors, of_migrations, of_instances, of_others,
                 of_dict_style):
        found.update(make(o, c, seeing))
    return found
