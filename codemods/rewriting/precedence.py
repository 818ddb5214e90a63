# SPDX-License-Identifier: Apache-2.0
"""Add the parentheses that expressions need in their place.

libcst prints what it is given: `a or b` as the value of an attribute comes out as
`a or b.x`. Every expression that replaces another passes through here.
"""

from collections.abc import Container, Mapping
from typing import Any

import libcst as cst

from codemods.rewriting.children import Visitor, visited
from codemods.rewriting.nodes import parenthesised
from codemods.rewriting.statements import Statements

#: An expression without its new parentheses, and with them.
Enclosed = tuple[cst.BaseExpression, cst.BaseExpression]

# How tightly an expression binds, the loosest first.
NAMED, YIELD, TUPLE, TEST, OR, AND, NOT, COMPARISON = range(8)
BIT_OR, BIT_XOR, BIT_AND, SHIFT, SUM, TERM, UNARY, POWER, AWAIT, WHOLE = range(8, 18)

_OPERATORS: Mapping[type[cst.CSTNode], int] = {
    cst.Or: OR,
    cst.And: AND,
    cst.Not: NOT,
    cst.BitOr: BIT_OR,
    cst.BitXor: BIT_XOR,
    cst.BitAnd: BIT_AND,
    cst.LeftShift: SHIFT,
    cst.RightShift: SHIFT,
    cst.Add: SUM,
    cst.Subtract: SUM,
    cst.Multiply: TERM,
    cst.MatrixMultiply: TERM,
    cst.Divide: TERM,
    cst.FloorDivide: TERM,
    cst.Modulo: TERM,
    cst.Plus: UNARY,
    cst.Minus: UNARY,
    cst.BitInvert: UNARY,
    cst.Power: POWER,
}

_KINDS: Mapping[type[cst.CSTNode], int] = {
    cst.NamedExpr: NAMED,
    cst.Yield: YIELD,
    cst.Tuple: TUPLE,
    cst.GeneratorExp: NAMED,
    cst.Lambda: TEST,
    cst.IfExp: TEST,
    cst.Comparison: COMPARISON,
    cst.Await: AWAIT,
}

#: How tightly the value of a field has to bind to need no parentheses.
_LEAST: Mapping[type[cst.CSTNode], Mapping[str, int]] = {
    cst.Attribute: {"value": WHOLE},
    cst.Subscript: {"value": WHOLE},
    cst.Call: {"func": WHOLE},
    cst.Await: {"expression": WHOLE},
    cst.Comparison: {"left": COMPARISON + 1},
    cst.ComparisonTarget: {"comparator": COMPARISON + 1},
    cst.IfExp: {"body": OR, "test": OR, "orelse": TEST},
    cst.Lambda: {"body": TEST},
    cst.Param: {"default": TEST, "annotation": TEST},
    cst.Annotation: {"annotation": TEST},
    cst.NamedExpr: {"value": TEST},
    cst.Yield: {"value": TUPLE},
    cst.From: {"item": TEST},
    cst.Arg: {"value": TEST},
    cst.Element: {"value": TEST},
    cst.DictElement: {"key": TEST, "value": TEST},
    cst.StarredElement: {"value": BIT_OR},
    cst.StarredDictElement: {"value": BIT_OR},
    cst.ListComp: {"elt": TEST},
    cst.SetComp: {"elt": TEST},
    cst.GeneratorExp: {"elt": TEST},
    cst.DictComp: {"key": TEST, "value": TEST},
    cst.CompFor: {"target": TUPLE, "iter": OR},
    cst.CompIf: {"test": OR},
    cst.Index: {"value": TEST},
    cst.Slice: {"lower": TEST, "upper": TEST, "step": TEST},
    cst.FormattedStringExpression: {"expression": OR},
    cst.Decorator: {"decorator": TEST},
    cst.Expr: {"value": YIELD},
    cst.Assign: {"value": YIELD},
    cst.AugAssign: {"value": YIELD},
    cst.AnnAssign: {"value": YIELD},
    cst.AssignTarget: {"target": TUPLE},
    cst.Return: {"value": TUPLE},
    cst.Raise: {"exc": TEST},
    cst.Assert: {"test": TEST, "msg": TEST},
    cst.Del: {"target": TUPLE},
    cst.If: {"test": TEST},
    cst.While: {"test": TEST},
    cst.For: {"target": TUPLE, "iter": TUPLE},
    cst.WithItem: {"item": TEST},
    cst.ExceptHandler: {"type": TEST},
}


def binding(value: cst.BaseExpression) -> int:
    """How tightly an expression binds, taking its parentheses into account."""
    if value.lpar:
        return WHOLE
    operator = getattr(value, "operator", None)
    if operator is not None:
        return _OPERATORS[type(operator)]
    found: int = _of_kind(type(value), _KINDS, WHOLE)
    return found


def in_place(value: cst.BaseExpression, parent: cst.CSTNode, field: str) -> cst.BaseExpression:
    """The value, in parentheses if it needs them as the `field` of `parent`.

    The current value of the field shows what needs no parentheses there.
    """
    least = _least(parent).get(field, NAMED)
    there = getattr(parent, field, None)
    if isinstance(there, cst.BaseExpression) and there is not value:
        least = min(least, binding(there))
    if binding(value) >= least and not _is_number_before_dot(value, parent):
        return value
    return parenthesised(value)


class Enclosing(Visitor):
    """Adds the parentheses that the expressions in a rule's new nodes need.

    The nodes in `known` have theirs already.
    """

    def __init__(self, known: Container[cst.CSTNode]) -> None:
        super().__init__()
        self._known = known
        self._enclosed: list[Enclosed] = []
        self._more: set[cst.CSTNode] = set()

    def know(self, node: object) -> None:
        """Assume that everything below a node has the parentheses that it needs."""
        if isinstance(node, cst.CSTNode):
            self._more.add(node)

    def enclosed(self) -> list[Enclosed]:
        """The expressions that got parentheses since the last call."""
        found, self._enclosed = self._enclosed, []
        return found

    def _is_known(self, node: cst.CSTNode) -> bool:
        return node in self._known or node in self._more

    def of(self, new: Any) -> Any:
        """Add parentheses to what a rule returned: one node, several, or none."""
        if isinstance(new, cst.FlattenSentinel):
            nodes = [self.of(one) for one in new]
            is_same = all(one is other for one, other in zip(nodes, new, strict=True))
            return new if is_same else cst.FlattenSentinel(nodes)
        if isinstance(new, Statements):
            lines = [self.of(one) for one in new.lines]
            is_same = all(one is other for one, other in zip(lines, new.lines, strict=True))
            return new if is_same else new.with_changes(lines=lines)
        return visited(new, self) if isinstance(new, cst.CSTNode) else new

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Whether a node is new."""
        return not self._is_known(node)

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        """The node with parentheses around those of its fields that need them."""
        if self._is_known(original_node):
            return updated_node
        changes: dict[str, Any] = {}
        for field in _least(updated_node):
            value = getattr(updated_node, field)
            if not isinstance(value, cst.BaseExpression) or _may_be_alone(updated_node, value):
                continue
            placed = in_place(value, updated_node, field)
            if placed is not value:
                self._enclosed.append((value, placed))
                changes[field] = placed
        if isinstance(updated_node, cst.Call) and len(updated_node.args) > 1:
            args = [self._one_of_many(one) for one in updated_node.args]
            if args != list(updated_node.args):
                changes["args"] = args
        new = updated_node.with_changes(**changes) if changes else updated_node
        self.know(new)
        return new

    def _one_of_many(self, arg: cst.Arg) -> cst.Arg:
        """One of several arguments, where a generator needs parentheses of its own."""
        if not _may_be_alone(arg, arg.value):
            return arg
        new = parenthesised(arg.value)
        self._enclosed.append((arg.value, new))
        return arg.with_changes(value=new)


def _may_be_alone(parent: cst.CSTNode, value: cst.BaseExpression) -> bool:
    """Whether an argument needs no parentheses if it is the only one."""
    is_generator = isinstance(parent, cst.Arg) and isinstance(value, cst.GeneratorExp)
    return is_generator and not value.lpar


def _least(parent: cst.CSTNode) -> Mapping[str, int]:
    """How tightly the value of each field of a node has to bind."""
    operator = getattr(parent, "operator", None)
    level = _OPERATORS.get(type(operator)) if operator is not None else None
    if level is None:
        found: Mapping[str, int] = _of_kind(type(parent), _LEAST, {})
        return found
    if isinstance(parent, cst.UnaryOperation):
        return {"expression": level}
    if level == POWER:
        return {"left": AWAIT, "right": UNARY}
    if isinstance(parent, cst.BooleanOperation):
        # it does not matter which of two comes first
        return {"left": level, "right": level}
    return {"left": level, "right": level + 1}


def _of_kind(kind: type[cst.CSTNode], table: Mapping[type[cst.CSTNode], Any], other: Any) -> Any:
    """What a table has for a class or the nearest of its base classes."""
    return next((table[one] for one in kind.__mro__ if one in table), other)


def _is_number_before_dot(value: cst.BaseExpression, parent: cst.CSTNode) -> bool:
    """Whether the value is a number that would take a following dot as its decimal point."""
    is_number = isinstance(value, cst.Integer) and not value.lpar
    return is_number and isinstance(parent, cst.Attribute)
