# SPDX-License-Identifier: Apache-2.0
"""The classes and functions of a module."""

import ast
import dataclasses
import functools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from codemods.syntax.walk import children, walk

if TYPE_CHECKING:
    from codemods.analysis.project.module import Module

Definition = ast.FunctionDef | ast.AsyncFunctionDef


def _names_of(decorators: Iterable[ast.expr]) -> Iterator[str]:
    """The names of decorators, without their modules."""
    for decorator in decorators:
        node = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id


class _Bound(NamedTuple):
    """What a function binds: names, imports for sure, and what it takes from its module."""

    names: frozenset[str]
    imports: dict[str, str]
    rebound: frozenset[str]
    shared: frozenset[str]
    stored_globals: frozenset[str]
    stored: frozenset[str]


@dataclasses.dataclass(eq=False)
class Function:
    """A function or method; `name` is its dotted name within the module."""

    module: "Module"
    name: str
    node: Definition | ast.Lambda
    owner: "Class | None" = None
    outer: "Function | None" = None

    @functools.cached_property
    def dotted(self) -> str:
        """The function's full dotted name."""
        return f"{self.module.dotted}.{self.name}"

    @functools.cached_property
    def all_parameters(self) -> frozenset[str]:
        """The names of all parameters, including `self`, `*args` and `**kwargs`."""
        args = self.node.args
        named = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
        return frozenset(arg.arg for arg in named if arg is not None)

    @functools.cached_property
    def parameters(self) -> list[str]:
        """The names of the parameters without `self`, `*args` and `**kwargs`."""
        args = self.node.args
        names = [arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
        return names[1:] if self.owner is not None and not self.is_static else names

    def may_be_called_with(self, positional: int, named: Iterable[str]) -> bool:
        """Whether a call may have that many positional arguments and these keywords."""
        args, words = self.node.args, set(named)
        if self.node.args.vararg is None and positional > len(self.parameters):
            return False
        if args.kwarg is None and not words <= set(self.parameters):
            return False
        optional = len(args.defaults)
        required = self.parameters[: len(self.parameters) - len(args.kwonlyargs) - optional]
        return set(required[positional:]) <= words

    @functools.cached_property
    def decorators(self) -> set[str]:
        """The names of the decorators, without their modules."""
        return set(_names_of(getattr(self.node, "decorator_list", [])))

    @property
    def is_static(self) -> bool:
        """Whether the function is a static method."""
        return "staticmethod" in self.decorators

    @functools.cached_property
    def receiver(self) -> str:
        """The name of the first parameter if it is the object or the class; else ""."""
        args = (*self.node.args.posonlyargs, *self.node.args.args)
        return args[0].arg if args and self.owner is not None and not self.is_static else ""

    @functools.cached_property
    def local_imports(self) -> dict[str, str]:
        """The imports within the function: local name to dotted name.

        Those of names that it binds to something else as well are left out.
        """
        return self._bound.imports

    @property
    def rebound_imports(self) -> frozenset[str]:
        """The names that it imports and binds to something else as well."""
        return self._bound.rebound

    @property
    def stored_names(self) -> frozenset[str]:
        """The local names that it assigns, parameters included."""
        return self._bound.stored

    @property
    def stored_globals(self) -> frozenset[str]:
        """The names that it takes from its module with `global`, and assigns."""
        return self._bound.stored_globals

    @functools.cached_property
    def local_names(self) -> frozenset[str]:
        """The names that are local to the function: its parameters, and what it binds."""
        return self._bound.names

    @property
    def global_names(self) -> frozenset[str]:
        """The names that the function takes from its module with `global`."""
        return self._bound.shared

    @functools.cached_property
    def _bound(self) -> "_Bound":
        """What the function binds, found in one walk of its body.

        Names bound in nested functions and classes do not count.
        """
        body, names = self.node.body, set(self.all_parameters)
        shared: set[str] = set()
        imports: dict[str, str] = {}
        several: set[str] = set()
        stored = set(names)
        waiting: list[ast.AST] = list(body) if isinstance(body, list) else []
        while waiting:
            node = waiting.pop()
            kind = node.__class__
            if kind is ast.Name:
                assert isinstance(node, ast.Name)
                if node.ctx.__class__ is ast.Store:
                    names.add(node.id)
                    stored.add(node.id)
                continue
            if isinstance(node, ast.ExceptHandler) and node.name:
                names.add(node.name)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
                continue
            elif isinstance(node, ast.Import | ast.ImportFrom):
                for name, dotted in self.module.imported_by(node).items():
                    if imports.setdefault(name, dotted) != dotted:
                        several.add(name)
            elif isinstance(node, ast.Global):
                shared.update(node.names)
            elif kind is ast.Lambda:
                continue
            waiting += children(node)
        rebound = several | (imports.keys() & names)
        sure = {name: dotted for name, dotted in imports.items() if name not in rebound}
        return _Bound(
            frozenset((names | imports.keys()) - shared),
            sure,
            frozenset(rebound),
            frozenset(shared),
            frozenset(stored & shared),
            frozenset(stored - shared),
        )


@dataclasses.dataclass(eq=False)
class Class:
    """A class; `bases` are the dotted names of its bases, resolved through the imports."""

    module: "Module"
    name: str
    node: ast.ClassDef
    bases: tuple[str, ...]
    methods: dict[str, Function]

    @functools.cached_property
    def decorators(self) -> set[str]:
        """The names of the decorators, without their modules."""
        return set(_names_of(self.node.decorator_list))

    @functools.cached_property
    def dotted(self) -> str:
        """The class's full dotted name."""
        return f"{self.module.dotted}.{self.name}"

    @functools.cached_property
    def kept(self) -> dict[str, list[ast.expr]]:
        """The values of its attributes, and of attributes of any name (`self`, say) set in it."""
        found: dict[str, list[ast.expr]] = {}
        for node in walk(self.node):
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    found.setdefault(target.attr, []).append(node.value)
                elif isinstance(target, ast.Name) and node in self.node.body:
                    found.setdefault(target.id, []).append(node.value)
        return found
