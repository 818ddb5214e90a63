"""Spell Python-2-only syntax so that Python 3 parses it, byte for byte in place.

Every replacement is as long as what it replaces, so a position in the parsed
tree is a position in the file. The result is only ever parsed, never written.
"""

import re

# Strings, comments, and the constructs of Python 2; strings come first so that
# nothing inside them is taken for code.
_TOKEN = re.compile(
    rb"""
    # most characters start nothing: this says so at once
    (?=[rRbBuU'"\#0-9peran`<\[({\])},\\\n;:])
    (?:
    (?P<string>[rR]?[bB]?(?:'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"
        |'(?:\\.|[^\\'\n])*'|"(?:\\.|[^\\"\n])*"))
    |(?P<unicode_raw>[uU][rR](?=['"]))
    |(?P<comment>\#[^\n]*)
    |(?P<number>(?<![\w.])(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|[0-9]+)[lL]?(?![\w.]))
    |(?P<keyword>(?<![\w.])(?:print|exec|raise|except|async|await|nonlocal)(?!\w))
    |(?P<backtick>`)
    |(?P<unequal><>)
    |(?P<open>[\[({])
    |(?P<close>[\])}])
    |(?P<comma>,)
    |(?P<continued>\\\r?\n)
    |(?P<newline>\n|;)
    |(?P<colon>:)
    )
    """,
    re.X | re.S,
)


def spell_for_python3(source: bytes) -> bytes:
    """Return `source` with Python-2-only syntax replaced by equally long text.

    `except A, e` becomes `except A| e`, `raise E, v` becomes `raise E| v`,
    `print x` becomes `print,x`, `10L` becomes `10 `, `0777` a decimal,
    backquotes parentheses, `<>` becomes `!=`, `ur''` loses its `u`, and names
    that are keywords now get another last letter.
    """
    out = bytearray(source)
    depth = 0
    clause_depth: int | None = None
    backtick_open = False
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif (kind == "newline" and depth <= 0) or (kind == "colon" and clause_depth == depth):
            clause_depth = None
        elif kind == "comma" and clause_depth == depth:
            out[start:end] = b"|"
        elif kind == "unicode_raw":
            out[start : start + 1] = b" "
        elif kind == "backtick":
            out[start:end] = b")" if backtick_open else b"("
            backtick_open = not backtick_open
        elif kind == "unequal":
            out[start:end] = b"!="
        elif kind == "number":
            _spell_number(out, start, match.group())
        elif kind == "keyword":
            clause_depth = _spell_keyword(out, source, match, depth, clause_depth)
    return bytes(out)


def strings(source: bytes) -> list[tuple[int, int]]:
    """Where strings and comments stand in a text that starts in neither."""
    kinds = ("string", "comment")
    return [m.span() for m in _TOKEN.finditer(source) if m.lastgroup in kinds]


def comments(source: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Where comments stand between two offsets, neither of which is inside a string."""
    found = _TOKEN.finditer(source, start, end)
    return [match.span() for match in found if match.lastgroup == "comment"]


def _spell_number(out: bytearray, start: int, text: bytes) -> None:
    if text[-1:] in b"lL":
        out[start + len(text) - 1] = ord(" ")
        text = text[:-1]
    if len(text) > 1 and text[:1] == b"0" and text.isdigit():
        digits = text.lstrip(b"0") or b"0"
        out[start : start + len(text)] = b" " * (len(text) - len(digits)) + digits


def _spell_keyword(
    out: bytearray,
    source: bytes,
    match: "re.Match[bytes]",
    depth: int,
    clause_depth: int | None,
) -> int | None:
    word = match.group()
    start, end = match.span()
    if word in (b"except", b"raise"):
        return depth
    if word in (b"async", b"await", b"nonlocal"):
        if not re.match(rb"\s+(?:def|for|with)\b", source[end : end + 8]):
            out[end - 1 : end] = b"_"
        return clause_depth
    # `print x` and `exec x in y` are statements only at the start of one, and
    # only where no call, attribute or assignment follows
    line_start = max(source.rfind(b"\n", 0, start), source.rfind(b";", 0, start)) + 1
    before = source[line_start:start].strip()
    after = source[end : end + 3]
    if (not before or before.endswith(b":")) and re.match(rb"[ \t]+[^=\s.,)\]]|['\"]", after):
        if after[:1] in b" \t" and source[end + 1 : end + 3] != b">>":
            out[end : end + 1] = b","
    return clause_depth
