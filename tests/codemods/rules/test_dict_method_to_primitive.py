# SPDX-License-Identifier: Apache-2.0
"""The long tail of what only a dict can do, where only reading is meant."""

import pathlib

import pytest
from tables import check_not_known, check_rewritten

RULE = "dict_method_to_primitive"

REWRITTEN = [
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
x = service.copy()
x['host'] = 1
return x['host']
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
x = obj_base.obj_to_primitive(service)
x['host'] = 1
return x['host']
""",
        id="copy()",
    ),
    pytest.param(
        """\
service = {}
if host:
    service = self.conductor_api.service_get_by_compute_host(context, host)
x = service.copy()
return x['host']
""",
        """\
service = {}
if host:
    service = objects.Service.get_by_compute_host(context, host)
x = dict(obj_base.obj_to_primitive(service))
return x['host']
""",
        id="copy() of what may be a dict",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
print service.keys()
return service.has_key('host')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
print obj_base.obj_to_primitive(service).keys()
return obj_base.obj_to_primitive(service).has_key('host')
""",
        id="keys(), has_key()",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
for key in service:
    print key
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
for key in obj_base.obj_to_primitive(service):
    print key
""",
        id="iteration",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return [key for key in service]
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return [key for key in obj_base.obj_to_primitive(service)]
""",
        id="comprehension",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return dict(service, a=1)['a'], sorted(service)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return dict(obj_base.obj_to_primitive(service), a=1)['a'], sorted(
    obj_base.obj_to_primitive(service))
""",
        id="dict(), sorted()",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return '{host}'.format(**service)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return '{host}'.format(**obj_base.obj_to_primitive(service))
""",
        id="**",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return (service).copy()['host']
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return obj_base.obj_to_primitive(service)['host']
""",
        id="parenthesised",
    ),
    pytest.param(
        """\
import copy
service = self.conductor_api.service_get_by_compute_host(context, host)
x = copy.copy(service)
return x['host']
""",
        """\
import copy
service = objects.Service.get_by_compute_host(context, host)
x = copy.copy(obj_base.obj_to_primitive(service))
return x['host']
""",
        id="copy.copy()",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if not service.values() and host: return 1
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if not obj_base.obj_to_primitive(service).values() and host: return 1
""",
        id="in a condition",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if host: service.keys()
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if host: obj_base.obj_to_primitive(service).keys()
""",
        id="only statement of a block",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
x = (service or service).copy(), dict((service))
return x[0]['host'], x[1]['host']
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
x = obj_base.obj_to_primitive(service or service), dict(
    (obj_base.obj_to_primitive(service)))
return x[0]['host'], x[1]['host']
""",
        id="parenthesised operation, parenthesised argument",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return dict(service.keys(),  # all, or
            **service)['host']
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return dict(obj_base.obj_to_primitive(service).keys(),  # all, or
            **obj_base.obj_to_primitive(service))['host']
""",
        id="comment between arguments",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
for key, value in service.items():
    print key
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
for key, value in service.items():
    print key
""",
        id="items()",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return '%(host)s' % service
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return '%(host)s' % service
""",
        id="formatting",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return 'host' in service
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return 'host' in service
""",
        id="field in",
    ),
    pytest.param(
        """\
import copy
service = self.conductor_api.service_get_by_compute_host(context, host)
x = copy.deepcopy(service)
return x
""",
        """\
import copy
service = objects.Service.get_by_compute_host(context, host)
x = copy.deepcopy(service)
return x
""",
        id="deepcopy",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return isinstance(service, Exception)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return isinstance(service, Exception)
""",
        id="isinstance of an object",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return dict(values), values.copy(), list(values)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return dict(values), values.copy(), list(values)
""",
        id="another dict",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
dict = self.made
return dict(service)
""",
        None,
        id="another function of the name",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
def inner(list):
    return list(service)['host']
return inner(host)
""",
        None,
        id="parameter of the name of a function",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return self.dict(service), self.copy(service)
""",
        None,
        id="methods of the names",
    ),
    pytest.param(
        """\
from nova.compute import copy
service = self.conductor_api.service_get_by_compute_host(context, host)
return copy.copy(service)
""",
        None,
        id="another module of the name",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
service = values
return service.copy(), dict(service)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service = values
return service.copy(), dict(service)
""",
        id="name bound to another dict",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return (lambda service: service.copy())(values)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return (lambda service: service.copy())(values)
""",
        id="parameter of a lambda",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
def inner(service={}):
    return service.keys()
return inner()
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
def inner(service={}):
    return service.keys()
return inner()
""",
        id="default of a parameter",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
class Inner(object):
    service = {}
    keys = service.keys()
return Inner
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
class Inner(object):
    service = {}
    keys = service.keys()
return Inner
""",
        id="name of a class",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
copied = service.copy
return copied
""",
        None,
        id="method that is not called",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service['host'].copy(), service['host'].keys(), list(service['topic'])
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service.host.copy(), service.host.keys(), list(service.topic)
""",
        id="dicts in the row",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return dict(service=service)['service']['host']
""",
        None,
        id="in another dict",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return host.format(*service)
""",
        None,
        id="argument by a star",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
return list(services), sorted(services)
""",
        None,
        id="list of rows",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
for key, value in service.iteritems():
    print key
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
for key, value in service.iteritems():
    print key
""",
        id="iteritems()",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
service.setdefault('host', 1)
return service.pop('host')
""",
        None,
        id="what changes a dict",
    ),
    pytest.param(
        """\
service = {}
if host:
    service = self.conductor_api.service_get_by_compute_host(context, host)
for key in service:
    print key
""",
        None,
        id="what may be a dict",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_host_and_topic(context, host, host)
return service.copy(), dict(service)
""",
        None,
        id="row of a call that stays",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
'''service.copy()'''  # dict(service)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
'''service.copy()'''  # dict(service)
""",
        id="comment and text",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
def sorted(row):
    return row['host']
return sorted(service)
""",
        None,
        id="a function within that has the name of a builtin",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return self.f(dict(host=service))
""",
        None,
        id="keyword of dict()",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return lambda one=service: one.pop('host')
""",
        None,
        id="default of a lambda",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
exec 'self.f(service)'
return service['host']
""",
        None,
        id="exec of what may use it",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
print >>host, 'x', service
""",
        None,
        id="printed to a file",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after)


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)
