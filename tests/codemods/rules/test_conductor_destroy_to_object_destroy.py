# SPDX-License-Identifier: Apache-2.0
"""The long tail of the conductor's calls that destroy a row."""

import pathlib

import pytest
from tables import check_left, check_not_known, check_rewritten

RULE = "conductor_destroy_to_object_destroy"

REWRITTEN = [
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_destroy(context, service['id'])
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
objects.Service(id=service.id).destroy(context)
""",
        id="id of a row",
    ),
    pytest.param(
        """\
self.conductor_api.service_destroy(context, id=host)
""",
        """\
objects.Service(id=host).destroy(context)
""",
        id="keyword",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
self.conductor_api.compute_node_delete(context, node)
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.destroy(context)
""",
        id="an object",
    ),
    pytest.param(
        """\
self.conductor_api.compute_node_delete(context, values['node'])
""",
        """\
objects.ComputeNode(id=values['node']['id']).destroy(context)
""",
        id="of a container",
    ),
    pytest.param(
        """\
self.conductor_api.compute_node_delete(context, host or values)
""",
        """\
objects.ComputeNode(id=(host or values)['id']).destroy(context)
""",
        id="of an expression",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if host:
    node = values
self.conductor_api.compute_node_delete(context, node)
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
if host:
    node = values
objects.ComputeNode(id=node['id']).destroy(context)
""",
        id="may be a dict",
    ),
    pytest.param(
        """\
if host: self.conductor_api.service_destroy(context, host)
else: pass
""",
        """\
if host:
    objects.Service(id=host).destroy(context)
else: pass
""",
        id="if on one line",
    ),
    pytest.param(
        """\
for x in values: self.conductor_api.compute_node_delete(context, x)  # gone
""",
        """\
for x in values:
    # gone
    objects.ComputeNode(id=x['id']).destroy(context)
""",
        id="loop on one line, comment",
    ),
    pytest.param(
        """\
try:
    self.conductor_api.service_destroy(context, host)
except Exception, e:
    pass
""",
        """\
try:
    objects.Service(id=host).destroy(context)
except Exception, e:
    pass
""",
        id="in try",
    ),
    pytest.param(
        """\
x = 1; self.conductor_api.service_destroy(context, host); y = 2
""",
        """\
x = 1
objects.Service(id=host).destroy(context)
y = 2
""",
        id="semicolons",
    ),
    pytest.param(
        """\
self.conductor_api.service_destroy(context,
                                   host,  # it
                                   )
""",
        """\
# it
objects.Service(id=host).destroy(context)
""",
        id="trailing comma, comment",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
x = self.conductor_api.service_destroy(context, host)
""",
        None,
        "call.position",
        id="result is used",
    ),
    pytest.param(
        """\
return self.conductor_api.service_destroy(context, host)
""",
        None,
        "call.position",
        id="returned",
    ),
    pytest.param(
        """\
self.conductor_api.service_destroy(context, host) or values
""",
        None,
        "call.position",
        id="in an expression",
    ),
    pytest.param(
        """\
self.conductor_api.service_destroy(context, *values)
""",
        None,
        "call.arguments",
        id="* arguments",
    ),
    pytest.param(
        """\
self.conductor_api.service_destroy(context, host, 3)
""",
        None,
        "call.arguments",
        id="too many arguments",
    ),
    pytest.param(
        """\
self.conductor_api.compute_node_delete(context)
""",
        None,
        "call.arguments",
        id="missing argument",
    ),
    pytest.param(
        """\
self.conductor_api.instance_destroy(context, host)
""",
        None,
        "call.constraint",
        id="constraint",
    ),
    pytest.param(
        """\
self.conductor_api.instance_info_cache_delete(context, host)
""",
        None,
        "call.other-object",
        id="other object",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
from nova import db
db.service_destroy(context, host)
""",
        None,
        id="of the database",
    ),
    pytest.param(
        """\
map(self.conductor_api.service_destroy, values)
""",
        None,
        id="handed on",
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
