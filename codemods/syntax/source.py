# SPDX-License-Identifier: Apache-2.0
"""One file: its bytes, its tree, and how to get from a node to its bytes."""

import array
import ast
import bisect
import functools
import re
import tokenize
import warnings
from collections.abc import Iterator
from typing import Literal

from codemods.syntax.python2 import spelling
from codemods.syntax.quick import quickly_parsed
from codemods.syntax.restored import parse_python2
from codemods.syntax.spelling import may_read_otherwise
from codemods.syntax.tokens import comments
from codemods.syntax.walk import children

_LINE = re.compile(rb"\r\n|\r|\n")
_GAP = re.compile(rb"(?:[\s)\\]|#[^\r\n]*)*")
_BLOCK_HEAD = rb"^(?:class|def|if|for|try|while|with)\b[^\n]*:[ \t]*"
_BLANK = rb"(?:#[^\n]*)?\r?\n"
_FIRST_BLOCK = re.compile(_BLOCK_HEAD + _BLANK + rb"(?:[ \t]*" + _BLANK + rb")*([ \t]+)\S", re.M)
_BOM = b"\xef\xbb\xbf"

#: A node that has a position in the source.
Positioned = ast.expr | ast.stmt | ast.excepthandler | ast.keyword | ast.arg


class Unparsed(Exception):
    """The file is not text, or neither Python 2 nor Python 3; the message says where and why."""


def decode(data: bytes) -> tuple[bytes, str, bool]:
    """Return the text as UTF-8, the name of its encoding, and whether it had a byte order mark.

    Raises `Unparsed` if the bytes are not in the encoding that the file declares, or if
    encoding the text again does not give the same bytes.
    """
    marked = data.startswith(_BOM)
    body = data[len(_BOM) :] if marked else data
    lines = iter(body.splitlines(keepends=True)[:2])
    try:
        encoding = tokenize.detect_encoding(lambda: next(lines, b""))[0]
        if encoding in ("utf-8", "utf-8-sig", "ascii"):
            body.decode("utf-8")
            return body, "utf-8", marked
        text = body.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise Unparsed(f"not text in the encoding it declares: {error}") from None
    if text.encode(encoding) != body:
        raise Unparsed(f"does not survive being decoded from {encoding} and encoded again")
    return text.encode("utf-8"), encoding, marked


def encode(text: bytes, encoding: str, marked: bool) -> bytes:
    """Return UTF-8 `text` in `encoding`, the inverse of `decode`."""
    body = text if encoding == "utf-8" else text.decode("utf-8").encode(encoding)
    return _BOM + body if marked else body


def parse(text: bytes) -> ast.Module:
    """Return the tree of UTF-8 `text`, Python 3 or Python 2.

    Raises `Unparsed` if it is neither, or nests too deep to be parsed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _parsed(text)
        except (RecursionError, MemoryError):
            raise Unparsed("nests too deep to be parsed") from None
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            raise Unparsed(f"line {line}: {getattr(error, 'msg', error)}") from None


def _parsed(text: bytes) -> ast.Module:
    """The Python 3 tree, unless the text parses only as Python 2, or differently as that."""
    tree: ast.Module | None = None
    first: SyntaxError | ValueError | None = None
    try:
        # not the bytes: the text is UTF-8 now, whatever encoding it declares
        tree = ast.parse(text.decode("utf-8"))
    except (SyntaxError, ValueError) as error:
        # without the traceback, which would be a reference cycle with this frame
        first = error.with_traceback(None)
    if tree is not None and not (may_read_otherwise(text) and spelling(text).respelled):
        return tree
    try:
        return quickly_parsed(text) or parse_python2(text)
    except (SyntaxError, ValueError) as error:
        if tree is not None:
            return tree
        if getattr(error, "lineno", None) is None and first is not None:
            raise first from None
        raise


def newline_of(text: bytes) -> Literal["\n", "\r\n"]:
    """The line ending that a text uses most."""
    return "\r\n" if text.count(b"\r\n") * 2 > text.count(b"\n") else "\n"


@functools.lru_cache(maxsize=2)
def reparsed(text: bytes) -> "Source":
    """A `Source` of rewritten text, in UTF-8; the steps of one rewrite share it."""
    # the text is UTF-8, whatever encoding it declares for the file
    return Source("", text, "utf-8")


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


class Source:
    """A parsed file.

    `text` is the file in UTF-8 without a byte order mark; all offsets are into it. `tree`
    is its `ast.Module`.
    """

    def __init__(self, path: str, data: bytes, encoding: str | None = None) -> None:
        self.path = path
        self.data = data
        self.text, self.encoding, self.marked = (
            decode(data) if encoding is None else (data, encoding, False)
        )
        self.tree = parse(self.text)
        # an array, not a list of int objects: there are hundreds of thousands of lines
        self._starts = array.array("L", (0, *(m.end() for m in _LINE.finditer(self.text))))
        self._parents: dict[ast.AST, ast.AST] = {}

    @property
    def newline(self) -> str:
        """The line ending that the file uses most."""
        return newline_of(self.text)

    @functools.cached_property
    def indent_unit(self) -> str:
        """The indentation of the file's first block; four spaces if it has none."""
        match = _FIRST_BLOCK.search(self.text)
        return match.group(1).decode() if match is not None else "    "

    def offset(self, line: int, column: int) -> int:
        """The offset of byte `column` of `line` (which counts from 1)."""
        return self._starts[line - 1] + column

    def line_at(self, offset: int) -> int:
        """The line, from 1, that `offset` is on."""
        return bisect.bisect_right(self._starts, offset)

    def line_start(self, line: int) -> int:
        """The offset at which `line` starts; the end of the file after the last line."""
        return self._starts[line - 1] if line <= len(self._starts) else len(self.text)

    def line_text(self, line: int) -> str:
        """Line `line` without its ending."""
        raw = self.text[self.line_start(line) : self.line_start(line + 1)]
        return raw.decode("utf-8").rstrip("\r\n")

    def start(self, node: Positioned) -> int:
        """Where `node` starts; a decorated definition starts at its decorator."""
        line, column = node.lineno, node.col_offset
        decorators = getattr(node, "decorator_list", None)
        if decorators:
            return self.line_start(decorators[0].lineno) + column
        return self.offset(line, column)

    def end(self, node: Positioned) -> int:
        """Where `node` ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.end_lineno, node.end_col_offset)

    def span(self, node: Positioned) -> tuple[int, int]:
        """Where `node` starts, without its decorators, and where it ends."""
        return self.offset(node.lineno, node.col_offset), self.end(node)

    def of(self, node: Positioned) -> str:
        """The source text of `node`."""
        return self.text[self.start(node) : self.end(node)].decode("utf-8")

    def behind(self, node: Positioned) -> int:
        """The first offset after `node` that is not a closing parenthesis, space or comment."""
        match = _GAP.match(self.text, self.end(node))
        return match.end() if match is not None else self.end(node)

    def slice(self, start: int, end: int) -> str:
        """The source text between two offsets."""
        return self.text[start:end].decode("utf-8")

    def indent(self, node: Positioned) -> str:
        """The indentation of the line on which `node`'s statement starts."""
        line = self.line_text(self.statement(node).lineno)
        return line[: len(line) - len(line.lstrip())]

    def parent(self, node: ast.AST) -> ast.AST:
        """The parent of `node`; the module is its own parent."""
        if node is not self.tree and self._unmapped and node not in self._parents:
            self._map(self._around(node))
            if node not in self._parents:
                # the node has no position, or shares its line with another statement
                self._map(self.tree)
                self._unmapped.clear()
        return self._parents.get(node, self.tree)

    def _map(self, top: ast.AST) -> None:
        """Map everything below a node to its parent, except for the statements of a class."""
        waiting = [top]
        if isinstance(top, ast.ClassDef) and self._parents.get(top) is self.tree:
            waiting = [*top.bases, *top.keywords, *top.decorator_list]
            self._parents.update(dict.fromkeys(waiting, top))
        while waiting:
            parent = waiting.pop()
            below = children(parent)
            self._parents.update(dict.fromkeys(below, parent))
            waiting += below

    def _around(self, node: ast.AST) -> ast.stmt:
        """The top-level statement, of the module or a class, whose lines contain a node."""
        number = bisect.bisect_right(self._unmapped, getattr(node, "lineno", 0), key=_first_line)
        return self._unmapped[max(number - 1, 0)]

    @functools.cached_property
    def _unmapped(self) -> list[ast.stmt]:
        """The top-level statements of the module and its classes, whose nodes are mapped lazily.

        Few of a file's functions are of interest, and the parents of all nodes take much memory.
        """
        self._parents.update(dict.fromkeys(self.tree.body, self.tree))
        found: list[ast.stmt] = []
        for statement in self.tree.body:
            found.append(statement)
            if isinstance(statement, ast.ClassDef):
                self._parents.update(dict.fromkeys(statement.body, statement))
                found += statement.body
        return found

    def parents(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around `node`, from the inside out, the module last."""
        while node is not self.tree:
            node = self.parent(node)
            yield node

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that holds `node`, or `node` itself."""
        while not isinstance(node, ast.stmt):
            node = self.parent(node)
        return node

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The list of statements that `statement` is one of."""
        parent = self.parent(statement)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(parent, field, None)
            if isinstance(block, list) and statement in block:
                return block
        return [statement]

    def comments(self, start: int, end: int) -> list[str]:
        """The comments between two offsets, neither of which is inside a string."""
        return [self.slice(a, b).rstrip() for a, b in comments(self.text, start, end)]
