"""The long tail of rows that are compared."""

import pathlib

import pytest
from tables import check_not_known, check_rewritten

RULE = "comparison_to_primitives"

REWRITTEN = [
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service == values
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
# two objects are never equal, what they hold may be
service = obj_base.obj_to_primitive(service)
return service == values
""",
        id="equal",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return host != service == values
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
# two objects are never equal, what they hold may be
service = obj_base.obj_to_primitive(service)
return host != service == values
""",
        id="not equal, chained",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return cmp(service, self.old) != 0
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
# two objects are never equal, what they hold may be
service = obj_base.obj_to_primitive(service)
return cmp(service, self.old) != 0
""",
        id="cmp()",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
same = service == values
service['host'] = host
return same
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
same = obj_base.obj_to_primitive(service) == values
service.host = host
return same
""",
        id="used as an object afterwards",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if service == values:
    return None
return service['host']
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if obj_base.obj_to_primitive(service) == values:
    return None
return service.host
""",
        id="read afterwards",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if service == self.old:
    return
self.old = service
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if obj_base.obj_to_primitive(
        service) == obj_base.obj_to_primitive(
        self.old):
    return
self.old = service
""",
        id="kept afterwards",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if cmp(service, self.old):
    self.conductor_api.service_update(context, service, {'host': host})
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if cmp(obj_base.obj_to_primitive(service), self.old):
    service.host = host
    service.save(context)
""",
        id="saved afterwards",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if service == values:
    self.f(service)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if obj_base.obj_to_primitive(service) == values:
    self.f(service)
""",
        id="handed on afterwards",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if host:
    pass
elif service == values:
    return 1
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if host:
    pass
elif obj_base.obj_to_primitive(service) == values:
    return 1
""",
        id="elif",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
while service != values:
    service = self.next()
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
while obj_base.obj_to_primitive(service) != values:
    service = self.next()
""",
        id="while",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return [x for x in values if x == service]
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
# two objects are never equal, what they hold may be
service = obj_base.obj_to_primitive(service)
return [x for x in values if x == service]
""",
        id="comprehension",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if host: return service == values
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if host: return obj_base.obj_to_primitive(service) == values
""",
        id="one line",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return (service) == (values)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
# two objects are never equal, what they hold may be
service = obj_base.obj_to_primitive(service)
return (service) == (values)
""",
        id="parenthesised",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service == None
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
# two objects are never equal, what they hold may be
service = obj_base.obj_to_primitive(service)
return service == None
""",
        id="with None",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service is values
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service is values
""",
        id="identity",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return host == values
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return host == values
""",
        id="other values",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service['host'] == host
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service.host == host
""",
        id="fields",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after)


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)
