# SPDX-License-Identifier: Apache-2.0
"""Put the Python 2 syntax back into a libcst tree where the text was respelled."""

import ast
import itertools
import re
import warnings
from typing import Any

import libcst as cst

from codemods.rewriting.mended import Lost, mended
from codemods.rewriting.pieces import Offsets, Piece, Replacement
from codemods.rewriting.python2_transformer import Python2Transformer
from codemods.syntax.indentation import LINE_END, IndentedLine, indented_lines
from codemods.syntax.source import Unparsed
from codemods.syntax.spelling import Respelled, Spelling

#: What nodes raise if they have too few blanks between words; a lambda raises a TypeError.
_REFUSED = (cst.CSTValidationError, TypeError)
#: The start of a line that does not start a statement of its own.
_CLAUSE = re.compile(rb"(?:elif|else|except|finally)\b")


class TooTight(Unparsed):
    """The text has no blank where libcst requires one."""


class Restorer:
    """Makes the tree of a respelled text.

    `lines` are its indentation if that is uneven, `tight` the places where libcst needs a
    blank that the text does not have. Raises `Unparsed`.
    """

    def __init__(self, spelling: Spelling, lines: list[IndentedLine], tight: list[int]) -> None:
        self.spelling = spelling
        self.lines = lines
        # the `in` of `exec` has become a comma
        commas = {at for item in spelling.respelled for part in item.parts for at in part}
        self.tight = [at for at in tight if at not in commas]
        self.newline = "\n"

    def module(self) -> cst.Module:
        """The tree of the whole text."""
        source = self.spelling.source
        spelled, items = self.spelling.piece(0, len(source))
        changes = [
            Replacement(line.start, line.end, b"    " * line.level)
            for line in self.lines
            if source[line.start : line.end] != b"    " * line.level
        ]
        piece = Piece(spelled, 0, [*changes, *self._changes(items, 0, len(source))])
        self.newline = piece.newline
        tree = self._parsed(cst.parse_module, piece)
        offsets = Offsets(tree, tree.default_indent, piece.newline)
        text = piece.text.decode("utf-8")
        if "".join(offsets.tokens) != text:
            # offsets are counted while printing, so the tree has to print everything
            try:
                tree = mended(tree, text)
            except Lost as lost:
                raise self.lost(piece.origin(len(lost.same.encode("utf-8")))) from None
            offsets = Offsets(tree, tree.default_indent, piece.newline)
        module: cst.Module = self._restored(tree, Python2Transformer(self, piece, items, offsets))
        return module

    def expression(self, start: int, end: int, around: str) -> Any:
        """The tree of the expression between two offsets, in a block indented by `around`."""
        text, items = self.spelling.piece(start, end)
        # within brackets a line may end anywhere
        piece = Piece(b"(%b)" % text, start - 1, self._changes(items, start, end))
        tree = self._parsed(cst.parse_expression, piece)
        offsets = Offsets(tree, "", piece.newline)
        found = self._restored(tree, Python2Transformer(self, piece, items, offsets, around))
        return found.with_changes(lpar=found.lpar[1:], rpar=found.rpar[:-1])

    def _changes(self, items: list[Respelled], start: int, end: int) -> list[Replacement]:
        """Further changes for libcst: blanks, and a name for a tuple parameter of several lines."""
        source = self.spelling.source
        tuples = [item for item in items if item.kind == "parameter"]
        return [
            *(Replacement(at, at, b" ") for at in self.tight if start < at < end),
            *(
                Replacement(item.at, item.end, b"_")
                for item in tuples
                if LINE_END.search(source, item.start, item.end)
            ),
        ]

    def _parsed(self, parse: Any, piece: Piece) -> Any:
        try:
            return parse(piece.text.decode("utf-8"))
        except cst.ParserSyntaxError as error:
            number, reason = _reason(piece.text, error)
            ends = [0, *(match.end() for match in LINE_END.finditer(piece.text))]
            offset = piece.origin(ends[min(number, len(ends)) - 1])
            raise Unparsed(f"line {self.line_of(offset)}: {reason}") from None
        except _REFUSED as error:
            offset = piece.origin(_refused_at(piece.text))
            line = self.line_of(offset)
            raise TooTight(f"line {line}: libcst does not take it: {error}") from None

    def _restored(self, tree: Any, visitor: Python2Transformer) -> Any:
        try:
            return tree.visit(visitor)
        except _REFUSED as error:
            line = self.line_of(visitor.reached)
            raise TooTight(f"line {line}: libcst does not take it: {error}") from None

    def lost(self, offset: int) -> Unparsed:
        """The error for a tree that does not print its text."""
        return Unparsed(f"line {self.line_of(offset)}: libcst would not print it as it is")

    def line_of(self, offset: int) -> int:
        """The line, from 1, that `offset` is on."""
        return len(LINE_END.findall(self.spelling.source, 0, offset)) + 1


def _refused_at(text: bytes) -> int:
    """Where the statement starts that libcst refuses without giving its place."""
    starts: list[int] = []
    is_decorated = False
    for line in indented_lines(text):
        if line.level or line.is_comment:
            continue
        if not is_decorated and not _CLAUSE.match(text, line.end):
            starts.append(line.start)
        is_decorated = text[line.end : line.end + 1] == b"@"
    for start, end in itertools.pairwise([*starts, len(text)]):
        try:
            cst.parse_module(text[start:end].decode("utf-8"))
        except _REFUSED:
            return start
        except cst.ParserSyntaxError:
            continue
    return 0


def _reason(text: bytes, error: cst.ParserSyntaxError) -> tuple[int, str]:
    """The line of a syntax error, and what is wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # libcst gives no place for a bad token, and for other errors only what it expected
            ast.parse(text.decode("utf-8"))
        except SyntaxError as better:
            return better.lineno or 1, better.msg
    return error.raw_line, error.message.partition(" at ")[0]
