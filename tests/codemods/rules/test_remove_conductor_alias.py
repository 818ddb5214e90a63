# SPDX-License-Identifier: Apache-2.0
"""The long tail of local names of the conductor."""

import pathlib

import pytest
from tables import check_not_known, check_rewritten

RULE = "remove_conductor_alias"

REWRITTEN = [
    pytest.param(
        """\
capi = self.conductor_api
return capi.service_get_all(context)
""",
        """\
return objects.ServiceList.get_all(context)
""",
        id="used once",
    ),
    pytest.param(
        """\
capi = self.conductor_api
x = capi.service_get_all(context)
return x, capi.service_get_all_by_host(context, host)
""",
        """\
x = objects.ServiceList.get_all(context)
return x, objects.ServiceList.get_by_host(context, host)
""",
        id="used twice",
    ),
    pytest.param(
        """\
capi = self.conductor_api  # short
return capi.service_get_all(context)
""",
        """\
return objects.ServiceList.get_all(context)
""",
        id="comment behind",
    ),
    pytest.param(
        """\
# what asks for all
capi = self.conductor_api
# and the answer
x = capi.service_get_all(context)
return x
""",
        """\
# and the answer
x = objects.ServiceList.get_all(context)
return x
""",
        id="comment above",
    ),
    pytest.param(
        """\
# all of them
capi = self.conductor_api
return capi.service_get_all(context)
""",
        """\
# all of them
return objects.ServiceList.get_all(context)
""",
        id="comment above several",
    ),
    pytest.param(
        """\
# what asks for all
capi = self.conductor_api
other = capi

return other.service_get_all(context)
""",
        """\
return objects.ServiceList.get_all(context)
""",
        id="comment above two that go",
    ),
    pytest.param(
        """\
capi = self.conductor_api; return capi.service_get_all(context)
""",
        """\
return objects.ServiceList.get_all(context)
""",
        id="semicolon",
    ),
    pytest.param(
        """\
get = self.conductor_api.service_get_all
return get(context)
""",
        """\
return objects.ServiceList.get_all(context)
""",
        id="a method",
    ),
    pytest.param(
        """\
if host:
    capi = self.conductor_api
return capi.service_get_all(context)
""",
        """\
if host:
    pass
return objects.ServiceList.get_all(context)
""",
        id="only statement of a block",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
capi = self.conductor_api
capi.wait_until_ready(context)
return capi.service_get_all(context)
""",
        """\
capi = self.conductor_api
capi.wait_until_ready(context)
return objects.ServiceList.get_all(context)
""",
        id="one use remains",
    ),
    pytest.param(
        """\
capi = self.conductor_api
self.f(capi)
return capi.service_get_all(context)
""",
        """\
capi = self.conductor_api
self.f(capi)
return objects.ServiceList.get_all(context)
""",
        id="handed on",
    ),
    pytest.param(
        """\
a = b = self.conductor_api
return a.service_get_all(context)
""",
        """\
a = b = self.conductor_api
return objects.ServiceList.get_all(context)
""",
        id="two targets",
    ),
    pytest.param(
        """\
capi = self.conductor_api
def inner():
    return capi.wait_until_ready(context)
return inner
""",
        None,
        id="used by a function inside",
    ),
    pytest.param(
        """\
capi = self.conductor_api
""",
        None,
        id="never used",
    ),
    pytest.param(
        """\
capi = self.conductor_api
if host:
    capi = values
return capi.service_get_all(context)
""",
        None,
        id="may be another API",
    ),
    pytest.param(
        """\
capi = self.other_api
return capi.service_get_all(context)
""",
        None,
        id="another attribute",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after)


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)
