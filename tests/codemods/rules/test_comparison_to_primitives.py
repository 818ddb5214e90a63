"""The long tail of rows that are compared."""

import pathlib

import pytest
from tables import check_file_rewritten, check_not_known, check_rewritten

RULE = "comparison_to_primitives"

REWRITTEN = [
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service == values
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
# Two objects are never equal, but what they hold may be.
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
# Two objects are never equal, but what they hold may be.
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
# Two objects are never equal, but what they hold may be.
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
if (obj_base.obj_to_primitive(service) ==
        obj_base.obj_to_primitive(self.old)):
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
    LOG.debug(service)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if obj_base.obj_to_primitive(service) == values:
    LOG.debug(service)
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
# Two objects are never equal, but what they hold may be.
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
# Two objects are never equal, but what they hold may be.
service = obj_base.obj_to_primitive(service)
return (service) == (values)
""",
        id="parenthesised",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
return services == values
""",
        """\
services = objects.ServiceList.get_all(context)
return obj_base.obj_to_primitive(services) == values
""",
        id="lists",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
x = 1; return service == values  # or not
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
x = 1
# Two objects are never equal, but what they hold may be.
# or not
service = obj_base.obj_to_primitive(service)
return service == values
""",
        id="behind a semicolon",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)

# what is known
return service == values; values = 1
""",
        """\
service = objects.Service.get_by_compute_host(context, host)

# what is known
# Two objects are never equal, but what they hold may be.
service = obj_base.obj_to_primitive(service)
return service == values; values = 1
""",
        id="before a semicolon, under a comment",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
def inner():
    if service == values:
        return 1
return inner
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
def inner():
    if obj_base.obj_to_primitive(service) == values:
        return 1
return inner
""",
        id="in a function inside, of which the variable is none",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
def inner():
    return service['id']
inner()
return service == values
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
def inner():
    return service.id
inner()
return obj_base.obj_to_primitive(service) == values
""",
        id="used as an object by a function inside",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
old = lambda service: service == values
return (service if host else service) == old
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
old = lambda service: service == values
return (obj_base.obj_to_primitive(service if host else service)) == old
""",
        id="parenthesised choice",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
while service != values: break
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
while obj_base.obj_to_primitive(service) != values: break
""",
        id="the rest only reads, but the test of a loop has nothing above it",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service == None or 1 != service
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service == None or 1 != service
""",
        id="constants, to which neither a dict nor an object is equal",
    ),
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


KEEPER = """\
from nova import conductor


class Keeper(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.old = None

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)

    def read(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return self.is_same(service)

    def is_same(self, service): return service == self.old
"""

KEPT = """\
from nova import conductor
from nova import objects
from nova.objects import base as obj_base


class Keeper(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.old = None

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)

    def read(self, context, host):
        service = objects.Service.get_by_compute_host(context, host)
        return self.is_same(service)

    def is_same(self, service):
        # Two objects are never equal, but what they hold may be.
        service = obj_base.obj_to_primitive(service)
        return service == self.old
"""


def test_method_on_one_line(tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, KEEPER, KEPT)


def test_what_is_kept_elsewhere_becomes_a_dict_where_it_is_compared(tmp_path: pathlib.Path):
    keeps = ("        return self.is_same(service)\n", "        self.old = service\n")
    before = KEEPER.replace(keeps[0], "".join(reversed(keeps)))
    after = KEPT.replace(keeps[0], "".join(reversed(keeps))).replace(
        "== self.old", "== obj_base.obj_to_primitive(self.old)"
    )
    check_file_rewritten(tmp_path, RULE, before, after)
