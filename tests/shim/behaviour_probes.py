"""What objects and dict calls do with the deployment of deployment.py, in full.

In the syntax of Python 2.7 as well: nova_peer.py runs it on nova 2014.2.
"""

import datetime
import re

from who_may_probes import (
    GROUP, INSTANCE, MIGRATION, NODE, OTHERS_INSTANCE, SERVICE, changed, rows_of)

INSTANCE_REF = {'uuid': INSTANCE, 'host': u'cmp-a', 'node': u'node-a'}
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


def plain(value):
    """An answer as JSON, without the times of this run."""
    if hasattr(value, 'obj_name') and not hasattr(value, 'objects'):
        fields = dict((name, plain(getattr(value, name)))
                      for name in value.fields if value.obj_attr_is_set(name))
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
        return {'error': type(error).__name__.replace('_Remote', '')}


def outcomes(probes, path, restore):
    """The outcome of each probe, each on the rows as they were."""
    found = {}
    before = rows_of(path)
    for name, probe in sorted(probes.items()):
        found[name] = outcome(probe)
        if rows_of(path) != before:
            restore()
    return found
