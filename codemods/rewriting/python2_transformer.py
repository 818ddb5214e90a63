# SPDX-License-Identifier: Apache-2.0
"""Put the Python 2 syntax back into one libcst tree where the text was respelled."""

import bisect
import re
from typing import TYPE_CHECKING, Any

import libcst as cst

from codemods.rewriting import python2_nodes as nodes
from codemods.rewriting.indents import Indents
from codemods.rewriting.pieces import Offsets, Piece
from codemods.syntax.spelling import Respelled

if TYPE_CHECKING:
    from codemods.rewriting.restorer import Restorer


class Python2Transformer(cst.CSTTransformer):
    """Puts Python 2 syntax back into one tree, of the whole text or of an expression.

    `around` is the indentation of the block that the expression is in.
    """

    def __init__(
        self,
        restorer: "Restorer",
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
        #: How far into the file the visitor has come.
        self.reached = 0

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        """Nothing: attributes are not visited."""

    def on_leave_attribute(self, original_node: cst.CSTNode, attribute: str) -> None:
        """Nothing: attributes are not visited."""

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Skip statements with nothing to put back."""
        if node in self._offsets.statements and not self._restorer.lines:
            start, end = self._offsets.statements[node]
            return bisect.bisect_left(self._places, start) < bisect.bisect_left(self._places, end)
        self._indents.enter(node)
        return True

    def on_leave(self, original_node: cst.CSTNode, updated_node: Any) -> Any:
        """Replace a node with the Python 2 syntax at its place, if any."""
        leave = _LEAVES.get(type(original_node))
        new = updated_node if leave is None else leave(self, original_node, updated_node)
        return self._indents.leave(original_node, new)

    def _item(self, node: cst.CSTNode) -> Respelled | None:
        """What was respelled at the node's place."""
        item = self._items.get(self._offsets.own.get(node, -1))
        if item is not None:
            self.reached = item.start
        return item

    def _token(self, item: Respelled) -> str:
        return self._source[item.start : item.end].decode("utf-8")

    def _leave_newline(self, original: cst.Newline, updated: cst.Newline) -> cst.Newline:
        # the default line ending of an expression may differ from that of the whole text
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
            # two blanks after the comma
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
    cst.Newline: Python2Transformer._leave_newline,
    cst.SimpleWhitespace: Python2Transformer._leave_whitespace,
    cst.Name: Python2Transformer._leave_name,
    cst.Integer: Python2Transformer._leave_integer,
    cst.SimpleString: Python2Transformer._leave_string,
    cst.List: Python2Transformer._leave_list,
    cst.NotEqual: Python2Transformer._leave_unequal,
    cst.Comma: Python2Transformer._leave_comma,
    cst.Lambda: Python2Transformer._leave_lambda,
    cst.ExceptHandler: Python2Transformer._leave_handler,
}
