# SPDX-License-Identifier: Apache-2.0
"""Parse Python 2 or 3 with libcst so that the tree prints every byte of the text.

Syntax that only Python 2 has is respelled, parsed, and put back by the nodes of
`python2_nodes`: the tree prints it as it was, even after other changes to the tree.
"""

import itertools
import re

import libcst as cst

from codemods.rewriting.mended import Lost, mended
from codemods.rewriting.restorer import Restorer, TooTight
from codemods.syntax.indentation import LINE_END, uneven_lines
from codemods.syntax.python2 import spelling
from codemods.syntax.source import Unparsed
from codemods.syntax.spelling import may_read_otherwise
from codemods.syntax.tokens import significant, tokens

#: Python itself allows no more nested brackets; libcst crashes at a few thousand.
_DEEPEST = 200

#: The words next to which libcst wants a blank, even where Python does not.
_WORDS = frozenset(
    b"and as assert del elif else for if in is not or raise return while yield".split()
)


def parse_module(text: bytes, default_indent: str = "    ") -> cst.Module:
    """Return the tree of UTF-8 `text`; its `bytes` are `text`.

    `default_indent` is the indentation of blocks that rules make. Raises `Unparsed`
    with the line and the reason.
    """
    if _depth(text) > _DEEPEST:
        raise Unparsed("nests too deep to be parsed")
    try:
        return _with_default_indent(_parsed(text), default_indent)
    except RecursionError:
        raise Unparsed("nests too deep to be parsed") from None


def _depth(text: bytes) -> int:
    """How deep brackets nest; those in strings are left out if it matters."""
    depth = deepest = 0
    for match in re.finditer(rb"([\[({])|[\])}]", text):
        depth = depth + 1 if match.lastindex else max(0, depth - 1)
        deepest = max(deepest, depth)
    if deepest <= _DEEPEST:
        return deepest
    depth = deepest = 0
    for token in tokens(text):
        depth += (token.kind == "opening") - (token.kind == "closing")
        deepest = max(deepest, depth)
    return deepest


def _parsed(text: bytes) -> cst.Module:
    """The Python 3 tree, unless the text parses only as Python 2, or differently as that."""
    plain: cst.Module | None = None
    try:
        decoded = text.decode("utf-8")
        plain = mended(cst.parse_module(decoded), decoded)
    except (cst.ParserSyntaxError, cst.CSTValidationError, TypeError, Lost):
        pass
    except UnicodeDecodeError as error:
        line = len(LINE_END.findall(text, 0, error.start)) + 1
        raise Unparsed(f"line {line}: not UTF-8: {error.reason}") from None
    if plain is not None and not (may_read_otherwise(text) and spelling(text).respelled):
        return plain
    try:
        return _parsed_as_python2(text)
    except Unparsed:
        if plain is None:
            raise
        return plain


def _parsed_as_python2(text: bytes) -> cst.Module:
    try:
        lines = uneven_lines(text)
    except IndentationError as error:
        raise Unparsed(f"line {error.lineno}: {error.msg}") from None
    spelled = spelling(text)
    try:
        module = Restorer(spelled, lines, []).module()
    except TooTight:
        module = Restorer(spelled, lines, _tight(text)).module()
    try:
        return mended(module, text.decode("utf-8"))
    except Lost as lost:
        raise Restorer(spelled, lines, []).lost(len(lost.same.encode("utf-8"))) from None


def _tight(text: bytes) -> list[int]:
    """Where one of the words is right next to another token, as in `return(x)`."""
    no_words = ("operator", "newline")
    return [
        token.start
        for before, token in itertools.pairwise(significant(text))
        if before.end == token.start
        and before.kind not in no_words
        and token.kind not in no_words
        and (before.text in _WORDS or token.text in _WORDS)
    ]


class _DefaultIndent(cst.CSTTransformer):
    """Spells out the indentation of blocks that do not have the new default."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__()
        self._old = old
        self._new = new

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        indent = self._old if updated_node.indent is None else updated_node.indent
        return updated_node.with_changes(indent=None if indent == self._new else indent)


def _with_default_indent(module: cst.Module, indent: str) -> cst.Module:
    if module.default_indent == indent:
        return module
    changed = module.visit(_DefaultIndent(module.default_indent, indent))
    return changed.with_changes(default_indent=indent)
