# SPDX-License-Identifier: Apache-2.0
"""The comments in a file that ask to leave a statement as it is."""

import ast
import dataclasses
import re
from collections.abc import Iterator

from codemods.syntax.source import Source
from codemods.syntax.tokens import comments

#: Bytes that occur in every file with such a comment.
MARK = b"codemods:"

_COMMENT = re.compile(rb"#\s*codemods:\s*(?P<what>[^\s=]*)(?:\s*=\s*(?P<rules>[^\s#]*))?")

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclasses.dataclass(frozen=True)
class Comment:
    """What follows `# codemods:` on a line: a word, and names after a `=`."""

    line: int
    what: str
    names: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Skip:
    """Lines, from offset `start` to `end`, that the comment on `line` asks to leave alone.

    `rules` are names, or patterns of names, of the rules that have to; if empty, all rules.
    """

    start: int
    end: int
    line: int
    rules: tuple[str, ...] = ()


def comments_for_us(text: bytes) -> Iterator[Comment]:
    """The comments of a text that are meant for the tool, whatever they say."""
    if MARK not in text:
        return
    for start, end in comments(text, 0, len(text)):
        found = _COMMENT.search(text, start, end)
        if found is not None:
            names = (found["rules"] or b"").decode("utf-8", "replace").split(",")
            line = text.count(b"\n", 0, start) + 1
            what = found["what"].decode("utf-8", "replace")
            yield Comment(line, what, tuple(filter(None, names)))


def skips_in(source: Source) -> tuple[Skip, ...]:
    """The statements of a file that a comment asks to leave alone, each as whole lines."""
    found = []
    for comment in comments_for_us(source.text) if MARK in source.text else ():
        statement = _statement_of(comment.line, source) if comment.what == "skip" else None
        if statement is not None:
            first, last = _first_line(statement), statement.end_lineno or statement.lineno
            start, end = source.line_start(first), source.line_start(last + 1)
            found.append(Skip(start, end, comment.line, comment.names))
    return tuple(found)


def _statement_of(line: int, source: Source) -> ast.stmt | None:
    """The statement that a comment is about: the one on its line, or the next one below."""
    is_alone = source.line_text(line).lstrip().startswith("#")
    every = [node for node in ast.walk(source.tree) if isinstance(node, ast.stmt)]
    if is_alone and not any(_is_simple(one) and _covers(one, line) for one in every):
        below = [one for one in every if _first_line(one) > line]
        return min(below, key=lambda one: (_first_line(one), -(one.end_lineno or 0)), default=None)
    heads = [one for one in every if _first_line(one) <= line <= _last_of_head(one)]
    if heads:
        return min(heads, key=_first_line)
    # for example after the `else` of a block
    around = [one for one in every if _covers(one, line)]
    return max(around, key=_first_line, default=None)


def _covers(statement: ast.stmt, line: int) -> bool:
    return _first_line(statement) <= line <= (statement.end_lineno or 0)


def _is_simple(statement: ast.stmt) -> bool:
    return not getattr(statement, "body", None)


def _last_of_head(statement: ast.stmt) -> int:
    """The last line of a simple statement, or of the header of a block."""
    body: list[ast.stmt] = getattr(statement, "body", None) or []
    return max(statement.lineno, _first_line(body[0]) - 1) if body else statement.end_lineno or 0


def _first_line(statement: ast.stmt) -> int:
    decorators = statement.decorator_list if isinstance(statement, _DEFINITIONS) else []
    return min([statement.lineno, *(one.lineno for one in decorators)])
