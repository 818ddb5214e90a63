# SPDX-License-Identifier: Apache-2.0
"""The tokens of Python source; Python 2 and 3 agree on nearly all of them."""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

Kind = Literal["string", "comment", "newline", "number", "name", "opening", "closing", "operator"]

#: The keywords of Python 2, except for those that are operands.
KEYWORDS = frozenset(
    b"and as assert break class continue def del elif else except exec finally for from global"
    b" if import in is lambda not or pass print raise return try while with yield".split()
)

# an unclosed quote does not match, and becomes an operator of one character
_STRING = rb"""
    (?:[uU][rR]?|[bB][rR]?|[rR][bB]?)?
    (?:'''[^\\']*(?:(?:\\.|'(?!''))[^\\']*)*'''
      |\"\"\"[^\\"]*(?:(?:\\.|"(?!""))[^\\"]*)*\"\"\"
      |'[^\\'\r\n]*(?:\\(?:\r\n|.)[^\\'\r\n]*)*'
      |"[^\\"\r\n]*(?:\\(?:\r\n|.)[^\\"\r\n]*)*")
"""

_STRING_OR_COMMENT = re.compile(
    rb"(?=[rRbBuU'\"\#])(?:(?P<string>" + _STRING + rb")|(?P<comment>\#[^\r\n]*))", re.X | re.S
)

_TOKEN = re.compile(
    rb"""
    (?:[ \t\f]|\\(?:\r\n|\r|\n))+
    |(?P<string>"""
    + _STRING
    + rb""")
    |(?P<comment>\#[^\r\n]*)
    |(?P<newline>\r\n|\r|\n)
    |(?P<number>
        0[xX][0-9a-fA-F]+[lL]?|0[oO][0-7]+[lL]?|0[bB][01]+[lL]?
        |(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[jJ]?
        |[0-9]+[eE][+-]?[0-9]+[jJ]?
        |[0-9]+[jJlL]?)
    |(?P<name>[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*)
    |(?P<opening>[(\[{])
    |(?P<closing>[)\]}])
    |(?P<operator>\*\*=?|//=?|>>=?|<<=?|<>|->|[-+*/%&|^=<>!:@]=|.)
    """,
    re.X | re.S,
)


class Token(NamedTuple):
    """A token and its place; white space and the end of a continued line are not tokens."""

    kind: Kind
    text: bytes
    start: int
    end: int


def tokens(source: bytes) -> Iterator[Token]:
    """The tokens of a text, in order; newlines within brackets are tokens, too."""
    for match in _TOKEN.finditer(source):
        if match.lastgroup is not None:
            yield Token(match.lastgroup, match.group(), *match.span())  # type: ignore[arg-type]


def significant(source: bytes) -> Iterator[Token]:
    """The tokens without comments, and with only the newlines that end a logical line.

    A backquote is an opening or a closing token. The last token is a newline, whether the
    text ends in one or not.
    """
    #: The open brackets; whether the last token was an operand.
    around, is_operand, is_blank = bytearray(), False, True
    for token in tokens(source):
        if token.kind == "newline":
            if is_blank or around.strip(b"`"):
                continue
            around.clear()
        elif token.kind == "comment":
            continue
        is_blank = token.kind == "newline"
        if token.text == b"`":
            closes = is_operand and around.endswith(b"`")
            token = token._replace(kind="closing" if closes else "opening")
        if token.kind == "opening":
            around += token.text
        elif token.kind == "closing":
            del around[-1:]
        is_operand = token.kind in ("string", "number", "closing") or (
            token.kind == "name" and token.text not in KEYWORDS
        )
        yield token
    yield Token("newline", b"\n", len(source), len(source))


class Extent(NamedTuple):
    """How far something goes: the token after it, and the commas directly in it."""

    first: int
    end: int
    commas: list[int]
    has_lambda: bool

    def items(self, *, may_trail: bool = False) -> int:
        """How many items the commas separate; 0 if one is empty.

        With `may_trail`, the last one may be empty after more than one comma.
        """
        edges = [self.first - 1, *self.commas, self.end]
        if may_trail and len(edges) > 3 and edges[-2] == self.end - 1:
            edges.pop()
        is_whole = all(a + 1 < b for a, b in itertools.pairwise(edges))
        return len(edges) - 1 if is_whole else 0


def extent(line: Sequence[Token], first: int, *stops: bytes) -> Extent:
    """From a token to one of `stops` outside brackets, or to the end of the enclosing bracket."""
    depth = lambdas = 0
    commas: list[int] = []
    has_lambda = False
    index = first
    for index in range(first, len(line)):
        kind, text = line[index][:2]
        if kind == "newline" or (kind == "closing" and not depth):
            break
        depth += (kind == "opening") - (kind == "closing")
        if depth or kind == "closing":
            continue
        if text == b"lambda":
            lambdas += 1
            has_lambda = True
        elif lambdas:
            # the commas and conditions are those of its parameters
            lambdas -= text == b":"
        elif text in stops:
            break
        elif text == b",":
            commas.append(index)
    return Extent(first, index, commas, has_lambda)


def strings(source: bytes) -> list[tuple[int, int]]:
    """The spans of strings and comments in a text that starts in neither."""
    return [match.span() for match in _STRING_OR_COMMENT.finditer(source)]


def comments(source: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """The spans of comments between two offsets, neither of which is inside a string."""
    found = _STRING_OR_COMMENT.finditer(source, start, end)
    return [match.span() for match in found if match.lastgroup == "comment"]
