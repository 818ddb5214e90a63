# SPDX-License-Identifier: Apache-2.0
"""What Kilo's code calls beyond 2014.2's, with what comes of it.

In the syntax of Python 2.7 as well: kilo_peer.py runs it on nova 2015.1.0.
"""

from who_may_probes import FLAVOR_VALUES, NODE_VALUES, then

UUID = u'00000000-0000-4000-8000-00000000000%d'


def fill(o, c):
    """Services, a node, flavors and instances of several sizes."""
    for host, binary, topic, disabled in (
            (u'cmp-a', u'nova-compute', u'compute', False),
            (u'cmp-b', u'nova-compute', u'compute', True),
            (u'cmp-a', u'nova-cert', u'cert', False)):
        o.Service(c, host=host, binary=binary, topic=topic, disabled=disabled,
                  report_count=0).create()
    o.ComputeNode(c, service_id=1, host=u'cmp-a', hypervisor_hostname=u'node-a',
                  **NODE_VALUES).create()
    for number, specs in ((1, {u'hw:numa_cpus.0': u'0', u'quota': u'1'}), (2, {})):
        o.Flavor(c, name=u'f%d' % number, flavorid=u'f%d' % number, is_public=True,
                 extra_specs=specs, **FLAVOR_VALUES).create()
    for number, (vcpus, memory) in enumerate(((1, 2), (2, 1), (1, 1), (2, 2)), 1):
        o.Instance(c, uuid=UUID % number, project_id=u'p', user_id=u'u', vcpus=vcpus,
                   memory_mb=memory, host=u'cmp-a', node=u'node-a').create()
    o.Instance(c, uuid=UUID % 5, project_id=u'p', user_id=u'u').create()
    o.Instance.get_by_uuid(c, UUID % 5).destroy()


def of_kilo(o, c):
    def there(number=1, **more):
        return o.Instance.get_by_uuid(c, UUID % number, **more)

    def page(keys, dirs, **more):
        return [i.uuid[-1:] for i in o.InstanceList.get_by_filters(
            c, {'deleted': False}, sort_keys=keys, sort_dirs=dirs, **more)]

    def flavored(number):
        return o.Flavor.get_by_flavor_id(c, u'f%d' % number)

    def seen(flavor):
        return flavor and [flavor.flavorid, flavor.memory_mb, dict(flavor.extra_specs)]

    def flavors():
        o.Instance(c, uuid=UUID % 6, project_id=u'p', flavor=flavored(1), old_flavor=None,
                   new_flavor=None).create()
        instance = there(6, expected_attrs=['flavor'])
        found = [seen(f) for f in (instance.flavor, instance.old_flavor, instance.new_flavor)]
        instance.old_flavor, instance.new_flavor = flavored(1), flavored(2)
        instance.save()
        again = there(6)
        found += [seen(f) for f in (again.flavor, again.old_flavor, again.new_flavor)]
        again.flavor, again.old_flavor, again.new_flavor = flavored(2), None, None
        again.save()
        again = there(6)
        found += [seen(f) for f in (again.flavor, again.old_flavor, again.new_flavor)]
        return found + [again.get_flavor().flavorid]

    def requested():
        request = o.InstancePCIRequest(count=2, spec=[{u'vendor_id': u'8086'}],
                                       alias_name=u'nic', is_new=False, request_id=None)
        made = o.Instance(c, uuid=UUID % 7, project_id=u'p',
                          pci_requests=o.InstancePCIRequests(requests=[request]))
        made.create()
        return [[[r.count, r.alias_name, [dict(s) for s in r.spec]] for r in found.requests]
                for found in (made.pci_requests, there(7).pci_requests,
                              there(7, expected_attrs=['pci_requests']).pci_requests,
                              there(1).pci_requests)]

    def supported():
        node = o.ComputeNode.get_by_id(c, 1)
        node.supported_hv_specs = [o.HVSpec(arch=u'x86_64', hv_type=u'kvm', vm_mode=u'hvm')]
        node.save()
        return [spec.to_list() for spec in o.ComputeNode.get_by_id(c, 1).supported_hv_specs]

    def elsewhere(context):
        instance = there()
        with instance.obj_alternate_context(context):
            inside = instance._context is context
        return [inside, instance._context is context]

    return {
        'services of a binary': lambda: [
            [s.host for s in o.ServiceList.get_by_binary(c, binary)]
            for binary in (u'nova-compute', u'nova-cert', u'x')],
        'all instances': lambda: sorted(i.uuid[-1:] for i in o.InstanceList.get_all(c)),
        'all instances with metadata': lambda: [
            dict(i.metadata) for i in o.InstanceList.get_all(c, expected_attrs=['metadata'])],
        'orders': lambda: [
            page([u'vcpus', u'memory_mb'], [u'asc', u'desc']),
            page([u'vcpus', u'memory_mb'], [u'desc', u'asc']),
            page([u'memory_mb', u'vcpus'], [u'asc']),
            page([u'memory_mb', u'vcpus'], None),
            page([u'vcpus', u'id'], [u'asc', u'desc'])],
        'pages': lambda: [
            page([u'vcpus', u'memory_mb'], [u'asc', u'desc'], limit=2),
            page([u'vcpus', u'memory_mb'], [u'asc', u'desc'], limit=2, marker=UUID % 3)],
        'more directions than keys': lambda: then(lambda: page([u'id'], [u'asc', u'asc'])),
        'first node': lambda: then(
            lambda: o.ComputeNode.get_first_node_by_host_for_old_compat(c, u'cmp-a').id,
            lambda: o.ComputeNode.get_first_node_by_host_for_old_compat(c, u'x')),
        'node by name': lambda: then(
            lambda: o.ComputeNode.get_by_host_and_nodename(c, u'cmp-a', u'node-a').id,
            lambda: o.ComputeNode.get_by_host_and_nodename(c, u'cmp-a', u'x'),
            lambda: [n.id for n in o.ComputeNodeList.get_all_by_host(c, u'cmp-a')],
            lambda: o.ComputeNodeList.get_all_by_host(c, u'x')),
        'service by binary': lambda: then(
            lambda: o.Service.get_by_host_and_binary(c, u'cmp-a', u'nova-cert').id,
            lambda: o.Service.get_by_host_and_binary(c, u'cmp-a', u'x')),
        'what a hypervisor supports': supported,
        'flavors': flavors,
        'PCI requests': requested,
        'another context': lambda: elsewhere(c.elevated()),
    }
