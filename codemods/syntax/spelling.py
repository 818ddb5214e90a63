# SPDX-License-Identifier: Apache-2.0
"""What of a text has another spelling in Python 3, and the text in that spelling.

Every replacement is as long as what it replaces, so a position in the parsed
tree is a position in the file. Where Python 3 has no syntax of that shape
(`raise E, v`), a name of the same extent stands for the expression, a hole, and
the expression is parsed on its own.
"""

import dataclasses
import itertools
import keyword
import re
import string
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

Kind = Literal[
    "number",  # `10L`, `0777`
    "string",  # `ur''`, `'C:\users'`
    "name",  # `async`, `True`: a name that Python 3 does not take for one
    "statement",  # `print x`, `exec x`: a tuple that starts with the keyword
    "backquotes",  # a list in the spelled text
    "unequal",  # `<>`
    "parameter",  # `(a, b)` among parameters: a name in the spelled text
    "raise",  # a hole: `E, v, tb`, a tuple
    "except",  # a hole: `E, e`; its parts are what is caught, and what it is bound to
    "iterable",  # a hole: `1, 2` in `[x for x in 1, 2]`
    "lambda",  # a hole: a lambda where Python 3 has none, as in `[x for x in y if lambda: x]`
]
HOLES = frozenset(("raise", "except", "iterable", "lambda"))

Span = tuple[int, int]


class Respelled(NamedTuple):
    """Something that has another spelling now; all offsets are into the source.

    It takes up `start` to `end`; the node that stands for it in the spelled
    text starts at `at`. `parts` are what the kind has of its own: the two sides
    of `except E, e`, the `>>` or `in` that `print` or `exec` has lost.
    """

    kind: Kind
    start: int
    end: int
    at: int
    parts: tuple[Span, ...] = ()


@dataclasses.dataclass(frozen=True)
class Spelling:
    """A text as Python 3 parses it, with what has been respelled, in order.

    In `flat` no hole is covered. `words` are the names that stand for others;
    none of them is a name in the source.
    """

    source: bytes
    flat: bytes
    respelled: tuple[Respelled, ...]
    words: dict[str, str]
    #: Whether a string without a prefix is one of characters.
    is_unicode: bool

    def piece(self, start: int, end: int) -> tuple[bytes, list[Respelled]]:
        """The spelled text between two offsets, and what is to be put back into it.

        The holes in it are covered; where it is a hole itself, that one is not.
        """
        text = bytearray(self.flat[start:end])
        found: list[Respelled] = []
        covered = start
        for item in self.respelled:
            if not start <= item.start < item.end <= end or item.start < covered:
                continue
            if item.kind in HOLES:
                if (item.start, item.end) == (start, end):
                    continue
                covered = item.end
                text[item.start - start : item.end - start] = self._cover(item)
            found.append(item)
        return bytes(text), found

    def _cover(self, hole: Respelled) -> bytes:
        # in parentheses, because it may go over several lines
        cover = bytearray(blank(self.flat[hole.start : hole.end]))
        cover[0], cover[hole.at - hole.start], cover[-1] = b"(H)"
        return bytes(cover)


class StandIns:
    """The names that stand for words which Python 3 does not take for names."""

    def __init__(self, names: Iterable[bytes]) -> None:
        self._taken = {*keyword.kwlist, *(name.decode("utf-8", "replace") for name in names)}
        self._name_of: dict[str, str] = {}

    def name(self, word: str, length: int) -> bytes:
        """The name of `length` letters that stands for `word`, and is not in the text."""
        if word not in self._name_of:
            free = (name for name in _alternatives(word, length) if name not in self._taken)
            self._name_of[word] = next(free)
            self._taken.add(self._name_of[word])
        return self._name_of[word].encode()

    @property
    def words(self) -> dict[str, str]:
        """The word that each of the names stands for."""
        return {name: word for word, name in self._name_of.items()}


def _alternatives(word: str, length: int) -> Iterator[str]:
    """Names of `length` letters, those that are like `word` first."""
    yield word[:length] if length < len(word) else f"{word[:-1]}_"
    for count in range(1, length + 1):
        for letters in itertools.product(string.ascii_lowercase, repeat=count):
            yield word[: length - count] + "".join(letters)


def blank(text: bytes) -> bytes:
    """As many spaces, in lines of the same length."""
    return re.sub(rb"[^\r\n]", b" ", text)


_OPERAND = rb"[ \t\\]*(?:[\[+-]|\((?![^()\r\n]*\)[ \t]*(?:[;#\r]|$)))"
#: A word at the start of a statement, with what may not be what it looks like. One pattern a word:
#: what begins with letters is searched for five times as fast as what begins in several ways.
_OTHERWISE = (
    re.compile(rb"await\b"),
    re.compile(rb"except\b(?![ \t]*(?:[\w.]+|\([\w.,\s]*\))?[ \t]*(?:as[ \t]+\w+[ \t]*)?:)"),
    re.compile(rb"print" + _OPERAND, re.M),
    re.compile(rb"exec" + _OPERAND, re.M),
)
_STARTED = re.compile(rb"(?:^|[\r:;])[ \t\f]*\Z", re.M)


def may_read_otherwise(source: bytes) -> bool:
    """Whether Python 3 may parse `source` and yet take it for something else.

    `except E, e` catches two classes since 3.14, which libcst knows already,
    `print (x), y` calls a function, `await (x)` does not. Says yes where it
    takes a closer look.
    """
    for match in itertools.chain.from_iterable(one.finditer(source) for one in _OTHERWISE):
        line = source.rfind(b"\n", 0, match.start()) + 1
        if match.group() == b"await" or _STARTED.search(source, line, match.start()):
            return True
    return False
