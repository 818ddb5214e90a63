# SPDX-License-Identifier: Apache-2.0
"""The text that libcst parses, and how its offsets map to the file's and back."""

import bisect
from collections.abc import Iterable
from typing import NamedTuple

import libcst as cst
from libcst._nodes.internal import CodegenState

from codemods.syntax.indentation import LINE_END


class Replacement(NamedTuple):
    """The bytes that replace others; offsets are into the file."""

    start: int
    end: int
    text: bytes


class Piece:
    """A text that starts at offset `start` of a file, with some `changes` made to it."""

    def __init__(self, text: bytes, start: int, changes: Iterable[Replacement] = ()) -> None:
        self._start = start
        self._changes = sorted(changes)
        self._ends = [change.end for change in self._changes]
        #: The offset of each change in the piece.
        self._places: list[int] = []
        done, position = bytearray(), start
        for change in self._changes:
            done += text[position - start : change.start - start]
            self._places.append(len(done))
            done += change.text
            position = change.end
        self.text = bytes(done + text[position - start :])

    @property
    def newline(self) -> str:
        """The line ending that libcst takes for the default."""
        match = LINE_END.search(self.text)
        return match.group().decode() if match is not None else "\n"

    def at(self, offset: int) -> int:
        """The offset in the piece of an offset in the file, or of what replaces it."""
        index = bisect.bisect_right(self._ends, offset)
        if index < len(self._changes) and self._changes[index].start <= offset:
            return self._places[index] + offset - self._changes[index].start
        return offset - self._start + self._moved(index)

    def origin(self, offset: int) -> int:
        """The offset in the file of an offset in the piece."""
        index = bisect.bisect_left(self._places, offset)
        if index < len(self._places) and self._places[index] == offset:
            return self._changes[index].start
        return offset + self._start - self._moved(index)

    def _moved(self, index: int) -> int:
        """How far the text after the first `index` changes has moved."""
        if not index:
            return 0
        change = self._changes[index - 1]
        return self._places[index - 1] + len(change.text) - (change.end - self._start)


class Offsets(CodegenState):
    """The offsets of a tree's nodes in its piece, found by printing the tree.

    `own` is where a node printed its first own token, `indented` the start of a line that
    a node indented, `lines` where an empty line starts, `statements` where a statement
    starts and ends, including the lines above it.
    """

    def __init__(self, node: cst.CSTNode, indent: str, newline: str) -> None:
        super().__init__(indent, newline)
        self.own: dict[cst.CSTNode, int] = {}
        self.indented: dict[cst.CSTNode, int] = {}
        self.lines: dict[cst.CSTNode, int] = {}
        self.statements: dict[cst.CSTNode, tuple[int, int]] = {}
        self._position = 0
        self._nodes: list[cst.CSTNode] = []
        node._codegen(self)

    def before_codegen(self, node: cst.CSTNode) -> None:
        """Record where a line or a statement starts."""
        self._nodes.append(node)
        if type(node) is cst.EmptyLine:
            self.lines[node] = self._position
        elif isinstance(node, cst.BaseStatement):
            self.statements[node] = self._position, self._position

    def after_codegen(self, node: cst.CSTNode) -> None:
        """Record where a statement ends."""
        self._nodes.pop()
        if node in self.statements:
            self.statements[node] = self.statements[node][0], self._position

    def add_indent_tokens(self) -> None:
        """Record where the indentation starts."""
        self.indented[self._nodes[-1]] = self._position
        super().add_indent_tokens()
        self._position += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        """Record where the node's own text starts."""
        self.own.setdefault(self._nodes[-1], self._position)
        super().add_token(value)
        self._position += len(value) if value.isascii() else len(value.encode("utf-8"))
