# SPDX-License-Identifier: Apache-2.0
"""A text spelled for Python 3, with a record of what was respelled.

Every replacement is as long as what it replaces, so a position in the parsed tree is a
position in the file. If Python 3 has no syntax of that shape (`raise E, v`), the
expression is a hole: a name of the same length stands for it, and the expression is
parsed on its own.
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
    """Something that was respelled; all offsets are into the source.

    It spans `start` to `end`; the node that stands for it in the spelled text starts at
    `at`. `parts` depend on the kind: the two sides of `except E, e`, the `>>` or `in`
    that was removed from `print` or `exec`.
    """

    kind: Kind
    start: int
    end: int
    at: int
    parts: tuple[Span, ...] = ()


@dataclasses.dataclass(frozen=True)
class Spelling:
    """A text as Python 3 parses it, with what has been respelled, in order.

    In `flat` no hole is covered yet. `words` are the names that stand for others; they do
    not occur in the source.
    """

    source: bytes
    flat: bytes
    respelled: tuple[Respelled, ...]
    words: dict[str, str]
    #: Whether a string without a prefix is a unicode string.
    is_unicode: bool

    def piece(self, start: int, end: int) -> tuple[bytes, list[Respelled]]:
        """The spelled text between two offsets, and what has to be put back into it.

        The holes in it are covered, but not a hole with exactly these offsets.
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
        # in parentheses, because it may span several lines
        cover = bytearray(blank(self.flat[hole.start : hole.end]))
        cover[0], cover[hole.at - hole.start], cover[-1] = b"(H)"
        return bytes(cover)


class StandIns:
    """The names that stand for words that are not names in Python 3."""

    def __init__(self, names: Iterable[bytes]) -> None:
        self._taken = {*keyword.kwlist, *(name.decode("utf-8", "replace") for name in names)}
        self._name_of: dict[str, str] = {}

    def name(self, word: str, length: int) -> bytes:
        """A name of `length` letters that stands for `word` and does not occur in the text."""
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
    """Names of `length` letters, those most like `word` first."""
    yield word[:length] if length < len(word) else f"{word[:-1]}_"
    for count in range(1, length + 1):
        for letters in itertools.product(string.ascii_lowercase, repeat=count):
            yield word[: length - count] + "".join(letters)


def blank(text: bytes) -> bytes:
    """The text with spaces for everything but line endings."""
    return re.sub(rb"[^\r\n]", b" ", text)


_OPERAND = rb"[ \t\\]*(?:[\[+-]|\((?![^()\r\n]*\)[ \t]*(?:[;#\r]|$)))"
#: A word at the start of a statement that may not be what it looks like. One pattern for each
#: word: a pattern that starts with a literal is searched five times as fast as an alternation.
_OTHERWISE = (
    re.compile(rb"await\b"),
    re.compile(rb"except\b(?![ \t]*(?:[\w.]+|\([\w.,\s]*\))?[ \t]*(?:as[ \t]+\w+[ \t]*)?:)"),
    re.compile(rb"print" + _OPERAND, re.M),
    re.compile(rb"exec" + _OPERAND, re.M),
)
_STARTED = re.compile(rb"(?:^|[\r:;])[ \t\f]*\Z", re.M)


def may_read_otherwise(source: bytes) -> bool:
    """Whether Python 3 may parse `source` with another meaning than Python 2.

    `except E, e` catches two classes since 3.14, as in libcst, `print (x), y` calls a
    function, `await (x)` does not. Returns True if a closer look is needed.
    """
    for match in itertools.chain.from_iterable(one.finditer(source) for one in _OTHERWISE):
        line = source.rfind(b"\n", 0, match.start()) + 1
        if match.group() == b"await" or _STARTED.search(source, line, match.start()):
            return True
    return False
