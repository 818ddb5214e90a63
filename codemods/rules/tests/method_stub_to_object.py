# SPDX-License-Identifier: Apache-2.0
"""Make a unit test's stub of a method return the objects that the method now returns.

If a method of the code returned rows that have become objects, a stub of it that
returns dicts returns objects instead: they have the same values, completed from the
fixture row of the object's own tests. A stub of the conductor's method that
destroys a row becomes one of the object's destroy().
"""

import libcst as cst

from codemods.analysis.fixtures import FIXTURES
from codemods.analysis.method_stubs import MethodStub
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import MethodStubProvider
from codemods.rewriting.nodes import arg, assignment, call, expression, line, literal_text, string
from codemods.rules.tests.base import TestRule

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def _node(self, context, values):
        return self.conductor_api.compute_node_create(context, values)

    def node_id(self, context, values):
        return self._node(context, values)['id']
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_node_id(self):
        def fake_node(context, values):
            return {'id': 1}

        self.stubs.Set(self.reader, '_node', fake_node)
        self.assertEqual(1, self.reader.node_id(None, {}))
""",
        """\
from nova.compute import reader
from nova import objects
from nova import test
from nova.tests.objects import test_compute_node


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_node_id(self):
        def fake_node(context, values):
            row = dict(test_compute_node.fake_compute_node, id=1)
            return objects.ComputeNode._from_db_object(context,
                                                       objects.ComputeNode(),
                                                       row)

        self.stubs.Set(self.reader, '_node', fake_node)
        self.assertEqual(1, self.reader.node_id(None, {}))
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_node_id(self):
        def fake_node():
            return {'id': 1}

        self.stubs.Set(self.reader, '_node', fake_node)
        self.assertRaises(TypeError, self.reader.node_id, None, {})
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


New = cst.BaseSmallStatement | cst.RemovalSentinel


class MethodStubToObject(TestRule):
    """See the module."""

    METADATA_DEPENDENCIES = (MethodStubProvider,)

    def _stub(self, original: cst.CSTNode) -> MethodStub | None:
        return self.get_metadata(MethodStubProvider, original, None)

    def leave_Return(self, original: cst.Return, updated: cst.Return) -> New:
        """`return {...}` in a fake of a method that now returns an object."""
        stub, value = self._stub(original), updated.value
        if stub is None or value is None:
            return updated
        kind = "a list of " if stub.many else ""
        evidence = (self.step(original, f"the method returns {kind}{stub.object}"),)
        lines: list[cst.BaseStatement]
        if stub.many:
            lines = [line(cst.Return(self._all(stub, value)))]
        else:
            lines = [self._row(stub, value), line(cst.Return(self._made(stub)))]
        self._wants_imports(stub)
        return self.replaced(original, lines, self.file.item_of(stub.object), evidence)

    def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> New:
        """`row = {...}`, which a recorded call returns."""
        stub = self._stub(original)
        if stub is None:
            return updated
        evidence = (self.step(original, f"the method returns a {stub.object}"),)
        bound = line(updated.with_changes(value=self._made(stub)))
        self._wants_imports(stub)
        lines = [self._row(stub, updated.value), bound]
        return self.replaced(original, lines, self.file.item_of(stub.object), evidence)

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """A stub of the conductor's destroy(), or a stub that stays as it is."""
        stub = self._stub(original)
        if stub is None:
            return updated
        item, evidence = self.file.item_of(stub.object), (self.step(original, "a stub"),)
        reason = f"puts a dict where the code expects a {stub.object} object from now on"
        if stub.kind == "left":
            self.left_to_person(original, item, reason)
            return updated
        spelled, wanted = self.file.tree.spelling(stub.object)
        self.wants_import(wanted, item)
        target = [
            updated.args[0].with_changes(value=expression(spelled)),
            updated.args[1].with_changes(value=string("destroy")),
        ]
        new = updated.with_changes(args=[*target, *updated.args[2:]])
        return self.edited(original, new, item, evidence)

    def leave_FunctionDef(
        self, original: cst.FunctionDef, updated: cst.FunctionDef
    ) -> cst.FunctionDef:
        """A fake of the conductor's destroy(): now the object comes first, then the context."""
        stub = self._stub(original)
        if stub is None:
            return updated
        first, second = updated.params.params
        params = [
            first.with_changes(name=second.name),
            second.with_changes(name=first.name),
        ]
        new = updated.with_changes(params=updated.params.with_changes(params=params))
        evidence = (self.step(original, "stubs the conductor's method"),)
        return self.edited(original, new, self.file.item_of(stub.object), evidence)

    def _row(self, stub: MethodStub, given: cst.BaseExpression) -> cst.BaseStatement:
        """The line that makes a row from the fixture and the test's own values."""
        row = call("dict", _fixture(stub))
        return assignment(stub.row, row.with_changes(args=[*row.args, *_given(given)]))

    def _made(self, stub: MethodStub) -> cst.Call:
        return self._from_row(stub, cst.Name(stub.row))

    def _from_row(self, stub: MethodStub, row: cst.BaseExpression) -> cst.Call:
        """`X._from_db_object(context, X(), row)`."""
        spelled = self.file.tree.spelling(stub.object)[0]
        return call(f"{spelled}._from_db_object", expression(stub.context), call(spelled), row)

    def _all(self, stub: MethodStub, rows: cst.BaseExpression) -> cst.ListComp:
        """The objects for all rows in the test."""
        row = call("dict", _fixture(stub))
        whole = row.with_changes(args=[*row.args, arg(cst.Name(stub.row), star="**")])
        loop = cst.CompFor(cst.Name(stub.row), rows)
        return cst.ListComp(self._from_row(stub, whole), loop)

    def _wants_imports(self, stub: MethodStub) -> None:
        tree, item = self.file.tree, self.file.item_of(stub.object)
        package, module, _ = FIXTURES[stub.object]
        self.wants_import(tree.spelling(stub.object)[1], item)
        self.wants_import(f"from {tree.tests}.{package} import {module}", item)


def _fixture(stub: MethodStub) -> cst.BaseExpression:
    return expression(".".join(FIXTURES[stub.object][1:]))


def _given(value: cst.BaseExpression) -> list[cst.Arg]:
    """The test's own values, as keyword arguments if the keys are identifiers."""
    elements = value.elements if isinstance(value, cst.Dict) else ()
    pairs = [
        (literal_text(one.key) or "", one.value)
        for one in elements
        if isinstance(one, cst.DictElement)
    ]
    if isinstance(value, cst.Dict) and len(pairs) == len(elements):
        if all(key.isidentifier() for key, _ in pairs):
            return [arg(one, key) for key, one in pairs]
    return [arg(value, star="**")]
