# SPDX-License-Identifier: Apache-2.0
"""What is done with rows: where it is understood the call is rewritten, where not it stays.

The lines of a case follow the call that gives the row; of a call that stays the
place is told that made it so.
"""

import pathlib

import pytest
from tables import assert_same_text, check_kept, method_outcome

SERVICE = (
    "service = self.conductor_api.service_get_by_compute_host(context, host)\n",
    "service = objects.Service.get_by_compute_host(context, host)\n",
)
SERVICES = (
    "services = self.conductor_api.service_get_all(context)\n",
    "services = objects.ServiceList.get_all(context)\n",
)
MIGRATIONS = (
    "migrations = self.conductor_api.migration_get_in_progress_by_host_and_node(\n"
    "    context, host, host)\n",
    "migrations = objects.MigrationList.get_in_progress_by_host_and_node(\n"
    "    context, host, host)\n",
)
NODE = (
    "node = self.conductor_api.compute_node_create(context, values)\n",
    "node = objects.ComputeNode()\nnode.update(copy.deepcopy(values))\nnode.create(context)\n",
)

#: What a row or several are used for, and what becomes of it.
UNDERSTOOD = [
    pytest.param(
        SERVICE,
        "return isinstance(service, Exception)",
        "return isinstance(service, Exception)",
        id="isinstance of what neither is",
    ),
    pytest.param(SERVICE, "del service", "del service", id="the variable deleted"),
    pytest.param(
        SERVICE,
        "topic = service and service['topic']\nreturn topic != host",
        "topic = service and service.topic\nreturn topic != host",
        id="asked for before a field",
    ),
    pytest.param(
        SERVICE,
        "topic = host and service and service['topic'] or 'x'\nreturn host(topic)",
        "topic = host and service and service.topic or 'x'\nreturn host(topic)",
        id="asked for before a field, or another",
    ),
    pytest.param(
        SERVICES, "return len(services) > 1", "return len(services) > 1", id="len() of rows"
    ),
    pytest.param(
        SERVICE,
        "service.update(values)",
        "service.update(copy.deepcopy(values))",
        id="update() by a dict",
    ),
    pytest.param(
        SERVICE,
        "return service.has_key('host')",
        "return obj_base.obj_to_primitive(service).has_key('host')",
        id="has_key()",
    ),
    pytest.param(SERVICE, "return 'host' in service", "return 'host' in service", id="a field in"),
    pytest.param(
        SERVICE,
        "return [key for key in service]",
        "return [key for key in obj_base.obj_to_primitive(service)]",
        id="iterated",
    ),
    pytest.param(
        SERVICES,
        "a, b = services\nreturn a['host']",
        "a, b = services\nreturn a.host",
        id="a list unpacked",
    ),
    pytest.param(
        SERVICE,
        "return lambda: service['host']",
        "return lambda: service.host",
        id="read in a lambda",
    ),
    pytest.param(
        SERVICE,
        "self.row = service\nreturn self.row['host']",
        "self.row = service\nreturn self.row.host",
        id="kept in an attribute of its own",
    ),
    pytest.param(
        SERVICE,
        "rows = {}\nrows[host] = service\nreturn rows[host]['id']",
        "rows = {}\nrows[host] = service\nreturn rows[host].id",
        id="kept in a dict of its own",
    ),
    pytest.param(
        SERVICE,
        "self.rows = {}\nself.rows[host] = service\nreturn self.rows[host]['id']",
        "self.rows = {}\nself.rows[host] = service\nreturn self.rows[host].id",
        id="kept in a dict of the object's own",
    ),
    pytest.param(
        SERVICE,
        "rows = []\nrows[:] = [service]\nreturn rows[0]['id']",
        "rows = []\nrows[:] = [service]\nreturn rows[0].id",
        id="kept in a slice",
    ),
    pytest.param(
        SERVICE,
        "rows = {}\nfor rows[host] in [service]:\n    pass\nreturn rows[host]['id']",
        "rows = {}\nfor rows[host] in [service]:\n    pass\nreturn rows[host].id",
        id="kept by a loop in a dict",
    ),
    pytest.param(
        SERVICE,
        "return self.method(context, host, service)",
        "return self.method(context, host, service)",
        id="given to a method of its own",
    ),
    pytest.param(
        SERVICE,
        "def inner(row=service):\n    return row['host']\nreturn inner()",
        "def inner(row=service):\n    return row.host\nreturn inner()",
        id="the default of a parameter",
    ),
    pytest.param(
        SERVICE,
        "return lambda row=service: host",
        "return lambda row=service: host",
        id="the default of a lambda's parameter",
    ),
    pytest.param(SERVICE, "return bool(service)", "return bool(service)", id="bool()"),
    pytest.param(
        SERVICE,
        "return '%(host)s' % service",
        "return '%(host)s' % service",
        id="formatted by its fields",
    ),
    pytest.param(
        SERVICE, "LOG.debug('found %s', service)", "LOG.debug('found %s', service)", id="logged"
    ),
    pytest.param(
        SERVICE,
        "LOG.warn(_('found %s') % service)",
        "LOG.warn(_('found %s') % service)",
        id="logged, formatted",
    ),
    pytest.param(
        SERVICE,
        "print service['host'], service['id']",
        "print service.host, service.id",
        id="a field printed",
    ),
    pytest.param(
        SERVICE,
        "raise ValueError(service['host'])",
        "raise ValueError(service.host)",
        id="a field raised",
    ),
    pytest.param(SERVICE, "assert service", "assert service", id="asserted"),
    pytest.param(
        SERVICE,
        "return service['host'] if service else None",
        "return service.host if service else None",
        id="a condition",
    ),
    pytest.param(
        SERVICE,
        "def run(function):\n"
        "    return function()\n"
        "\n"
        "\n"
        "def inner():\n"
        "    return service\n"
        "return run(inner)['host']",
        "def run(function):\n"
        "    return function()\n"
        "\n"
        "\n"
        "def inner():\n"
        "    return service\n"
        "return run(inner).host",
        id="an inner function given to one that is known",
    ),
    pytest.param(
        SERVICE,
        "return {service['host']: 1}",
        "return {service.host: 1}",
        id="a field, as the key of a dict",
    ),
    pytest.param(
        SERVICE,
        "x = {'a': [service]}\nreturn x['a'][0]['host']",
        "x = {'a': [service]}\nreturn x['a'][0].host",
        id="within a list within a dict",
    ),
    pytest.param(
        SERVICE,
        "import json\nreturn json.dumps(service['host'])",
        "import json\nreturn json.dumps(service.host)",
        id="a field dumped",
    ),
    pytest.param(
        SERVICES,
        "return services[0] == services[1]",
        "return (obj_base.obj_to_primitive(services[0]) ==\n"
        "        obj_base.obj_to_primitive(services[1]))",
        id="equal to another row",
    ),
    pytest.param(
        SERVICES,
        "return any(one == services[0] for one in services)",
        "return any(\n"
        "    obj_base.obj_to_primitive(one) ==\n"
        "    obj_base.obj_to_primitive(services[0])\n"
        "    for one in services)",
        id="equal to one of the rows",
    ),
    pytest.param(
        SERVICES,
        "return services == []",
        "return obj_base.obj_to_primitive(services) == []",
        id="compared with an empty list",
    ),
    pytest.param(
        SERVICES, "return services is None", "return services is None", id="compared with None"
    ),
    pytest.param(
        SERVICES,
        "return cmp(services[0], services[1])",
        "return cmp(obj_base.obj_to_primitive(services[0]),\n"
        "           obj_base.obj_to_primitive(services[1]))",
        id="cmp()",
    ),
    pytest.param(
        SERVICES,
        "for number, service in enumerate(services):\n    LOG.debug(number, service['host'])",
        "for number, service in enumerate(services):\n    LOG.debug(number, service.host)",
        id="enumerate()",
    ),
    pytest.param(
        SERVICES,
        "for number, service in enumerate(services, 1):\n    LOG.debug(number, service['host'])",
        "for number, service in enumerate(services, 1):\n    LOG.debug(number, service.host)",
        id="enumerate() from one on",
    ),
    pytest.param(
        SERVICES,
        "return [service['id'] for service, value in zip(services, values)]",
        "return [service.id for service, value in zip(services, values)]",
        id="zip()",
    ),
    pytest.param(
        SERVICES,
        "return max(services, key=lambda one: one['id'])['host']",
        "return max(services, key=lambda one: one['id']).host",
        id="max() by a field",
    ),
    pytest.param(
        SERVICES,
        "return next(iter(services))['host']",
        "return next(iter(services)).host",
        id="next()",
    ),
    pytest.param(
        SERVICES,
        "return [one['id'] for one in sorted(services, key=lambda one: one['host'])]",
        "return [one.id\n        for one in sorted(services, key=lambda one: one['host'])]",
        id="sorted by a field",
    ),
    pytest.param(
        SERVICES,
        "return sorted(services, key=lambda one: (one['host'], one['id']), reverse=True)",
        "return sorted(services, key=lambda one: (one['host'], one['id']), reverse=True)",
        id="sorted by two fields, backwards",
    ),
    pytest.param(
        SERVICES,
        "return map(lambda one: one['host'], services)",
        "return map(lambda one: one['host'], services)",
        id="map() over a field",
    ),
    pytest.param(
        SERVICES,
        "return filter(lambda one: one['disabled'], services)",
        "return filter(lambda one: one['disabled'], services)",
        id="filter() by a field",
    ),
    pytest.param(
        SERVICES,
        "return sum(one['id'] for one in services)",
        "return sum(one.id for one in services)",
        id="sum() of a field",
    ),
    pytest.param(
        SERVICES,
        "return [one['id'] for one in reversed(services)]",
        "return [one.id for one in reversed(services)]",
        id="reversed()",
    ),
    pytest.param(
        SERVICES, "return services[1:][-1]['host']", "return services[1:][-1].host", id="a slice"
    ),
    pytest.param(
        SERVICES,
        "x = []\nx += services\nreturn x[0]['host']",
        "x = []\nx += services\nreturn x[0].host",
        id="added to a list of its own",
    ),
    pytest.param(
        SERVICES,
        "x = []\nx.extend(services)\nreturn x[0]['host']",
        "x = []\nx.extend(services)\nreturn x[0].host",
        id="a list of its own extended",
    ),
    pytest.param(
        SERVICES,
        "x = [one for one in services]\nreturn x.pop()['host']",
        "x = [one for one in services]\nreturn x.pop().host",
        id="one taken off a list of its own",
    ),
    pytest.param(
        SERVICES,
        "x = {}\n"
        "for one in services:\n"
        "    x.setdefault(one['host'], []).append(one)\n"
        "return x[host][0]['id']",
        "x = {}\n"
        "for one in services:\n"
        "    x.setdefault(one.host, []).append(one)\n"
        "return x[host][0].id",
        id="lists in a dict of its own",
    ),
    pytest.param(
        SERVICES,
        "return {one['host']: one for one in services}[host]['id']",
        "return {one.host: one for one in services}[host].id",
        id="a dict of them by a field",
    ),
    pytest.param(
        SERVICES,
        "return ', '.join(one['host'] for one in services)",
        "return ', '.join(one.host for one in services)",
        id="fields joined",
    ),
    pytest.param(
        MIGRATIONS,
        "when = migrations[0]['updated_at']\n"
        "if isinstance(when, str):\n"
        "    when = when[:10]\n"
        "return when",
        "when = migrations[0].updated_at\n"
        "if isinstance(when, str):\n"
        "    when = when[:10]\n"
        "return when",
        id="a time looked at first",
    ),
    pytest.param(
        MIGRATIONS,
        "when = migrations[0]['updated_at']\n"
        "return when[:10] if host and isinstance(when, str) else None",
        "when = migrations[0].updated_at\n"
        "return when[:10] if host and isinstance(when, str) else None",
        id="a time looked at first, among others",
    ),
    pytest.param(
        SERVICE,
        "service['disabled'] = not host",
        "service.disabled = not host",
        id="a flag stored that is one",
    ),
    pytest.param(
        SERVICE,
        "service['report_count'] += 1",
        "service.report_count += 1",
        id="a number added to one",
    ),
    pytest.param(
        SERVICE,
        "service['topic'] = str(host) or None",
        "service.topic = str(host) or None",
        id="text, or nothing where that may be",
    ),
    pytest.param(
        SERVICE,
        "copied = dict(service)\nreturn copied.pop('host')",
        "copied = dict(obj_base.obj_to_primitive(service))\nreturn copied.pop('host')",
        id="a key popped off a copy",
    ),
    pytest.param(
        MIGRATIONS,
        "if migrations[0]['updated_at'] or migrations[0]['created_at']:\n    return host",
        "if migrations[0].updated_at or migrations[0].created_at:\n    return host",
        id="a time or another",
    ),
    pytest.param(
        MIGRATIONS,
        "LOG.debug('seen %s', migrations[0]['updated_at'])",
        "LOG.debug('seen %s', migrations[0].updated_at)",
        id="a time logged",
    ),
    pytest.param(
        MIGRATIONS,
        "return migrations[0]['updated_at'] is None",
        "return migrations[0].updated_at is None",
        id="a time compared with None",
    ),
    pytest.param(
        MIGRATIONS,
        "return migrations[0]['updated_at'] == migrations[1]['updated_at']",
        "return migrations[0].updated_at == migrations[1].updated_at",
        id="a time equal to another",
    ),
]

#: What a row or several are used for, and the place of it that is told.
KEPT = [
    pytest.param(SERVICE, "return service.pop('host')", "service.pop('host')", id="a key popped"),
    pytest.param(SERVICE, "return host(service or {})", "host(service or {})", id="or another"),
    pytest.param(SERVICE, "return host(host and service)", "host(host and service)", id="and last"),
    pytest.param(
        SERVICE,
        "return service.pop('compute_node')",
        "service.pop('compute_node')",
        id="a relation popped",
    ),
    pytest.param(
        SERVICE, "service.setdefault('host', 1)", "service.setdefault('host', 1)", id="setdefault()"
    ),
    pytest.param(SERVICE, "service.clear()", "service.clear()", id="clear()"),
    pytest.param(
        SERVICE,
        "keys = service.keys\nreturn keys",
        "service.keys",
        id="a method that is not called",
    ),
    pytest.param(
        SERVICE,
        "return isinstance(service, dict)",
        "isinstance(service, dict)",
        id="isinstance of a dict",
    ),
    pytest.param(
        SERVICE,
        "return isinstance(service, (list, dict))",
        "isinstance(service, (list, dict))",
        id="isinstance of one of several",
    ),
    pytest.param(SERVICE, "del service['host']", "service['host']", id="a key deleted"),
    pytest.param(SERVICE, "return service[host]", "service[host]", id="a key that is a name"),
    pytest.param(
        SERVICE,
        "return service['ho%s' % 'st']",
        "service['ho%s' % 'st']",
        id="a key that is computed",
    ),
    pytest.param(
        SERVICE, "return service['nosuch']", "service['nosuch']", id="a key that is no field"
    ),
    pytest.param(
        SERVICE, "service['nosuch'] = 1", "service['nosuch']", id="a key that is no field, stored"
    ),
    pytest.param(
        SERVICE,
        "return service.get('nosuch')",
        "service.get('nosuch')",
        id="a key that is no field, by get()",
    ),
    pytest.param(SERVICE, "return service.get(host)", "service.get(host)", id="get() of a name"),
    pytest.param(SERVICE, "return service.get()", "service.get()", id="get() without a key"),
    pytest.param(SERVICE, "return len(service)", "len(service)", id="len() of a row"),
    pytest.param(
        SERVICE, "service.update(host='x')", "service.update(host='x')", id="update() by keyword"
    ),
    pytest.param(
        SERVICE,
        "service.update(values, host='x')",
        "service.update(values, host='x')",
        id="update() by both",
    ),
    pytest.param(
        SERVICE, "service.update(**values)", "service.update(**values)", id="update() by **"
    ),
    pytest.param(SERVICE, "service.update(*values)", "service.update(*values)", id="update() by *"),
    pytest.param(
        SERVICE,
        "service.update([('host', 1)])",
        "service.update([('host', 1)])",
        id="update() by pairs",
    ),
    pytest.param(
        SERVICE,
        "service.update(values.items())",
        "service.update(values.items())",
        id="update() by the items of a dict",
    ),
    pytest.param(
        SERVICE,
        "values.update(service)",
        "values.update(service)",
        id="a dict is updated with the row",
    ),
    pytest.param(
        SERVICE, "return 'nosuch' in service", "'nosuch' in service", id="a key in that is no field"
    ),
    pytest.param(
        SERVICE,
        "return 'compute_node' in service",
        "'compute_node' in service",
        id="a relation of the object in",
    ),
    pytest.param(
        SERVICE,
        "if host:\n    service = values\nfor key in service:\n    LOG.debug(key)",
        "service",
        id="iterated, and a dict on another path",
    ),
    pytest.param(SERVICE, "return host in service", "host in service", id="a name in"),
    pytest.param(SERVICE, "a, b = service\nreturn a", "a, b = service", id="unpacked"),
    pytest.param(
        SERVICES,
        "for a, b in services:\n    LOG.debug(a)",
        "services",
        id="rows unpacked in a loop",
    ),
    pytest.param(
        SERVICES,
        "return [a for a, b in services]",
        "services",
        id="rows unpacked in a comprehension",
    ),
    pytest.param(SERVICE, "yield service", "yield service", id="yielded"),
    pytest.param(
        SERVICE, "return lambda: service", "return lambda: service", id="returned by a lambda"
    ),
    pytest.param(SERVICE, "return values(*service)", "return values(*service)", id="starred"),
    pytest.param(
        SERVICE, "return values(*[service])", "return values(*[service])", id="a list of it starred"
    ),
    pytest.param(SERVICE, "global kept\nkept = service", "kept", id="kept in a global"),
    pytest.param(
        SERVICE, "values.row = service", "values.row", id="kept in an attribute of who knows what"
    ),
    pytest.param(
        SERVICE, "values['x'] = service", "values['x']", id="kept in a dict of who knows whom"
    ),
    pytest.param(
        SERVICE,
        "values.append(service)",
        "values.append(service)",
        id="put into a list of who knows whom",
    ),
    pytest.param(
        SERVICE,
        "self.rows[host] = service",
        "self.rows[host]",
        id="kept in what the object does not make",
    ),
    pytest.param(
        SERVICE, "return values.show(service)", "values.show(service)", id="given to who knows what"
    ),
    pytest.param(
        SERVICE, "return getattr(service, 'host')", "getattr(service, 'host')", id="getattr()"
    ),
    pytest.param(SERVICE, "return hash(service)", "hash(service)", id="hash()"),
    pytest.param(SERVICE, "return str(service)", "str(service)", id="str()"),
    pytest.param(SERVICE, "return `service`", "`service`", id="backquotes"),
    pytest.param(SERVICE, "return '%s' % service", "'%s' % service", id="formatted as a whole"),
    pytest.param(
        SERVICE,
        "return '%(nosuch)s' % service",
        "'%(nosuch)s' % service",
        id="formatted by what is no field",
    ),
    pytest.param(
        SERVICE, "return '{0}'.format(service)", "'{0}'.format(service)", id="formatted by format()"
    ),
    pytest.param(SERVICE, "print service", "print service", id="printed"),
    pytest.param(
        SERVICE, "exec 'host' in service", "exec 'host' in service", id="the names of an exec"
    ),
    pytest.param(SERVICE, "raise ValueError(service)", "ValueError(service)", id="raised"),
    pytest.param(
        SERVICE, "assert host, service", "assert host, service", id="what an assertion says"
    ),
    pytest.param(SERVICE, "return -service", "-service", id="negated as a number"),
    pytest.param(SERVICE, "with service as x:\n    return x", "with service as x:", id="entered"),
    pytest.param(
        SERVICE,
        "def inner():\n    return service\nreturn values.call(inner)",
        "values.call(inner)",
        id="an inner function given to who knows what",
    ),
    pytest.param(
        SERVICE,
        "def inner(number):\n    return service\nreturn map(inner, values)",
        "map(inner, values)",
        id="an inner function given to map()",
    ),
    pytest.param(SERVICE, "return set([service])", "set([service])", id="one element of a set"),
    pytest.param(SERVICE, "return {service: 1}", "{service: 1}", id="a key of a dict"),
    pytest.param(
        SERVICE, "import json\nreturn json.dumps(service)", "json.dumps(service)", id="dumped"
    ),
    pytest.param(
        SERVICE,
        "import json\nreturn json.dumps({'a': [service]})",
        "json.dumps({'a': [service]})",
        id="dumped within a list within a dict",
    ),
    pytest.param(
        SERVICE,
        "return service in values",
        "service in values",
        id="compared with a dict in a list",
    ),
    pytest.param(SERVICE, "return service < values", "service < values", id="ordered"),
    pytest.param(
        SERVICES, "return services[0] in services", "services[0] in services", id="in the rows"
    ),
    pytest.param(
        SERVICES, "return services.index(services[0])", "services.index", id="the index of a row"
    ),
    pytest.param(
        SERVICES,
        "return services.count(services[0])",
        "services.count",
        id="how often a row is there",
    ),
    pytest.param(
        SERVICES,
        "return (services[0], 1) == (services[1], 1)",
        "(services[0], 1) == (services[1], 1)",
        id="tuples with rows compared",
    ),
    pytest.param(
        SERVICES,
        "return services == [services[0]]",
        "services == [services[0]]",
        id="lists of rows compared",
    ),
    pytest.param(
        SERVICES,
        "ones = [services[0]]\nothers = [services[1]]\nreturn ones == others",
        "ones == others",
        id="lists of rows in variables compared",
    ),
    pytest.param(
        SERVICES,
        "return services[0] in [one for one in services]",
        "services[0] in [one for one in services]",
        id="in a list of rows",
    ),
    pytest.param(
        SERVICES,
        "ones = list(services)\nones.remove(services[0])",
        "ones.remove(services[0])",
        id="removed from a list of rows",
    ),
    pytest.param(
        SERVICES,
        "return min(services[0], services[1])",
        "min(services[0], services[1])",
        id="the least of two rows",
    ),
    pytest.param(SERVICES, "return zip(*services)", "return zip(*services)", id="zip() of a star"),
    pytest.param(
        SERVICES,
        "import itertools\nreturn [one['id'] for one, value in itertools.izip(services, values)]",
        "itertools.izip(services, values)",
        id="izip()",
    ),
    pytest.param(
        SERVICES,
        "import itertools\nreturn [one['id'] for one in itertools.chain(services, values)]",
        "itertools.chain(services, values)",
        id="chain()",
    ),
    pytest.param(
        SERVICES,
        "import itertools\nreturn itertools.groupby(services, lambda one: one['host'])",
        "itertools.groupby(services, lambda one: one['host'])",
        id="groupby()",
    ),
    pytest.param(SERVICES, "return max(services)['host']", "max(services)", id="max()"),
    pytest.param(
        SERVICES,
        "return iter(services).next()['host']",
        "iter(services).next()",
        id="the method next()",
    ),
    pytest.param(
        SERVICES,
        "return sorted(services, key=lambda one: one['compute_node'])",
        "sorted(services, key=lambda one: one['compute_node'])",
        id="sorted by a row within the row",
    ),
    pytest.param(
        SERVICES,
        "return sorted(services, key=self.key)",
        "sorted(services, key=self.key)",
        id="sorted by a function",
    ),
    pytest.param(
        SERVICES,
        "return sorted(services, cmp=lambda one, other: 1)",
        "sorted(services, cmp=lambda one, other: 1)",
        id="sorted by a comparison",
    ),
    pytest.param(
        SERVICES,
        "import operator\nreturn sorted(services, key=operator.itemgetter('id'))",
        "sorted(services, key=operator.itemgetter('id'))",
        id="sorted by an item getter",
    ),
    pytest.param(
        SERVICES, "services.sort(key=lambda one: one['id'])", "services.sort", id="sorted in place"
    ),
    pytest.param(
        SERVICES,
        "return map(self.show, services)",
        "map(self.show, services)",
        id="map() by a function",
    ),
    pytest.param(
        SERVICES,
        "return filter(lambda one: one.get('disabled'), services)",
        "filter(lambda one: one.get('disabled'), services)",
        id="filter() by get()",
    ),
    pytest.param(
        SERVICES,
        "return filter(None, services)",
        "filter(None, services)",
        id="filter() by nothing",
    ),
    pytest.param(
        SERVICES,
        "return reduce(lambda one, other: one, services)",
        "reduce(lambda one, other: one, services)",
        id="reduce()",
    ),
    pytest.param(SERVICES, "services += values", "services += values", id="added to"),
    pytest.param(SERVICES, "services.append(1)", "services.append", id="appended to"),
    pytest.param(SERVICES, "services.insert(0, values)", "services.insert", id="inserted into"),
    pytest.param(SERVICES, "return services.pop()['host']", "services.pop", id="one taken off"),
    pytest.param(SERVICES, "del services[0]", "services[0]", id="one deleted"),
    pytest.param(SERVICES, "services[0] = values", "services[0]", id="one stored"),
    pytest.param(SERVICES, "services[:] = []", "services[:]", id="a slice stored"),
    pytest.param(
        SERVICES,
        "map(services.append, values)",
        "services.append",
        id="a method of the list handed on",
    ),
    pytest.param(
        SERVICES,
        "values.extend(services)",
        "values.extend(services)",
        id="a list of who knows whom extended",
    ),
    pytest.param(
        SERVICES,
        "import collections\n"
        "x = collections.defaultdict(list)\n"
        "for one in services:\n"
        "    x[one['host']].append(one)\n"
        "return x",
        "x[one['host']].append(one)",
        id="lists in a dict that makes them",
    ),
    pytest.param(
        SERVICES,
        "return dict((one['host'], one) for one in services)[host]['id']",
        "dict((one['host'], one) for one in services)",
        id="a dict of pairs",
    ),
    pytest.param(
        SERVICES,
        "return '%s' % [one for one in services]",
        "'%s' % [one for one in services]",
        id="a list of them formatted",
    ),
    pytest.param(
        SERVICES,
        "print [one for one in services]",
        "print [one for one in services]",
        id="a list of them printed",
    ),
    pytest.param(
        MIGRATIONS,
        "return [m for m in migrations if 'instance' not in m]",
        "'instance' not in m",
        id="a relation in",
    ),
    pytest.param(
        MIGRATIONS,
        "return migrations[0]['updated_at'][:10]",
        "return migrations[0]['updated_at'][:10]",
        id="a slice of a time",
    ),
    pytest.param(
        MIGRATIONS,
        "return migrations[0].get('updated_at').split('T')",
        "migrations[0].get('updated_at').split",
        id="a time split",
    ),
    pytest.param(
        MIGRATIONS,
        "import datetime\nreturn datetime.datetime.strptime(migrations[0]['updated_at'], '%Y')",
        "datetime.datetime.strptime(migrations[0]['updated_at'], '%Y')",
        id="a time parsed",
    ),
    pytest.param(
        MIGRATIONS,
        "import datetime\n"
        "when = migrations[0]['updated_at']\n"
        "return datetime.datetime.strptime(when, '%Y')",
        "datetime.datetime.strptime(when, '%Y')",
        id="a time in a variable parsed",
    ),
    pytest.param(
        MIGRATIONS,
        "return (migrations[0]['updated_at'] or 'never').upper()",
        "(migrations[0]['updated_at'] or 'never').upper",
        id="a time or text",
    ),
    pytest.param(
        MIGRATIONS,
        "return self.now - migrations[0]['updated_at']",
        "self.now - migrations[0]['updated_at']",
        id="a time subtracted",
    ),
    pytest.param(
        MIGRATIONS,
        "return 'seen ' + migrations[0]['updated_at']",
        "'seen ' + migrations[0]['updated_at']",
        id="a time added to text",
    ),
    pytest.param(
        MIGRATIONS,
        "return ' '.join([migrations[0]['updated_at']])",
        "' '.join([migrations[0]['updated_at']])",
        id="a time joined to text",
    ),
    pytest.param(
        MIGRATIONS,
        "return '%s' % migrations[0]['updated_at']",
        "'%s' % migrations[0]['updated_at']",
        id="a time formatted",
    ),
    pytest.param(
        MIGRATIONS,
        "return '%(updated_at)s' % migrations[0]",
        "'%(updated_at)s' % migrations[0]",
        id="a time formatted by its key",
    ),
    pytest.param(
        MIGRATIONS,
        "print migrations[0]['updated_at']",
        "print migrations[0]['updated_at']",
        id="a time printed",
    ),
    pytest.param(
        MIGRATIONS,
        "return str(migrations[0]['updated_at'])",
        "str(migrations[0]['updated_at'])",
        id="a time as text",
    ),
    pytest.param(
        MIGRATIONS,
        "return migrations[0]['updated_at'] >= '2014'",
        "migrations[0]['updated_at'] >= '2014'",
        id="a time compared with text",
    ),
    pytest.param(
        MIGRATIONS,
        "return migrations[0]['updated_at'] == '2014'",
        "migrations[0]['updated_at'] == '2014'",
        id="a time equal to text",
    ),
    pytest.param(
        MIGRATIONS,
        "return migrations[0]['updated_at'] == host",
        "migrations[0]['updated_at'] == host",
        id="a time equal to who knows what",
    ),
    pytest.param(
        MIGRATIONS,
        "return migrations[0]['updated_at'] > self.now()",
        "migrations[0]['updated_at'] > self.now()",
        id="a time later than who knows what",
    ),
    pytest.param(
        MIGRATIONS,
        "when = migrations[0]['updated_at']\nreturn when > host",
        "when > host",
        id="a time in a variable compared",
    ),
    pytest.param(
        MIGRATIONS,
        "seen = {}\n"
        "for one in migrations:\n"
        "    seen[one['id']] = one['updated_at']\n"
        "return seen[1] > host",
        "seen[1] > host",
        id="a time in a dict compared",
    ),
    pytest.param(
        MIGRATIONS,
        "a, b = migrations\nreturn (a['updated_at'], 1) > (b['updated_at'], 2)",
        "(a['updated_at'], 1) > (b['updated_at'], 2)",
        id="times in tuples compared",
    ),
    pytest.param(
        MIGRATIONS,
        "return migrations[0]['updated_at'] in values",
        "migrations[0]['updated_at'] in values",
        id="a time among others",
    ),
    pytest.param(
        MIGRATIONS,
        "return migrations[0]['updated_at'] >= migrations[1]['updated_at'] >= host",
        "migrations[0]['updated_at'] >= migrations[1]['updated_at'] >= host",
        id="three times compared",
    ),
    pytest.param(
        MIGRATIONS,
        "last = max(one['updated_at'] for one in migrations)",
        "max(one['updated_at'] for one in migrations)",
        id="the last of the times",
    ),
    *(
        pytest.param(MIGRATIONS, line, line, id=f"{what}, for whom nobody knows")
        for what, line in (
            ("a time", "return migrations[0]['updated_at']"),
            (
                "one of two times",
                "return migrations[0]['updated_at'] or migrations[0].get('created_at')",
            ),
            ("times in a list", "return [one['updated_at'] for one in migrations]"),
            ("a time in a dict", "return {'host': host, 'at': migrations[0]['updated_at']}"),
            ("a time in a pair", "return host, migrations[0]['updated_at']"),
            ("a dict of a row", "return dict(migrations[0])"),
            ("a flag", "return migrations[0]['deleted']"),
        )
    ),
    *(
        pytest.param(SERVICE, line, line.removeprefix("return "), id=what)
        for what, line in (
            ("isinstance of a dict", "return isinstance(service, dict)"),
            ("keywords for who knows whom", "return self.call(host, **service)"),
            ("keywords of a copy", "return self.call(host, **dict(service))"),
            ("a text that is not known", "return values.format(**service)"),
            ("a text that takes a time", "return '{updated_at}'.format(**service)"),
            ("a text that is none for format()", "return '{'.format(**service)"),
            ("logged by its keys behind a level", "LOG.log(10, '%(host)s', service)"),
            ("logged by its keys", "LOG.debug('%(host)s', service)"),
            ("logged by its keys, translated", "LOG.debug(_('%(host)s'), service)"),
            ("logged in a text that is not known", "LOG.debug(values, service)"),
            ("a text for a number", "service['report_count'] = 'many'"),
            ("a number for a text", "service['host'] = 1"),
            ("a number for a flag", "service['disabled'] = 1"),
            ("text made for a number", "service['report_count'] = str(host)"),
            ("a fraction for a number", "service['report_count'] = 1 / 2.0"),
            ("a fraction added to a number", "service['report_count'] += 0.5"),
            ("nothing for a number", "service['report_count'] = None"),
            ("nothing for a flag, maybe", "service['disabled'] = True if host else None"),
            ("a list for a text", "service['topic'] = [host]"),
        )
    ),
    pytest.param(
        MIGRATIONS,
        "return migrations[0]['deleted'] is host",
        "migrations[0]['deleted'] is host",
        id="a flag that is another value",
    ),
    pytest.param(
        MIGRATIONS,
        "return migrations[0]['deleted'] == migrations[0]['id']",
        "migrations[0]['deleted'] == migrations[0]['id']",
        id="a flag that equals an id",
    ),
    pytest.param(
        MIGRATIONS,
        "times = [one['updated_at'] for one in migrations]\nlast = max(times)",
        "max(times)",
        id="the last of the times in a list",
    ),
    pytest.param(
        MIGRATIONS,
        "times = sorted([one['updated_at'] for one in migrations])",
        "sorted([one['updated_at'] for one in migrations])",
        id="times sorted",
    ),
    pytest.param(
        MIGRATIONS,
        "times = []\nfor one in migrations:\n    times.append(one['updated_at'])\ntimes.sort()",
        "times.sort()",
        id="a list of times sorted",
    ),
    pytest.param(
        MIGRATIONS,
        "return sorted(migrations, key=lambda one: one['updated_at'])",
        "sorted(migrations, key=lambda one: one['updated_at'])",
        id="sorted by a time",
    ),
    pytest.param(
        MIGRATIONS,
        "return dict((one['updated_at'], one['id']) for one in migrations)",
        "dict((one['updated_at'], one['id']) for one in migrations)",
        id="a time as the key of a dict",
    ),
    pytest.param(
        MIGRATIONS,
        "return values.show(migrations[0]['updated_at'])",
        "values.show(migrations[0]['updated_at'])",
        id="a time given to who knows what",
    ),
    pytest.param(
        MIGRATIONS,
        "values['at'] = migrations[0]['updated_at']",
        "values['at']",
        id="a time kept by who knows whom",
    ),
    pytest.param(
        MIGRATIONS,
        "import json\nreturn json.dumps(migrations[0]['updated_at'])",
        "json.dumps(migrations[0]['updated_at'])",
        id="a time dumped",
    ),
    pytest.param(
        MIGRATIONS,
        "return dict(migrations[0])['updated_at'][:4]",
        "return dict(migrations[0])['updated_at'][:4]",
        id="a time of a copy",
    ),
    pytest.param(
        MIGRATIONS,
        "import copy\nreturn copy.copy(migrations[0])['updated_at'][:4]",
        "return copy.copy(migrations[0])['updated_at'][:4]",
        id="copied by copy.copy()",
    ),
    pytest.param(
        MIGRATIONS,
        "return dict(**migrations[0])['updated_at'][:4]",
        "return dict(**migrations[0])['updated_at'][:4]",
        id="a time of a copy by **",
    ),
    pytest.param(
        SERVICE,
        "for values[host] in [service]:\n    pass",
        "values[host]",
        id="kept by a loop in a dict of others",
    ),
    pytest.param(
        SERVICES,
        "for values[host] in services:\n    pass",
        "values[host]",
        id="kept one by one in a dict of others",
    ),
    pytest.param(
        SERVICES,
        "return map(lambda (number, one): one.keys(), enumerate(services))",
        "map(lambda (number, one): one.keys(), enumerate(services))",
        id="map() over pairs with rows",
    ),
    *(
        pytest.param(MIGRATIONS, f"copied = {copied}\n{line}", line, id=what)
        for what, copied, line in (
            (
                "a time popped off a copy",
                "dict(migrations[0])",
                "return copied.pop('updated_at')[:4]",
            ),
            (
                "a time popped off a copy, or nothing",
                "migrations[0].copy()",
                "return copied.pop('updated_at', '')[:4]",
            ),
            (
                "a time by default",
                "migrations[0].copy()",
                "return copied.setdefault('updated_at', '')[:4]",
            ),
        )
    ),
    pytest.param(
        MIGRATIONS,
        "return isinstance(migrations[0]['updated_at'], str)",
        "isinstance(migrations[0]['updated_at'], str)",
        id="whether a time is text",
    ),
    pytest.param(
        MIGRATIONS,
        "when = migrations[0]['updated_at']\n"
        "if not isinstance(when, str):\n"
        "    raise ValueError(host)",
        "isinstance(when, str)",
        id="a time that has to be text",
    ),
    pytest.param(
        NODE,
        "import json\nreturn json.loads(node['stats'])",
        "json.loads(node['stats'])",
        id="JSON loaded",
    ),
    pytest.param(NODE, "return node['stats'].split(',')", "node['stats'].split", id="JSON split"),
]


@pytest.mark.parametrize(("call", "before", "after"), UNDERSTOOD)
def test_understood(call: tuple[str, str], before: str, after: str, tmp_path: pathlib.Path):
    lines, found = method_outcome(tmp_path, f"{call[0]}{before}\n")
    assert_same_text(lines, f"{call[1]}{after}\n")
    assert "row.escapes" not in found.codes


@pytest.mark.parametrize(("call", "before", "place"), KEPT)
def test_not_understood(call: tuple[str, str], before: str, place: str, tmp_path: pathlib.Path):
    check_kept(tmp_path, f"{call[0]}{before}\n", place)


@pytest.mark.parametrize("shown", ["eval(values)", "vars()", "dir()", "locals()"])
def test_call_stays_in_a_function_that_looks_at_all_of_its_variables(
    shown: str, tmp_path: pathlib.Path
):
    check_kept(tmp_path, f"{SERVICE[0]}return service['id'], {shown}\n", SERVICE[0].rstrip("\n"))


def test_call_goes_where_the_text_says_which_variables_it_takes(tmp_path: pathlib.Path):
    lines = "host = service['host']\nreturn '%(host)s' % locals()\n"
    text, _ = method_outcome(tmp_path, SERVICE[0] + lines)
    assert_same_text(text, SERVICE[1] + lines.replace("service['host']", "service.host"))
