# SPDX-License-Identifier: Apache-2.0
"""Where unit tests take mocks of single methods from a mock of the whole conductor."""

import ast
import dataclasses
from collections.abc import Iterator, Mapping

from codemods.analysis.additions import NODES_GETTER
from codemods.analysis.call_mocks import CallMock
from codemods.analysis.constant_rows import ConstantRows, constant_rows
from codemods.analysis.created_nodes import CreatedNode, CreatedPart, Parts
from codemods.analysis.facts import Leftover, Span
from codemods.analysis.held_mocks import HeldMock, held_mocks
from codemods.analysis.inference import Inference
from codemods.analysis.joined_nodes import JoinedNodes, joined_nodes
from codemods.analysis.listed_rows import ListedRow, ListedRows, listed_rows
from codemods.analysis.local_names import (
    around,
    attribute_of,
    bindings,
    is_load,
    only_value,
    readings,
)
from codemods.analysis.mocked_rows import is_mock, is_object
from codemods.analysis.patches import patch_of
from codemods.analysis.project import Function, Module
from codemods.mappings import ConductorCall, conductor_calls

_METHODS = {"create": "create", "update": "save", "destroy": "destroy"}


@dataclasses.dataclass(frozen=True, eq=False)
class MockedMethod:
    """`create_mock = capi.compute_node_create`, where `capi` is a mock of the conductor.

    `name` is the name of the mock, `method` the object method to mock instead
    (`ComputeNode.create`, say); "" if no such mock would do. `is_bound` says
    that the mock must get the object on which it is called.
    """

    call: ConductorCall
    name: str = ""
    method: str = ""
    is_bound: bool = False


@dataclasses.dataclass(frozen=True)
class MockedConductors:
    """The mocks of the whole conductor in one file.

    `methods` are the statements that name a method's mock, and the places that
    use one without a name; `tests` are functions, each with the mocks whose
    counterparts become its parameters, in order. `parts` follow from mocks of
    create(); `rows` are the literals that mocks return, each with the call whose
    row it stands for. `aliases` are the local names of the mocked conductor.
    `listed` are the literals in lists, `joined` the statements that return a
    service with such a list; `joined_rows` are those services.
    """

    held: tuple[HeldMock, ...] = ()
    methods: Mapping[Span, MockedMethod] = dataclasses.field(default_factory=dict)
    tests: Mapping[Span, tuple[MockedMethod, ...]] = dataclasses.field(default_factory=dict)
    parts: Mapping[Span, CreatedPart] = dataclasses.field(default_factory=dict)
    rows: Mapping[Span, ConductorCall] = dataclasses.field(default_factory=dict)
    aliases: tuple[Leftover, ...] = ()
    listed: Mapping[Span, ListedRow] = dataclasses.field(default_factory=dict)
    joined: Mapping[Span, JoinedNodes] = dataclasses.field(default_factory=dict)
    joined_rows: Mapping[Span, bool] = dataclasses.field(default_factory=dict)


def mocked_conductors(module: Module, inference: Inference) -> MockedConductors:
    """The mocks of the whole conductor in a unit test module."""
    held = held_mocks(module, inference)
    if not held:
        return MockedConductors()
    constants, listed = constant_rows(module, inference.tree), listed_rows(module, inference)
    while True:
        finder = _Finder(module, inference, held, constants, listed)
        found, constants = finder.found(), constants.without_shared(finder.returned)
        listed = listed.confirmed(finder.followed)
        if (constants, listed) == (finder.constants, finder.listed):
            return found


class _Finder:
    def __init__(
        self,
        module: Module,
        inference: Inference,
        held: list[HeldMock],
        constants: ConstantRows,
        listed: ListedRows,
    ) -> None:
        self.module = module
        self.inference = inference
        self.held = held
        self.constants = constants
        self.listed = listed
        self.joined: dict[Span, JoinedNodes] = {}
        self.apart: set[ast.Dict] = set()
        self.returned: list[tuple[ast.Dict, ConductorCall]] = []
        self.methods: dict[Span, MockedMethod] = {}
        self.tests: dict[Span, tuple[MockedMethod, ...]] = {}
        self.parts: dict[Span, CreatedPart] = {}
        self.rows: dict[Span, ConductorCall] = {}

    def found(self) -> MockedConductors:
        """The mocks of the file."""
        for node in self.module.all(ast.Attribute):
            call = conductor_calls().get(node.attr) if is_load(node) else None
            mock = self._mock(node.value) if call is not None else None
            if call is not None and mock is not None:
                self._method(node, call, mock)
        aliases = tuple(self._aliases())
        return MockedConductors(
            tuple(self.held),
            self.methods,
            self.tests,
            self.parts,
            self.rows,
            aliases,
            self.listed.rows(self.module, self.inference.tree),
            self.joined,
            {self.module.source.span(row): True for row in self._with_their_nodes},
        )

    def _mock(self, node: ast.expr) -> ast.Attribute | None:
        """The attribute with the mocked conductor that an expression is or names."""
        for function in around(self.module.function_around(node)):
            node = only_value(function, node)
        is_held = isinstance(node, ast.Attribute) and any(node.attr == h.name for h in self.held)
        return node if isinstance(node, ast.Attribute) and is_held else None

    def _method(self, node: ast.Attribute, call: ConductorCall, mock: ast.Attribute) -> None:
        """Record what the mock of a method at `node` becomes."""
        statement, span = self.module.source.parent(node), self.module.source.span
        function = self.module.function_around(node)
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if function is None or not isinstance(statement, ast.Assign):
            self.methods[span(node)] = MockedMethod(call)
            return
        if not isinstance(target, ast.Name) or len(statement.targets) != 1:
            self.methods[span(node)] = MockedMethod(call)
            return
        method, before = self._counterpart(call), len(self.returned)
        parts = self._parts(function, target.id, call, mock) if method else None
        if parts is None or not self._takes_mocks(function):
            self.methods[span(statement)] = MockedMethod(call)
            return
        is_bound = any(part.row_id is not None for part in parts.values())
        found = MockedMethod(call, target.id, method, is_bound)
        self.methods[span(statement)] = found
        rows = [row for row, _ in self.returned[before:]]
        assert isinstance(function.node, ast.FunctionDef)
        test = span(function.node)
        mocks = (found, *self._with_nodes(function, found, rows))
        self.tests[test] = (*self.tests.get(test, ()), *mocks)
        self.parts |= parts

    def _with_nodes(
        self, function: Function, mocked: MockedMethod, rows: list[ast.Dict]
    ) -> Iterator[MockedMethod]:
        """The mock of the getter that reads the compute nodes joined with the rows."""
        lists, tree = self.listed.lists, self.inference.tree
        found = joined_nodes(function, mocked.name, mocked.call, rows, lists, tree)
        if found is None:
            self.apart.update(rows)
            return
        statement, joined = found
        self.joined[self.module.source.span(statement)] = joined
        yield MockedMethod(mocked.call, joined.mock, NODES_GETTER)

    @property
    def followed(self) -> set[ast.AST]:
        """The rows whose compute nodes a getter returns, and the fakes that go or are rewritten."""
        span = self.module.source.span
        fakes = [
            one.node
            for one in self.module.all_functions
            if isinstance(one.node, ast.FunctionDef) and span(one.node) in self.parts
        ]
        return {*fakes, *self._with_their_nodes}

    @property
    def _with_their_nodes(self) -> set[ast.Dict]:
        return {row for row, _ in self.returned} - self.apart

    def _counterpart(self, call: ConductorCall) -> str:
        """The object method that does what the conductor's method does; "" if there is none."""
        if call.declined is not None:
            return ""
        method = call.call or f"{call.object}.{_METHODS.get(call.kind, '')}"
        return method if self.inference.tree.has(method) else ""

    def _parts(
        self, function: Function, name: str, call: ConductorCall, mock: ast.Attribute
    ) -> Parts | None:
        """What else must change in the test; None if it asks what the new mock cannot answer."""
        if len(bindings(function.node, name)) != 1:
            return None
        if call.kind == "create":
            holder = self._holder(mock)
            return CreatedNode(function, name, call, holder, self.inference).parts()
        asked = [attribute_of(use, self.module.source) for use in readings(function.node, name)]
        if all(one is not None and one.attr == "called" for one in asked):
            return {}
        return {} if self._returns_objects(function, name, call) else None

    def _returns_objects(self, function: Function, name: str, call: ConductorCall) -> bool:
        """Whether a mock returns only objects, or literal rows that become objects."""
        if call.kind not in ("get", "list"):
            return False
        mock = CallMock(function, name, call, {}, self.inference.tree)
        rows = mock.rows(self.constants)
        tree = self.inference.tree
        for row in rows or ():
            if not is_object(tree, call.object, row) and not is_mock(tree, call.object, row):
                return False
        if rows is None:
            return False
        self.returned += [(row, call) for row in rows]
        self.rows |= {self.module.source.span(row): call for row in rows}
        return True

    def _holder(self, mock: ast.Attribute) -> ast.expr | None:
        """The expression for the object whose conductor is mocked, if it is the same everywhere.

        `self.rt`, if `self.cond_api_mock` is set to `self.rt.conductor_api`.
        """
        source = self.module.source
        held = [one for one in self.held if one.name == mock.attr]
        names = {source.of(one.holder) if one.holder is not None else "" for one in held}
        base = held[0].holder
        owner = base.value if isinstance(base, ast.Attribute) else None
        is_same = owner is not None and source.of(owner) == source.of(mock.value)
        return base if len(names) == 1 and is_same else None

    def _takes_mocks(self, function: Function) -> bool:
        """Whether mocks can become the last parameters of a function."""
        node, args = function.node, function.node.args
        if not isinstance(node, ast.FunctionDef) or args.defaults or args.kwonlyargs:
            return False
        if args.vararg is not None or args.kwarg is not None:
            return False
        if function.owner is not None and function.owner.node.decorator_list:
            # the mocks of a patch on the class come last
            return False
        if any(isinstance(one, ast.Yield | ast.YieldFrom) for one in ast.walk(node)):
            # the patches would have ended when the body runs
            return False
        if not all(patch_of(one, self.module) is not None for one in node.decorator_list):
            return False
        return not self._is_called_by_keyword(function)

    def _is_called_by_keyword(self, function: Function) -> bool:
        """Whether a call may pass an argument by keyword that a mock would displace."""
        name = getattr(function.node, "name", "")
        return any(
            isinstance(one.func, ast.Attribute | ast.Name)
            and name == (one.func.attr if isinstance(one.func, ast.Attribute) else one.func.id)
            and bool(one.keywords)
            for one in self.module.all(ast.Call)
        )

    def _aliases(self) -> Iterator[Leftover]:
        """`capi = self.cond_api_mock`, if something reads `capi`."""
        functions = [one.name for one in self.module.all_functions]
        for node in self.module.all(ast.Assign):
            target, function = node.targets[0], self.module.function_around(node)
            if not isinstance(target, ast.Name) or len(node.targets) != 1 or function is None:
                continue
            if self._mock(node.value) is None or functions.count(function.name) != 1:
                continue
            if readings(function.node, target.id):
                span = self.module.source.span(node)
                yield Leftover(span, function.name, target.id)
