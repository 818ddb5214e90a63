# SPDX-License-Identifier: Apache-2.0
"""Respell Python-2-only syntax so that Python 3 parses it, without moving any byte.

It walks over the tokens and knows statements, brackets and parameters: just enough of
the grammar to tell `print (x), y` from a call.
"""

import dataclasses
import itertools
import re
from collections.abc import Iterable

from codemods.syntax.literals import respelled_number, respelled_strings
from codemods.syntax.spelling import Kind, Respelled, Span, Spelling, StandIns, blank
from codemods.syntax.tokens import Extent, Token, extent, significant

#: The keywords before which `print` and `exec` are names.
_INFIX = frozenset(b"and as else for from if import in is or".split())
#: Tokens that start an operand, other than names, numbers and strings.
_PREFIX = frozenset((b"[", b"{", b"`", b"-", b"+", b"~"))
_RESPELLED = frozenset((b"async", b"await", b"nonlocal", b"True", b"False"))
#: What may follow a lambda outside brackets.
_BEHIND_LAMBDA = (b",", b":", b";", b"=", b"as")
_ENDS = frozenset((b";", b"\n", b"\r\n", b"\r"))


def spelling(source: bytes) -> Spelling:
    """Return how `source` is spelled in Python 3; invalid code stays as it is."""
    return _Speller(source).spelling()


@dataclasses.dataclass
class _Context:
    """What a token is inside of: a bracket, a backquote, the parameters of a `lambda`."""

    index: int
    opening: Token
    #: Whether a parameter may start here; None if there are no parameters.
    awaits_parameter: bool | None = None
    is_comprehension: bool = False


class _Speller:
    def __init__(self, source: bytes) -> None:
        self.source = source
        self.flat = bytearray(source)
        self.tokens = list(significant(source))
        self.respelled: list[Respelled] = []
        self.stand_ins = StandIns(token.text for token in self.tokens if token.kind == "name")
        #: What the text imports from `__future__`.
        self._future: set[bytes] = set()
        self._contexts: list[_Context] = []
        self._starts_statement = True
        self._parameters_at = -1

    def spelling(self) -> Spelling:
        index = 0
        while index < len(self.tokens):
            index = self._token(index)
        return Spelling(
            source=self.source,
            flat=bytes(self.flat),
            respelled=tuple(sorted(self.respelled, key=lambda item: (item.start, -item.end))),
            words=self.stand_ins.words,
            is_unicode=self._is_unicode,
        )

    @property
    def _is_unicode(self) -> bool:
        return b"unicode_literals" in self._future

    def _token(self, index: int) -> int:
        """Look at a token; return the one to look at next."""
        token = self.tokens[index]
        starts, self._starts_statement = self._starts_statement, False
        if token.kind == "newline":
            self._contexts.clear()
            self._starts_statement = True
            return index + 1
        if token.kind == "opening":
            return self._open(index, token)
        if token.kind in ("closing", "operator"):
            self._operator(token)
            return index + 1
        self._await_parameter(False)
        if token.kind == "string":
            return self._strings(index)
        if token.kind == "number":
            has_dot = self.source[token.end : token.end + 1] == b"."
            self._spell("number", token, respelled_number(token.text, has_dot))
        else:
            if starts:
                self._statement(index, token.text)
            self._name(index, token, starts)
        return index + 1

    # what is respelled

    def _note(
        self, kind: Kind, span: Span, at: int | None = None, parts: Iterable[Span] = ()
    ) -> None:
        self.respelled.append(Respelled(kind, *span, span[0] if at is None else at, tuple(parts)))

    def _spell(self, kind: Kind, token: Token, text: bytes) -> None:
        if text != token.text:
            self.flat[token.start : token.end] = text
            self._note(kind, (token.start, token.end))

    def _span(self, first: int, end: int) -> Span:
        """From the start of token `first` to the end of the one before `end`."""
        return self.tokens[first].start, self.tokens[end - 1].end

    def _hole(self, kind: Kind, span: Span, parts: Iterable[Span] = ()) -> None:
        within = range(span[0] + 1, span[1] - 1)
        at = next((at for at in within if self.source[at] not in b"\r\n"), None)
        if at is not None:
            self._note(kind, span, at, parts)

    def _extent(self, first: int, *stops: bytes) -> Extent:
        return extent(self.tokens, first, *stops)

    # statements

    def _statement(self, index: int, word: bytes) -> None:
        if word == b"exec" or (word == b"print" and b"print_function" not in self._future):
            self._print_or_exec(index)
        elif word == b"from" and self.tokens[index + 1].text == b"__future__":
            end = next(i for i in itertools.count(index) if self.tokens[i].text in _ENDS)
            self._future.update(token.text for token in self.tokens[index:end])
        elif word == b"raise":
            raised = self._extent(index + 1, b";")
            if raised.items() in (2, 3):
                self._hole("raise", self._span(index + 1, raised.end))
        elif word == b"except":
            self._except(index)

    def _print_or_exec(self, index: int) -> None:
        """`print x` becomes `prin, x`, a tuple, `exec x in y` becomes `exe, x ,  y`."""
        if not self._has_operands(index):
            return
        token, following = self.tokens[index], self.tokens[index + 1]
        name = self.stand_ins.name(token.text.decode(), len(token.text) - 1)
        self.flat[token.start : token.end] = name + b","
        words: list[Span] = []
        if following.text == b">>":
            words.append((following.start, following.end))
            self.flat[slice(*words[0])] = b"  "
        divide = self.tokens[self._extent(index + 1, b"in").end]
        if token.text == b"exec" and divide.text == b"in":
            words.append((divide.start, divide.end))
            self.flat[slice(*words[0])] = b", "
        self._note("statement", (token.start, token.end), parts=words)

    def _has_operands(self, index: int) -> bool:
        """Whether operands follow that Python 3 refuses or would parse as something else."""
        following = self.tokens[index + 1]
        if following.kind == "name":
            return following.text not in _INFIX
        if following.text == b">>":
            # all but these can be operands of `>>`
            return self.tokens[index + 2].text in (b"not", b"lambda")
        if following.text == b"(":
            close = self._extent(index + 2).end
            if self._behind(close) in _ENDS:
                # the same as a call, unless the operand cannot be an argument
                return self.tokens[index + 2].text == b"yield"
            return not self._is_call(index + 1, close)
        return following.kind in ("string", "number") or following.text in _PREFIX

    def _behind(self, index: int) -> bytes:
        return self.tokens[min(index + 1, len(self.tokens) - 1)].text

    def _is_call(self, opening: int, close: int) -> bool:
        """Whether the parentheses can only be those of a call."""
        before = [opening, *self._extent(opening + 1).commas]
        return self._behind(close) == b"=" or any(
            self.tokens[index + 1].text in (b"*", b"**") or self.tokens[index + 2].text == b"="
            for index in before
            if index + 2 <= close
        )

    def _except(self, index: int) -> None:
        caught = self._extent(index + 1, b":", b"as")
        end = divide = caught.end
        if self.tokens[divide].text == b"as" and not caught.commas:
            end = self._extent(divide + 1, b":").end
            if end == divide + 2 and self.tokens[divide + 1].kind == "name":
                return
        elif self.tokens[divide].text == b":" and caught.items() == 2:
            divide = caught.commas[0]
        if index + 1 < divide < end - 1:
            parts = self._span(index + 1, divide), self._span(divide + 1, end)
            self._hole("except", (parts[0][0], parts[1][1]), parts)

    # names and literals

    def _name(self, index: int, token: Token, starts: bool) -> None:
        around = self._contexts[-1] if self._contexts else None
        if token.text == b"lambda":
            self._contexts.append(_Context(index, token, awaits_parameter=True))
        elif token.text == b"def":
            self._parameters_at = index + 2
        elif token.text == b"for" and around is not None and around.opening.kind == "opening":
            around.is_comprehension = True
            if around.opening.text == b"[":
                self._iterable(index)
        elif token.text == b"if" and around is not None and around.is_comprehension:
            condition = self._extent(index + 1, b"for", b"if")
            if condition.has_lambda:
                self._hole("lambda", self._span(index + 1, condition.end))
        elif token.text in _RESPELLED and not self._is_keyword(index, starts):
            word = token.text.decode()
            self._spell("name", token, self.stand_ins.name(word, len(word)))

    def _is_keyword(self, index: int, starts: bool) -> bool:
        """Whether the word is really a keyword, as in Python 3."""
        if self.tokens[index].text == b"nonlocal":
            following = self.tokens[index + 1]
            return starts and following.kind == "name" and following.text not in _INFIX
        # a text with an `async def` is not Python 2
        is_async = self.tokens[index].text in (b"async", b"await")
        return is_async and re.search(rb"\basync[ \t]+def\b", self.source) is not None

    def _iterable(self, index: int) -> None:
        """`[x for x in 1, 2]`, which only list comprehensions allow."""
        first = self._extent(index + 1, b"in").end + 1
        iterable = self._extent(first, b"for", b"if")
        if iterable.has_lambda or iterable.items(may_trail=True) > 1:
            self._hole("iterable", self._span(first, iterable.end))

    def _strings(self, index: int) -> int:
        end = index
        while self.tokens[end].kind == "string":
            end += 1
        run = self.tokens[index:end]
        texts = [token.text for token in run]
        for token, text in zip(run, respelled_strings(texts, self._is_unicode), strict=True):
            self._spell("string", token, text)
        return end

    # brackets and operators

    def _open(self, index: int, token: Token) -> int:
        """Look at an opening bracket; return the token to look at next."""
        if token.text == b"(" and self._contexts and self._contexts[-1].awaits_parameter:
            self._await_parameter(False)
            return self._parameter(index)
        self._await_parameter(False)
        if token.text == b"`":
            # unlike parentheses, a list is a node with a position
            self.flat[token.start : token.end] = b"["
        awaits = True if index == self._parameters_at else None
        self._contexts.append(_Context(index, token, awaits))
        return index + 1

    def _operator(self, token: Token) -> None:
        self._await_parameter(token.text == b",")
        if token.kind == "closing":
            self._close(token)
        elif token.text == b"<>":
            self._spell("unequal", token, b"!=")
        elif token.text == b":" and self._contexts:
            if self._contexts[-1].opening.kind == "name":
                self._contexts.pop()
        elif token.text in (b":", b";"):
            self._starts_statement = not self._contexts

    def _close(self, token: Token) -> None:
        context = self._contexts.pop() if self._contexts else None
        while context is not None and context.opening.kind == "name" and self._contexts:
            context = self._contexts.pop()
        if token.text == b"`" and context is not None:
            self.flat[token.start : token.end] = b"]"
            self._note("backquotes", (context.opening.start, token.end))

    def _await_parameter(self, awaits: bool) -> None:
        if self._contexts and self._contexts[-1].awaits_parameter is not None:
            self._contexts[-1].awaits_parameter = awaits

    def _parameter(self, index: int) -> int:
        """Replace a tuple parameter with a name; return the token after it."""
        close = self._extent(index + 1).end
        if self.tokens[close].text != b")":
            return index + 1
        start, end = self._span(index, close + 1)
        text, at = blank(self.source[start:end]), 0
        if self.source[start - 1 : start].isalnum():
            # right after `lambda`, a name would become part of the keyword
            at = text.index(b" ", 1)
        width = len(text[at:]) - len(text[at:].lstrip(b" "))
        self.flat[start:end] = text[:at] + b"_" * width + text[at + width :]
        self._note("parameter", (start, end), start + at)
        if b"\n" in text.replace(b"\r", b"\n") and all(
            context.opening.kind == "name" for context in self._contexts
        ):
            # the hole is parsed in parentheses, in which lines may end
            first = self._contexts[-1].index
            self._hole("lambda", self._span(first, self._extent(first, *_BEHIND_LAMBDA).end))
        return close + 1
