# SPDX-License-Identifier: Apache-2.0
"""Let a unit test compare a compute node with a row if fields may be unset.

Fields outside the object's version are not sent with it, and stats that are rows of
their own table are not always read with the node. So such a field may be unset, and
the comparison with a row allows that; if it is set, it is compared. A test's own
loop over the fields skips such a field if it is unset.
"""

from collections.abc import Sequence
from typing import TypeVar

import libcst as cst
import libcst.matchers as m

from codemods.model import Item
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.file import File
from codemods.rewriting.literals import with_element
from codemods.rewriting.metadata import NodeComparisonProvider
from codemods.rewriting.nodes import arg, literal_text, statements, string, summand
from codemods.rules.example_sources import NODES_WITHOUT_GETTER
from codemods.rules.tests.base import TestRule

#: The name of the row in tests of compute nodes.
_ROWS = b"fake_compute_node"

_FIXTURE = m.Name("fake_compute_node") | m.Attribute(attr=m.Name("fake_compute_node"))

_PLACED = m.Arg(star="", keyword=None)
_NAMED = m.Arg(star="", keyword=m.Name())
_ROW = m.Arg(_FIXTURE, star="", keyword=None)

#: As a method of the test, or as a function that is passed the test.
COMPARED = m.Call(
    func=m.Attribute(attr=m.Name("compare_obj")),
    args=[_PLACED, m.AtMostN(_PLACED, n=1), _ROW, m.ZeroOrMore(_NAMED)],
)

#: `for key in obj.fields:`
OVER_FIELDS = m.For(target=m.Name(), iter=m.Attribute(m.Name(), m.Name("fields")))

#: `obj.obj_attr_is_set(key)`
ASKED = m.Call(m.Attribute(attr=m.Name("obj_attr_is_set")))

Changed = TypeVar("Changed", bound=cst.CSTNode)

_PASSED_BY = """\
if {key} in {names} and not {owner}.obj_attr_is_set({key}):
    continue
"""

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

_COMPUTE_NODE = NODES_WITHOUT_GETTER.replace(
    "        }\n",
    """\
        }

    @staticmethod
    def _from_db_object(context, compute, db_compute):
        for key in compute.fields:
            compute[key] = db_compute[key]
        return compute
""",
    1,
)

_HEAD = """\
from nova.objects import compute_node
from nova.tests.objects import test_objects

fake_compute_node = {
    'id': 123,
    'created_at': None,
    'updated_at': None,
    'deleted_at': None,
    'deleted': 0,
}
"""

_BESIDE = (
    ("nova/compute/reader.py", _READER),
    ("nova/db/sqlalchemy/models.py", _MODELS),
    ("nova/objects/compute_node.py", _COMPUTE_NODE),
)

EXAMPLES = (
    Example(
        f"""\
{_HEAD}

class TestComputeNodeObject(test_objects._LocalTest):
    def test_get_by_id(self):
        compute = compute_node.ComputeNode.get_by_id(self.context, 123)
        self.compare_obj(compute, fake_compute_node)
""",
        f"""\
{_HEAD}

class TestComputeNodeObject(test_objects._LocalTest):
    def test_get_by_id(self):
        compute = compute_node.ComputeNode.get_by_id(self.context, 123)
        self.compare_obj(compute, fake_compute_node, allow_missing=['stats'])
""",
        path="nova/tests/objects/test_compute_node.py",
        beside=_BESIDE,
    ),
    Example(
        f"""\
{_HEAD}

class TestComputeNodeObject(test_objects._LocalTest):
    def _compare(self, obj, db_obj):
        for key in obj.fields:
            self.assertEqual(db_obj[key], obj[key])

    def test_get_by_id(self):
        compute = compute_node.ComputeNode.get_by_id(self.context, 123)
        self._compare(compute, fake_compute_node)
""",
        f"""\
{_HEAD}

class TestComputeNodeObject(test_objects._LocalTest):
    def _compare(self, obj, db_obj):
        for key in obj.fields:
            if key in ('stats',) and not obj.obj_attr_is_set(key):
                continue
            self.assertEqual(db_obj[key], obj[key])

    def test_get_by_id(self):
        compute = compute_node.ComputeNode.get_by_id(self.context, 123)
        self._compare(compute, fake_compute_node)
""",
        path="nova/tests/objects/test_compute_node.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        f"""\
{_HEAD}fake_service = {{'id': 123}}


class TestComputeNodeObject(test_objects._LocalTest):
    def test_service(self):
        compute = compute_node.ComputeNode.get_by_id(self.context, 123)
        self.compare_obj(compute.service, fake_service)
""",
        path="nova/tests/objects/test_compute_node.py",
        beside=_BESIDE,
    ),
)


class CompareUnsentFields(TestRule):
    """See the module."""

    METADATA_DEPENDENCIES = (NodeComparisonProvider,)
    OWN_OBJECTS = True

    @classmethod
    def applies(cls, file: File) -> bool:
        """Whether a compute node gets new fields, which are not sent."""
        return (
            super().applies(file)
            and Item.OBJECT_FIELDS in file.done
            and bool(file.new_fields)
            and _ROWS in file.module.source.text
        )

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """`self.compare_obj(node, fake_compute_node)`."""
        if not m.matches(original, COMPARED):
            return updated
        if not self.get_metadata(NodeComparisonProvider, original, False):
            return self._left(original, updated, "compares what may be a compute node's fields")
        names = [field.name for field in self.file.new_fields]
        args = list(updated.args)
        for number, one in enumerate(args):
            if one.keyword is not None and one.keyword.value == "allow_missing":
                named = {literal_text(node) for node in m.findall(one.value, m.SimpleString())}
                names = [name for name in names if name not in named]
                args[number] = one.with_changes(value=_with(one.value, names))
                break
        else:
            args = [*_before_another(args), arg(_list(names), "allow_missing")]
        if not names:
            return updated
        evidence = (self.step(original, "the fields may be unset"),)
        return self.edited(original, updated.with_changes(args=args), Item.OBJECT_FIELDS, evidence)

    def leave_For(self, original: cst.For, updated: cst.For) -> cst.For:
        """`for key in obj.fields:`, a loop that compares each field."""
        is_compared = self.get_metadata(NodeComparisonProvider, original.iter, None)
        if not m.matches(original, OVER_FIELDS) or is_compared is None:
            return updated
        passed = _passed_by(original.body)
        names = [
            string(field.name)
            for field in self.file.new_fields
            if passed is not None and field.name not in passed
        ]
        if not names:
            return updated
        if not is_compared or not isinstance(updated.body, cst.IndentedBlock):
            return self._left(original, updated, "loops over what may be a compute node's fields")
        owner = cst.ensure_type(original.iter, cst.Attribute).value
        passed_by = statements(
            _PASSED_BY,
            key=cst.ensure_type(original.target, cst.Name),
            names=cst.Tuple([cst.Element(name) for name in names]),
            owner=owner,
        )
        body = updated.body.with_changes(body=[*passed_by, *updated.body.body])
        evidence = (self.step(original, "the fields may be unset"),)
        return self.edited(original, updated.with_changes(body=body), Item.OBJECT_FIELDS, evidence)

    def _left(self, original: cst.CSTNode, updated: Changed, what: str) -> Changed:
        """The node as it is, which a person has to look at."""
        self.left_to_person(original, Item.OBJECT_FIELDS, f"{what}, some of which may be unset")
        return updated


def _passed_by(body: cst.BaseSuite) -> set[str] | None:
    """The fields that a loop passes by itself if they are unset; None if it is all of them."""
    passed: set[str] = set()
    for one in body.body:
        if isinstance(one, cst.If) and m.findall(one.test, ASKED):
            names = [literal_text(node) or "" for node in m.findall(one.test, m.SimpleString())]
            if not names:
                return None
            passed.update(names)
    return passed


def _before_another(args: Sequence[cst.Arg]) -> list[cst.Arg]:
    """The arguments, with the last comma like the one before it, for another one to follow."""
    if len(args) < 2 or not isinstance(args[-2].comma, cst.Comma):
        return list(args)
    return [*args[:-1], args[-1].with_changes(comma=args[-2].comma)]


def _list(names: Sequence[str]) -> cst.List:
    return cst.List([cst.Element(string(name)) for name in names])


def _with(value: cst.BaseExpression, names: Sequence[str]) -> cst.BaseExpression:
    """The value of `allow_missing`, with these names added."""
    if isinstance(value, cst.List):
        for name in names:
            value = with_element(value, cst.Element(string(name)))
        return value
    if isinstance(value, cst.Tuple):
        others = [one.with_changes(comma=cst.MaybeSentinel.DEFAULT) for one in value.elements[-1:]]
        added = _list(names).elements
        return value.with_changes(elements=[*value.elements[:-1], *others, *added])
    return cst.BinaryOperation(summand(value), cst.Add(), _list(names))
