# SPDX-License-Identifier: Apache-2.0
"""A statement while it is laid out: its current text, and which parts of it are new."""

import dataclasses
from collections.abc import Collection, Mapping

import libcst as cst

from codemods.rewriting.comments import WIDTH
from codemods.rewriting.lines.breaks import STEP, Place
from codemods.rewriting.lines.folded import is_leaf
from codemods.rewriting.lines.printed import Printed
from codemods.rewriting.lines.regions import Gap

_CLAUSES = (cst.BaseCompoundStatement, cst.ExceptHandler, cst.ExceptStarHandler, cst.MatchCase)
_BRACKETED = (cst.List, cst.Set, cst.ListComp, cst.SetComp, cst.DictComp)
_WITHIN_BRACKETS = (cst.Arg, cst.SubscriptElement, cst.BaseDictElement)


class Draft:
    """A statement, or the header of one.

    `touched` are the nodes in it that rules made or changed, `printed` is its text, `long`
    the numbers of the lines that are too long and hold something touched, `excess` the
    total number of columns by which its lines are too long.
    """

    def __init__(
        self,
        node: cst.CSTNode,
        indent: str,
        touched: Collection[cst.CSTNode],
        is_elif: bool = False,
    ) -> None:
        self.indent = indent
        self._is_elif = is_elif
        self._set(node, set(touched))
        if self.printed.repeats:
            # a node in two places needs to be two nodes
            self._set(*respaced(self.node, {}, self.touched))

    def _set(self, node: cst.CSTNode, touched: set[cst.CSTNode]) -> None:
        self.node, self.touched = node, touched
        self.printed = Printed(node, self.indent, self._is_elif)
        self.spans = [self.printed.extent(one) for one in touched if one in self.printed]
        lines = enumerate(self.printed.lines())
        self._over = {number: len(line) - WIDTH for number, line in lines if len(line) > WIDTH}
        self.excess = sum(self._over.values())
        self.long = [n for n in self._over if self.is_touched(*self.printed.line_span(n))]

    def is_touched(self, start: int, end: int) -> bool:
        """Whether something touched is between two offsets, at least in part."""
        return any(a < end and start < b for a, b in self.spans)

    def is_long(self, node: cst.CSTNode) -> bool:
        """Whether the node has one of the lines in `long`."""
        return any(line in self._lines_of(node) for line in self.long)

    def excess_of(self, node: cst.CSTNode) -> int:
        """The total number of columns by which the node's lines are too long."""
        return sum(self._over.get(line, 0) for line in self._lines_of(node))

    def _lines_of(self, node: cst.CSTNode) -> range:
        start, end = self.printed.span(node)
        return range(self.printed.line(start), self.printed.line(end) + 1)

    def replace(self, old: cst.CSTNode, new: cst.CSTNode) -> None:
        """Put `new` in the place of `old`."""
        touched = self.touched | {new}
        while (parent := self.printed.parents.get(old)) is not None:
            rebuilt = _with_child(parent, old, new)
            if parent in touched:
                touched.add(rebuilt)
            old, new = parent, rebuilt
        self._set(new, touched)

    def respace(self, gaps: Mapping[Gap, Gap], excess: int) -> bool:
        """Put other white space into gaps.

        Returns False and changes nothing if the lines would be too long by more than
        `excess` columns.
        """
        node, touched = self.node, self.touched
        self._set(*respaced(node, gaps, touched))
        if self.excess > excess:
            self._set(node, touched)
            return False
        return True

    def place(self, node: cst.CSTNode) -> Place:
        """The place of an expression."""
        start, end = self.printed.outer(node)
        line = self.printed.line(start)
        margin, body = self.printed.margin(line), -1
        if not margin.startswith(self.indent):
            # the line starts within a string
            margin = self.indent
        clause = _clause(self.printed, node)
        if clause is not None:
            body = len(self.indent) + len(STEP)
            if self.printed.line(self.printed.span(clause)[0]) == line:
                margin += STEP
        column, tail = self.printed.column(start), len(self.printed.behind(end))
        return Place(column, margin, tail, self.indent, body)

    def around(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node with the brackets around `node`, in which a line may end; None without any."""
        while (parent := self.printed.parents.get(node)) is not None:
            if isinstance(parent, cst.BaseExpression) and parent.lpar:
                return parent
            # not isinstance(): a subclass prints Python 2's backquotes, in which no line may end
            if type(parent) in _BRACKETED or isinstance(node, _WITHIN_BRACKETS):
                return parent
            if isinstance(parent, cst.FunctionDef) and parent.params is node:
                return parent
            node = parent
        return None

    def is_subject(self, node: cst.BaseExpression) -> bool:
        """Whether `node` may be put in parentheses in its statement without changing anything."""
        parent = self.printed.parents.get(node)
        if isinstance(parent, cst.Yield):
            return True
        if isinstance(node, cst.Yield):
            return False
        if isinstance(parent, cst.Assign | cst.AugAssign | cst.AnnAssign | cst.Return):
            return parent.value is node
        if isinstance(parent, cst.If | cst.While | cst.Assert):
            return parent.test is node
        if isinstance(parent, cst.Expr):
            # Python 2's print is a tuple here, and a string may be a docstring
            return not isinstance(node, cst.Tuple | cst.BaseString)
        if isinstance(parent, cst.Raise):
            # in Python 2's `raise A, b` parentheses would change the meaning
            return isinstance(node, cst.Call)
        if isinstance(parent, cst.WithItem):
            # several items in parentheses are not a tuple
            return parent.item is node and not isinstance(node, cst.Tuple)
        return isinstance(parent, cst.For) and parent.iter is node


def respaced(
    node: cst.CSTNode, gaps: Mapping[Gap, Gap], touched: Collection[cst.CSTNode] = ()
) -> tuple[cst.CSTNode, set[cst.CSTNode]]:
    """`node` with other white space in gaps, and its touched nodes.

    Without any gaps the whole tree is copied, with a separate node for each place.
    """
    writer = _Respacer(gaps, touched)
    new = node.visit(writer)
    assert isinstance(new, cst.CSTNode)
    return new, writer.touched


class _Respacer(cst.CSTTransformer):
    def __init__(self, gaps: Mapping[Gap, Gap], touched: Collection[cst.CSTNode]) -> None:
        super().__init__()
        self.gaps = gaps
        self.touched = set(touched)

    def on_visit(self, node: cst.CSTNode) -> bool:
        return not isinstance(node, Gap) and not (self.gaps and is_leaf(node))

    def on_leave(  # type: ignore[override]
        self, original: cst.CSTNode, updated: cst.CSTNode
    ) -> cst.CSTNode:
        if isinstance(original, Gap):
            new = self.gaps.get(original)
            return original.deep_clone() if new is None else new
        if original in self.touched:
            self.touched.add(updated)
        return updated


def _clause(printed: Printed, node: cst.CSTNode) -> cst.CSTNode | None:
    """The clause whose header holds `node`; None on any other line."""
    parent = printed.parents.get(node)
    while parent is not None:
        if isinstance(parent, cst.BaseSmallStatement | cst.Decorator):
            return None
        if isinstance(parent, _CLAUSES):
            return parent
        parent = printed.parents.get(parent)
    return None


def _with_child(parent: cst.CSTNode, old: cst.CSTNode, new: cst.CSTNode) -> cst.CSTNode:
    for field in dataclasses.fields(parent):
        value = getattr(parent, field.name)
        if value is old:
            return parent.with_changes(**{field.name: new})
        if isinstance(value, list | tuple) and any(one is old for one in value):
            return parent.with_changes(**{field.name: [new if o is old else o for o in value]})
    raise AssertionError("the parent holds its child")
