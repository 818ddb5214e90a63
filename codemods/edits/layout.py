"""Lay out again the calls whose name or arguments an edit has changed."""

import ast
from collections.abc import Iterable, Iterator

from codemods.syntax.render import WIDTH, call_lines, one_line
from codemods.syntax.source import Source, Unparsed, reparsed
from codemods.syntax.walk import children


def relaid(text: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    """Return `text` with each call that an edit touched in the style of the file.

    Only calls that no longer fit, or whose continuation lines were aligned
    with a parenthesis that has moved, are laid out again.
    """
    try:
        source = reparsed(text)
    except Unparsed:
        return text
    for start, end, new in sorted(_replacements(source, list(spans)), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _replacements(source: Source, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int, bytes]]:
    lines = [(source.line_at(a), source.line_at(b)) for a, b in spans]
    waiting: list[ast.AST] = [source.tree]
    while waiting:
        node = waiting.pop()
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None)
        decorators = getattr(node, "decorator_list", None)
        if decorators:
            first = decorators[0].lineno
        if last is not None and not any(a <= last and first <= b for a, b in lines):
            continue
        new = _laid_out_if_off(source, node, spans) if isinstance(node, ast.Call) else None
        if new is not None and isinstance(node, ast.Call):
            yield source.start(node), source.end(node), new
        else:
            waiting += children(node)


def _laid_out_if_off(source: Source, node: ast.Call, spans: list[tuple[int, int]]) -> bytes | None:
    if not (node.args or node.keywords):
        return None
    start, end = source.start(node), source.end(node)
    if not any(a < end and start < b for a, b in spans):
        return None
    named = any(a < source.end(node.func) and start < b for a, b in spans)
    if not (named or _is_long(source, node)) or not _is_off(source, node):
        return None
    new = _laid_out(source, node)
    return new if new != source.text[start:end] else None


def _is_long(source: Source, node: ast.Call) -> bool:
    assert node.end_lineno is not None
    return any(
        len(source.line_text(line)) > WIDTH for line in range(node.lineno, node.end_lineno + 1)
    )


def _is_off(source: Source, node: ast.Call) -> bool:
    if _is_long(source, node):
        return True
    arguments = [*node.args, *[keyword.value for keyword in node.keywords]]
    opening = _opening(source, node)
    line = source.line_at(opening)
    column = opening - source.line_start(line)
    first = min(_argument_lines(source, node))
    for argument in arguments:
        start = _argument_start(source, node, argument)
        if source.line_at(start) == line:
            continue
        if first != line:
            return False
        own = source.line_text(source.line_at(start))
        indent = len(own) - len(own.lstrip())
        if indent != column + 1 and source.line_start(source.line_at(start)) + indent == start:
            return True
    return False


def _argument_start(source: Source, node: ast.Call, argument: ast.expr) -> int:
    for keyword in node.keywords:
        if keyword.value is argument:
            return source.start(keyword)
    return source.start(argument)


def _argument_lines(source: Source, node: ast.Call) -> list[int]:
    return [
        source.line_at(_argument_start(source, node, argument))
        for argument in [*node.args, *[keyword.value for keyword in node.keywords]]
    ]


def _opening(source: Source, node: ast.Call) -> int:
    return source.text.index(b"(", source.end(node.func))


def _laid_out(source: Source, node: ast.Call) -> bytes | None:
    """The call's new text; None where a comment or a long string is in the way."""
    start, end = source.start(node), source.end(node)
    inside = source.text[_opening(source, node) + 1 : end - 1]
    if b"#" in inside or b'"""' in inside or b"'''" in inside or b"\\\n" in inside:
        return None
    statement = source.statement(node)
    indent = source.indent(node)
    line = source.line_at(_opening(source, node))
    head = source.slice(source.line_start(line), _opening(source, node))
    tail_end = source.line_start(source.line_at(end) + 1)
    tail = source.slice(end, tail_end).rstrip("\r\n")
    arguments = [
        one_line(source.slice(_argument_start(source, node, a), source.end(a))) for a in node.args
    ]
    arguments += [one_line(source.of(keyword)) for keyword in node.keywords]
    arguments = _in_order(source, node, arguments)
    own = source.line_text(line)
    if source.line_at(source.start(statement)) != line:
        indent = own[: len(own) - len(own.lstrip())]
    elif isinstance(statement, ast.If | ast.For | ast.While | ast.With):
        indent += "    "
    lines = call_lines(head, arguments, tail, indent)
    if len(f"{head}(") > WIDTH and isinstance(statement, ast.Assign) and statement.value is node:
        return _in_parentheses(source, node, arguments, indent)
    if any(len(text) > WIDTH for text in lines):
        return None
    new = source.newline.join(lines)
    skipped = (
        source.text[source.line_start(line) : start].decode("utf-8")
        if (source.line_at(start) == line)
        else ""
    )
    if source.line_at(start) != line:
        return None
    body = new[len(skipped) :]
    return body[: len(body) - len(tail)].encode("utf-8")


def _in_parentheses(
    source: Source, node: ast.Call, arguments: list[str], indent: str
) -> bytes | None:
    """A call whose name alone is too long for the line of its assignment."""
    inner = f"{indent}    "
    lines = call_lines(f"{inner}{source.of(node.func)}", arguments, ")", inner)
    if any(len(text) > WIDTH for text in lines):
        return None
    return source.newline.join(["(", *lines]).encode("utf-8")


def _in_order(source: Source, node: ast.Call, arguments: list[str]) -> list[str]:
    nodes: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    starts = [source.start(item) for item in nodes]
    return [text for _, text in sorted(zip(starts, arguments, strict=True))]
