# SPDX-License-Identifier: Apache-2.0
"""Evaluate the statements of a unit."""

import ast
from collections.abc import Callable, Iterator

from codemods.analysis.evaluator.base import place
from codemods.analysis.evaluator.calls import Calls
from codemods.analysis.evaluator.unit import Unit
from codemods.analysis.local_names import own_names
from codemods.analysis.project import Function
from codemods.analysis.values import CARRYING, PLAIN, UNKNOWN, Values
from codemods.syntax.walk import children, walk

_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return)


class Evaluator(Calls):
    """One evaluation of one unit, statement by statement."""

    def evaluate(self) -> None:
        """Evaluate every statement once, in order."""
        function = self.unit.function
        body = self.module.source.tree.body if function is None else function.node.body
        if function is not None:
            self._defaults(function)
        if isinstance(body, list):
            self._statements(body, None)

    def _defaults(self, function: Function) -> None:
        args = function.node.args
        named = (*args.posonlyargs, *args.args)
        pairs = [*zip(reversed(named), reversed(args.defaults), strict=False)]
        for arg, default in (*pairs, *zip(args.kwonlyargs, args.kw_defaults, strict=True)):
            if default is not None:
                step = self._step(default, f"the default of `{arg.arg}`")
                self.inference.write(("param", function.dotted, arg.arg), self.expr(default), step)

    def _statements(self, body: list[ast.stmt], owner: str | None) -> None:
        for statement in body:
            self._statement(statement, owner)

    def _statement(self, node: ast.stmt, owner: str | None) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                self._alone(decorator)
            inner = self.module.function_of.get(node)
            if self.unit.function is not None and inner is not None:
                # it reads the names of the function around it
                self.inference.wake(Unit(self.module, inner))
        elif isinstance(node, ast.ClassDef):
            self._class(node, owner)
        elif isinstance(node, _SIMPLE):
            if not self._is_as_before(node):
                self._simple(node, owner)
        elif isinstance(node, ast.For | ast.AsyncFor):
            if not self._is_as_before(node):
                self._assign(node.target, self._elements(self.expr(node.iter), node.iter), owner)
            self._statements(node.body + node.orelse, owner)
        elif isinstance(node, ast.With | ast.AsyncWith):
            if not self._is_as_before(node):
                self._items(node, owner)
            self._statements(node.body, owner)
        else:
            self._compound(node, owner)

    def _class(self, node: ast.ClassDef, owner: str | None) -> None:
        if self.unit.function is None:
            self._statements(node.body, f"{owner or self.module.dotted}.{node.name}")
            return
        for given in (*node.decorator_list, *node.bases, *(one.value for one in node.keywords)):
            self._alone(given)
        dotted = f"{owner or self.unit.name}.{node.name}"
        around, self._class_body = self._class_body, (dotted, own_names(node))
        self._statements(node.body, dotted)
        self._class_body = around

    def _simple(
        self, node: ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return, owner: str | None
    ) -> None:
        if isinstance(node, ast.Assign):
            values = self.expr(node.value)
            for target in node.targets:
                self._assign(target, values, owner)
        elif isinstance(node, ast.AugAssign):
            held, added = self.expr(node.target), self.expr(node.value)
            for made in held:
                if made.kind == "container" and isinstance(node.op, ast.Add):
                    elements = self._elements(added, node.value)
                    self.inference.write(("elem", made.name, ""), elements)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self._assign(node.target, self.expr(node.value), owner)
        elif node.value is not None:
            step = self._step(node, f"returned by {self._short()}")
            self.inference.write(("return", self.unit.name, ""), self.expr(node.value), step)

    def _items(self, node: ast.With | ast.AsyncWith, owner: str | None) -> None:
        for item in node.items:
            values = self.expr(item.context_expr)
            if item.optional_vars is not None:
                self._assign(item.optional_vars, values, owner)

    def _alone(self, node: ast.expr) -> None:
        """Evaluate an expression that is not part of another, nor of an assignment."""
        if not self._is_as_before(node):
            self.expr(node)

    def _compound(self, node: ast.stmt, owner: str | None) -> None:
        for child in children(node):
            if isinstance(child, ast.expr):
                self._alone(child)
            elif isinstance(child, ast.stmt):
                self._statement(child, owner)
            elif isinstance(child, ast.ExceptHandler):
                if child.type is not None:
                    self._alone(child.type)
                for name in _bound_by(child) if self.unit.function is not None else ():
                    slot = ("local", self.unit.name, name)
                    self.inference.write(slot, {UNKNOWN: ()}, self._step(child, "an exception"))
                self._statements(child.body, owner)

    def _short(self) -> str:
        return self.unit.name.rpartition(".")[2] + "()"

    def _assign(self, target: ast.expr, values: Values, owner: str | None) -> None:
        if isinstance(target, ast.Name):
            step, function = self._step(target, f"assigned to `{target.id}`"), self.unit.function
            if owner is not None:
                self.inference.write(("attr", owner, target.id), values, step)
            elif function is None or target.id in function.global_names:
                self.inference.write(("global", self.module.dotted, target.id), values, step)
            else:
                self.inference.write(("local", self.unit.name, target.id), values, step)
                self.inference.write(("at", self.unit.name, place(target)), values, step)
            self._record(target, values)
        elif isinstance(target, ast.Attribute):
            text = self.module.source.of(target)
            self._keep(self.expr(target.value), target.attr, values, target, text)
            self._record(target, values)
        elif isinstance(target, ast.Subscript):
            if isinstance(target.slice, ast.Slice):
                values = self._elements(values, target)
            for base in self.expr(target.value):
                if base.kind == "container":
                    step = self._step(target, f"stored in `{self.module.source.of(target.value)}`")
                    self.inference.write(("elem", base.name, ""), values, step)
            self.expr(target.slice)
        elif isinstance(target, ast.Tuple | ast.List):
            for index, element in enumerate(target.elts):
                self._assign(element, self._item(values, str(index)), owner)

    def expr(self, node: ast.expr) -> Values:
        """What `node` may hold."""
        known = self._found.get(node)
        if known is not None:
            return known
        method = _METHODS[node.__class__]
        if method is None:
            for child in children(node):
                if isinstance(child, ast.expr):
                    self.expr(child)
            values: Values = {PLAIN: ()}
        else:
            values = method(self, node)
            if not values and self._settled:
                values = {UNKNOWN: (self._step(node, "nothing is known of this"),)}
            self._record(node, values)
        self._found[node] = values
        return values

    def _compare(self, node: ast.Compare) -> Values:
        operands = [node.left, *node.comparators]
        several = [self.expr(one) for one in operands]
        kinds = {value.kind for values in several for value in values}
        if not self._is_test and not kinds.isdisjoint(CARRYING):
            # what a row is compared with has to be known even if it is not interesting itself
            self._contained.update(zip(operands, several, strict=True))
        return {PLAIN: ()}

    def _ifexp(self, node: ast.IfExp) -> Values:
        self.expr(node.test)
        return {**self.expr(node.orelse), **self.expr(node.body)}

    def _boolop(self, node: ast.BoolOp) -> Values:
        found: Values = {}
        for value in node.values:
            held = self.expr(value)
            if isinstance(node.op, ast.And) and value is not node.values[-1]:
                # a row is never false, so `row and x` is never the row
                held = {v: e for v, e in held.items() if v.kind not in ("row", "object")}
            found.update(held)
        return found

    def _lambda(self, node: ast.Lambda) -> Values:
        args = node.args
        names = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
        for default in (*args.defaults, *args.kw_defaults):
            if default is not None:
                self.expr(default)
        around = self._shadowed
        self._shadowed = around | {arg.arg for arg in names if arg is not None}
        self.expr(node.body)
        self._shadowed = around
        return {PLAIN: ()}


def _bound_by(handler: ast.ExceptHandler) -> Iterator[str]:
    """The names that a handler binds: in Python 2, `except E, (a, b)` has several."""
    if handler.name:
        yield handler.name
    elif isinstance(handler.type, ast.Tuple):
        for node in walk(handler.type):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


class _Methods(dict[type[ast.AST], "Callable[[Evaluator, ast.AST], Values] | None"]):
    """The method that evaluates each class of expressions, looked up by name; None if none."""

    def __missing__(self, kind: type[ast.AST]) -> "Callable[[Evaluator, ast.AST], Values] | None":
        self[kind] = found = getattr(Evaluator, f"_{kind.__name__.lower()}", None)
        return found


_METHODS = _Methods()
