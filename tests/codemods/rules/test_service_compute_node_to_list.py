# SPDX-License-Identifier: Apache-2.0
"""The long tail of `nodes = service['compute_node']`."""

import pathlib

import pytest
import small_tree
from sources import OLDER, changed, crlf
from tables import (
    PATH,
    SERVICE,
    SERVICE_AFTER,
    assert_same_text,
    check_file_rewritten,
    check_left,
    check_not_known,
    check_rewritten,
    in_method,
    method_outcome,
    of_method,
    outcome,
    wrong_today,
)

from codemods.model import Item

RULE = "service_compute_node_to_list"

READ = """\
try:
    nodes = objects.ComputeNodeList.get_by_service(context, service)
except exception.ServiceNotFound:
    # the service was deleted after it was read
    nodes = []
"""

RETURNED = """\
try:
    return objects.ComputeNodeList.get_by_service(context, service)
except exception.ServiceNotFound:
    # the service was deleted after it was read
    return []
"""

#: What follows on the line that gets the row of the service.
REWRITTEN = [
    pytest.param(
        """\
nodes = service['compute_node']
return [node['id'] for node in nodes]
""",
        f"{READ}return [node.id for node in nodes]\n",
        id="a variable",
    ),
    pytest.param("return service['compute_node']\n", RETURNED, id="returned"),
    pytest.param(
        """\
nodes = service.get('compute_node', [])
return nodes
""",
        f"{READ}return nodes\n",
        id="by get()",
    ),
    pytest.param(
        """\
nodes = (service[u'compute_node'])
return nodes
""",
        f"{READ}return nodes\n",
        id="parenthesised, unicode key",
    ),
    pytest.param("return (service['compute_node'])\n", RETURNED, id="returned in parentheses"),
    pytest.param(
        """\
# what it has
nodes = service[  # all of them
    'compute_node']
return nodes
""",
        f"# what it has\n# all of them\n{READ}return nodes\n",
        id="comments above and inside",
    ),
    pytest.param(
        "return service['compute_node']  # all of them\n",
        f"# all of them\n{RETURNED}",
        id="comment behind",
    ),
    pytest.param(
        "first = 0; nodes = service['compute_node']; return nodes[first]\n",
        f"first = 0\n{READ}return nodes[first]\n",
        id="semicolons",
    ),
    pytest.param(
        """\
if host: return service['compute_node']
""",
        """\
if host:
    try:
        return objects.ComputeNodeList.get_by_service(context, service)
    except exception.ServiceNotFound:
        # the service was deleted after it was read
        return []
""",
        id="block on one line",
    ),
    pytest.param(
        """\
if host:
    nodes = service['compute_node']
else: nodes = []
return nodes
""",
        """\
if host:
    try:
        nodes = objects.ComputeNodeList.get_by_service(context,
                                                       service)
    except exception.ServiceNotFound:
        # the service was deleted after it was read
        nodes = []
else: nodes = []
return nodes
""",
        id="only statement of a block, 80 columns",
    ),
    pytest.param(
        """\
nodes_of_this_service_by_host = service['compute_node']
return nodes_of_this_service_by_host
""",
        """\
try:
    nodes_of_this_service_by_host = (
        objects.ComputeNodeList.get_by_service(context, service))
except exception.ServiceNotFound:
    # the service was deleted after it was read
    nodes_of_this_service_by_host = []
return nodes_of_this_service_by_host
""",
        id="a name too long for the call",
    ),
    pytest.param(
        """\
try:
    nodes = service['compute_node']
    print nodes[0]['id']
except IndexError, e:
    raise
""",
        """\
try:
    try:
        nodes = objects.ComputeNodeList.get_by_service(context,
                                                       service)
    except exception.ServiceNotFound:
        # the service was deleted after it was read
        nodes = []
    print nodes[0].id
except IndexError, e:
    raise
""",
        id="in try, Python 2 syntax around",
    ),
    pytest.param(
        """\
found = {}
for one in values:
    one = self.conductor_api.service_get_by_compute_host(context, one)
    nodes = one['compute_node']
    found[one['host']] = nodes
""",
        """\
found = {}
for one in values:
    one = objects.Service.get_by_compute_host(context, one)
    try:
        nodes = objects.ComputeNodeList.get_by_service(context, one)
    except exception.ServiceNotFound:
        # the service was deleted after it was read
        nodes = []
    found[one.host] = nodes
""",
        id="in a loop",
    ),
    pytest.param(
        """\
nodes = service['compute_node']
more = service['compute_node']
return nodes, more
""",
        f"{READ}{READ.replace('nodes =', 'more =')}return nodes, more\n",
        id="twice",
    ),
    pytest.param(
        "return service['compute_node'][0]\n",
        "return objects.ComputeNodeList.get_by_service(context, service)[0]\n",
        id="the first one",
    ),
    pytest.param(
        """\
node = service['compute_node'][0]
return node['id'], service['compute_node'][-1:]
""",
        """\
node = objects.ComputeNodeList.get_by_service(context, service)[0]
return node.id, objects.ComputeNodeList.get_by_service(context,
                                                       service)[-1:]
""",
        id="the first one in a variable, and a slice",
    ),
    pytest.param(
        """\
for node in service['compute_node']:
    print node['id']
while service['compute_node']: break
""",
        """\
for node in objects.ComputeNodeList.get_by_service(context, service):
    print node.id
while objects.ComputeNodeList.get_by_service(context, service): break
""",
        id="in compound statements",
    ),
    pytest.param(
        """\
LOG.debug(service['compute_node'])
assert service['compute_node']
""",
        """\
LOG.debug(objects.ComputeNodeList.get_by_service(context, service))
assert objects.ComputeNodeList.get_by_service(context, service)
""",
        id="handed on",
    ),
    pytest.param(
        "return lambda: len(service['compute_node'])\n",
        """\
return lambda: len(
    objects.ComputeNodeList.get_by_service(context, service))
""",
        id="in a lambda",
    ),
    pytest.param(
        """\
self.nodes = service['compute_node']
""",
        """\
try:
    self.nodes = objects.ComputeNodeList.get_by_service(context,
                                                        service)
except exception.ServiceNotFound:
    # the service was deleted after it was read
    self.nodes = []
""",
        id="an attribute",
    ),
    pytest.param(
        """\
nodes = (service or None)['compute_node']
return nodes
""",
        """\
try:
    nodes = objects.ComputeNodeList.get_by_service(context,
                                                   service or None)
except exception.ServiceNotFound:
    # the service was deleted after it was read
    nodes = []
return nodes
""",
        id="of an expression in parentheses",
    ),
    pytest.param(
        """\
first = nodes = service['compute_node']
return first, nodes
""",
        """\
try:
    first = nodes = objects.ComputeNodeList.get_by_service(context,
                                                           service)
except exception.ServiceNotFound:
    # the service was deleted after it was read
    first = nodes = []
return first, nodes
""",
        id="two targets",
    ),
    pytest.param(
        """\
return (service['compute_node']
        [0])
""",
        """\
return (objects.ComputeNodeList.get_by_service(context, service)
        [0])
""",
        id="the first one, on two lines",
    ),
    pytest.param(
        """\
return service['compute_node'][  # the first
    0]
""",
        """\
# the first
return objects.ComputeNodeList.get_by_service(context, service)[0]
""",
        marks=wrong_today("the comment stands behind column 79"),
        id="the first one, with a comment",
    ),
    pytest.param(
        """\
LOG.debug(service[  # all of them
    'compute_node'])
""",
        """\
# all of them
LOG.debug(objects.ComputeNodeList.get_by_service(context, service))
""",
        id="handed on, with a comment",
    ),
]

UNREADABLE = "relation.unreadable"

#: Nothing is rewritten: the call that gives the row stays, and says what for.
KEPT = [
    pytest.param(
        """\
def inner():
    nodes = service['compute_node']
    return nodes
return inner
""",
        id="in a function without a context",
    ),
    pytest.param(
        """\
if host:
    service = values
nodes = service['compute_node']
return nodes
""",
        id="may be another row",
    ),
    pytest.param(
        "del service['compute_node']\n",
        id="deleted",
    ),
    pytest.param(
        "service['compute_node'] = []\n",
        id="assigned",
    ),
    pytest.param(
        "service['compute_node'] += [host]\n",
        id="changed in place",
    ),
]

#: What follows, before and after.
NOT_KNOWN = [
    pytest.param("return values['compute_node']\n", None, id="another row"),
    pytest.param("return values.get('compute_node')\n", None, id="another row, by get()"),
    pytest.param("return service['host']\n", "return service.host\n", id="another key"),
    pytest.param("return 'compute_node', service\n", None, id="only the name"),
    pytest.param(
        "# service['compute_node'] is read elsewhere\nreturn 0\n", None, id="in a comment"
    ),
    pytest.param(
        """\
def inner(service):
    return service['compute_node']
return inner
""",
        None,
        id="a parameter of that name",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, SERVICE + before, SERVICE_AFTER + after)


@pytest.mark.parametrize("name", ["ctxt", "ctx"])
def test_context_under_another_name(name: str, tmp_path: pathlib.Path):
    before = in_method(f"{SERVICE}return service['compute_node']\n").replace("context", name)
    after = in_method(SERVICE_AFTER + RETURNED).replace("context", name)
    found = outcome(tmp_path, before)
    assert found.failures == ()
    assert_same_text(of_method(found.text), of_method(after))


def test_without_a_context_the_row_stays(tmp_path: pathlib.Path):
    source = in_method(f"{SERVICE}return service['compute_node']\n")
    source = source.replace("compute_host(context", "compute_host(self.context()")
    found = outcome(tmp_path, source)
    assert_same_text(found.text, source)
    assert found.codes == {UNREADABLE}


def test_line_endings_stay(tmp_path: pathlib.Path):
    before = in_method(f"{SERVICE}return service['compute_node']\n")
    imports = "from nova import conductor\nfrom nova import exception\nfrom nova import objects\n"
    after = changed(in_method(SERVICE_AFTER + RETURNED), ("from nova import conductor\n", imports))
    check_file_rewritten(tmp_path, RULE, crlf(before), crlf(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "nodes = service['compute_node']\nreturn nodes\n",
            changed(
                f"{READ}return nodes\n",
                ("except ", "    nodes = obj_base.obj_to_primitive(nodes)\nexcept "),
            ),
            id="a variable",
        ),
        pytest.param(
            "return service['compute_node']\n",
            """\
try:
    return obj_base.obj_to_primitive(
        objects.ComputeNodeList.get_by_service(context, service))
except exception.ServiceNotFound:
    # the service was deleted after it was read
    return []
""",
            id="returned",
        ),
        pytest.param(
            "return service['compute_node'][0]\n",
            """\
return obj_base.obj_to_primitive(
    objects.ComputeNodeList.get_by_service(context, service))[0]
""",
            id="the first one",
        ),
        pytest.param(
            "for node in service['compute_node']:\n    print node['id']\n",
            """\
for node in obj_base.obj_to_primitive(
        objects.ComputeNodeList.get_by_service(context, service)):
    print node['id']
""",
            id="in a loop",
        ),
    ],
)
def test_nodes_are_dicts_until_their_own_patch(before: str, after: str, tmp_path: pathlib.Path):
    found = outcome(tmp_path, in_method(SERVICE + before))
    first = next(patch for patch in found.result.patches if patch.item is Item.SERVICE)
    text = next(change.after for change in first.changes if change.path == PATH)
    assert_same_text(of_method(text.decode()), SERVICE_AFTER + after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "nodes = service['compute_node']  # all of them\nreturn nodes\n",
            """\
# all of them
nodes = compute_node_obj.ComputeNodeList.get_by_service(context,
                                                        service)
return nodes
""",
            id="a variable",
        ),
        pytest.param(
            "return service['compute_node'][0]\n",
            """\
return compute_node_obj.ComputeNodeList.get_by_service(context,
                                                       service)[0]
""",
            id="the first one",
        ),
    ],
)
def test_getter_that_is_added_gives_no_nodes_itself(
    before: str, after: str, tmp_path: pathlib.Path
):
    lines, found = method_outcome(tmp_path, SERVICE + before, OLDER)
    got = "service = service_obj.Service.get_by_compute_host(context, host)\n"
    assert_same_text(lines, got + after)
    assert RULE in found.rules


@pytest.mark.parametrize("after", KEPT)
def test_row_stays_where_its_nodes_are_not_read_alone(after: str, tmp_path: pathlib.Path):
    getter = "conductor_getter_to_object_getter"
    check_left(tmp_path, getter, SERVICE + after, None, UNREADABLE)


def test_row_stays_where_the_tree_has_no_list(tmp_path: pathlib.Path):
    node = small_tree.COMPUTE_NODE.partition("\n\n\nclass ComputeNodeList")[0] + "\n"
    before = f"{SERVICE}return service['compute_node']\n"
    lines, found = method_outcome(tmp_path, before, {"nova/objects/compute_node.py": node})
    assert_same_text(lines, before)
    assert found.codes == {UNREADABLE}


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    rest = before if after is None else after
    check_not_known(tmp_path, RULE, SERVICE + before, SERVICE_AFTER + rest)


def test_left_and_listed_where_the_name_is_taken(tmp_path: pathlib.Path):
    lines = f"exception = host\n{SERVICE}nodes = service['compute_node']\nreturn nodes\n"
    check_left(tmp_path, RULE, lines, None, "import.name-taken")
