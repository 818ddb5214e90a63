# SPDX-License-Identifier: Apache-2.0
"""Replace a unit test's mock of a conductor call with a mock of the object's method.

A mock of a getter, as a decorator, in a `with` or as a patch that is started,
becomes one of the class method; the dict that it returned becomes an object with
the same values, or a Mock with them if they are not valid for the object. A mock
of an update becomes one of save(), with the object as its first argument, and the
expected values are asserted on the object. A mock of a create becomes a stub that
sets the object's fields from the dict.
"""

from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.analysis.conductor_mocks import fake_name
from codemods.mappings import ConductorCall
from codemods.model import Item
from codemods.rewriting.comments import lost_comments, under
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import (
    ConductorMockProvider,
    JoinedRowProvider,
    MockedRowProvider,
    SaveExpectationProvider,
)
from codemods.rewriting.nodes import (
    arg,
    attribute,
    call,
    expression,
    line,
    string,
)
from codemods.rules.example_sources import SERVICE_READER
from codemods.rules.tests.base import MockRule
from codemods.rules.tests.mocked_writes import fake_create, saved, set_off
from codemods.rules.tests.rows import object_for, read_apart

_BESIDE = (("nova/compute/reader.py", SERVICE_READER),)

EXAMPLES = (
    Example(
        """\
import mock

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
    def test_read(self, mock_get):
        mock_get.return_value = {'id': 1, 'host': 'host1', 'compute_node': []}
        service = self.reader.read(None, 'host1')
        self.assertEqual('host1', service['host'])
""",
        """\
import mock

from nova.compute import reader
from nova import objects
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch('nova.objects.Service.get_by_compute_host')
    def test_read(self, mock_get):
        mock_get.return_value = objects.Service(id=1, host='host1')
        service = self.reader.read(None, 'host1')
        self.assertEqual('host1', service.host)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    Example(
        """\
import mock

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
    def test_tell(self, mock_update):
        self.reader.tell('context', 1, {'vcpus': 2})
        mock_update.assert_called_once_with('context', {'id': 1}, {'vcpus': 2})
""",
        """\
import mock

from nova.compute import reader
from nova import objects
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch.object(objects.ComputeNode, 'save', autospec=True)
    def test_tell(self, mock_update):
        self.reader.tell('context', 1, {'vcpus': 2})
        mock_update.assert_called_once_with(mock.ANY, 'context')
        compute_node = mock_update.call_args[0][0]
        self.assertEqual(1, compute_node.id)
        self.assertEqual({'vcpus': 2}, compute_node.obj_get_changes())
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
import mock

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
    def test_tell(self, mock_update):
        values = {'vcpus': 2}
        self.reader.tell('context', 1, values)
        mock_update.assert_called_once_with('context', {'id': 1}, values)
""",
        because="needs-person",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
import mock

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch('nova.conductor.api.LocalAPI.wait_until_ready')
    def test_wait(self, mock_wait):
        self.reader.wait(None)
        self.assertTrue(mock_wait.called)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


#: mock.patch.object(), however it is imported.
OF_OBJECT = m.Attribute(attr=m.Name("object"))


class ConductorStubToObjectStub(MockRule):
    """See the module."""

    METADATA_DEPENDENCIES = (
        ConductorMockProvider,
        JoinedRowProvider,
        MockedRowProvider,
        SaveExpectationProvider,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # the names of the functions that replace create()
        self._fakes: set[str] = set()

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """A patch or another stub of one of the conductor's methods."""
        mock = self.get_metadata(ConductorMockProvider, original, None)
        if mock is None:
            return updated
        evidence = (self.step(original, f"mocks the conductor's {mock.call.name}()"),)
        if not self.follows(original, mock.call, mock.becomes is not None):
            return updated
        new = self._of_getter if mock.becomes == "getter" else self._of_save
        item = self.file.item_of(mock.call.object)
        return self.edited(original, new(updated, mock.call), item, evidence)

    def _of_getter(self, patch: cst.Call, call: ConductorCall) -> cst.Call:
        """The patch of the object's getter, with what it returns."""
        assert call.call is not None
        is_of_object = m.matches(patch.func, OF_OBJECT)
        first, *others = patch.args[1:] if is_of_object else patch.args
        function = cst.ensure_type(patch.func, cst.Attribute).value if is_of_object else patch.func
        target = first.with_changes(value=string(self.target(call.call)))
        return patch.with_changes(func=function, args=[target, *others])

    def _of_save(self, patch: cst.Call, call: ConductorCall) -> cst.Call:
        """The patch of the object's save(), which gets the object that it is called on."""
        spelled, line = self.file.tree.spelling(call.object)
        self.wants_import(line, self.file.item_of(call.object))
        function = patch.func
        if not m.matches(function, OF_OBJECT):
            function = attribute(function, "object")
        args = [arg(expression(spelled)), arg(string("save")), arg(cst.Name("True"), "autospec")]
        return cst.Call(function, args)

    def leave_Decorator(self, original: cst.Decorator, updated: cst.Decorator) -> cst.Decorator:
        """Keep the comments that a patch has lost, right above it."""
        lost = lost_comments([original], [updated])
        if not lost:
            return updated
        return updated.with_changes(leading_lines=[*updated.leading_lines, *lost])

    def leave_Dict(self, original: cst.Dict, updated: cst.Dict) -> cst.BaseExpression:
        """A row that a mock returns, or that is expected to be updated."""
        stands_for = self.get_metadata(MockedRowProvider, original, None)
        if stands_for is None or not self.is_replaced(stands_for):
            return updated
        name, item = stands_for.object, self.file.item_of(stands_for.object)
        made, wanted = object_for(self.file, name, updated)
        self.wants_import(wanted, item)
        new = made.with_changes(lpar=updated.lpar, rpar=updated.rpar)
        evidence = (self.step(original, f"stands for a {name} row"),)
        self._without_relations(original, name, item)
        return self.edited(original, new, item, evidence)

    def _without_relations(self, original: cst.Dict, name: str, item: Item) -> None:
        """List the test if its row contains rows that the code now reads with separate queries."""
        if self.get_metadata(JoinedRowProvider, original, False):
            return
        for key in read_apart(self.file, name, original):
            reason = f"returns '{key}' with a row, which the code reads by a query of its own"
            self.left_to_person(original, item, reason)

    def leave_Expr(
        self, original: cst.Expr, updated: cst.Expr
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """The assertion on an update's arguments: save() is called on the object."""
        expected = self.get_metadata(SaveExpectationProvider, original, None)
        if expected is None or not self.is_replaced(expected.call):
            return updated
        evidence = (self.step(original, "the object is what the call was made on"),)
        lines = saved(self, cst.ensure_type(updated.value, cst.Call), expected)
        return self.replaced(original, lines, self.file.item_of(expected.call.object), evidence)

    def leave_Assign(
        self, original: cst.Assign, updated: cst.Assign
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """`tracker.conductor_api.compute_node_create = mock.Mock(return_value=row)`."""
        mock = self.get_metadata(ConductorMockProvider, original, None)
        if mock is None:
            return updated
        evidence = (self.step(original, f"stubs the conductor's {mock.call.name}()"),)
        if not self.follows(original, mock.call, mock.becomes is not None):
            return updated
        name, item = mock.call.object, self.file.item_of(mock.call.object)
        spelled, wanted = self.file.tree.spelling(name)
        self.wants_import(wanted, item)
        fake = fake_name(mock.call)
        self._fakes.add(fake)
        row = cst.ensure_type(updated.value, cst.Call).args[0].value
        stub = call("self.stubs.Set", expression(spelled), string("create"), cst.Name(fake))
        blank = cst.EmptyLine(indent=False)
        lines = [
            fake_create(fake, mock.variable, row, self.file.takes_context(name)),
            under(line(stub), [blank]),
        ]
        return self.replaced(original, lines, item, evidence)

    def leave_IndentedBlock(
        self, original: cst.IndentedBlock, updated: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        """Put a blank line above a function that replaces create()."""
        if not any(map(self._is_fake, updated.body[1:])):
            return updated
        body = [updated.body[0]]
        body += [set_off(one) if self._is_fake(one) else one for one in updated.body[1:]]
        return updated.with_changes(body=body)

    def _is_fake(self, statement: cst.BaseStatement) -> bool:
        return isinstance(statement, cst.FunctionDef) and statement.name.value in self._fakes
