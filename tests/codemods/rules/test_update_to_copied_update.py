# SPDX-License-Identifier: Apache-2.0
"""The long tail of `compute_node.update(values)`."""

import pathlib

import pytest
from tables import check_not_known, check_rewritten

RULE = "update_to_copied_update"

REWRITTEN = [
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update(values)
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update(copy.deepcopy(values))
""",
        id="a name",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update(self.resources)
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update(copy.deepcopy(self.resources))
""",
        id="an attribute",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
(node).update((values))
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
(node).update((copy.deepcopy(values)))
""",
        id="parenthesised",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update(values,)
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update(copy.deepcopy(values),)
""",
        id="trailing comma",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update(self.make(host))
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update(copy.deepcopy(self.make(host)))
""",
        id="a call",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if host: node.update(values)
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
if host: node.update(copy.deepcopy(values))
""",
        id="only statement of a block",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
for service in services: service.update(values); print host
""",
        """\
services = objects.ServiceList.get_all(context)
for service in services: service.update(
    copy.deepcopy(values)); print host
""",
        id="in a loop, semicolon",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update({'stats': self.stats})
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update(copy.deepcopy({'stats': self.stats}))
""",
        id="literal with a dict that somebody has",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update({host: values})
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update(copy.deepcopy({host: values}))
""",
        id="literal with ** or a name for a key",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update(values or  # what is known
            host)
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update(copy.deepcopy(values or  # what is known
            host))
""",
        id="an operation on two lines, comment inside",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update({'vcpus': 1})
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update({'vcpus': 1})
""",
        id="literal of scalars",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update({'stats': {'a': 1}})
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update({'stats': {'a': 1}})
""",
        id="literal with a literal dict",
    ),
    pytest.param(
        """\
import copy
node = self.conductor_api.compute_node_create(context, values)
node.update(copy.deepcopy(values))
""",
        """\
import copy
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update(copy.deepcopy(values))
""",
        id="a copy already",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
values.update(host)
self.update(values)
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
values.update(host)
self.update(values)
""",
        id="another dict",
    ),
    pytest.param(
        """\
import hashlib
digest = hashlib.md5()
digest.update(host)
""",
        None,
        id="a hash",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update(values, vcpus=1)
""",
        None,
        id="keywords",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update(**values)
node.update(*[values])
""",
        None,
        id="** and *",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update([('stats', values)])
node.update((key, 1) for key in values)
""",
        None,
        id="pairs",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node.update({'vcpus': values, 'metrics': values})
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update({'vcpus': values, 'metrics': values})
""",
        id="other fields",
    ),
    pytest.param(
        """\
from copy import deepcopy
node = self.conductor_api.compute_node_create(context, values)
node.update(deepcopy(values))
""",
        """\
from copy import deepcopy
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update(deepcopy(values))
""",
        id="copy by another name",
    ),
    pytest.param(
        """\
import copy as copies
node = self.conductor_api.compute_node_create(context, values)
node.update(copies.deepcopy(values))
""",
        """\
import copy as copies
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update(copies.deepcopy(values))
""",
        id="module by another name",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node = values
node.update(values)
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node = values
node.update(values)
""",
        id="name bound to another dict",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
def inner(node):
    node.update(values)
inner({})
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
def inner(node):
    node.update(values)
inner({})
""",
        id="parameter of a function within",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
merge = lambda node: node.update(values)
merge({})
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
merge = lambda node: node.update(values)
merge({})
""",
        id="parameter of a lambda",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
class Inner(object):
    node = {}
    node.update(values)
return Inner
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
class Inner(object):
    node = {}
    node.update(values)
return Inner
""",
        id="name of a class",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
for node in values:
    node.update(values)
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
for node in values:
    node.update(values)
""",
        id="name of a loop",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_host_and_topic(context, host, host)
service.update(values)
""",
        None,
        id="row of a call that stays",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
merge = node.update
merge(values)
""",
        None,
        id="method that is not called",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
'''node.update(values)'''  # node.update(values)
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
'''node.update(values)'''  # node.update(values)
""",
        id="comment and text",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after)


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)
