# SPDX-License-Identifier: Apache-2.0
"""The long tail of rows that are used as a list."""

import pathlib

import pytest
from tables import check_not_known, check_rewritten

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

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
for service in services:
    print len(services), services[0:1] is services
""",
        """\
services = objects.ServiceList.get_all(context)
for service in services:
    print len(services), services[0:1] is services
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
LOG.debug(services)
return values + [1]
""",
        """\
services = objects.ServiceList.get_all(context)
LOG.debug(services)
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


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)
