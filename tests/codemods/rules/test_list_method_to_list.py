"""The long tail of rows that are used as a list."""

import pathlib

import pytest
from tables import check_left, check_not_known, check_rewritten

RULE = "list_method_to_list"

REWRITTEN = [
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
return services + values
""",
        """\
services = objects.ServiceList.get_all(context)
return list(services) + values
""",
        id="added",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
return [] + services
""",
        """\
services = objects.ServiceList.get_all(context)
return [] + list(services)
""",
        id="added to",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
return services[1:] + values
""",
        """\
services = objects.ServiceList.get_all(context)
return list(services[1:]) + values
""",
        id="slice added",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
return (services) + values
""",
        """\
services = objects.ServiceList.get_all(context)
return (list(services)) + values
""",
        id="parenthesised",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
x = services * 2; return x
""",
        """\
services = objects.ServiceList.get_all(context)
x = list(services) * 2; return x
""",
        id="multiplied",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
return services[1:] + (services or values)
""",
        """\
services = objects.ServiceList.get_all(context)
return list(services[1:]) + (list(services or values))
""",
        id="parenthesised operation",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
return (services  # all of them
        + values)
""",
        """\
services = objects.ServiceList.get_all(context)
return (list(services)  # all of them
        + values)
""",
        id="comment behind an operand",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
services += values
""",
        """\
services = objects.ServiceList.get_all(context)
services += values
""",
        "value.list-only",
        id="augmented",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
services.append(1)
""",
        """\
services = objects.ServiceList.get_all(context)
services.append(1)
""",
        "value.list-only",
        id="append()",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
services.sort(key=len)
""",
        """\
services = objects.ServiceList.get_all(context)
services.sort(key=len)
""",
        "value.list-only",
        id="sort()",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
map(services.append, values)
""",
        """\
services = objects.ServiceList.get_all(context)
map(services.append, values)
""",
        "value.list-only",
        id="bare method",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
services[0] = values
""",
        """\
services = objects.ServiceList.get_all(context)
services[0] = values
""",
        "value.list-only",
        id="stored",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
del services[0]
""",
        """\
services = objects.ServiceList.get_all(context)
del services[0]
""",
        "value.list-only",
        id="deleted",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
for service in services:
    print len(services), services[0]
""",
        """\
services = objects.ServiceList.get_all(context)
for service in services:
    print len(services), services[0]
""",
        id="iteration, len(), index",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
if not services:
    return services
""",
        """\
services = objects.ServiceList.get_all(context)
if not services:
    return services
""",
        id="truth",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
return services == None, host + host
""",
        """\
services = objects.ServiceList.get_all(context)
return services == None, host + host
""",
        id="no list",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
values.append(services)
return values + [1]
""",
        """\
services = objects.ServiceList.get_all(context)
values.append(services)
return values + [1]
""",
        id="another list",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
x = list(services)
return len(x)
""",
        """\
services = objects.ServiceList.get_all(context)
x = list(services)
return len(x)
""",
        id="copied first",
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
