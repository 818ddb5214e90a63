# SPDX-License-Identifier: Apache-2.0
"""Parse the Python 2 syntax that nearly all files use, with a single pattern.

`parse_python2` knows the whole language but takes ten times as long.
"""

import ast
import re

_STRING = rb"""
    (?:'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"
        |'(?:\\.|[^\\'\n])*'|"(?:\\.|[^\\"\n])*")
"""
# Strings, comments, and the constructs of Python 2; strings come first so that
# nothing inside them is taken for code.
_TOKEN = re.compile(
    rb"""
    # most characters start nothing: this says so at once
    (?=['"\#0-9peranuU`<])
    (?:
    (?P<string>%b)
    |(?P<comment>\#[^\n]*)
    |(?<![\w.])(?:
        (?P<keyword>(?:print|exec|raise|except|async|await|nonlocal)(?!\w))
        |(?P<number>(?:(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|[0-9]+)[lL]|0[0-9]+)(?![\w.]))
    )
    |(?P<unicode_raw>[uU][rR](?=['"]))
    |(?P<backtick>`)
    |(?P<unequal><>)
    )
    """
    % _STRING,
    re.X | re.S,
)
# What ends `except A, e` and `raise E, v, tb`, and divides them.
_CLAUSE = re.compile(
    rb"""
    %b
    |\#[^\n]*
    |(?P<open>[\[({])
    |(?P<close>[\])}])
    |(?P<comma>,)
    |\\\r?\n
    |(?P<newline>\n|;)
    |(?P<colon>:)
    """
    % _STRING,
    re.X | re.S,
)


def quickly_parsed(source: bytes) -> ast.Module | None:
    """The tree of UTF-8 `source`, with its own positions; None if that takes more."""
    try:
        tree = ast.parse(_respelled(source).decode("utf-8"))
        _restore_python2(tree, source.split(b"\n"))
    except (SyntaxError, ValueError):
        return None
    return tree


def _respelled(source: bytes) -> bytes:
    """Return `source` with Python-2-only syntax replaced by equally long text.

    `except A, e` becomes `except A| e`, `raise E, v` becomes `raise E| v`,
    `print x` becomes `print,x`, `10L` becomes `10 ` and `<>` becomes `!=`.
    Raises SyntaxError if there is anything else.
    """
    out = bytearray(source)
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup
        if kind in ("unicode_raw", "backtick"):
            raise SyntaxError("takes more than one pattern")
        if kind == "unequal":
            out[match.start() : match.end()] = b"!="
        elif kind == "number":
            _spell_number(out, match.start(), match.group())
        elif kind == "keyword":
            _spell_keyword(out, source, match)
    return bytes(out)


def _spell_number(out: bytearray, start: int, text: bytes) -> None:
    if text[-1:] in b"lL":
        out[start + len(text) - 1] = ord(" ")
        text = text[:-1]
    if len(text) > 1 and text[:1] == b"0" and text.strip(b"0").isdigit():
        raise SyntaxError("takes more than one pattern")


def _spell_keyword(out: bytearray, source: bytes, match: "re.Match[bytes]") -> None:
    if match.group() in (b"except", b"raise"):
        _spell_clause(out, source, match.end())
    elif match.group() == b"print":
        _spell_print(out, source, *match.span())
    else:
        raise SyntaxError("takes more than one pattern")


def _spell_print(out: bytearray, source: bytes, start: int, end: int) -> None:
    # `print x` is a statement only at the start of one, and only where no
    # call, attribute or assignment follows
    line_start = max(source.rfind(b"\n", 0, start), source.rfind(b";", 0, start)) + 1
    before = source[line_start:start].strip()
    after = source[end : end + 3]
    if (not before or before.endswith(b":")) and re.match(rb"[ \t]+[^=\s.,)\]]|['\"]", after):
        if after[:1] in b" \t" and source[end + 1 : end + 3] != b">>":
            out[end : end + 1] = b","


def _spell_clause(out: bytearray, source: bytes, start: int) -> None:
    depth = 0
    for match in _CLAUSE.finditer(source, start):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif depth == 0 and kind == "comma":
            out[match.start() : match.end()] = b"|"
        elif (kind == "newline" and depth <= 0) or (kind == "colon" and depth == 0):
            return


def _restore_python2(tree: ast.Module, lines: list[bytes]) -> None:
    """Put the real nodes in place of those for `except A, e` and `raise E, v, tb`.

    Raises SyntaxError if it is not clear what these are.
    """
    # handlers and `raise` are not in expressions, so only statements are visited
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        for field in ("body", "orelse", "finalbody", "handlers"):
            inner = getattr(node, field, None)
            if isinstance(inner, list):
                waiting.extend(inner)
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.BinOp):
            caught = node.type
            if isinstance(caught.op, ast.BitOr) and isinstance(caught.right, ast.Name):
                node.name, node.type = caught.right.id, caught.left
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.BinOp | ast.BoolOp):
            raise SyntaxError("takes more than one pattern")
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.BinOp):
            node.exc = _raised(node.exc, lines)


def _raised(node: ast.BinOp, lines: list[bytes]) -> ast.Tuple:
    """The tuple that `raise E| v| tb` stands for; raises SyntaxError if it may be a real `|`."""
    assert node.end_lineno is not None
    if any(b"|" in line for line in lines[node.lineno - 1 : node.end_lineno]):
        raise SyntaxError("takes more than one pattern")
    parts: list[ast.expr] = []
    inner: ast.expr = node
    while isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.BitOr):
        parts.insert(0, inner.right)
        inner = inner.left
    return ast.copy_location(ast.Tuple([inner, *parts], ast.Load()), node)
