# SPDX-License-Identifier: Apache-2.0
"""The transformer that asks all rules and keeps the statements around their nodes in shape."""

import functools
from collections.abc import Iterable, Sequence
from typing import Any

import libcst as cst

from codemods.analysis.facts import Span
from codemods.choice import FileChoice
from codemods.rewriting.asking import Asking
from codemods.rewriting.children import Visitor, children
from codemods.rewriting.comments import comments_in, lost_comments, under, wrapped
from codemods.rewriting.findings import Findings
from codemods.rewriting.island import Island, inside
from codemods.rewriting.layout import laid_out
from codemods.rewriting.leading_lines import begun, with_footer
from codemods.rewriting.nodes import parenthesised
from codemods.rewriting.precedence import Enclosing, in_place
from codemods.rewriting.rule import Rule
from codemods.rewriting.statements import apart, lines_of, takes_comments, without_end

_STATEMENT = (cst.SimpleStatementLine, cst.BaseCompoundStatement)
_BLOCKS = (cst.BaseSuite, cst.Else, cst.If, cst.ExceptHandler, cst.Finally)
_DEFINITION = (cst.FunctionDef, cst.ClassDef)
_REMOVED = cst.RemovalSentinel.REMOVE


class Rewriter(Visitor):
    """Visits an island and asks each rule about the nodes that it handles.

    `places` are the offsets at which there is something to look at, in order. A statement
    without any stays the same node, and so does an expression at a `watched` place. Rules
    are also asked about what `choice` does not allow, so that the refused edits are known.
    """

    def __init__(
        self,
        island: Island,
        places: tuple[int, ...],
        rules: Sequence[Rule],
        watched: Iterable[Span],
        findings: Findings,
        choice: FileChoice,
    ) -> None:
        super().__init__()
        self._findings = findings
        self._watched = frozenset(island.at(watched).values())
        self._island = island
        self._places = places
        self._rules = Asking(rules, island, findings, choice)
        self._enclosing = Enclosing(island.spans)
        # the changed nodes of each enclosing statement, the innermost last
        self._changed: list[list[cst.CSTNode]] = []
        # the indentation of the blocks around, with spaces for tabs
        self._indents = [""]
        # the lines above removed statements, for the next one in the block
        self._above: list[list[cst.EmptyLine]] = [[]]
        self._elifs: set[cst.CSTNode] = set()

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        """Nothing: no rule asks for attributes."""

    def on_leave_attribute(self, original_node: cst.CSTNode, attribute: str) -> None:
        """Nothing: no rule asks for attributes."""

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Ask the rules; visit the children of what holds a place."""
        if _is_statement(node.__class__):
            if not self._holds_place(node):
                return False
            self._changed.append([])
            if isinstance(node, cst.If) and isinstance(node.orelse, cst.If):
                self._elifs.add(node.orelse)
        elif _is_block(node.__class__):
            assert isinstance(node, cst.IndentedBlock)
            self._indents.append(self._within(self._indents[-1], node.indent))
            self._above.append([])
        if node in self._watched:
            return False
        self._rules.visit(node)
        return True

    def _within(self, indent: str, more: str | None = None) -> str:
        """The indentation of a block within one that has `indent`, with spaces for its tabs."""
        return (indent + (more or self._island.module.default_indent)).expandtabs()

    def _holds_place(self, node: cst.CSTNode) -> bool:
        if self._is_head(node):
            return True
        start, end = self._island.extent(node)
        return inside(self._places, start, end)

    def _is_head(self, node: cst.CSTNode) -> bool:
        return bool(self._island.head) and node is self._island.module.body[0]

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        """What the rules make of the node, with statements laid out."""
        kind = original_node.__class__
        if _is_statement(kind):
            return self._leave_statement(original_node, updated_node)
        new = self._asked(original_node, updated_node)
        if _is_block(kind):
            self._indents.pop()
            return with_footer(begun(new, original_node), self._above.pop())
        if kind is cst.SimpleStatementSuite:
            return self._leave_suite(original_node, new)
        return new

    def _asked(self, original: cst.CSTNode, updated: Any) -> Any:
        self._enclosing.know(updated)
        new = self._rules.left(original, updated)
        if new is updated:
            return new
        if self._changed:
            self._changed[-1] += [one for one in _nodes(new) if one is not updated]
        new = self._enclosing.of(new)
        for bare, enclosed in self._enclosing.enclosed():
            self._enclosed(bare, enclosed)
        return new

    def put(self, parent: cst.CSTNode, field: str, new: Any) -> Any:
        """An expression that replaces another, in parentheses if it needs them there."""
        is_expression = isinstance(new, cst.BaseExpression)
        return self._enclosed(new, in_place(new, parent, field)) if is_expression else new

    def put_beside_word(self, new: Any) -> Any:
        """The same, always in parentheses."""
        is_bare = isinstance(new, cst.BaseExpression) and not new.lpar
        return self._enclosed(new, parenthesised(new)) if is_bare else new

    def _enclosed(self, bare: cst.BaseExpression, new: cst.BaseExpression) -> cst.BaseExpression:
        """Record that the expression `bare` has become `new`, in parentheses."""
        if new is not bare:
            self._enclosing.know(new)
            self._findings.enclose(bare, new)
            if self._changed and bare in self._changed[-1]:
                self._changed[-1].append(new)
        return new

    def _leave_statement(self, original: Any, updated: Any) -> Any:
        if self._is_head(original):
            return updated
        if not self._holds_place(original):
            return self._below(original, original)
        new = self._asked(original, updated)
        changed = self._changed.pop()
        if not changed:
            return self._below(_same_but_body(original, new), original)
        if new is _REMOVED or _is_empty(new):
            return self._without(original, takes_comments=isinstance(original, _DEFINITION))
        if isinstance(new, cst.SimpleStatementLine):
            new = without_end(new, original)
        many = [one for node in _nodes(new) for one in _lines(node)]
        if not many:
            return self._without(original, takes_comments(new))
        is_apart = isinstance(new, cst.SimpleStatementLine) and new not in many
        kept = None if is_apart else updated
        many[0] = under(many[0], self._lost(original, many))
        is_elif = original in self._elifs
        laid = [self._in_shape(one, kept, changed, len(many) == 1, is_elif) for one in many]
        laid[0] = self._below(laid[0], original)
        return laid[0] if len(laid) == 1 else cst.FlattenSentinel(laid)

    def _lost(self, original: Any, new: list[Any]) -> list[cst.EmptyLine]:
        """The comments of a statement, without its block, that are missing from its `new` form.

        Those that a rule dropped or moved do not count.
        """
        lost = lost_comments(_header(original), [part for one in new for part in _header(one)])
        return self._staying(lost)

    def _staying(self, lines: Iterable[cst.EmptyLine]) -> list[cst.EmptyLine]:
        """The lines without the comments that a rule dropped or moved."""
        return [
            line
            for line in lines
            if line.comment is None or not self._findings.has_left(line.comment)
        ]

    def _without(self, original: Any, takes_comments: bool) -> cst.RemovalSentinel:
        """Remove a statement; the lines above it go to the next one."""
        lines = self._staying(original.leading_lines)
        self._drop(original.with_changes(leading_lines=()))
        if takes_comments:
            while lines and lines[-1].comment is not None:
                self._drop(lines.pop())
            if isinstance(original, _DEFINITION) and lines:
                # drop the blank line that set the definition off
                lines.pop()
        above = self._above[-1]
        if above and lines and above[-1].comment is None and lines[0].comment is None:
            # do not join the blank lines of two removed paragraphs
            lines = lines[1:]
        above += lines
        return _REMOVED

    def _drop(self, *nodes: cst.CSTNode) -> None:
        self._findings.dropped_comments += [
            one.value.strip() for one in comments_in(*nodes) if not self._findings.has_left(one)
        ]

    def _in_shape(
        self,
        statement: Any,
        kept: Any,
        changed: list[cst.CSTNode],
        is_alone: bool,
        is_elif: bool,
    ) -> Any:
        """Lay out a statement: the changed parts of an existing one, all of a new one."""
        indent = self._indents[-1]
        if type(statement) is type(kept) and (is_alone or statement.body is kept.body):
            return laid_out(wrapped(statement, indent), indent, changed, is_elif)
        return self._new(statement, indent)

    def _new(self, statement: Any, indent: str) -> Any:
        """Lay out a statement that a rule made, with everything in it."""
        body = getattr(statement, "body", None)
        if isinstance(body, cst.IndentedBlock):
            inner = [self._new(one, self._within(indent)) for one in body.body]
            statement = statement.with_changes(body=body.with_changes(body=inner))
        handlers = getattr(statement, "handlers", None)
        if handlers:
            statement = statement.with_changes(handlers=[self._new(h, indent) for h in handlers])
        if not isinstance(statement, _STATEMENT):
            return statement
        return laid_out(wrapped(statement, indent), indent, None)

    def _leave_suite(self, original: cst.SimpleStatementSuite, updated: Any) -> Any:
        updated = without_end(updated, original)
        lines = lines_of(updated)
        if lines is None:
            lost = lost_comments([original], [updated])
            if not lost or not updated.body:
                self._drop(*lost)
                return updated
            lines = apart(updated)
        inner = self._within(self._indents[-1])
        body = [self._new(one, inner) for one in lines]
        if body:
            body[0] = under(body[0], lost_comments([original], body))
        return cst.IndentedBlock(body)

    def _below(self, statement: Any, original: Any) -> Any:
        """The statement below the lines that were above the statements removed before it."""
        above = self._above[-1]
        if not above or original in self._elifs:
            return statement
        self._above[-1] = []
        own = getattr(statement, "leading_lines", ())
        if own and own[0].comment is None and above[-1].comment is None:
            # a blank line on each side of what was removed would make two
            above = above[:-1]
        return under(statement, above, above=True)


@functools.cache
def _is_statement(kind: type[cst.CSTNode]) -> bool:
    """Whether nodes of a class are statements; cached, since `isinstance` is slow with libcst."""
    return issubclass(kind, _STATEMENT)


@functools.cache
def _is_block(kind: type[cst.CSTNode]) -> bool:
    """Whether nodes of a class are blocks, those with an uneven indentation included."""
    return issubclass(kind, cst.IndentedBlock)


def _nodes(new: Any) -> list[Any]:
    if isinstance(new, cst.FlattenSentinel):
        return list(new)
    return [new]


def _lines(statement: Any) -> list[Any]:
    """The statement, or the statements of its line if some of them became whole ones."""
    lines = lines_of(statement) if isinstance(statement, cst.SimpleStatementLine) else None
    return [statement] if lines is None else lines


def _header(statement: Any) -> list[cst.CSTNode]:
    if isinstance(statement, cst.SimpleStatementLine):
        return [statement]
    return [one for one in children(statement) if not isinstance(one, _BLOCKS)]


def _is_empty(new: Any) -> bool:
    return isinstance(new, cst.SimpleStatementLine) and not new.body


def _same_but_body(original: Any, new: Any) -> Any:
    """The original if it is a simple statement; `new`, whose block may differ, if not."""
    return original if isinstance(original, cst.SimpleStatementLine) else new
