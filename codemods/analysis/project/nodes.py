# SPDX-License-Identifier: Apache-2.0
"""The nodes of a syntax tree, by type and by name."""

import ast
import functools
import operator
from typing import Any, TypeVar

from codemods.syntax.walk import walk

Node = TypeVar("Node", bound=ast.AST)
_PLACE = operator.attrgetter("lineno", "col_offset")


class _NodesByType(dict[type[ast.AST], list[ast.AST]]):
    """Nodes by type; a type is sorted into source order when it is first asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._sorted: set[type[ast.AST]] = set()

    def get(self, kind: type[ast.AST], default: Any = None) -> Any:
        """The nodes of a type; `default` if there are none."""
        return self[kind] if kind in self else default  # noqa: SIM401 - this is it

    def __getitem__(self, kind: type[ast.AST]) -> list[ast.AST]:
        nodes = super().__getitem__(kind)
        if kind not in self._sorted:
            self._sorted.add(kind)
            if "lineno" in kind._attributes:
                nodes.sort(key=_PLACE)
        return nodes


class Nodes:
    """The nodes of a tree, indexed when they are first asked for."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree

    @functools.cached_property
    def nodes(self) -> dict[type[ast.AST], list[ast.AST]]:
        """The nodes by type, in source order."""
        found = _NodesByType()
        for node in walk(self._tree):
            found.setdefault(node.__class__, []).append(node)
        return found

    def all(self, kind: type[Node]) -> list[Node]:
        """The nodes of one type, in source order."""
        found: list[Node] = self.nodes.get(kind, [])  # type: ignore[assignment]
        return found

    def calls_of(self, name: str) -> list[ast.Call]:
        """The calls of anything with that short name, in source order."""
        return self._calls.get(name, [])

    @functools.cached_property
    def _calls(self) -> dict[str, list[ast.Call]]:
        calls: dict[str, list[ast.Call]] = {}
        for call in self.all(ast.Call):
            func = call.func
            if isinstance(func, ast.Attribute):
                calls.setdefault(func.attr, []).append(call)
            elif isinstance(func, ast.Name):
                calls.setdefault(func.id, []).append(call)
        return calls

    def names(self, name: str) -> list[ast.Name]:
        """The uses of a name, in source order."""
        return self._names.get(name, [])

    @functools.cached_property
    def _names(self) -> dict[str, list[ast.Name]]:
        found: dict[str, list[ast.Name]] = {}
        for node in self.all(ast.Name):
            found.setdefault(node.id, []).append(node)
        return found

    def attributes(self, name: str) -> list[ast.Attribute]:
        """The uses of an attribute of anything, in source order."""
        return self._attributes.get(name, [])

    @functools.cached_property
    def _attributes(self) -> dict[str, list[ast.Attribute]]:
        found: dict[str, list[ast.Attribute]] = {}
        for node in self.all(ast.Attribute):
            found.setdefault(node.attr, []).append(node)
        return found
