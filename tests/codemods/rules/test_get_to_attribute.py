# SPDX-License-Identifier: Apache-2.0
"""The long tail of `row.get('host')`."""

import pathlib

import pytest
from tables import check_left, check_not_known, check_rewritten

RULE = "get_to_attribute"

REWRITTEN = [
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service.get('host', 'x')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service.host
""",
        id="with a default",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service.get('host', host), service.get('id', None)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service.host, service.id
""",
        id="default is a name or a constant",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return (service).get('host'), (service.get)('host')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return (service).host, (service.host)
""",
        id="parenthesised",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service. \\
    get('host')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service. \\
    host
""",
        id="continued",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service.get('ho' 'st')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service.host
""",
        id="implicit concatenation",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
print service.get(u'host'), 0777, `host`
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
print service.host, 0777, `host`
""",
        id="unicode key, Python 2 syntax around",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service.get('host',)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service.host
""",
        id="trailing comma",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return not service.get('host') == service.get('topic') or -service.get('id')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return not service.host == service.topic or -service.id
""",
        id="precedence",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
x = service.get('host'); return x
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
x = service.host; return x
""",
        id="semicolon",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if host:
    service.get('host')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if host:
    service.host
""",
        id="only statement of a block",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
for service in services:
    print service.get('host')
""",
        """\
services = objects.ServiceList.get_all(context)
for service in services:
    print service.host
""",
        id="result of a loop",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service.get('host').strip()
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service.host.strip()
""",
        id="chained",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service.get(  # which
    'host')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
# which
return service.host
""",
        id="comment inside",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return (service if host else service).get('host', '#, (')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return (service if host else service).host
""",
        id="parenthesised operation, a default that looks like a comment",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service.get('host', self.guess())
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service.get('host', self.guess())
""",
        "call.arguments",
        id="default with a call",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service.get('host', default=1)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service.get('host', default=1)
""",
        "call.arguments",
        id="keyword",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service.get('host', *values)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service.get('host', *values)
""",
        "call.arguments",
        id="*arguments",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return service.get('host', **values)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return service.get('host', **values)
""",
        "call.arguments",
        id="** arguments",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if host:
    service = {}
return service.get('host')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if host:
    service = {}
return service.get('host')
""",
        "value.mixed",
        id="rebound",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return lambda service: service.get('host')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return lambda service: service.get('host')
""",
        id="shadowed by a lambda",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
def inner(service):
    return service.get('host')
return inner
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
def inner(service):
    return service.get('host')
return inner
""",
        id="shadowed by a function",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return values.get('host')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
return values.get('host')
""",
        id="another dict",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
return services[0:1]
""",
        """\
services = objects.ServiceList.get_all(context)
return services[0:1]
""",
        id="a list of rows",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after)


@pytest.mark.parametrize(("before", "after", "because"), LEFT)
def test_left_and_listed(before: str, after: str | None, because: str, tmp_path: pathlib.Path):
    check_left(tmp_path, RULE, before, after, because)


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)
