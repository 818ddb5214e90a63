"""Let a unit test compare a compute node with a row that was read without its stats.

Where the stats are rows of their own table they are not always read with the
node, and the field then stays unset: the comparison with such a row says so.
"""

import ast
from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule
from codemods.syntax.render import call_lines

MISSING = "allow_missing"


_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def create(self, context, values):
        values['stats'] = {}
        return self.conductor_api.compute_node_create(context, values)
"""

_MODELS = """\
class ComputeNode(object):
    id = Column(Integer)


class ComputeNodeStat(object):
    compute_node = relationship("ComputeNode", backref="stats")
"""

_COMPUTE_NODE = """\
from nova import db
from nova.objects import base
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.5'

    fields = {
        'id': fields.IntegerField(),
        }


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }

    @base.remotable_classmethod
    def get_all(cls, context):
        return base.obj_make_list(context, ComputeNodeList(), ComputeNode,
                                  db.compute_node_get_all(context))
"""

_BESIDE = (
    ("nova/compute/reader.py", _READER),
    ("nova/db/sqlalchemy/models.py", _MODELS),
    ("nova/objects/compute_node.py", _COMPUTE_NODE),
)

EXAMPLES = (
    Example(
        """\
from nova.objects import compute_node
from nova.tests.objects import test_objects

fake_compute_node = {
    'id': 123,
    'created_at': None,
    'updated_at': None,
    'deleted_at': None,
    'deleted': 0,
}


class TestComputeNodeObject(test_objects._LocalTest):
    def test_get_by_id(self):
        compute = compute_node.ComputeNode.get_by_id(self.context, 123)
        self.compare_obj(compute, fake_compute_node)
""",
        """\
from nova.objects import compute_node
from nova.tests.objects import test_objects

fake_compute_node = {
    'id': 123,
    'created_at': None,
    'updated_at': None,
    'deleted_at': None,
    'deleted': 0,
}


class TestComputeNodeObject(test_objects._LocalTest):
    def test_get_by_id(self):
        compute = compute_node.ComputeNode.get_by_id(self.context, 123)
        self.compare_obj(compute, fake_compute_node, allow_missing=['stats'])
""",
        path="nova/tests/objects/test_compute_node.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.objects import compute_node
from nova.tests.objects import test_objects

fake_compute_node = {
    'id': 123,
    'created_at': None,
    'updated_at': None,
    'deleted_at': None,
    'deleted': 0,
}
fake_service = {'id': 123}


class TestComputeNodeObject(test_objects._LocalTest):
    def test_service(self):
        compute = compute_node.ComputeNode.get_by_id(self.context, 123)
        self.compare_obj(compute.service, fake_service)
""",
        path="nova/tests/objects/test_compute_node.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every comparison with the fixture of a compute node."""
    if Item.OBJECT_FIELDS not in context.converted or not context.plan.stats_are_rows:
        return
    for node in context.calls():
        func = node.func
        if not isinstance(func, ast.Attribute) or func.attr != "compare_obj":
            continue
        words = {word.arg: word.value for word in node.keywords}
        if len(node.args) != 2 or set(words) - {MISSING} or not _is_fixture(node.args[1]):
            continue
        statement, indent = context.source.statement(node), context.source.indent(node)
        before = f"{context.text(words[MISSING])} + " if words else ""
        arguments = [*map(context.text, node.args), f"{MISSING}={before}['stats']"]
        lines = call_lines(f"{indent}{context.text(func)}", arguments, "", indent)
        evidence = (context.step(node, "the row has no stats"),)
        yield context.replace_statement(statement, lines, Item.OBJECT_FIELDS, evidence)


def _is_fixture(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name == "fake_compute_node"


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, tests=True)
