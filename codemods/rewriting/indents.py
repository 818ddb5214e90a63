# SPDX-License-Identifier: Apache-2.0
"""Give the lines of a tree the indentation that they have in the file.

libcst parsed them with another one: four spaces per level if the file mixes tabs and
spaces, none if an expression was parsed on its own.
"""

import re
from typing import Any

import libcst as cst

from codemods.rewriting.pieces import Offsets, Piece
from codemods.rewriting.uneven import indented_as
from codemods.syntax.indentation import IndentedLine

_BLANKS = re.compile(rb"[ \t\f]*")


class Indents:
    """Keeps track of the indentation while a visitor walks over the tree of a piece.

    `lines` are the lines of the file if they were parsed with another indentation;
    `around` is the indentation of the block that the piece is in.
    """

    def __init__(
        self, source: bytes, piece: Piece, offsets: Offsets, lines: list[IndentedLine], around: str
    ) -> None:
        self._source = source
        self._piece = piece
        self._offsets = offsets
        self._lines = {line.start: line for line in lines if not line.is_comment}
        # the indentation of the blocks around in the piece, and in the file
        self._parsed = [""]
        self._real = [around]

    @property
    def here(self) -> str:
        """The indentation in the file of the block that the visitor is in."""
        return self._real[-1]

    def enter(self, node: cst.CSTNode) -> None:
        """Enter a node."""
        line = self._line(node)
        if isinstance(node, cst.IndentedBlock):
            indent = self._offsets.default_indent if node.indent is None else node.indent
            self._parsed.append(self._parsed[-1] + indent)
            self._real.append(self.here + indent if line is None else self._text(line))
        elif line is not None:
            self._real.append(self._text(line))

    def leave(self, original: cst.CSTNode, updated: Any) -> Any:
        """Leave a node; return it with the indentation of the file."""
        line = self._line(original)
        if isinstance(original, cst.IndentedBlock):
            self._parsed.pop()
            spelled = self._real.pop()
            return updated if line is None else self._block(updated, line, spelled)
        if line is not None:
            spelled = self._real.pop()
            return updated if spelled == self.here else indented_as(updated, self.here, spelled)
        if isinstance(original, cst.EmptyLine):
            return self._empty_line(original, updated)
        if isinstance(original, cst.ParenthesizedWhitespace):
            return self._continued(updated)
        return updated

    def _line(self, node: cst.CSTNode) -> IndentedLine | None:
        """The line of a statement, clause or block's first statement; None if all is even."""
        if not self._lines or isinstance(node, cst.EmptyLine | cst.ParenthesizedWhitespace):
            return None
        if isinstance(node, cst.IndentedBlock):
            first = node.body[0]
            return self._line(next(iter(getattr(first, "decorators", ())), first))
        offset = self._offsets.indented.get(node)
        return None if offset is None else self._lines.get(self._piece.origin(offset))

    def _text(self, line: IndentedLine) -> str:
        return self._source[line.start : line.end].decode("utf-8")

    def _block(
        self, block: cst.IndentedBlock, line: IndentedLine, spelled: str
    ) -> cst.IndentedBlock:
        own = spelled.removeprefix(self.here)
        if spelled.startswith(self.here) and own and not own.strip(" \t"):
            return block.with_changes(indent=None if own == self._offsets.default_indent else own)
        # as wide as it looks, for code that counts columns
        columns = (at.column for at in self._lines.values() if self._text(at) == self.here)
        width = max(1, line.column - next(columns, 0))
        return indented_as(block.with_changes(indent=" " * width), self.here, spelled)

    def _split(self, text: str) -> tuple[bool, cst.SimpleWhitespace]:
        """The blanks at the start of a line, as libcst has them: `indent`, and the rest."""
        rest = text.removeprefix(self.here)
        return text.startswith(self.here), cst.SimpleWhitespace(rest)

    def _empty_line(self, original: cst.EmptyLine, updated: cst.EmptyLine) -> cst.EmptyLine:
        if self._lines:
            # comments were moved with their block
            match = _BLANKS.match(self._source, self._piece.origin(self._offsets.lines[original]))
            text = match.group().decode() if match is not None else ""
        elif self._parsed[-1] != self.here:
            text = self._parsed[-1] * updated.indent + updated.whitespace.value
        else:
            return updated
        indent, whitespace = self._split(text)
        return updated.with_changes(indent=indent, whitespace=whitespace)

    def _continued(self, updated: cst.ParenthesizedWhitespace) -> cst.ParenthesizedWhitespace:
        if self._parsed[-1] == self.here:
            return updated
        text = self._parsed[-1] * updated.indent + updated.last_line.value
        indent, whitespace = self._split(text)
        return updated.with_changes(indent=indent, last_line=whitespace)
