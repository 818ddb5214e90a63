# SPDX-License-Identifier: Apache-2.0
"""Which assignments to a variable may reach a place in a function."""

import ast
from collections.abc import Iterator

from codemods.analysis.project import Function
from codemods.syntax.source import Source
from codemods.syntax.walk import walk

_LATER = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Reaching:
    """The assignments to the variables of one function."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self._source: Source = function.module.source
        self._stores: dict[str, list[ast.Name]] = {}
        # names that handlers, nested functions or classes bind: there is no store node for these
        self._otherwise: set[str] = set()
        for node in walk(function.node):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self._stores.setdefault(node.id, []).append(node)
            elif node is function.node:
                # the function's own name is not one of its variables
                continue
            elif isinstance(node, ast.ExceptHandler | ast.FunctionDef | ast.ClassDef):
                self._otherwise |= {node.name} if node.name else set()

    def is_given_once(self, name: str) -> bool:
        """Whether a variable is bound at most once, as a parameter or by an assignment."""
        is_parameter = name in self._function.all_parameters
        return len(self._stores.get(name, ())) + is_parameter < 2

    def stores(self, use: ast.Name) -> tuple[list[ast.Name], bool] | None:
        """Where the value of a variable may come from, and whether it may be the parameter's.

        None if the variable may have been rebound in between: the use is in
        another function, or in an expression that is evaluated later.
        """
        if use.id in self._otherwise:
            return None
        found: list[ast.Name] = []
        child: ast.AST = use
        for parent in self._source.parents(use):
            if isinstance(parent, _LATER):
                return None
            if parent is self._function.node:
                is_over = self._before(parent, child, use.id, found)
                return found, not is_over
            if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                return None
            if self._before(parent, child, use.id, found):
                return found, False
            child = parent
        return None

    def _before(self, parent: ast.AST, child: ast.AST, name: str, found: list[ast.Name]) -> bool:
        """Add the stores in `parent` that may run before `child`; True if one always does."""
        block = next((b for b in _blocks(parent) if child in b), None)
        if block is None:
            if isinstance(parent, ast.While):
                # the condition is evaluated again after the body
                found += self._within(parent, name)
            return False
        for sibling in reversed(block[: block.index(child)]):  # type: ignore[arg-type]
            found += self._within(sibling, name)
            if _binds(sibling, name):
                return True
        if isinstance(parent, ast.For | ast.AsyncFor) and block is parent.body:
            target = self._within(parent.target, name)
            found += target or self._within(parent, name)
            return bool(target)
        if isinstance(parent, ast.With | ast.AsyncWith):
            targets = [item.optional_vars for item in parent.items if item.optional_vars]
            bound = [store for one in targets for store in self._within(one, name)]
            found += bound
            return bool(bound)
        if isinstance(parent, ast.While | ast.For | ast.AsyncFor | ast.Try):
            found += self._within(parent, name)
        return isinstance(parent, ast.ExceptHandler) and parent.name == name

    def _within(self, node: ast.stmt | ast.expr, name: str) -> list[ast.Name]:
        start, end = self._source.start(node), self._source.end(node)
        stores = self._stores.get(name, ())
        return [store for store in stores if start <= self._source.start(store) < end]


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody", "handlers"):
        block = getattr(node, field, None)
        if isinstance(block, list):
            yield block


def _binds(node: ast.stmt, name: str) -> bool:
    """Whether a statement is an assignment that always binds a variable."""
    if isinstance(node, ast.Assign):
        targets = list(node.targets)
        while targets:
            target = targets.pop()
            if isinstance(target, ast.Name) and target.id == name:
                return True
            if isinstance(target, ast.Tuple | ast.List):
                targets += target.elts
    return False
