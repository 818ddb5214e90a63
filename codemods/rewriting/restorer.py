# SPDX-License-Identifier: Apache-2.0
"""Put into a tree of libcst what Python 2 has where the text was respelled."""

import ast
import bisect
import itertools
import re
import warnings
from typing import Any

import libcst as cst

from codemods.rewriting import python2_nodes as nodes
from codemods.rewriting.indents import Indents
from codemods.rewriting.mended import Lost, mended
from codemods.rewriting.pieces import Change, Offsets, Piece
from codemods.syntax.indentation import LINE_END, Line, indented_lines
from codemods.syntax.source import Unparsed
from codemods.syntax.spelling import Respelled, Spelling

#: What nodes raise that have too few blanks between words, and a lambda that is asked for it.
_REFUSED = (cst.CSTValidationError, TypeError)
#: What starts no statement of its own.
_CLAUSE = re.compile(rb"(?:elif|else|except|finally)\b")


class TooTight(Unparsed):
    """The text has no blank where libcst wants one."""


class Restorer:
    """Makes the tree of a respelled text.

    `lines` are its indentation where that is uneven, `tight` the places where
    libcst is to find a blank that the text has not. Raises `Unparsed`.
    """

    def __init__(self, spelling: Spelling, lines: list[Line], tight: list[int]) -> None:
        self.spelling = spelling
        self.lines = lines
        # the `in` of `exec` is no word by now
        commas = {at for item in spelling.respelled for part in item.parts for at in part}
        self.tight = [at for at in tight if at not in commas]
        self.newline = "\n"

    def module(self) -> cst.Module:
        """The tree of the whole text."""
        source = self.spelling.source
        spelled, items = self.spelling.piece(0, len(source))
        changes = [
            Change(line.start, line.end, b"    " * line.level)
            for line in self.lines
            if source[line.start : line.end] != b"    " * line.level
        ]
        piece = Piece(spelled, 0, [*changes, *self._changes(items, 0, len(source))])
        self.newline = piece.newline
        tree = self._parsed(cst.parse_module, piece)
        offsets = Offsets(tree, tree.default_indent, piece.newline)
        text = piece.text.decode("utf-8")
        if "".join(offsets.tokens) != text:
            # what it does not print, it does not count
            try:
                tree = mended(tree, text)
            except Lost as lost:
                raise self.lost(piece.origin(len(lost.same.encode("utf-8")))) from None
            offsets = Offsets(tree, tree.default_indent, piece.newline)
        module: cst.Module = self._restored(tree, _Pass(self, piece, items, offsets))
        return module

    def expression(self, start: int, end: int, around: str) -> Any:
        """The tree of what stands between two offsets, in a block indented like that."""
        text, items = self.spelling.piece(start, end)
        # within brackets a line may end anywhere
        piece = Piece(b"(%b)" % text, start - 1, self._changes(items, start, end))
        tree = self._parsed(cst.parse_expression, piece)
        offsets = Offsets(tree, "", piece.newline)
        found = self._restored(tree, _Pass(self, piece, items, offsets, around))
        return found.with_changes(lpar=found.lpar[1:], rpar=found.rpar[:-1])

    def _changes(self, items: list[Respelled], start: int, end: int) -> list[Change]:
        """What libcst gets otherwise: a tuple among the parameters on one line, blanks."""
        source = self.spelling.source
        tuples = [item for item in items if item.kind == "parameter"]
        return [
            *(Change(at, at, b" ") for at in self.tight if start < at < end),
            *(
                Change(item.at, item.end, b"_")
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

    def _restored(self, tree: Any, visitor: "_Pass") -> Any:
        try:
            return tree.visit(visitor)
        except _REFUSED as error:
            line = self.line_of(visitor.reached)
            raise TooTight(f"line {line}: libcst does not take it: {error}") from None

    def lost(self, offset: int) -> Unparsed:
        """The reason why a tree is not given away that does not print its text."""
        return Unparsed(f"line {self.line_of(offset)}: libcst would not print it as it is")

    def line_of(self, offset: int) -> int:
        """The line, from 1, in which `offset` lies."""
        return len(LINE_END.findall(self.spelling.source, 0, offset)) + 1


def _refused_at(text: bytes) -> int:
    """Where the statement starts that libcst refuses without saying where it is."""
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
    """The line that is wrong, and what is wrong with it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # libcst does not say where a token is wrong, and of others all it would rather have
            ast.parse(text.decode("utf-8"))
        except SyntaxError as better:
            return better.lineno or 1, better.msg
    return error.raw_line, error.message.partition(" at ")[0]


class _Pass(cst.CSTTransformer):
    """One tree, of the whole text or of an expression in a block that is indented as `around`."""

    def __init__(
        self,
        restorer: Restorer,
        piece: Piece,
        items: list[Respelled],
        offsets: Offsets,
        around: str = "",
    ) -> None:
        super().__init__()
        self._restorer = restorer
        self._source = restorer.spelling.source
        self._piece = piece
        self._offsets = offsets
        self._indents = Indents(self._source, piece, offsets, restorer.lines, around)
        self._items = {piece.at(item.at): item for item in items}
        self._commas = {
            piece.at(place): item
            for item in items
            if item.kind == "statement"
            for place in (item.end - 1, *(start for start, _ in item.parts))
        }
        self._blanks = {piece.at(at) - 1 for at in restorer.tight}
        self._places = sorted({*self._items, *self._blanks})
        #: How far into the file this has come.
        self.reached = 0

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        """Nothing: attributes are not asked for."""

    def on_leave_attribute(self, original_node: cst.CSTNode, attribute: str) -> None:
        """Nothing: attributes are not asked for."""

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Leave out statements with nothing to put back."""
        if node in self._offsets.statements and not self._restorer.lines:
            start, end = self._offsets.statements[node]
            return bisect.bisect_left(self._places, start) < bisect.bisect_left(self._places, end)
        self._indents.enter(node)
        return True

    def on_leave(self, original_node: cst.CSTNode, updated_node: Any) -> Any:
        """What Python 2 has in the place of a node."""
        leave = _LEAVES.get(type(original_node))
        new = updated_node if leave is None else leave(self, original_node, updated_node)
        return self._indents.leave(original_node, new)

    def _item(self, node: cst.CSTNode) -> Respelled | None:
        """What was respelled where the node has its text."""
        item = self._items.get(self._offsets.own.get(node, -1))
        if item is not None:
            self.reached = item.start
        return item

    def _token(self, item: Respelled) -> str:
        return self._source[item.start : item.end].decode("utf-8")

    def _leave_newline(self, original: cst.Newline, updated: cst.Newline) -> cst.Newline:
        # in an expression, libcst takes another line ending for the default
        value, default = updated.value or self._piece.newline, self._restorer.newline
        if default == self._piece.newline:
            return updated
        return cst.Newline(None if value == default else value)

    def _leave_whitespace(
        self, original: cst.SimpleWhitespace, updated: cst.SimpleWhitespace
    ) -> cst.SimpleWhitespace:
        is_ours = updated.value == " " and self._offsets.own[original] in self._blanks
        return nodes.Unseen() if is_ours else updated

    # names and literals

    def _leave_name(self, original: cst.Name, updated: cst.Name) -> Any:
        item = self._item(original)
        if item is None or item.kind == "except":
            return updated
        if item.kind == "parameter":
            return nodes.TupleParameter(self._token(item))
        if item.kind == "number":
            return nodes.Integer(self._token(item), updated.lpar, updated.rpar)
        if item.kind in ("name", "statement"):
            return updated.with_changes(value=self._token(item))
        return self._restorer.expression(item.start, item.end, self._indents.here)

    def _leave_integer(self, original: cst.Integer, updated: cst.Integer) -> cst.Integer:
        item = self._item(original)
        if item is None:
            return updated
        return nodes.Integer(self._token(item), updated.lpar, updated.rpar)

    def _leave_string(self, original: cst.SimpleString, updated: cst.SimpleString) -> Any:
        item = self._item(original)
        if item is None:
            return updated
        is_unicode = self._restorer.spelling.is_unicode
        return nodes.SimpleString(self._token(item), updated.lpar, updated.rpar, is_unicode)

    def _leave_list(self, original: cst.List, updated: cst.List) -> cst.List:
        item = self._item(original.lbracket)
        return updated if item is None else nodes.Backquotes.around(updated)

    def _leave_unequal(self, original: cst.NotEqual, updated: cst.NotEqual) -> cst.NotEqual:
        return updated if self._item(original) is None else updated.with_changes(value="<>")

    # statements

    def _leave_comma(self, original: cst.Comma, updated: cst.Comma) -> cst.Comma:
        place = self._offsets.own[original]
        item = self._commas.get(place)
        if item is None or not isinstance(updated.whitespace_after, cst.SimpleWhitespace):
            return updated
        before, after = updated.whitespace_before, updated.whitespace_after.value
        start, end = item.parts[0] if item.parts else (item.end, item.end)
        word = self._source[start:end].decode()
        if place == self._piece.at(start):
            # `in` has become a comma and a blank
            return nodes.Comma(before, cst.SimpleWhitespace(after[1:]), word)
        if word == ">>":
            # two blanks behind the comma
            blanks = self._source[item.end : start].decode()
            before, after = cst.SimpleWhitespace(blanks), after[len(blanks) + len(word) :]
            return nodes.Comma(before, cst.SimpleWhitespace(after), word)
        return nodes.Comma(before, updated.whitespace_after)

    def _leave_lambda(self, original: cst.Lambda, updated: cst.Lambda) -> cst.Lambda:
        item = self._item(original.params.params[0].name) if original.params.params else None
        if item is None or item.at == item.start:
            return updated
        return updated.with_changes(whitespace_after_lambda=nodes.Unseen())

    def _leave_handler(
        self, original: cst.ExceptHandler, updated: cst.ExceptHandler
    ) -> cst.ExceptHandler:
        item = self._item(original.type) if original.type is not None else None
        if item is None or item.kind != "except":
            return updated
        caught, bound = item.parts
        between = self._source[caught[1] : bound[0]].decode()
        before, word, after = re.split(r"(,|as)", between, maxsplit=1)
        as_name = nodes.AsName if word == "," else cst.AsName
        return nodes.ExceptHandler(
            body=updated.body,
            type=self._restorer.expression(*caught, self._indents.here),
            name=as_name(
                self._restorer.expression(*bound, self._indents.here),
                cst.SimpleWhitespace(before),
                cst.SimpleWhitespace(after),
            ),
            leading_lines=updated.leading_lines,
            whitespace_after_except=updated.whitespace_after_except,
            whitespace_before_colon=updated.whitespace_before_colon,
        )


_LEAVES: dict[type[cst.CSTNode], Any] = {
    cst.Newline: _Pass._leave_newline,
    cst.SimpleWhitespace: _Pass._leave_whitespace,
    cst.Name: _Pass._leave_name,
    cst.Integer: _Pass._leave_integer,
    cst.SimpleString: _Pass._leave_string,
    cst.List: _Pass._leave_list,
    cst.NotEqual: _Pass._leave_unequal,
    cst.Comma: _Pass._leave_comma,
    cst.Lambda: _Pass._leave_lambda,
    cst.ExceptHandler: _Pass._leave_handler,
}
