# SPDX-License-Identifier: Apache-2.0
"""What calls put into parameters."""

import ast
from collections.abc import Iterable

from codemods.analysis.evaluator.base import TOUCHING
from codemods.analysis.evaluator.names import Names
from codemods.analysis.evaluator.unit import Unit
from codemods.analysis.project import Function
from codemods.analysis.tree import folders
from codemods.analysis.values import UNKNOWN, Value, Values
from codemods.mappings import passing_decorators

_HANDED_ON = TOUCHING | {"copied"}


class Arguments(Names):
    """The arguments of calls, and the parameters that they go into."""

    def _carries(self, given: Iterable[Values]) -> bool:
        """Whether one of the arguments has to do with rows."""
        several = [value for values in given for value in values]
        if any(value.kind in _HANDED_ON or self.inference.is_rowful(value) for value in several):
            return True
        for value in several:
            if value.kind == "container":
                self._inputs.note_container(value.name)
        return False

    def _handed_on(self, node: ast.Call, argument: ast.expr, values: Values) -> None:
        """Record a function that is an argument: unknown code may call it with anything."""
        for value in values:
            if value.kind == "function" and not self._is_test:
                self.inference.note_handed_on(self.module, node, argument, value.name)
                if self._takes_rows(value.name):
                    function = self.inference.function(value.name)
                    if function is not None:
                        self._bind_unknown(node, function, set())

    def _takes_rows(self, name: str) -> bool:
        short = name.rpartition(".")[2]
        if short in self.inference.row_takers:
            return True
        self._inputs.note_other(short)
        return False

    def _may_load(self, dotted: str) -> bool:
        """Whether the file of `dotted` may be loaded to follow a row into it."""
        path = self.inference.project.path_of(dotted)
        own = folders(self.package, "conductor", "db")
        return path is not None and not path.startswith(own)

    def _bind(
        self,
        node: ast.Call,
        name: str,
        positional: list[Values],
        named: dict[str | None, Values],
    ) -> bool:
        """Write the arguments into the parameters of `name`; return whether it is known."""
        carries = self._carries((*positional, *named.values()))
        may_load = carries and not self._is_test and self._may_load(name)
        if not self._is_loaded(name) and not may_load:
            return False
        function = self.inference.function(name)
        if function is None:
            return False
        if self.inference.is_test(self.module) and not self.inference.is_test(function.module):
            self._bind_test(node, function, positional, named)
            return True
        given = node.args
        if self._is_unbound(node, function):
            positional, given = positional[1:], given[1:]
        self._give(node, function, positional, given, named)
        if (node, function.dotted) in self.inference.taken:
            self.inference.taken[node, name] = self.inference.taken[node, function.dotted]
        return True

    def _give(
        self,
        node: ast.Call,
        function: Function,
        positional: list[Values],
        given: list[ast.expr],
        named: dict[str | None, Values],
    ) -> None:
        """Write the values of the arguments `given` into the parameters of a function."""
        full, names = function.dotted, function.parameters
        self.inference.wake(Unit(function.module, function))
        if not self._is_test:
            self.inference.called.add(full)
        told = next((n for n, arg in enumerate(given) if isinstance(arg, ast.Starred)), None)
        if told is not None or None in named:
            positional, given = positional[:told], given[:told]
            if self._takes_rows(full):
                known = {*names[: len(positional)], *filter(None, named)}
                self._bind_unknown(node, function, known)
        short = function.name.rpartition(".")[2]
        for parameter, values in [*zip(names, positional, strict=False), *named.items()]:
            if parameter in names:
                step = self._step(node, f"passed as `{parameter}` to {short}()")
                if not values and self._takes_rows(short):
                    values = {UNKNOWN: ()}
                self.inference.write(("param", full, parameter), values, step)
        if function.decorators <= passing_decorators():
            words = [word.value for word in node.keywords if word.arg in names]
            self.inference.taken[node, full] = frozenset((*given[: len(names)], *words))

    def _bind_unknown(self, node: ast.Call, function: Function, given: set[str]) -> None:
        """Treat the parameters that are not `given` as unknown."""
        for parameter in function.parameters:
            if parameter not in given:
                step = self._step(node, f"`{parameter}` cannot be told here")
                self.inference.write(("param", function.dotted, parameter), {UNKNOWN: ()}, step)

    def _is_unbound(self, node: ast.Call, function: Function) -> bool:
        """Whether the call passes the object explicitly: `Base.method(self)`."""
        if function.owner is None or not isinstance(node.func, ast.Attribute):
            return False
        if {"classmethod", "staticmethod", "remotable_classmethod"} & function.decorators:
            return False
        return any(value.kind == "class" for value in self.expr(node.func.value))

    def _bind_test(
        self,
        node: ast.Call,
        function: Function,
        positional: list[Values],
        named: dict[str | None, Values],
    ) -> None:
        """A unit test proves nothing about the code, but a dict that it passes is one."""
        full = f"{function.module.dotted}.{function.name}"
        step = self._step(node, "a unit test passes a dict")
        names = function.parameters
        for parameter, values in [*zip(names, positional, strict=False), *named.items()]:
            if parameter in names and any(value.kind == "container" for value in values):
                slot = ("param", full, parameter)
                self.inference.write(slot, {Value("plain", "unit test"): (step,)})

    def _bind_in_object(
        self, node: ast.Call, name: str, positional: list[Values], named: dict[str | None, Values]
    ) -> None:
        """Write the arguments into a method of an object, wherever its class is imported from."""
        head, _, method = name.rpartition(".")
        found = self.inference.tree.object(head.rpartition(".")[2])
        if found is not None and method in found.methods:
            full = f"{found.module}.{found.name}.{method}"
            self._bind(node, full, positional, named)
            taken = self.inference.taken.pop((node, full), frozenset())
            self.inference.taken[node, name] = taken
