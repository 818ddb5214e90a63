# SPDX-License-Identifier: Apache-2.0
"""Find where unit tests replace single row-moving methods of the conductor."""

import ast
import dataclasses
from collections.abc import Mapping
from typing import Literal

from codemods.analysis.call_mocks import CallMock, SaveExpectation
from codemods.analysis.constant_rows import ConstantRows, constant_rows
from codemods.analysis.facts import Span
from codemods.analysis.fixtures import replaces_destroy
from codemods.analysis.free_names import free_name
from codemods.analysis.inference import Inference
from codemods.analysis.local_names import around, names_in
from codemods.analysis.mocked_rows import is_mock, is_object
from codemods.analysis.named_mocks import name_of_mock
from codemods.analysis.patches import is_mock_name, parameters_of_mocks, patch_of
from codemods.analysis.project import Function, Module
from codemods.analysis.tree import Tree
from codemods.mappings import ConductorCall, conductor_calls

_CLASSES = ("conductor.api.LocalAPI", "conductor.api.API")


@dataclasses.dataclass(frozen=True, eq=False)
class ConductorMock:
    """A place where a test replaces the conductor's `call`.

    `becomes` says what the test should replace instead: the object's getter or its
    save(), with a mock, or its create(), with a stub that calls the object
    `variable`. None if there is no counterpart.
    """

    call: ConductorCall
    becomes: Literal["getter", "save", "create"] | None = None
    variable: str = ""


@dataclasses.dataclass(frozen=True)
class ConductorMocks:
    """The mocks in one file, with the expectations and the literal rows that go with them.

    `rows` maps a literal to the call whose row it stands for.
    """

    mocks: Mapping[Span, ConductorMock]
    rows: Mapping[Span, ConductorCall]
    expectations: Mapping[Span, SaveExpectation]


def conductor_mocks(module: Module, inference: Inference) -> ConductorMocks:
    """The mocks of the conductor's methods in a file of unit tests."""
    if b"onductor" not in module.source.text:
        return ConductorMocks({}, {}, {})
    constants = constant_rows(module, inference.tree)
    while True:
        finder = _Finder(module, inference, constants)
        finder.find()
        constants = constants.without_shared(finder.returned)
        if constants == finder.constants:
            return ConductorMocks(finder.mocks, finder.rows, finder.expectations)


class _Finder:
    def __init__(self, module: Module, inference: Inference, constants: ConstantRows) -> None:
        self.module = module
        self.inference = inference
        self.constants = constants
        self.returned: list[tuple[ast.Dict, ConductorCall]] = []
        self.tree: Tree = inference.tree
        self.mocks: dict[Span, ConductorMock] = {}
        self.rows: dict[Span, ConductorCall] = {}
        self.expectations: dict[Span, SaveExpectation] = {}

    def find(self) -> None:
        """Look at decorators, at other calls, and at assignments."""
        span = self.module.source.span
        for function in self.module.all_functions:
            for decorator in getattr(function.node, "decorator_list", []):
                call = self._replaced(decorator)
                if call is not None:
                    parameter = parameters_of_mocks(function).get(decorator)
                    becomes = self._patched(function, decorator, call, parameter)
                    self.mocks[span(decorator)] = ConductorMock(call, becomes)
        for node in self.module.all(ast.Call):
            call = self._replaced(node)
            if call is not None and span(node) not in self.mocks:
                name, around_it = name_of_mock(self.module, node), self.module.function_around(node)
                becomes = self._patched(around_it, node, call, name) if around_it else None
                self.mocks[span(node)] = ConductorMock(call, becomes)
        for statement in self.module.all(ast.Assign):
            mock = self._assigned(statement)
            if mock is not None:
                self.mocks[span(statement)] = mock

    def _replaced(self, node: ast.expr) -> ConductorCall | None:
        """The conductor method that an expression replaces, if any."""
        if not isinstance(node, ast.Call):
            return None
        patch = patch_of(node, self.module)
        if patch is not None:
            is_known = self._is_class(patch.owner) or self._is_handle(patch.target)
            return conductor_calls().get(patch.name) if is_known else None
        function = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if function not in ("Set", "StubOutWithMock") or len(node.args) < 2:
            return None
        owner, name = node.args[:2]
        call = conductor_calls().get(str(name.value)) if isinstance(name, ast.Constant) else None
        if self._is_class(self.module.dotted_name(owner)):
            return call
        is_other_rules = call is not None and function == "Set" and replaces_destroy(owner, call)
        return call if self._is_handle(owner) and not is_other_rules else None

    def _is_class(self, dotted: str) -> bool:
        return dotted in [f"{self.tree.package}.{known}" for known in _CLASSES]

    def _is_handle(self, node: ast.expr) -> bool:
        return any(value.kind == "handle" for value in self.inference.values(node))

    def _patched(
        self, function: Function, node: ast.expr, call: ConductorCall, name: str | None
    ) -> Literal["getter", "save"] | None:
        """What a patch becomes, if anything; notes what goes with it. `name` is its mock's."""
        patch = patch_of(node, self.module)
        if patch is None or patch.is_given or name is None:
            return None
        mock = CallMock(function, name, call, patch.keywords, self.tree)
        span = self.module.source.span
        if call.kind == "update" and call.declined is None and not call.named_values:
            expected = mock.expectations()
            if expected is None:
                return None
            for node, expectation in expected:
                self.expectations[span(self.module.source.statement(node))] = expectation
            literals: list[ast.Dict] | None = list(mock.named_rows(expected))
        else:
            literals = mock.rows(self.constants) if call.call and self.tree.has(call.call) else None
        if literals is None:
            return None
        for row in literals:
            if not is_object(self.tree, call.object, row):
                if not is_mock(self.tree, call.object, row):
                    return None
        self.returned += [(row, call) for row in literals]
        self.rows |= {span(row): call for row in literals}
        return "save" if call.kind == "update" else "getter"

    def _assigned(self, node: ast.Assign) -> ConductorMock | None:
        """`tracker.conductor_api.compute_node_create = mock.Mock(return_value=dict(id=1))`."""
        for target in node.targets:
            if isinstance(target, ast.Attribute) and self._is_handle(target.value):
                call = conductor_calls().get(target.attr)
                if call is not None:
                    variable = self._stub_variable(node, call)
                    return ConductorMock(call, "create" if variable else None, variable)
        return None

    def _stub_variable(self, node: ast.Assign, call: ConductorCall) -> str:
        """What a stub of create() calls the object; "" if no stub does the same."""
        function = self.module.function_around(node)
        value = _returned(node.value, self.module)
        if call.kind != "create" or call.declined is not None or len(node.targets) != 1:
            return ""
        if function is None or value is None or isinstance(value, ast.Constant):
            return ""
        if not any(one.receiver == "self" for one in around(function)):
            return ""
        if b"self.stubs.Set(" not in self.module.source.text or self._is_asked(call):
            return ""
        taken = names_in(function)
        if fake_name(call) in taken or "context" in {
            one.id for one in ast.walk(value) if isinstance(one, ast.Name)
        }:
            return ""
        return free_name(self.module, self.tree, node, call.object)

    def _is_asked(self, call: ConductorCall) -> bool:
        """Whether any test reads the mock again."""
        return any(
            isinstance(node.ctx, ast.Load) and self._is_handle(node.value)
            for node in self.module.attributes(call.name)
        )


def fake_name(call: ConductorCall) -> str:
    """The name of the function that stands in for an object's create()."""
    return f"fake_{call.name}"


def _returned(node: ast.expr, module: Module) -> ast.expr | None:
    """What a new mock returns; None if it is not set up by its return_value alone."""
    if not isinstance(node, ast.Call) or len(node.keywords) != 1 or node.args:
        return None
    word = node.keywords[0]
    is_mock = is_mock_name(module.dotted_name(node.func))
    return word.value if is_mock and word.arg == "return_value" else None
