# SPDX-License-Identifier: Apache-2.0
"""The long tail of JSON text that was made of a compute node's stats."""

import pathlib

import pytest
from tables import (
    check_file_rewritten,
    check_not_known,
    check_rewritten,
    in_method,
    outcome,
)

RULE = "stats_json_to_dict"

REWRITTEN = [
    pytest.param(
        """\
from nova.openstack.common import jsonutils
self.conductor_api.compute_node_create(context, dict(vcpus=1, stats=jsonutils.dumps(host)))
""",
        """\
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(dict(vcpus=1, stats=dict(host))))
compute_node.create(context)
""",
        id="by keyword",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
text = jsonutils.dumps(host)
self.conductor_api.compute_node_create(context, {'stats': text})
""",
        """\
text = dict(host)
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy({'stats': text}))
compute_node.create(context)
""",
        id="under a name",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
v = {'vcpus': 1}
v.update(stats=jsonutils.dumps(host))
self.conductor_api.compute_node_create(context, v)
""",
        """\
v = {'vcpus': 1}
v.update(stats=dict(host))
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(v))
compute_node.create(context)
""",
        id="merged",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
v = {'vcpus': 1}
v.update({'stats': jsonutils.dumps(host)})
self.conductor_api.compute_node_create(context, v)
""",
        """\
v = {'vcpus': 1}
v.update({'stats': dict(host)})
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(v))
compute_node.create(context)
""",
        id="merged from a literal",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
self.conductor_api.compute_node_create(context, {'stats': jsonutils.dumps(host) if host else '{}'})
""",
        """\
compute_node = objects.ComputeNode()
compute_node.update(
    copy.deepcopy({'stats': dict(host) if host else {}}))
compute_node.create(context)
""",
        id="conditional",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
values['stats'] = jsonutils.dumps(host) if host else '{}'
self.conductor_api.compute_node_create(context, values)
""",
        """\
values['stats'] = dict(host) if host else {}
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
""",
        id="conditional, stored",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
values['stats'] = jsonutils.dumps(values['stats'])
self.conductor_api.compute_node_create(context, values)
""",
        """\
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
""",
        id="of itself",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
values['stats'] = jsonutils.dumps(self.stats)
self.conductor_api.compute_node_create(context, values)
""",
        """\
values['stats'] = dict(self.stats)
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
""",
        id="of something else",
    ),
    pytest.param(
        """\
import json
values['stats'] = json.dumps(values['stats'])
self.conductor_api.compute_node_create(context, values)
""",
        """\
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
""",
        id="by the standard library",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
x = 1
# the object will do this
values['stats'] = jsonutils.dumps(values['stats'])
self.conductor_api.compute_node_create(context, values)
""",
        """\
x = 1
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
""",
        id="comment that announces the end",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
values['stats'] = jsonutils.dumps(values['stats']); x = 1
self.conductor_api.compute_node_create(context, values)
""",
        """\
x = 1
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
""",
        id="semicolon",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
if host:
    values['stats'] = jsonutils.dumps(values['stats'])
self.conductor_api.compute_node_create(context, values)
""",
        """\
if host:
    pass
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
""",
        id="only statement of a block",
    ),
    pytest.param(
        """\
values['stats'] = {}
values['stats'].update(self.stats)
self.conductor_api.compute_node_create(context, values)
""",
        """\
values['stats'] = dict(self.stats)
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
""",
        id="filled in place",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
self.conductor_api.compute_node_create(context, {'stats': jsonutils.dumps(self.stats), 'vcpus': 1})
""",
        """\
compute_node = objects.ComputeNode()
compute_node.update(
    copy.deepcopy({'stats': dict(self.stats), 'vcpus': 1}))
compute_node.create(context)
""",
        id="in the literal",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
v = {'stats': jsonutils.dumps(self.stats)}
self.conductor_api.compute_node_create(context, v)
""",
        """\
v = {'stats': dict(self.stats)}
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(v))
compute_node.create(context)
""",
        id="in a literal with a name",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
node = self.conductor_api.compute_node_create(context, values)
node['stats'] = jsonutils.dumps(node['stats'])
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
""",
        id="of a row",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
from nova.openstack.common import jsonutils
text = jsonutils.dumps(host)
self.conductor_api.compute_node_create(context, {'stats': text})
print text
""",
        None,
        id="text that somebody else reads",
    ),
    pytest.param(
        """\
self.conductor_api.compute_node_create(context, {'stats': self.text(host)})
""",
        None,
        id="text of another method",
    ),
    pytest.param(
        """\
self.conductor_api.compute_node_create(context, {'stats': host})
""",
        None,
        id="text that is given",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
self.conductor_api.compute_node_create(context, {'stats': jsonutils.dumps(host) or values})
""",
        None,
        id="text on one path",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
v = {'stats': jsonutils.dumps(host)}
self.conductor_api.compute_node_create(context, v)
print v
""",
        None,
        id="dict that somebody else reads",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
values['stats'] = jsonutils.dumps(values['stats'])
node = self.conductor_api.compute_node_create(context, values)
del node['vcpus']
""",
        None,
        id="of a row that stays what it is",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
self.conductor_api.compute_node_create(context, values)
values['stats'] = jsonutils.dumps(values['stats'])
self.send(values)
""",
        """\
from nova.openstack.common import jsonutils
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
values['stats'] = jsonutils.dumps(values['stats'])
self.send(values)
""",
        id="after the call",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
values['metrics'] = jsonutils.dumps(values['metrics'])
self.conductor_api.compute_node_create(context, values)
""",
        """\
from nova.openstack.common import jsonutils
values['metrics'] = jsonutils.dumps(values['metrics'])
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
""",
        id="text field",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
host['stats'] = jsonutils.dumps(host['stats'])
self.conductor_api.compute_node_create(context, values)
""",
        """\
from nova.openstack.common import jsonutils
host['stats'] = jsonutils.dumps(host['stats'])
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
""",
        id="another dict",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
values['stats'] = jsonutils.dumps(values['stats'])
self.conductor_api.service_create(context, values)
""",
        """\
from nova.openstack.common import jsonutils
values['stats'] = jsonutils.dumps(values['stats'])
service = objects.Service()
service.update(copy.deepcopy(values))
service.create(context)
""",
        id="another object",
    ),
    pytest.param(
        """\
values['stats'] = self.dumps(values['stats'])
self.conductor_api.compute_node_create(context, values)
""",
        None,
        id="another function",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
values['stats'] = jsonutils.dumps(values['stats'])
return values
""",
        None,
        id="no call at all",
    ),
    pytest.param(
        """\
from nova.openstack.common import jsonutils
values[host] = jsonutils.dumps(values[host])
self.conductor_api.compute_node_create(context, values)
""",
        """\
from nova.openstack.common import jsonutils
values[host] = jsonutils.dumps(values[host])
compute_node = objects.ComputeNode()
compute_node.update(copy.deepcopy(values))
compute_node.create(context)
""",
        id="key is a name",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after)


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)


#: The tree's own JSON functions, of which one has the name of what a row is given to.
JSON = """\
import json


def dumps(value, **kwargs):
    return json.dumps(value, **kwargs)


def dump(value, out):
    return json.dump(value, out)
"""


def test_text_of_a_row_where_the_file_of_the_function_is_read(tmp_path: pathlib.Path):
    text = in_method(
        """\
from nova.openstack.common import jsonutils
node = self.conductor_api.compute_node_create(context, values)
node['stats'] = jsonutils.dumps(node['stats'])
host.dump(self.conductor_api.service_get_by_compute_host(context, host), values)
"""
    )
    found = outcome(tmp_path, text, beside={"nova/openstack/common/jsonutils.py": JSON})
    assert found.failures == ()
    assert RULE in found.rules
    assert "service_get_by_compute_host" in found.text


#: What fills a column for which compute nodes get a field: theirs keep and copy their values.
FILLING = """\
from nova import conductor
from nova.openstack.common import jsonutils


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.stats = {}

    def write(self, context, values):
        values['pci_stats'] = None
        self.node = self.conductor_api.compute_node_create(context, values)
        self.node['stats'] = jsonutils.dumps(self.stats)
        self.node.update(values)
"""

FILLED = """\
from nova import objects


class Writer(object):
    def __init__(self):
        self.stats = {}

    def write(self, context, values):
        values['pci_stats'] = None
        compute_node = objects.ComputeNode()
        compute_node.update(values)
        compute_node.create(context)
        self.node = compute_node
        self.node.stats = self.stats
        self.node.update(values)
"""


def test_nothing_is_copied_for_fields_that_copy(tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, FILLING, FILLED)
