# SPDX-License-Identifier: Apache-2.0
"""The long tail of the conductor's calls that read rows."""

import pathlib

import pytest
from tables import check_left, check_not_known, check_rewritten

RULE = "conductor_getter_to_object_getter"

REWRITTEN = [
    pytest.param(
        """\
return self.conductor_api.service_get_by_args(context, binary='b', host=host)
""",
        """\
return objects.Service.get_by_args(context, binary='b', host=host)
""",
        id="keywords in any order",
    ),
    pytest.param(
        """\
return self.conductor_api.service_get_all(context,)
""",
        """\
return objects.ServiceList.get_all(context,)
""",
        id="trailing comma",
    ),
    pytest.param(
        """\
return zip(self.conductor_api.service_get_all(context),
           [x for x in self.conductor_api.service_get_all(context)])
""",
        """\
return zip(objects.ServiceList.get_all(context),
           [x for x in objects.ServiceList.get_all(context)])
""",
        id="nested",
    ),
    pytest.param(
        """\
return self.conductor_api.service_get_all_by_topic(context.elevated(), 'x')
""",
        """\
return objects.ServiceList.get_by_topic(context.elevated(), 'x')
""",
        id="elevated already",
    ),
    pytest.param(
        """\
return self.conductor_api.migration_get(context, host)
""",
        """\
return objects.Migration.get_by_id(context.elevated(), host)
""",
        id="to be elevated",
    ),
    pytest.param(
        """\
return self.conductor_api.migration_get(context.elevated(), host)
""",
        """\
return objects.Migration.get_by_id(context.elevated(), host)
""",
        id="elevated where it must be",
    ),
    pytest.param(
        """\
elevated = context.elevated()
return self.conductor_api.migration_get(elevated, host)
""",
        """\
elevated = context.elevated()
return objects.Migration.get_by_id(elevated, host)
""",
        id="elevated by name",
    ),
    pytest.param(
        """\
return self.conductor_api.migration_get(context=context, migration_id=host)
""",
        """\
return objects.Migration.get_by_id(context=context.elevated(),
                                   migration_id=host)
""",
        id="keyword to be elevated",
    ),
    pytest.param(
        """\
return self.conductor_api.instance_type_get(context, instance_type_id=host)
""",
        """\
return objects.Flavor.get_by_id(context, id=host)
""",
        id="keyword of another name",
    ),
    pytest.param(
        """\
return self.conductor_api.instance_type_get(instance_type_id=host,  # which
                                            context=context)
""",
        """\
return objects.Flavor.get_by_id(id=host,  # which
                                context=context)
""",
        id="keyword of another name first",
    ),
    pytest.param(
        """\
return self.conductor_api.instance_type_get(context, values['instance_type_id'])
""",
        """\
return objects.Flavor.get_by_id(context, values['instance_type_id'])
""",
        id="by place, whatever the parameter is called",
    ),
    pytest.param(
        """\
return self.conductor_api.migration_get(self.ctx or context, host)
""",
        """\
return objects.Migration.get_by_id((self.ctx or context).elevated(),
                                   host)
""",
        id="expression to be elevated",
    ),
    pytest.param(
        """\
return self.conductor_api.\\
    service_get_by_args(context, host, 'b')
""",
        """\
return objects.Service.get_by_args(context, host, 'b')
""",
        id="continued by a backslash",
    ),
    pytest.param(
        """\
return (self.conductor_api
        .service_get_all(context))
""",
        """\
return (objects.ServiceList.get_all(context))
""",
        id="continued by parentheses",
    ),
    pytest.param(
        """\
return self.conductor_api.service_get_by_args(context,  # who
    host, 'b')
""",
        """\
return objects.Service.get_by_args(context,  # who
    host, 'b')
""",
        id="comment among the arguments",
    ),
    pytest.param(
        """\
if self.conductor_api.service_get_all(context): x = 1; print x
""",
        """\
if objects.ServiceList.get_all(context): x = 1; print x
""",
        id="semicolon, condition",
    ),
    pytest.param(
        """\
return lambda: len(self.conductor_api.service_get_all(context))
""",
        """\
return lambda: len(objects.ServiceList.get_all(context))
""",
        id="lambda",
    ),
    pytest.param(
        """\
def f(x=self.conductor_api.service_get_all(context)):
    return x
return f
""",
        """\
def f(x=objects.ServiceList.get_all(context)):
    return x
return f
""",
        id="default of a function",
    ),
    pytest.param(
        """\
capi = self.conductor_api
return capi.service_get_all(context)
""",
        """\
return objects.ServiceList.get_all(context)
""",
        id="alias",
    ),
    pytest.param(
        """\
a = b = self.conductor_api
c = b
return c.service_get_all(context)
""",
        """\
a = b = self.conductor_api
return objects.ServiceList.get_all(context)
""",
        id="alias of the alias",
    ),
    pytest.param(
        """\
get = self.conductor_api.service_get_by_args
return get(context, host, 'b')['id']
""",
        """\
return objects.Service.get_by_args(context, host, 'b').id
""",
        id="method under another name",
    ),
    pytest.param(
        """\
return conductor.API().service_get_all(context)
""",
        """\
return objects.ServiceList.get_all(context)
""",
        id="made in place",
    ),
    pytest.param(
        """\
from nova.conductor import api as conductor_api
return conductor_api.API().service_get_all(context)
""",
        """\
return objects.ServiceList.get_all(context)
""",
        id="made locally",
    ),
    pytest.param(
        """\
from nova import objects
return self.conductor_api.service_get_all(context)
""",
        """\
from nova import objects
return objects.ServiceList.get_all(context)
""",
        id="import is there already",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
return self.conductor_api.service_get_by_args(context, host, 'b', 3)
""",
        None,
        "call.arguments",
        id="too many arguments",
    ),
    pytest.param(
        """\
return self.conductor_api.service_get_by_args(context, host)
""",
        None,
        "call.arguments",
        id="too few arguments",
    ),
    pytest.param(
        """\
return self.conductor_api.service_get_by_args(context, *values)
""",
        None,
        "call.arguments",
        id="* arguments",
    ),
    pytest.param(
        """\
return self.conductor_api.service_get_by_args(context, host, **values)
""",
        None,
        "call.arguments",
        id="** arguments",
    ),
    pytest.param(
        """\
return self.conductor_api.service_get_by_args(context, host, 'b', use_slave=True)
""",
        None,
        "call.arguments",
        id="keyword that the conductor does not know",
    ),
    pytest.param(
        """\
return self.conductor_api.service_get_by_args(context, host, 'b', **values)
""",
        None,
        "call.arguments",
        id="** arguments beside all that there are",
    ),
    pytest.param(
        """\
return self.conductor_api.instance_type_get(context, id=host)
""",
        None,
        "call.arguments",
        id="keyword of the class method's",
    ),
    pytest.param(
        """\
return self.conductor_api.service_get_by_host_and_topic(context, host, 'x')
""",
        None,
        "call.result-shape",
        id="other shape",
    ),
    pytest.param(
        """\
return self.conductor_api.instance_get_by_uuid(context, host)
""",
        None,
        "call.result-shape",
        id="joined rows",
    ),
    pytest.param(
        """\
return map(self.conductor_api.service_get_all, values)
""",
        None,
        "call.bound-method",
        id="handed on",
    ),
    pytest.param(
        """\
self.get = self.conductor_api.service_get_all
""",
        None,
        "call.bound-method",
        id="kept",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
from nova import db
return db.service_get_all(context)
""",
        None,
        id="of the database",
    ),
    pytest.param(
        """\
return self.host_api.service_get_all(context), self.db.service_get_all(context)
""",
        None,
        id="of another API",
    ),
    pytest.param(
        """\
return self.cells_rpcapi.service_get_by_compute_host(context, host)
""",
        None,
        id="of cells",
    ),
    pytest.param(
        """\
conductor = values
return conductor.service_get_all(context)
""",
        None,
        id="module's name is shadowed",
    ),
    pytest.param(
        """\
def inner(conductor):
    return conductor.service_get_all(context)
return inner
""",
        None,
        id="module's name is a parameter",
    ),
    pytest.param(
        """\
return self.conductor_api.get_ec2_ids(context, host)
""",
        None,
        id="not the conductor's rows",
    ),
    pytest.param(
        """\
return 'self.conductor_api.service_get_all(context)'
""",
        None,
        id="only text",
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
