# SPDX-License-Identifier: Apache-2.0
"""Where a unit test replaces a method whose rows become objects."""

import ast
import dataclasses
from collections.abc import Iterator
from typing import Literal

from codemods.analysis.dict_values import bound_values, is_dict
from codemods.analysis.facts import Span
from codemods.analysis.fixtures import FIXTURES, is_handle, replaces_destroy
from codemods.analysis.free_names import first_free
from codemods.analysis.local_names import only_assignment, readings
from codemods.analysis.named_mocks import is_patch, mock_of
from codemods.analysis.project import Function, Module
from codemods.analysis.row_methods import RowMethod, RowMethods
from codemods.analysis.survey import Survey
from codemods.mappings import conductor_calls
from codemods.model import ITEM_OF_OBJECT, Item

#: The mox matchers for any argument.
_ANY = ("mox.IgnoreArg", "mox3.mox.IgnoreArg", "mox.IsA", "mox3.mox.IsA")
#: Expressions that can be moved within a function.
_PLAIN = (ast.Name, ast.Attribute, ast.Constant)


@dataclasses.dataclass(frozen=True)
class MethodStub:
    """What replaces a method's row, or the conductor's destroy().

    `returned`: a fake returns the row; `bound`: a name is bound to it, for a
    recorded call; `destroyed`: the call that replaces the conductor's
    destroy(); `destroy`: the replacement function. `left`: one of these
    in a form that cannot be rewritten. `many` says that it is a list of rows;
    `context` is the source of the context available there, `row` a local
    name for the new row.
    """

    kind: Literal["returned", "bound", "destroyed", "destroy", "left"]
    object: str
    many: bool = False
    context: str = ""
    row: str = ""


def method_stubs(module: Module, survey: Survey, done: frozenset[Item]) -> dict[Span, MethodStub]:
    """The stubs of a unit test module, by place."""
    return {module.source.span(node): stub for node, stub in _Finder(module, survey, done).find()}


Found = Iterator[tuple[ast.Call | ast.FunctionDef | ast.stmt, MethodStub]]


class _Finder:
    def __init__(self, module: Module, survey: Survey, done: frozenset[Item]) -> None:
        self.module = module
        self.survey = survey
        self.inference = survey.inference
        self.done = done

    def find(self) -> Found:
        """The places of the stubs, each with its stub."""
        stubs = [node for node in self.module.all(ast.Call) if _may_be_stub(node, self.module)]
        known = RowMethods(self.survey, self.done) if stubs else None
        for node in stubs:
            assert known is not None
            func = node.func
            if isinstance(func, ast.Attribute) and func.attr == "Set":
                yield from self._replaced(node, known)
            elif isinstance(func, ast.Attribute) and func.attr == "AndReturn":
                assert isinstance(func.value, ast.Call)
                yield from self._recorded(node, func.value, known)
            else:
                yield from self._patched(node, known)

    def _replaced(self, node: ast.Call, known: RowMethods) -> Found:
        """`self.stubs.Set(owner, 'name', fake)`."""
        owner, name, fake = node.args
        assert isinstance(name, ast.Constant)
        call = conductor_calls().get(str(name.value))
        if call is not None and is_handle(owner):
            if replaces_destroy(owner, call) and ITEM_OF_OBJECT[call.object] in self.done:
                yield from self._destroyed(node, self._nested(fake), call.object)
            return
        method = known.on(owner, str(name.value), self.module)
        if method is not None:
            yield from self._returned(node, fake, method)

    def _returned(self, node: ast.Call, fake: ast.expr, method: RowMethod) -> Found:
        """The fake's return statements; the stub itself if these cannot be rewritten."""
        if isinstance(fake, ast.Lambda):
            if is_dict(self.module, fake.body):
                yield node, MethodStub("left", method.object)
            return
        nested = self._nested(fake)
        function = nested or self._elsewhere(fake)
        if function is None:
            return
        names = function.parameters
        args = function.node.args
        takes_any = args.vararg is not None or args.kwarg is not None
        if not takes_any and len(names) != len(method.parameters):
            return
        is_known = nested is not None and not takes_any and method.context is not None
        for statement in _own_returns(self.module, function):
            value = statement.value
            is_row = isinstance(value, ast.Dict | ast.List | ast.Name)
            if is_known and self._has_fixture(method) and is_row:
                if not isinstance(value, ast.List) or value.elts:
                    context = names[method.context or 0]
                    yield statement, self._made("returned", method, context, statement)
            elif value is not None and self._is_row(value):
                yield node, MethodStub("left", method.object)

    def _is_row(self, value: ast.expr) -> bool:
        """Whether a value is a dict, or a list with a dict in it."""
        if isinstance(value, ast.List):
            return any(is_dict(self.module, one) for one in value.elts)
        if isinstance(value, ast.Name):
            return any(map(self._is_row, bound_values(self.module, value)))
        return is_dict(self.module, value)

    def _has_fixture(self, method: RowMethod) -> bool:
        """Whether the tree's own unit tests have a fixture for rows of the object."""
        package, module, _ = FIXTURES.get(method.object, ("", "", ""))
        dotted = f"{self.survey.tree.tests}.{package}.{module}"
        return bool(module) and self.inference.project.is_module(dotted)

    def _made(
        self, kind: Literal["returned", "bound"], method: RowMethod, context: str, node: ast.stmt
    ) -> MethodStub:
        row = first_free(self.module, self.survey.tree, node, "row")
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            # the statement goes on to bind the name, to the object
            row = "row" if node.targets[0].id == "row" else row
        return MethodStub(kind, method.object, method.many, context, row)

    def _destroyed(self, node: ast.Call, function: Function | None, name: str) -> Found:
        found = self.survey.tree.object(name)
        is_known = function is not None and found is not None and found.takes_context
        if not is_known or function is None or not self._takes_two(function):
            yield node, MethodStub("left", name)
        elif len(self._uses(function)) == len(self._destroying(function)):
            yield node, MethodStub("destroyed", name)
            assert isinstance(function.node, ast.FunctionDef)
            yield function.node, MethodStub("destroy", name)
        else:
            yield node, MethodStub("left", name)

    def _takes_two(self, function: Function) -> bool:
        args = function.node.args
        return len(args.args) == 2 and not args.defaults and not (args.vararg or args.kwarg)

    def _uses(self, function: Function) -> list[ast.Name]:
        assert function.outer is not None
        return readings(function.outer.node, getattr(function.node, "name", ""))

    def _destroying(self, function: Function) -> list[ast.Name]:
        """The uses of a fake that replace the conductor's destroy()."""
        return [use for use in self._uses(function) if self._is_destroying(use)]

    def _is_destroying(self, use: ast.Name) -> bool:
        call = self.module.source.parent(use)
        if not isinstance(call, ast.Call) or len(call.args) != 3 or call.args[2] is not use:
            return False
        owner, name, _ = call.args
        known = conductor_calls().get(str(name.value)) if isinstance(name, ast.Constant) else None
        return known is not None and replaces_destroy(owner, known)

    def _nested(self, fake: ast.expr) -> Function | None:
        """The function, nested in the test itself, that is passed by name."""
        around = self.module.function_around(fake)
        found = [
            function
            for function in self.module.all_functions
            if isinstance(fake, ast.Name)
            and function.outer is around
            and function.owner is None
            and getattr(function.node, "name", "") == fake.id
        ]
        return found[0] if around is not None and len(found) == 1 else None

    def _elsewhere(self, fake: ast.expr) -> Function | None:
        """The function of the module, or the method of the test, that is passed by name."""
        if isinstance(fake, ast.Name):
            return self.module.functions.get(fake.id)
        around = self.module.function_around(fake)
        while around is not None and around.owner is None:
            around = around.outer
        is_own = isinstance(fake, ast.Attribute) and isinstance(fake.value, ast.Name)
        if around is None or around.owner is None or not is_own:
            return None
        assert isinstance(fake, ast.Attribute)
        return self.inference.project.method(around.owner, fake.attr)

    def _recorded(self, node: ast.Call, call: ast.Call, known: RowMethods) -> Found:
        """`self.compute._get_it(...).AndReturn(row)`, where `row` is a literal of this function."""
        assert isinstance(call.func, ast.Attribute)
        method = known.on(call.func.value, call.func.attr, self.module)
        if method is None or len(call.args) + len(call.keywords) != len(method.parameters):
            return
        value = node.args[0]
        statement = self._only_binding(value)
        context = self._context(call, method)
        is_one = statement is not None and isinstance(statement.value, ast.Dict) and not method.many
        if is_one and statement is not None and context is not None and self._has_fixture(method):
            if self._is_not_rebound(context, statement):
                source = self.module.source.of(context)
                yield statement, self._made("bound", method, source, statement)
                return
        if self._is_row(value):
            yield node, MethodStub("left", method.object)

    def _context(self, call: ast.Call, method: RowMethod) -> ast.expr | None:
        """The context that a call is given, if the expression can stand a few lines above.

        If it is only a matcher, the context that the tests keep.
        """
        if method.context is None:
            return None
        name, number = method.parameters[method.context], method.context
        named = [word.value for word in call.keywords if word.arg == name]
        found = call.args[number] if number < len(call.args) else next(iter(named), None)
        if isinstance(found, _PLAIN):
            return found
        is_matcher = isinstance(found, ast.Call) and self.module.dotted_name(found.func) in _ANY
        return next(self._kept_contexts(), None) if is_matcher else None

    def _kept_contexts(self) -> Iterator[ast.Attribute]:
        """Where tests of the module set `self.context`."""
        for node in self.module.attributes("context"):
            if isinstance(node.ctx, ast.Store):
                if isinstance(node.value, ast.Name) and node.value.id == "self":
                    yield node

    def _only_binding(self, value: ast.expr) -> ast.Assign | None:
        """The statement that binds a name, if the name is bound and read once."""
        function = self.module.function_around(value)
        if function is None or not isinstance(value, ast.Name):
            return None
        found = only_assignment(function, value.id)
        if found is None or len(found.targets) != 1 or len(readings(function.node, value.id)) != 1:
            return None
        return found

    def _is_not_rebound(self, context: ast.expr, statement: ast.stmt) -> bool:
        """Whether no name in an expression is rebound after the start of a statement."""
        function = self.module.function_around(statement)
        names = {one.id for one in ast.walk(context) if isinstance(one, ast.Name)}
        return not any(
            isinstance(node, ast.Name)
            and node.id in names
            and isinstance(node.ctx, ast.Store)
            and self.module.source.start(node) > self.module.source.start(statement)
            for node in ast.walk(function.node if function is not None else statement)
        )

    def _patched(self, node: ast.Call, known: RowMethods) -> Found:
        """`mock.patch.object(owner, 'name')`, whose mock returns a dict."""
        owner, name = node.args[0], node.args[1]
        assert isinstance(name, ast.Constant)
        method = known.on(owner, str(name.value), self.module)
        if method is None:
            return
        values = [word.value for word in node.keywords if word.arg == "return_value"]
        mock = mock_of(self.module, node)
        for one in ast.walk(mock.scope) if mock is not None else ():
            if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Attribute):
                target = one.targets[0]
                if target.attr == "return_value" and isinstance(target.value, ast.Name):
                    if mock is not None and target.value.id == mock.name:
                        values.append(one.value)
        if any(map(self._is_row, values)):
            yield node, MethodStub("left", method.object)


def _own_returns(module: Module, function: Function) -> Iterator[ast.Return]:
    for node in ast.walk(function.node):
        if isinstance(node, ast.Return) and function.module.function_around(node) is function:
            yield node


def _may_be_stub(node: ast.Call, module: Module) -> bool:
    """Whether the call replaces an attribute by name, or sets what a recorded call returns."""
    func = node.func
    if not isinstance(func, ast.Attribute):
        return False
    if func.attr == "Set" and len(node.args) == 3:
        name = node.args[1]
        return isinstance(name, ast.Constant) and isinstance(name.value, str)
    if func.attr == "AndReturn" and len(node.args) == 1:
        return isinstance(func.value, ast.Call) and isinstance(func.value.func, ast.Attribute)
    if func.attr != "object" or len(node.args) != 2 or not is_patch(module, node):
        return False
    return isinstance(node.args[1], ast.Constant)
