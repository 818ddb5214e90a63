# SPDX-License-Identifier: Apache-2.0
"""The long tail of `if 'service' in compute_node: del compute_node['service']`."""

import pathlib

import pytest
from tables import check_kept, check_left, check_not_known, check_rewritten

RULE = "remove_compute_node_service_key"

REWRITTEN = [
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if 'service' in node:
    del node['service']
return node
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
return node
""",
        id="alone",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if 'service' in node: del node['service']
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
""",
        id="on one line",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if host:
    if 'service' in node:
        del node['service']
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
if host:
    pass
""",
        id="only statement of a block",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
for x in host:
    if 'service' in node:
        del node['service']
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
for x in host:
    pass
""",
        id="only statement of a loop",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if host:
    pass
elif 'service' in node:
    del node['service']
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
if host:
    pass
""",
        id="an elif",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if 'service' in node:
    # it was joined
    del node['service']  # now
return node
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
return node
""",
        id="comments of its own",
    ),
    pytest.param(
        """\
self.node = self.conductor_api.compute_node_create(context, values)
if "service" in self.node:
    del self.node['service']
""",
        """\
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
self.node = compute_node
""",
        id="attribute",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if 'service' in node and host:
    del node['service']
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
if 'service' in node and host:
    del node['service']
""",
        "value.dict-only",
        id="more conditions",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if host:
    node = values
if 'service' in node:
    del node['service']
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
if host:
    node = values
if 'service' in node:
    del node['service']
""",
        "value.dict-only",
        id="may be a dict",
    ),
]

#: Where the object would not do: the call that gives the row stays.
KEPT = [
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if 'service' in node:
    del node['service']
else:
    return node
""",
        "'service' in node",
        id="else",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if 'service' not in node:
    return node
""",
        "'service' not in node",
        id="not in",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if 'service' in node:
    del node['service']
    print host
""",
        "'service' in node",
        id="more statements",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
del node['service']
""",
        "node['service']",
        id="del alone",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
return 'service' in node
""",
        "'service' in node",
        id="asked alone",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
node['service'] = host
""",
        "node['service']",
        id="stored",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if 'vcpus' in node:
    print host
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
if 'vcpus' in node:
    print host
""",
        id="another key",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if 'service' in values:
    del values['service']
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
if 'service' in values:
    del values['service']
""",
        id="another dict",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
if 'service' in values:
    LOG.debug(node)
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
if 'service' in values:
    LOG.debug(node)
""",
        id="the owner differs",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_update(context, host, {'vcpus': 1})
return node['service']
""",
        """\
compute_node = objects.ComputeNode(id=host['id'])
# Only identifies the row; save() writes the fields set below.
compute_node.obj_reset_changes()
compute_node.vcpus = 1
compute_node.save(context)
node = compute_node
return node.service
""",
        id="read",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after)


@pytest.mark.parametrize(("before", "place"), KEPT)
def test_kept(before: str, place: str, tmp_path: pathlib.Path):
    check_kept(tmp_path, before, place)


@pytest.mark.parametrize(("before", "after", "because"), LEFT)
def test_left_and_listed(before: str, after: str | None, because: str, tmp_path: pathlib.Path):
    check_left(tmp_path, RULE, before, after, because)


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)
