# SPDX-License-Identifier: Apache-2.0
"""Comparisons of a compute node with a row some of whose fields are unset."""

import pathlib
import textwrap

import pytest
from unit_test_sources import NODES_WITHOUT_GETTER, Beside, reader
from unit_test_tables import check_listed, check_not_known, check_rewritten

RULE = "compare_unsent_fields"

PATH = "nova/tests/objects/test_compute_node.py"

MODELS = """\
class ComputeNode(object):
    id = Column(Integer)
    vcpus = Column(Integer)


class ComputeNodeStat(object):
    compute_node = relationship("ComputeNode", backref="stats")
"""

#: The node copies its columns one by one.
NODES = NODES_WITHOUT_GETTER.replace(
    "\n\nclass ComputeNodeList(",
    """\
    @staticmethod
    def _from_db_object(context, compute, db_compute):
        for key in compute.fields:
            compute[key] = db_compute[key]
        return compute


class ComputeNodeList(""",
)

#: The stats are rows of their own table, and the code fills them.
CODE: Beside = {
    **reader("""\
def create(self, context, values):
    values['stats'] = {}
    return self.conductor_api.compute_node_create(context, values)
"""),
    "nova/db/sqlalchemy/models.py": MODELS,
    "nova/objects/compute_node.py": NODES,
}

HEAD = """\
from nova.objects import compute_node
from nova.objects import service as service_obj
from nova.tests.objects import test_compute_node
from nova.tests.objects import test_objects

OPTIONAL = ['metrics']

fake_service = {'id': 1}
fake_compute_node = {
    'id': 123,
    'created_at': None,
    'updated_at': None,
    'deleted_at': None,
    'deleted': 0,
}


class TestComputeNodeObject(test_objects._LocalTest):
"""


def in_case(lines: str) -> str:
    """A module in which `lines` are those of a test that has a compute node."""
    made = "compute = compute_node.ComputeNode.get_by_id(self.context, 123)\n"
    return HEAD + "    def test_get(self):\n" + textwrap.indent(made + lines, " " * 8)


REWRITTEN = [
    pytest.param(
        """\
# as it was read
self.compare_obj(compute, fake_compute_node)  # without stats
self.compare_obj(compute, (test_compute_node.fake_compute_node))
""",
        """\
# as it was read
self.compare_obj(compute, fake_compute_node,
                 allow_missing=['stats'])  # without stats
self.compare_obj(compute, (test_compute_node.fake_compute_node),
                 allow_missing=['stats'])
""",
        id="comments, fixture of another module, parentheses",
    ),
    pytest.param(
        """\
self.compare_obj(compute,
                 # the row
                 fake_compute_node,
                 allow_missing=OPTIONAL)
test_objects.compare_obj(compute, fake_compute_node, allow_missing=['vcpus'])
""",
        """\
self.compare_obj(compute,
                 # the row
                 fake_compute_node,
                 allow_missing=OPTIONAL + ['stats'])
test_objects.compare_obj(compute, fake_compute_node,
                         allow_missing=['vcpus', 'stats'])
""",
        id="more that may be missing",
    ),
    pytest.param(
        """\
if compute: self.compare_obj(compute, fake_compute_node)
a = 1; self.compare_obj(compute, fake_compute_node); b = a
for one in (a, b):
    (self.compare_obj(one, fake_compute_node))
""",
        """\
if compute: self.compare_obj(compute, fake_compute_node,
                             allow_missing=['stats'])
a = 1; self.compare_obj(compute, fake_compute_node,
                        allow_missing=['stats']); b = a
for one in (a, b):
    (self.compare_obj(one, fake_compute_node, allow_missing=['stats']))
""",
        id="on one line with others",
    ),
    pytest.param(
        """\
def compared(nodes):
    self.compare_obj(nodes[0], fake_compute_node)

class Inner(object):
    def compared(self, test):
        test.compare_obj(compute, fake_compute_node)
""",
        """\
def compared(nodes):
    self.compare_obj(nodes[0], fake_compute_node,
                     allow_missing=['stats'])

class Inner(object):
    def compared(self, test):
        test.compare_obj(compute, fake_compute_node,
                         allow_missing=['stats'])
""",
        id="nested functions and classes",
    ),
    pytest.param(
        """\
self.compare_obj(nodes[-1], fake_compute_node)
self.compare_obj(a_node[-1], fake_compute_node)
""",
        """\
self.compare_obj(nodes[-1], fake_compute_node, allow_missing=['stats'])
self.compare_obj(a_node[-1], fake_compute_node,
                 allow_missing=['stats'])
""",
        id="79 columns and beyond",
    ),
    pytest.param(
        """\
self.compare_obj(compute, fake_compute_node, allow_missing=self.a or [])
""",
        """\
self.compare_obj(compute, fake_compute_node,
                 allow_missing=(self.a or []) + ['stats'])
""",
        id="one list or another",
    ),
    pytest.param(
        """\
self.compare_obj(compute, fake_compute_node, allow_missing=('vcpus',))
""",
        """\
self.compare_obj(compute, fake_compute_node,
                 allow_missing=('vcpus', 'stats'))
""",
        id="tuple",
    ),
    pytest.param(
        """\
self.compare_obj(compute, fake_compute_node, subs={'id': 'key'})
""",
        """\
self.compare_obj(compute, fake_compute_node, subs={'id': 'key'},
                 allow_missing=['stats'])
""",
        id="other keywords",
    ),
    pytest.param(
        """\
test_objects.compare_obj(self, compute, fake_compute_node)
""",
        """\
test_objects.compare_obj(self, compute, fake_compute_node,
                         allow_missing=['stats'])
""",
        id="function that is given the test",
    ),
    pytest.param(
        """\
self.compare_obj(compute, fake_compute_node, allow_missing=[  # so far
    'vcpus'])
""",
        """\
self.compare_obj(compute, fake_compute_node, allow_missing=[  # so far
    'vcpus',
    'stats'])
""",
        id="comment in what may be missing",
    ),
    pytest.param(
        """\
check = lambda: self.compare_obj(compute, fake_compute_node)
""",
        """\
check = lambda: self.compare_obj(compute, fake_compute_node,
                                 allow_missing=['stats'])
""",
        id="lambda",
    ),
    pytest.param(
        """\
self.assertIsNone(self.compare_obj(compute, fake_compute_node))
return self.compare_obj(compute, fake_compute_node)
""",
        """\
self.assertIsNone(self.compare_obj(compute, fake_compute_node,
                                   allow_missing=['stats']))
return self.compare_obj(compute, fake_compute_node,
                        allow_missing=['stats'])
""",
        id="within another statement",
    ),
    pytest.param(
        """\
[self.compare_obj(one, fake_compute_node) for one in (compute, compute)]
""",
        """\
[self.compare_obj(one, fake_compute_node, allow_missing=['stats'])
 for one in (compute, compute)]
""",
        id="comprehension",
    ),
    pytest.param(
        """\
def compared(node):
    for key in node.fields:
        if key in ('vcpus',) and not node.obj_attr_is_set(key):
            continue
        self.assertEqual(node[key], fake_compute_node[key])
for key in compute.fields:
    self.assertEqual(compute[key], fake_compute_node[key])
""",
        """\
def compared(node):
    for key in node.fields:
        if key in ('stats',) and not node.obj_attr_is_set(key):
            continue
        if key in ('vcpus',) and not node.obj_attr_is_set(key):
            continue
        self.assertEqual(node[key], fake_compute_node[key])
for key in compute.fields:
    if key in ('stats',) and not compute.obj_attr_is_set(key):
        continue
    self.assertEqual(compute[key], fake_compute_node[key])
""",
        id="loops",
    ),
]

#: Comparisons of which it is not known what they take, and loops that compare no row.
LISTED = [
    pytest.param(
        """\
class Other(object):
    def compare_obj(self, one, other):
        return one['id'] == other['id']

Other().compare_obj(compute, fake_compute_node)
""",
        id="object of another class",
    ),
    pytest.param(
        """\
class Other(object):
    def compare_obj(self, one, other):
        return one['id'] == other['id']

    def compare(self):
        return self.compare_obj(compute, fake_compute_node)
""",
        id="another class's own comparison",
    ),
    pytest.param(
        """\
other = Other()
other.compare_obj(compute, fake_compute_node)
""",
        id="name for another object",
    ),
    pytest.param(
        """\
for key in compute.fields:
    self.assertIn(key, OPTIONAL)
""",
        id="loop that compares no row",
    ),
    pytest.param(
        """\
for key in compute.fields: self.assertEqual(compute[key], fake_compute_node[key])
""",
        id="loop on one line",
    ),
    pytest.param(
        """\
for one in (compute, compute):
    for key in one.fields:
        self.assertEqual(one[key], fake_compute_node[key])
""",
        id="loop over the fields of something else",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
self.compare_obj(compute.service, fake_service)
self.compare_obj(compute, dict(fake_compute_node, vcpus=2))
self.compare_obj(compute, self.fake_compute_node())
""",
        id="other rows",
    ),
    pytest.param(
        """\
self.compare_object(compute, fake_compute_node)
self.assertEqual(compute.id, fake_compute_node['id'])
compare_obj = self.compare_obj
""",
        id="no comparison",
    ),
    pytest.param(
        """\
self.compare_obj(compute, fake_compute_node, allow_missing=['stats'])
""",
        id="comparison that says so",
    ),
    pytest.param(
        """\
self.compare_obj(compute, fake_compute_node, allow_missing=('stats',))
""",
        id="tuple that says so",
    ),
    pytest.param(
        """\
self.compare_obj(compute, fake_compute_node,
                 allow_missing=OPTIONAL + ['stats'])
""",
        id="sum that says so",
    ),
    pytest.param(
        """\
options = {'allow_missing': ['stats']}
self.compare_obj(compute, fake_compute_node, **options)
""",
        id="keywords that say so",
    ),
    pytest.param(
        """\
self.compare_obj(compute, fake_compute_node, {'id': 'key'}, ['stats'])
""",
        id="fields that may be missing by place",
    ),
    pytest.param(
        """\
def compare_obj(one, other):
    self.assertEqual(one.id, other['id'])
compare_obj(compute, fake_compute_node)
""",
        id="function of the test's own",
    ),
    pytest.param(
        """\
self.compare_obj(1, 2, compute, fake_compute_node)
""",
        id="more than a test, an object and a row",
    ),
    pytest.param(
        """\
self.compare_obj(fake_compute_node, compute)
self.compare_obj(fake_compute_node)
""",
        id="row in the place of the object",
    ),
    pytest.param(
        """\
self.compare_obj(compute, fake_compute_node_with_stats)
self.compare_obj(compute, test_compute_node.fake_compute_nodes)
""",
        id="fixtures of other names",
    ),
    pytest.param(
        """\
self.compare_obj(compute, fake_compute_node['service'])
self.compare_obj(compute, [fake_compute_node][0])
""",
        id="part of the row",
    ),
    pytest.param(
        """\
self.compare_obj.compare(compute, fake_compute_node)
self.compare_obj()(compute, fake_compute_node)
""",
        id="method of the comparison",
    ),
    pytest.param(
        """\
for key in fake_compute_node:
    self.assertEqual(fake_compute_node[key], compute[key])
""",
        id="loop over the row",
    ),
    pytest.param(
        """\
for key in compute_node.ComputeNode.fields:
    self.assertIn(key, compute)
""",
        id="loop over the fields of the class",
    ),
    pytest.param(
        """\
service = service_obj.Service()
for key in service.fields:
    self.assertEqual(service[key], fake_service[key])
""",
        id="loop over the fields of another object",
    ),
    pytest.param(
        """\
for key in compute.fields:
    if key in ('stats',) and not compute.obj_attr_is_set(key):
        continue
    self.assertEqual(compute[key], fake_compute_node[key])
for key in compute.fields:
    if compute.obj_attr_is_set(key):
        self.assertEqual(compute[key], fake_compute_node[key])
""",
        id="loops that pass by unset fields",
    ),
    pytest.param(
        """\
self.names = [key for key in compute.fields]
""",
        id="comprehension over fields",
    ),
    pytest.param(
        """\
# self.compare_obj(compute, fake_compute_node)
self.text = '''
for key in compute.fields:
    self.compare_obj(compute, fake_compute_node)
'''
""",
        id="comment and text",
    ),
]

#: Trees in which the rule has nothing to do.
OTHER_TREES = [
    pytest.param({**CODE, "nova/db/sqlalchemy/models.py": "\n"}, id="stats that are no rows"),
    pytest.param({**CODE, **reader()}, id="code that fills no stats"),
    pytest.param(
        {
            **CODE,
            **reader("""\
def create(self, context, values):
    values['vcpus'] = {}
    return self.conductor_api.compute_node_create(context, values)
"""),
        },
        id="code that fills another column",
    ),
    pytest.param(
        {**CODE, "nova/db/sqlalchemy/models.py": MODELS.replace('"ComputeNode", ', '"Service", ')},
        id="stats of another table",
    ),
    pytest.param(
        {**CODE, "nova/db/sqlalchemy/models.py": MODELS.replace('="stats"', '="numbers"')},
        id="rows of another name",
    ),
    pytest.param(
        {
            **CODE,
            "nova/objects/compute_node.py": NODES.replace(
                "        'vcpus'",
                "        'stats': fields.DictOfNullableStringsField(),\n        'vcpus'",
            ),
        },
        id="field that is there",
    ),
    pytest.param({**CODE, "nova/objects/": None}, id="no objects of its own"),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_case(before), in_case(after), CODE, PATH)


@pytest.mark.parametrize("before", LISTED)
def test_left_to_a_person(before: str, tmp_path: pathlib.Path):
    check_listed(tmp_path, RULE, in_case(before), None, "needs-person", CODE, PATH)


def test_stats_that_are_a_column_and_rows(tmp_path: pathlib.Path):
    models = MODELS.replace("vcpus =", "stats = Column(Text)\n    vcpus =")
    code = {**CODE, "nova/db/sqlalchemy/models.py": models}
    before, after = map(in_case, REWRITTEN[3].values)
    check_rewritten(tmp_path, RULE, before, after, code, PATH)


def test_line_endings_are_kept(tmp_path: pathlib.Path):
    before, after = (in_case(text).replace("\n", "\r\n") for text in REWRITTEN[0].values)
    check_rewritten(tmp_path, RULE, before, after, CODE, PATH)


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_nothing_for_the_rule(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_case(before), None, CODE, PATH)


@pytest.mark.parametrize("beside", OTHER_TREES)
def test_nothing_for_the_rule_in_other_trees(beside: Beside, tmp_path: pathlib.Path):
    before = in_case(REWRITTEN[0].values[0])
    check_not_known(tmp_path, RULE, before, None, beside, PATH)
