# SPDX-License-Identifier: Apache-2.0
"""Run under Python 2.7 in a nova 2014.2 tree: nova's own code on a database or a bus of the shim's.

    nova_peer.py deploy CONFIG          what an API, a conductor and a compute node store
    nova_peer.py archive CONFIG         move deleted rows to their shadow tables
    nova_peer.py scheduler CONFIG       what a scheduler makes of the compute nodes
    nova_peer.py backport CONFIG FILE   what primitives become as other versions
    nova_peer.py who_may CONFIG FILE    what it answers to whom, on copies of a SQLite file
    nova_peer.py behaviour CONFIG FILE  what it does, on copies of a SQLite file
    nova_peer.py told CONFIG FILE       the notifications that it sends
    nova_peer.py node CONFIG HOST       a compute node whose conductor is on the bus
    nova_peer.py conductor CONFIG       a conductor on the bus, until it is killed

Prints what it did and saw as JSON on the last line.
"""

import json
import sys
import warnings

warnings.filterwarnings('ignore')

if sys.argv[1:2] == ['conductor']:
    import nova.cmd  # noqa: F401  (makes threads green, which must come first)

from oslo.config import cfg  # noqa: E402

from nova.compute import flavors  # noqa: E402
from nova import config as nova_config  # noqa: E402
from nova import context  # noqa: E402
from nova import db  # noqa: E402
from nova.db import migration  # noqa: E402
import nova.db.sqlalchemy.api  # noqa: E402
import nova.netconf  # noqa: E402
from nova import objects  # noqa: E402
from nova.openstack.common.jsonutils import to_primitive  # noqa: E402
from nova.openstack.common import versionutils  # noqa: E402
from nova import quota  # noqa: E402

CONF = cfg.CONF
UUID = '00000000-0000-4000-8000-0000000000%02d'
RESOURCES = {
    'vcpus': 8, 'memory_mb': 16384, 'local_gb': 500, 'vcpus_used': 1,
    'memory_mb_used': 1024, 'local_gb_used': 20, 'hypervisor_type': u'QEMU',
    'hypervisor_version': 2001000, 'cpu_info': u'?', 'free_ram_mb': 15360,
    'free_disk_gb': 480, 'current_workload': 0, 'running_vms': 1,
    'disk_available_least': 470, 'metrics': u'[]',
    'host_ip': '2001:db8:0:0::5', 'stats': {'num_instances': '1'}}
ADMIN = context.get_admin_context()


def is_compatible(wanted, current, same_major=True):
    # nova's own trips over a setuptools that is younger than it
    wanted, current = [tuple(int(part) for part in text.split('.'))
                       for text in (wanted, current)]
    return current >= wanted and not (
        same_major and wanted[0] != current[0])


versionutils.is_compatible = is_compatible


def deploy():
    """One of everything, made the way nova's services make it."""
    ctx = context.RequestContext('u', 'p', is_admin=True)
    done = {'version': migration.db_version()}
    migration.db_sync()
    reserved = quota.QUOTAS.reserve(ctx, instances=1, cores=1, ram=1024)
    service = objects.Service(host=u'cmp-a', binary=u'nova-compute',
                              topic=u'compute')
    service.create(ctx)
    node = objects.ComputeNode(service_id=service.id,
                               hypervisor_hostname=u'node-a', **RESOURCES)
    node.create(ctx)
    flavor = objects.Flavor(
        name=u'm1.n\xf6rdlich', flavorid=u'7', memory_mb=1024, vcpus=1,
        root_gb=20, ephemeral_gb=0, swap=0, rxtx_factor=1.0, disabled=False,
        is_public=False, extra_specs={u'hw:numa_nodes': u'1'},
        projects=[u'p'])
    flavor.create(ctx)
    instance = an_instance(ctx, flavor, 1)
    quota.QUOTAS.commit(ctx, reserved)
    add_what_belongs_to(ctx, instance, node)
    move = objects.Migration(
        instance_uuid=instance.uuid, source_compute=u'cmp-a',
        source_node=u'node-a', dest_compute=u'cmp-b', dest_node=u'node-b',
        old_instance_type_id=flavor.id, new_instance_type_id=flavor.id,
        status=u'migrating')
    move.create(ctx)
    gone = an_instance(ctx, flavor, 2)
    gone.destroy(ctx)
    done.update(service=service.id, node=node.id, flavor=flavor.id,
                instance=instance.uuid, migration=move.id,
                usages=quota.QUOTAS.get_project_quotas(ctx, 'p')
                ['instances']['in_use'])
    return done


def an_instance(ctx, flavor, number):
    instance = objects.Instance(
        uuid=UUID % number, user_id=u'u', project_id=u'p', host=u'cmp-a',
        node=u'node-a', display_name=u'vm-\u4e2d', hostname=u'vm',
        memory_mb=1024, vcpus=1, root_gb=20, ephemeral_gb=0,
        instance_type_id=flavor.id, vm_state=u'active', os_type=u'linux',
        metadata={u'role': u'web'}, access_ip_v4='192.0.2.1')
    instance.system_metadata = dict(
        (key, unicode(value)) for key, value in flavors.save_flavor_info(
            {}, {'id': flavor.id, 'name': 'm1.x', 'memory_mb': 1024,
                 'vcpus': 1, 'root_gb': 20, 'ephemeral_gb': 0,
                 'flavorid': '7', 'swap': 0, 'rxtx_factor': 1.0,
                 'vcpu_weight': 0, 'extra_specs': {}}).items())
    instance.create(ctx)
    db.instance_add_security_group(ctx, instance.uuid,
                                   db.security_group_get_by_name(
                                       ctx, 'p', 'default')['id'])
    return instance


def add_what_belongs_to(ctx, instance, node):
    objects.KeyPair(user_id=u'u', name=u'k', fingerprint=u'f',
                    public_key=u'ssh').create(ctx)
    action = objects.InstanceAction.action_start(
        ctx, instance.uuid, u'create', want_result=True)
    action.finish(ctx)
    objects.InstanceActionEvent.event_start(ctx, instance.uuid, u'schedule',
                                            want_result=False)
    mapping = objects.BlockDeviceMapping(
        instance_uuid=instance.uuid, source_type=u'image',
        destination_type=u'local', device_name=u'/dev/vda', boot_index=0)
    mapping.create(ctx)
    fault = objects.InstanceFault(instance_uuid=instance.uuid, code=500,
                                  message=u'm', details=u'd', host=u'cmp-a')
    fault.create(ctx)
    device = objects.PciDevice()
    device.update(dict(
        compute_node_id=node.id, address=u'0000:04:00.1', vendor_id=u'8086',
        product_id=u'1520', dev_type=u'type-VF', dev_id=u'pci_1',
        label=u'label_8086_1520', status=u'available',
        extra_info={u'phys_function': u'0000:04:00.0'}))
    device.save(ctx)
    aggregate = objects.Aggregate(name=u'a', metadata={u'ssd': u'true'})
    aggregate.create(ctx)
    aggregate.add_host(ctx, u'cmp-a')
    db.instance_group_create(ctx, {'name': 'g', 'user_id': 'u',
                                   'project_id': 'p'},
                             policies=['affinity'], members=[instance.uuid])
    db.bw_usage_update(ctx, instance.uuid, 'mac', None or instance.created_at,
                       2 ** 40, 1, 2, 3)


def archive():
    return {'archived': db.archive_deleted_rows(ADMIN, max_rows=1000)}


def scheduler():
    """What a scheduler reads of each node's devices, or why it cannot."""
    from nova.scheduler import host_manager
    seen = {}
    for node in db.compute_node_get_all(ADMIN):
        state = host_manager.HostState('cmp-a', node['hypervisor_hostname'])
        request = objects.InstancePCIRequest(
            count=1, spec=[{'vendor_id': '8086', 'product_id': '1520'}])
        try:
            state.update_from_compute_node(node)
            found = {'pools': state.pci_stats.pools,
                     'fits': state.pci_stats.support_requests([request])}
        except Exception as error:
            found = {'error': type(error).__name__}
        seen[node['hypervisor_hostname']] = found
    return seen


def backport(path):
    """For each [primitive, version]: the primitive as nova sends it, or the error's name."""
    from nova.objects import base
    with open(path) as wanted:
        return [backported(base.NovaObject, primitive, version)
                for primitive, version in json.load(wanted)]


def backported(base, primitive, version):
    try:
        return base.obj_from_primitive(primitive, context=ADMIN
                                       ).obj_to_primitive(version)
    except Exception as error:
        return type(error).__name__


class Earlier(object):
    """What the conductors of 2013.1 to 2014.1 answered, on this database layer."""

    def instance_get(self, ctx, instance_id):
        return to_primitive(db.instance_get(ctx, instance_id))

    def instance_get_by_uuid(self, ctx, uuid, columns_to_join=None):
        return to_primitive(db.instance_get_by_uuid(
            ctx, uuid, columns_to_join))

    def instance_get_all(self, ctx):
        return to_primitive(db.instance_get_all(ctx))

    def instance_get_all_by_filters(self, ctx, filters, sort_key='created_at',
                                    sort_dir='desc', columns_to_join=None,
                                    use_slave=False):
        return to_primitive(db.instance_get_all_by_filters(
            ctx, filters, sort_key, sort_dir, columns_to_join=columns_to_join,
            use_slave=use_slave))

    def instance_get_all_hung_in_rebooting(self, ctx, timeout):
        return to_primitive(db.instance_get_all_hung_in_rebooting(
            ctx, timeout))

    def instance_get_active_by_window_joined(self, ctx, begin, end=None,
                                             project_id=None, host=None):
        return to_primitive(db.instance_get_active_by_window_joined(
            ctx, begin, end, project_id, host))

    def instance_destroy(self, ctx, instance):
        return to_primitive(db.instance_destroy(ctx, instance['uuid']))

    def instance_info_cache_update(self, ctx, instance, values):
        db.instance_info_cache_update(ctx, instance['uuid'], values)

    def instance_info_cache_delete(self, ctx, instance):
        db.instance_info_cache_delete(ctx, instance['uuid'])

    def instance_fault_create(self, ctx, values):
        return to_primitive(db.instance_fault_create(ctx, values))

    def instance_type_get(self, ctx, flavor_id):
        return to_primitive(db.flavor_get(ctx, flavor_id))

    def migration_get(self, ctx, migration_id):
        return to_primitive(db.migration_get(ctx.elevated(), migration_id))

    def migration_get_unconfirmed_by_dest_compute(self, ctx, window, dest):
        return to_primitive(db.migration_get_unconfirmed_by_dest_compute(
            ctx, window, dest))

    def migration_create(self, ctx, instance, values):
        values = dict(values, instance_uuid=instance['uuid'],
                      source_compute=instance['host'],
                      source_node=instance['node'])
        return to_primitive(db.migration_create(ctx.elevated(), values))

    def migration_update(self, ctx, migration, status):
        return to_primitive(db.migration_update(
            ctx.elevated(), migration['id'], {'status': status}))


def restoring(path):
    """What makes the file again what it is now."""
    with open(path, 'rb') as original:
        contents = original.read()

    def restore():
        with open(path, 'wb') as again:
            again.write(contents)

    return restore


def behaviour(path):
    """What the probes of behaviour_probes.py give."""
    import behaviour_probes
    import object_probes
    probes = behaviour_probes.of_earlier_dicts(Earlier(), ADMIN)
    row = Earlier().instance_get_by_uuid(ADMIN, behaviour_probes.INSTANCE)
    probes.update(behaviour_probes.of_objects(objects, ADMIN, row))
    probes.update(object_probes.of_all(
        objects, ADMIN, lambda seen: context.get_admin_context(read_deleted=seen)))
    return behaviour_probes.outcomes(probes, path, restoring(path))


def told(path):
    """What it tells of instances that are stored."""
    from nova.conductor import api
    from oslo.messaging.notify import _impl_test
    import behaviour_probes

    def sent():
        found = [[message['publisher_id'], message['event_type'], message['priority'],
                  message['payload']]
                 for _, message, _, _ in _impl_test.NOTIFICATIONS]
        del _impl_test.NOTIFICATIONS[:]
        return found

    probes = behaviour_probes.of_notifications(
        objects, api.LocalAPI(), ADMIN, sent)
    return behaviour_probes.outcomes(probes, path, restoring(path))


def who_may(path):
    """The table of the objects and the dict calls; the file is left as it was."""
    from nova.conductor import api
    import who_may_probes
    contexts = dict((name, context.RequestContext(user, project, is_admin=admin))
                    for name, (user, project, admin)
                    in who_may_probes.CALLERS.items())

    def probes_for(ctx):
        probes = who_may_probes.of_objects(objects, ctx, ADMIN)
        probes.update(who_may_probes.of_dicts(api.LocalAPI(), ctx))
        probes.update(who_may_probes.of_earlier_dicts(Earlier(), ctx))
        return probes

    return who_may_probes.table(path, contexts, probes_for,
                                restoring(path))


def node(host):
    """A compute node at work: it has no database, only the bus."""
    from nova.conductor import api as conductor_api
    from nova.conductor import rpcapi
    from nova.objects import base
    from nova import rpc
    nova.db.sqlalchemy.api.get_session = None
    base.NovaObject.indirection_api = rpcapi.ConductorAPI()
    seen = objects_over_the_bus(host)
    seen.update(dicts_over_the_bus(conductor_api.API(), host))
    seen['tracked'] = tracked(host)
    rpc.cleanup()
    return seen


def objects_over_the_bus(host):
    service = objects.Service(host=host, binary=u'nova-compute',
                              topic=u'compute', report_count=0,
                              disabled=False)
    service.create(ADMIN)
    service.report_count += 1
    service.save(ADMIN)
    instance = objects.Instance.get_by_uuid(
        ADMIN, UUID % 1, expected_attrs=['system_metadata', 'metadata',
                                         'info_cache', 'pci_devices'])
    instance.task_state = u'rebuilding'
    instance.metadata[u'over'] = u'the bus'
    instance.save(ADMIN, expected_task_state=[None])
    seen = {'service': [service.id, service.VERSION, service.report_count],
            'instance': [instance.VERSION, instance.task_state,
                         sorted(instance.obj_what_changed())],
            'flavor': instance.get_flavor().memory_mb}
    try:
        instance.save(ADMIN, expected_task_state=[u'deleting'])
        instance.task_state = None
        instance.save(ADMIN, expected_task_state=[u'deleting'])
    except Exception as error:
        seen['unexpected'] = '%s.%s' % (type(error).__module__,
                                        type(error).__name__)
    try:
        objects.Service.get_by_id(ADMIN, 999)
    except Exception as error:
        seen['missing'] = '%s.%s' % (type(error).__module__,
                                     type(error).__name__)
    seen['nodes'] = [[found.VERSION, found.hypervisor_hostname]
                     for found in objects.ComputeNodeList.get_all(ADMIN)]
    moves = objects.MigrationList.get_in_progress_by_host_and_node(
        ADMIN, u'cmp-a', u'node-a')
    moves[0].status = u'finished'
    moves[0].save(ADMIN)
    seen['migrations'] = [[found.VERSION, found.status,
                           found.instance.uuid] for found in moves]
    return seen


def dicts_over_the_bus(api, host):
    api.wait_until_ready(ADMIN)
    updated = api.instance_update(ADMIN, UUID % 1, task_state=None)
    rows = api.instance_get_all_by_host(ADMIN, 'cmp-a')
    moves = api.migration_get_in_progress_by_host_and_node(
        ADMIN, 'cmp-a', 'node-a')
    service = api.service_get_by_args(ADMIN, host, 'nova-compute')
    return {'dicts': [updated['task_state'], [row['uuid'] for row in rows],
                      [move['instance']['uuid'] for move in moves],
                      service['report_count']]}


def tracked(host):
    """What nova's own tracker stores for the host, twice over."""
    from nova.compute import resource_tracker
    from nova.virt import fake
    fake.set_nodes(['node-of-%s' % host])
    tracker = resource_tracker.ResourceTracker(
        host, fake.SmallFakeDriver(None), 'node-of-%s' % host)
    for _ in range(2):
        tracker.update_available_resource(ADMIN)
    return [tracker.compute_node['id'], tracker.compute_node['memory_mb']]


def conductor(config):
    from nova.cmd import conductor as command
    sys.argv = ['nova-conductor', '--config-file', config]
    command.main()


def main(action, config, *arguments):
    if action == 'conductor':
        return conductor(config)
    nova_config.parse_args(['nova', '--config-file', config])
    objects.register_all()
    return {'deploy': deploy, 'archive': archive, 'scheduler': scheduler,
            'backport': backport, 'who_may': who_may,
            'behaviour': behaviour, 'told': told, 'node': node}[action](*arguments)


if __name__ == '__main__':
    print('\n' + json.dumps(main(*[arg.decode('utf-8')
                                   for arg in sys.argv[1:]]), default=list))
