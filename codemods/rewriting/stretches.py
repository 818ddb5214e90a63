# SPDX-License-Identifier: Apache-2.0
"""Parse only a stretch of a file with libcst, which needs a second for a large file."""

import libcst as cst

from codemods.rewriting.code import code_of
from codemods.rewriting.python2 import parse_module
from codemods.syntax.source import Source, Unparsed


def parsed(text: bytes) -> cst.Module | None:
    """The tree of a text; None unless it prints every byte of it."""
    try:
        module = parse_module(text)
        return module if code_of(module).encode("utf-8") == text else None
    except Unparsed:
        return None


def line_behind(source: Source, number: int) -> int:
    """Where the next line after statement `number` starts that begins a statement, or the end."""
    body = source.tree.body
    line = (body[number].end_lineno or 0) if number >= 0 else 0
    for statement in body[number + 1 :]:
        start = source.line_at(source.start(statement))
        if start > line and not (line and source.line_text(start - 1).endswith("\\")):
            return source.line_start(start)
        line = max(line, statement.end_lineno or 0)
    return len(source.text)
