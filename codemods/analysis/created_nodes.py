# SPDX-License-Identifier: Apache-2.0
"""Unit tests that mock the conductor's create(), and check the values of the new row."""

import ast
import dataclasses
from collections.abc import Iterator
from typing import Literal

from codemods.analysis.created_ids import id_of, reads_id
from codemods.analysis.facts import Span
from codemods.analysis.field_types import is_address
from codemods.analysis.free_names import free_name
from codemods.analysis.inference import Inference
from codemods.analysis.local_names import (
    attribute_of,
    is_load,
    only_assignment,
    readings,
    uses,
)
from codemods.analysis.missing_fields import plan_of
from codemods.analysis.project import Class, Function
from codemods.mappings import ConductorCall


@dataclasses.dataclass(frozen=True, eq=False)
class CreatedPart:
    """What has to change when the mock of the conductor's `call` becomes one of create().

    `told`: the statement that sets the mock's side effect; `fake`: that side effect,
    a function that still gives the object, its `variable`, the `row_id` of the row if
    the code reads that; `expected`: the assertion on the values that the mock was
    called with, those of the object that the code keeps as `node`; `values`: the dict
    of these values, of which the object refuses some, `refused`; `stats`: the
    statement that turns the stats among them into text. `is_bound`: the mock is
    called with the object.
    """

    call: ConductorCall
    kind: Literal["told", "fake", "expected", "values", "stats"]
    node: str = ""
    refused: frozenset[str] = frozenset()
    variable: str = ""
    row_id: int | None = None
    is_bound: bool = False


Parts = dict[Span, CreatedPart]


class CreatedNode:
    """The mock of a create(), called `name`, in a test of the object `holder`.

    `holder` is None if it is not known what the test calls that object.
    """

    def __init__(
        self,
        function: Function,
        name: str,
        call: ConductorCall,
        holder: ast.expr | None,
        inference: Inference,
    ) -> None:
        self.function = function
        self.source = function.module.source
        self.name = name
        self.call = call
        self.holder = holder
        self.inference = inference

    def parts(self) -> Parts | None:
        """What has to change, by place; None if the test does something without a counterpart."""
        found: Parts = {}
        for use in readings(self.function.node, self.name):
            asked = attribute_of(use, self.source)
            if asked is None:
                return None
            if asked.attr == "called":
                continue
            statement = self.source.statement(asked)
            if asked.attr == "side_effect" and isinstance(statement, ast.Assign):
                more = self._told(statement, asked)
            elif asked.attr == "assert_called_once_with":
                more = self._expected(statement, self.source.parent(asked))
            else:
                return None
            if more is None:
                return None
            found |= more
        if any(part.row_id is not None for part in found.values()):
            found = {at: dataclasses.replace(part, is_bound=True) for at, part in found.items()}
        return found

    def _told(self, statement: ast.Assign, target: ast.Attribute) -> Parts | None:
        """`create_mock.side_effect = fake`, if the fake does nothing but make a row."""
        fake = statement.value
        if statement.targets != [target] or not isinstance(fake, ast.Name):
            return None
        found = [
            one
            for one in ast.walk(self.function.node)
            if isinstance(one, ast.FunctionDef) and one.name == fake.id
        ]
        if len(found) != 1 or uses(self.function.node, fake.id) != [fake]:
            return None
        fake_function = found[0]
        if not _only_makes_a_row(fake_function):
            return None
        if self._reads_id():
            return self._given_id(fake_function)
        return {
            self.source.span(statement): CreatedPart(self.call, "told"),
            self.source.span(fake_function): CreatedPart(self.call, "fake"),
        }

    def _reads_id(self) -> bool:
        """Whether the code under test reads the id of the row that it has created."""
        owner = self._owner(self.holder) if self.holder is not None else None
        if owner is None or self.holder is None:
            return False
        called = self._called(owner, self.source.of(self.holder))
        return reads_id(called, self.call, self.inference)

    def _given_id(self, fake: ast.FunctionDef) -> Parts | None:
        """The fake, which gives the object the id that it gave the row."""
        module = self.function.module
        row_id, args = id_of(fake, module), fake.args
        if row_id is None or len(args.args) != 2 or args.vararg or args.kwarg or args.kwonlyargs:
            return None
        name = free_name(module, self.inference.tree, fake, self.call.object)
        part = CreatedPart(self.call, "fake", variable=name, row_id=row_id)
        return {self.source.span(fake): part}

    def _expected(self, statement: ast.stmt, call: ast.AST) -> Parts | None:
        """`create_mock.assert_called_once_with(context, expected)`, and the expected values."""
        if not isinstance(statement, ast.Expr) or statement.value is not call:
            return None
        assert isinstance(call, ast.Call)
        if len(call.args) != 2 or call.keywords or not isinstance(call.args[1], ast.Name):
            return None
        attribute = self._attribute(self.holder) if self.holder is not None else ""
        if self.holder is None or not attribute:
            return None
        node = f"{self.source.of(self.holder)}.{attribute}"
        found = {self.source.span(statement): CreatedPart(self.call, "expected", node)}
        for name in self._names(call.args[1].id):
            more = self._values(name)
            if more is None:
                return None
            found |= more
        return found

    def _names(self, name: str) -> Iterator[str]:
        """A name of the values, and the names that they were copied from."""
        seen: set[str] = set()
        while name and name not in seen:
            yield name
            seen.add(name)
            bound = only_assignment(self.function, name)
            value = bound.value if bound is not None else None
            if isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords:
                copied = self.function.module.dotted_name(value.func)
                is_copy = copied in ("copy.copy", "copy.deepcopy") or copied.endswith(".dict")
                value = value.args[0] if is_copy else None
            name = value.id if isinstance(value, ast.Name) else ""

    def _values(self, name: str) -> Parts | None:
        """What has to change in the values under a name; None if that is not enough."""
        found: Parts = {}
        bound = only_assignment(self.function, name)
        if bound is not None and isinstance(bound.value, ast.Dict):
            part = self._literal(bound.value)
            if part is None:
                return None
            found[self.source.span(bound.value)] = part
        for use in uses(self.function.node, name):
            stored = self.source.parent(use)
            if not isinstance(stored, ast.Subscript) or isinstance(stored.ctx, ast.Load):
                continue
            statement = self.source.parent(stored)
            is_stats = isinstance(stored.slice, ast.Constant) and stored.slice.value == "stats"
            if is_stats and isinstance(statement, ast.Assign) and statement.targets == [stored]:
                if not isinstance(statement.value, ast.Constant):
                    continue
                if statement.value.value != "{}":
                    return None
                found[self.source.span(statement)] = CreatedPart(self.call, "stats")
        return found

    def _literal(self, literal: ast.Dict) -> CreatedPart | None:
        refused = set()
        for key, value in zip(literal.keys, literal.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                continue
            field = self.inference.tree.field_type(self.call.object, key.value)
            given = value.value if isinstance(value, ast.Constant) else ...
            if key.value == "stats" and isinstance(given, str):
                return None
            if field.is_address and isinstance(given, str) and not self._keeps(given):
                return None
            if field.is_object and isinstance(value, ast.List | ast.Dict):
                refused.add(key.value)
        return CreatedPart(self.call, "values", refused=frozenset(refused))

    def _keeps(self, text: str) -> bool:
        """Whether the object keeps a string given as an address: only one that is not valid."""
        return plan_of(self.inference).keeps_columns and not is_address(text)

    def _attribute(self, holder: ast.expr) -> str:
        """The attribute in which the methods that the test calls keep what they create, or ""."""
        owner = self._owner(holder)
        if owner is None:
            return ""
        called = self._called(owner, self.source.of(holder))
        found = {name for method in called for name in self._kept(method)}
        return found.pop() if len(found) == 1 else ""

    def _owner(self, holder: ast.expr) -> Class | None:
        """The class under test; None if it is not known."""
        values = self.inference.values(holder)
        owners = {value.name for value in values if value.kind == "instance"}
        return self.inference.project.find_class(min(owners)) if len(owners) == 1 else None

    def _called(self, owner: Class, receiver: str) -> list[Function]:
        """The methods of the class that the test calls, directly or through others."""
        methods: dict[str, Function] = {}
        for one in self.inference.project.ancestry(owner):
            methods = {**one.methods, **methods}
        waiting = [
            call.func.attr
            for call in ast.walk(self.function.node)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and self.source.of(call.func.value) == receiver
        ]
        found: dict[str, Function] = {}
        while waiting:
            name = waiting.pop()
            if name in methods and name not in found:
                method = found[name] = methods[name]
                waiting += [
                    one.attr
                    for one in ast.walk(method.node)
                    if isinstance(one, ast.Attribute) and _is_name(one.value, method.receiver)
                ]
        return list(found.values())

    def _kept(self, method: Function) -> Iterator[str]:
        """The attributes in which a method puts what the conductor creates; "" if not its own."""
        for node in ast.walk(method.node):
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
                continue
            values = self.inference.values(node.value.func)
            if any(one.kind == "method" and one.name == self.call.name for one in values):
                for target in node.targets:
                    if isinstance(target, ast.Attribute):
                        yield target.attr if _is_name(target.value, method.receiver) else ""


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _only_makes_a_row(fake: ast.FunctionDef) -> bool:
    """Whether a fake returns something and has no side effects."""
    inner = list(ast.walk(fake))
    own = {one.id for one in inner if isinstance(one, ast.Name) and not is_load(one)}
    for one in inner:
        if isinstance(one, ast.Raise | ast.Assert | ast.Yield | ast.Global):
            return False
        done = one.value if isinstance(one, ast.Expr) else one
        is_set = isinstance(one, ast.Attribute | ast.Subscript) and not isinstance(
            one.ctx, ast.Load
        )
        is_done = isinstance(one, ast.Expr) and not isinstance(done, ast.Constant)
        if (is_set or is_done) and _root(done) not in own:
            return False
    returns = [one for one in inner if isinstance(one, ast.Return)]
    return bool(returns) and not fake.decorator_list


def _root(node: ast.AST) -> str:
    """The name that `a.b(c)[d]` begins with."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
