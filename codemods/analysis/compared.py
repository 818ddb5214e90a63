# SPDX-License-Identifier: Apache-2.0
"""Comparisons of rows, and the variables that may become dicts for their sake.

Two dicts are equal if their contents are, two objects only if they are the same
one. If the rest of a function only reads a variable that it compares, the
variable may be a dict from there on.
"""

import ast
import dataclasses
from collections.abc import Iterator, Mapping

from codemods.analysis.copy_calls import is_copy
from codemods.analysis.facts import Held, Holding, Site, Span
from codemods.analysis.kept_copies import is_made_of, stores
from codemods.analysis.project import Function, Module
from codemods.analysis.survey import Survey
from codemods.model import Item

#: The attributes for which a dict does as well as the object that it was made from.
_READING = ("get", "items", "iteritems", "copy", "keys", "values")

#: What may read the variables around it later than where it stands.
_LATER = (ast.Lambda, ast.GeneratorExp)

#: The statements before which another one can be inserted that runs just as often.
_MAY_FOLLOW = (
    ast.Assign,
    ast.AugAssign,
    ast.Assert,
    ast.Expr,
    ast.If,
    ast.Raise,
    ast.Return,
)


@dataclasses.dataclass(frozen=True)
class DictVariable:
    """A variable that can be turned into a dict right before a statement."""

    name: str
    holding: Holding


@dataclasses.dataclass(frozen=True)
class Compared:
    """What has to become a dict for the comparisons of a file.

    `variables` are keyed by the statements before which they do, an `if` by its test.
    `operands` are the other operands, each with the object, or the list of objects,
    that it holds.
    """

    variables: Mapping[Span, tuple[DictVariable, ...]]
    operands: Mapping[Span, Holding]


def compared_in(
    module: Module, survey: Survey, done: frozenset[Item], sites: Mapping[Span, Site]
) -> Compared:
    """What has to become a dict for the comparisons of a file."""
    finder = _Finder(module, survey, done, sites)
    finder.find()
    variables = {place: tuple(found) for place, found in finder.variables.items()}
    return Compared(variables, finder.operands)


class _Finder:
    def __init__(
        self, module: Module, survey: Survey, done: frozenset[Item], sites: Mapping[Span, Site]
    ) -> None:
        self.module = module
        self.source = module.source
        self.survey = survey
        self.done = done
        self.sites = sites
        self.variables: dict[Span, list[DictVariable]] = {}
        self.operands: dict[Span, Holding] = {}
        self._dicts: set[tuple[Function, str]] = set()

    def find(self) -> None:
        """Look at every comparison, in source order."""
        for operands in self._comparisons():
            held = [(node, h) for node in operands if (h := self._holding(node)) is not None]
            names = {
                node.id for node, h in held if isinstance(node, ast.Name) and self._is_dict(node, h)
            }
            for node, holding in held:
                if not names or not (self._is_named(node, names) or self._is_kept(node, names)):
                    self.operands[self.source.span(node)] = holding
            for node in operands:
                held_list = self._held(node).list
                if held_list is not None:
                    self.operands.setdefault(self.source.span(node), held_list)

    def _comparisons(self) -> list[list[ast.expr]]:
        """The operands of each cmp(), and of each `==` or `!=` that may concern rows, in order."""
        found: list[tuple[ast.expr, list[ast.expr]]] = [
            (call, call.args)
            for call in self.module.all(ast.Call)
            if isinstance(call.func, ast.Name) and call.func.id == "cmp"
        ]
        values = self.survey.inference.values
        found += [
            (node, list(_equal(node)))
            for node in self.module.all(ast.Compare)
            if any(isinstance(order, ast.Eq | ast.NotEq) for order in node.ops)
            and (values(node.left) or any(map(values, node.comparators)))
        ]
        return [operands for _, operands in sorted(found, key=lambda o: self.source.start(o[0]))]

    def _held(self, node: ast.expr) -> Held:
        return Held(self.survey.inference.values(node), self.done)

    def _holding(self, node: ast.expr) -> Holding | None:
        held = self._held(node)
        return held.object if held.is_from_conductor else None

    def _is_dict(self, node: ast.Name, holding: Holding) -> bool:
        """Whether a variable is a dict by then; the first comparison that can make it one does."""
        function = self.module.function_around(node)
        if function is None or self._is_in_lambda(node):
            return False
        if (function, node.id) in self._dicts:
            return True
        statement = self.source.statement(node)
        if not self._may_become(node, function, statement) or not self._is_read_on(
            node, function, statement, holding.sure
        ):
            return False
        self._dicts.add((function, node.id))
        header = statement.test if isinstance(statement, ast.If) else statement
        place = self.source.span(header)
        self.variables.setdefault(place, []).append(DictVariable(node.id, holding))
        return True

    def _may_become(self, name: ast.Name, function: Function, statement: ast.stmt) -> bool:
        """Whether a statement inserted before this one can rebind the variable."""
        if self.source.block(statement) is not function.node.body:
            return False
        if not isinstance(statement, _MAY_FOLLOW) or name.id not in function.local_names:
            return False
        return not any(
            (isinstance(node, ast.Global) and name.id in node.names)
            # a rewritten call becomes several statements: nothing can be put before them
            or (isinstance(node, ast.Call) and self._is_rewritten(node, statement))
            for node in ast.walk(function.node)
        )

    def _is_in_lambda(self, node: ast.expr) -> bool:
        """Whether a name is in a lambda: it may be a parameter, or is read when that is called."""
        return any(isinstance(parent, ast.Lambda) for parent in self.source.parents(node))

    def _is_rewritten(self, call: ast.Call, statement: ast.stmt) -> bool:
        site = self.sites.get(self.source.span(call))
        return site is not None and site.left is None and self.source.statement(call) is statement

    def _is_read_on(
        self, name: ast.Name, function: Function, statement: ast.stmt, sure: bool
    ) -> bool:
        """Whether the function, from the statement on, only reads the variable.

        If it is `sure` to be an object, its fields are read as attributes by now. A
        nested function may run at any time, a generator go on at any time.
        """
        start = self.source.start(statement)
        return all(
            self._only_reads(node, sure)
            for node in ast.walk(function.node)
            if isinstance(node, ast.Name) and node.id == name.id
            if self.source.start(node) >= start
            or self.module.function_around(node) is not function
            or any(isinstance(parent, _LATER) for parent in self.source.parents(node))
        )

    def _only_reads(self, node: ast.Name, sure: bool) -> bool:
        parent = self.source.parent(node)
        if isinstance(parent, ast.Subscript):
            return parent.value is node and isinstance(parent.ctx, ast.Load) and not sure
        if isinstance(parent, ast.Attribute):
            return parent.attr in _READING and not (sure and parent.attr == "get")
        if isinstance(parent, ast.Call):
            is_cmp = isinstance(parent.func, ast.Name) and parent.func.id == "cmp"
            # a call of the conductor only reads the row that it is given
            is_site = not sure and self.source.span(parent) in self.sites
            return is_cmp or is_site or self._is_kept_copy(parent)
        return isinstance(parent, ast.Compare)

    def _is_kept_copy(self, call: ast.Call) -> bool:
        """Whether a call makes a copy that is only stored in attributes.

        A copy under a local name would be taken for an object where its fields are read.
        """
        statement = self.source.parent(call)
        is_kept = isinstance(statement, ast.Assign) and all(
            isinstance(target, ast.Attribute) for target in statement.targets
        )
        return is_kept and is_copy(self.module, call)

    def _is_named(self, node: ast.expr, names: set[str]) -> bool:
        return isinstance(node, ast.Name) and node.id in names

    def _is_kept(self, node: ast.expr, names: set[str]) -> bool:
        """Whether it is an attribute that keeps no rows but those of the variables."""
        if not isinstance(node, ast.Attribute):
            return False
        function, start = self.module.function_around(node), self.source.start(node)
        found = stores(self.survey, self.module, node)
        for module, target in found or ():
            statement = module.source.parent(target)
            if not isinstance(statement, ast.Assign):
                return False
            if self._holding(statement.value) is None:
                continue
            is_behind = module is self.module and module.source.start(statement) >= start
            if not is_behind or module.function_around(statement) is not function:
                return False
            if not is_made_of(self.module, statement.value, names):
                return False
        return found is not None


def _equal(node: ast.Compare) -> Iterator[ast.expr]:
    """The operands that `==` or `!=` compares with something other than a constant."""
    operands = [node.left, *node.comparators]
    pairs = zip(operands, node.ops, operands[1:], strict=False)
    found = [
        one
        for left, order, right in pairs
        if isinstance(order, ast.Eq | ast.NotEq)
        for one, other in ((left, right), (right, left))
        if not isinstance(other, ast.Constant)
    ]
    yield from dict.fromkeys(found)
