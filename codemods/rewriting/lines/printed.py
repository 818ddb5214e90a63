# SPDX-License-Identifier: Apache-2.0
"""A node as text, with the offsets of each of its parts."""

import bisect
import contextlib
import re
from collections.abc import Iterator

import libcst as cst

# libcst's own position providers use it, but need a whole module and a wrapper
from libcst._nodes.internal import CodegenState

from codemods.rewriting.children import Kinds

_LINE = re.compile(r"\r\n|\r|\n")
_OWN = Kinds(cst.BaseExpression, cst.BaseParenthesizableWhitespace)
_OPAQUE = Kinds(cst.FormattedString, cst.TemplatedString)


class Printed:
    """A statement or an expression as text.

    `text` starts with `indent` if the node is a statement. `nodes` are its parts in the
    order of the text, parents first; the contents of a formatted string are left out. All
    offsets are into `text`.
    """

    def __init__(self, node: cst.CSTNode, indent: str = "", is_elif: bool = False) -> None:
        state = _Recorder()
        state.increase_indent(indent)
        node._codegen(state, **({"is_elif": True} if is_elif else {}))
        self.text = "".join(state.tokens)
        self.nodes = state.nodes
        self.parents = state.parents
        #: Whether the same expression or space occurs in two places.
        self.repeats = state.repeats
        self._inner, self._outer = state.inner, state.outer
        self._starts = [0, *(match.end() for match in _LINE.finditer(self.text))]

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where `node` starts and ends, without the parentheses and white space around it."""
        return self._inner[node]

    def outer(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where `node` starts and ends, with everything that belongs to it."""
        return self._outer[node]

    def extent(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where `node` starts and ends, with its parentheses but not the white space around it."""
        is_expression = isinstance(node, cst.BaseExpression)
        start, end = self._outer[node] if is_expression else self._inner[node]
        text = self.text[start:end]
        return start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())

    def __contains__(self, node: object) -> bool:
        return node in self._outer

    def line(self, offset: int) -> int:
        """The line, from 0, that `offset` is on."""
        return bisect.bisect_right(self._starts, offset) - 1

    def column(self, offset: int) -> int:
        """The column, from 0, of `offset`."""
        return offset - self._starts[self.line(offset)]

    def behind(self, offset: int) -> str:
        """The rest of the line after `offset`."""
        return self._upto(offset, self.line(offset) + 1)

    def lines(self) -> list[str]:
        """Every line without its ending."""
        return [self._upto(start, line + 1) for line, start in enumerate(self._starts)]

    def line_span(self, line: int) -> tuple[int, int]:
        """Where `line` starts and ends."""
        start = self._starts[line]
        return start, start + len(self._upto(start, line + 1))

    def margin(self, line: int) -> str:
        """The white space that `line` starts with."""
        start, end = self.line_span(line)
        text = self.text[start:end]
        return text[: len(text) - len(text.lstrip())]

    def _upto(self, offset: int, line: int) -> str:
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return self.text[offset:end].rstrip("\r\n")


class _Recorder(CodegenState):
    """Prints a node, and records the offsets of its parts."""

    def __init__(self) -> None:
        super().__init__(default_indent="    ", default_newline="\n")
        self.nodes: list[cst.CSTNode] = []
        self.parents: dict[cst.CSTNode, cst.CSTNode] = {}
        self.inner: dict[cst.CSTNode, tuple[int, int]] = {}
        self.outer: dict[cst.CSTNode, tuple[int, int]] = {}
        self.repeats = False
        self._offset = 0
        self._open: list[tuple[cst.CSTNode, int]] = []
        self._opaque = 0

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self._offset += len(value)

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.add_token(token)

    def before_codegen(self, node: cst.CSTNode) -> None:
        if node in self.outer and _OWN[node.__class__]:
            self.repeats = True
        if self._open:
            self.parents[node] = self._open[-1][0]
        self._open.append((node, self._offset))
        if not self._opaque:
            self.nodes.append(node)
        self._opaque += _OPAQUE[node.__class__]

    def after_codegen(self, node: cst.CSTNode) -> None:
        _, start = self._open.pop()
        self._opaque -= _OPAQUE[node.__class__]
        self.outer[node] = start, self._offset
        self.inner.setdefault(node, (start, self._offset))

    @contextlib.contextmanager
    def record_syntactic_position(
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> Iterator[None]:
        start = self._offset
        yield
        self.inner[node] = start, self._offset
