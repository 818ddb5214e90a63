# SPDX-License-Identifier: Apache-2.0
"""Replace a unit test's mock of the whole conductor with mocks of the objects' methods.

A test that only checks whether a method of the mocked conductor was called gets a
mock of the object's method instead, as an additional parameter; so does a test
that sets the rows a getter returns, or checks its arguments. If the code now saves
an Instance itself, which the mocked conductor had swallowed, save() is mocked for
the whole test. If the code elevates a context to read an instance, as the conductor
had done, elevated() of a sentinel is mocked in the same way.
"""

import libcst as cst

from codemods.analysis.additions import NODES_GETTER
from codemods.analysis.held_mocks import HeldMock
from codemods.analysis.joined_nodes import JoinedNodes
from codemods.analysis.mocked_methods import MockedMethod
from codemods.model import Evidence, Item
from codemods.rewriting.comments import under
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import (
    HeldMockProvider,
    JoinedNodesProvider,
    MockedMethodProvider,
    TestOfMethodsProvider,
)
from codemods.rewriting.nodes import arg, assignment, attribute, call, expression, line, string
from codemods.rewriting.statements import lines_of
from codemods.rules.example_sources import MOCKED_CONDUCTOR, MOCKED_OBJECT, READER
from codemods.rules.tests.base import MockRule

_BESIDE = (("nova/compute/reader.py", READER),)

EXAMPLES = (
    Example(
        MOCKED_CONDUCTOR,
        MOCKED_OBJECT,
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
        api = mock.Mock()
        with mock.patch('nova.conductor.API', return_value=api):
            self.reader = reader.Reader()
        self.cond_api_mock = self.reader.conductor_api

    def test_read(self):
        capi = self.cond_api_mock
        service_mock = capi.service_get_by_compute_host
        service_mock.return_value = self._row('host')
        self.reader.read('context', 'host')
""",
        because="needs-person",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


class HandleMockToObjectMocks(MockRule):
    """See the module."""

    METADATA_DEPENDENCIES = (
        MockedMethodProvider,
        TestOfMethodsProvider,
        HeldMockProvider,
        JoinedNodesProvider,
    )

    def leave_Attribute(
        self, original: cst.Attribute, updated: cst.Attribute
    ) -> cst.BaseExpression:
        """A method of the mocked conductor that is used without a name."""
        mocked = self.get_metadata(MockedMethodProvider, original, None)
        if mocked is not None:
            self.follows(original, mocked.call, False)
        return updated

    def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> cst.BaseSmallStatement:
        """`create_mock = capi.compute_node_create`: a parameter has that name now."""
        mocked = self.get_metadata(MockedMethodProvider, original, None)
        if mocked is None:
            return updated
        evidence = self._evidence(original, mocked)
        if not self.follows(original, mocked.call, bool(mocked.method)):
            return updated
        return self.removed_from_line(original, self._item(mocked), evidence)

    def leave_FunctionDef(
        self, original: cst.FunctionDef, updated: cst.FunctionDef
    ) -> cst.FunctionDef:
        """A test gets the mocks as its last parameters; the top decorator's is the very last."""
        tests = self.get_metadata(TestOfMethodsProvider, original, ())
        mocks = [mocked for mocked in tests if self._is_wanted(mocked)]
        if not mocks:
            return updated
        item = self._item(mocks[0])
        self.wants_import("import mock", item)
        added = [cst.Decorator(self._patch_of(mocked)) for mocked in reversed(mocks)]
        new = self.with_parameters(original, updated, [mocked.name for mocked in mocks])
        new = new.with_changes(decorators=[*added, *updated.decorators])
        return self.edited(original, new, item, self._evidence(original, mocks[0]))

    def _is_wanted(self, mocked: MockedMethod) -> bool:
        """Whether a mock is needed so far; one of the nodes' getter only if the code calls that."""
        reads = mocked.method != NODES_GETTER or self.file.tests_what(Effect.READS_NODES)
        return reads and self.is_replaced(mocked.call)

    def _patch_of(self, mocked: MockedMethod) -> cst.Call:
        patch = call("mock.patch", string(self.target(mocked.method)))
        if not mocked.is_bound:
            return patch
        return patch.with_changes(args=[*patch.args, arg(cst.Name("True"), "autospec")])

    def _item(self, mocked: MockedMethod) -> Item:
        return self.file.item_of(mocked.call.object)

    def _evidence(self, original: cst.CSTNode, mocked: MockedMethod) -> Evidence:
        return (self.step(original, f"mocks the conductor's {mocked.call.name}()"),)

    def leave_SimpleStatementLine(
        self, original: cst.SimpleStatementLine, updated: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        """`self.cond_api_mock = self.rt.conductor_api`, followed by the mock of save()."""
        joined = [self.get_metadata(JoinedNodesProvider, one, None) for one in original.body]
        if any(joined):
            return self._with_nodes(original, updated, [one for one in joined if one is not None])
        found = [self.get_metadata(HeldMockProvider, one, None) for one in original.body]
        lines = [line for one in found if one is not None for line in self._mocked(one)]
        if not lines:
            return updated
        item, reason = Item.MIGRATION, "the mocked conductor elevated the context"
        if self._saves_instances():
            item, reason = Item.INSTANCE, "the mocked conductor swallowed what is saved now"
        evidence = (self.step(original.body[0], reason),)
        if updated.body:
            lines = [*(lines_of(updated) or [updated]), *lines]
        else:
            lines[0] = under(lines[0], updated.leading_lines)
        return self.edited(original, cst.FlattenSentinel(lines), item, evidence)

    def _with_nodes(
        self,
        original: cst.SimpleStatementLine,
        updated: cst.SimpleStatementLine,
        joined: list[JoinedNodes],
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        """`service_mock.return_value = service`, followed by the nodes that the service had."""
        wanted = [
            one
            for one in joined
            if self.is_replaced(one.call) and self.file.tests_what(Effect.READS_NODES)
        ]
        if not wanted:
            return updated
        lines = [
            assignment(attribute(cst.Name(one.mock), "return_value"), cst.Name(one.nodes))
            for one in wanted
        ]
        evidence = (self.step(original.body[0], "the service has these nodes with it"),)
        item = self.file.item_of(wanted[0].call.object)
        new = cst.FlattenSentinel([*(lines_of(updated) or [updated]), *lines])
        return self.edited(original, new, item, evidence)

    def leave_SimpleStatementSuite(
        self, original: cst.SimpleStatementSuite, updated: cst.SimpleStatementSuite
    ) -> cst.SimpleStatementSuite:
        """The same on the line of an `if`, where nothing can be added."""
        found = [self.get_metadata(HeldMockProvider, one, None) for one in original.body]
        held = [one for one in found if one is not None]
        if held and self._saves_instances():
            reason = "mocks the conductor, which swallowed what the code saves itself now"
            self.left_to_person(original.body[0], Item.INSTANCE, reason)
        return updated

    def _mocked(self, held: HeldMock) -> list[cst.BaseStatement]:
        """The lines for what is mocked as long as a test runs."""
        lines: list[cst.BaseStatement] = []
        if self._saves_instances():
            patch = call("mock.patch", string(self.target("Instance.save")))
            lines += self._patched(patch, Item.INSTANCE)
        if Item.MIGRATION in self.file.done and self.file.became.has(Effect.READS_INSTANCE):
            for name in held.contexts:
                patch = call("mock.patch.object", expression(name), string("elevated"))
                patch = patch.with_changes(
                    args=[
                        *patch.args,
                        arg(cst.Name("True"), "create"),
                        arg(expression(name), "return_value"),
                    ]
                )
                lines += self._patched(patch, Item.MIGRATION)
        return lines

    def _saves_instances(self) -> bool:
        became = self.file.became
        return Item.INSTANCE in self.file.done and became.has(Effect.SAVES_INSTANCE)

    def _patched(self, patch: cst.Call, item: Item) -> list[cst.BaseStatement]:
        """The lines that patch something as long as a test runs."""
        self.wants_import("import mock", item)
        return [
            assignment("patcher", patch),
            line(call("patcher.start")),
            line(call("self.addCleanup", expression("patcher.stop"))),
        ]
