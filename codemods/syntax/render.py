"""Lay out new lines as a nova developer would: 79 columns, continued in style."""

import re

from codemods.syntax.python2 import strings

WIDTH = 79


def call_lines(head: str, arguments: list[str], tail: str, indent: str) -> list[str]:
    """The lines of a call.

    `head` is everything before the parenthesis, indentation included, `tail`
    what follows the closing one, `indent` the statement's indentation. The
    arguments stand on one line if they fit, else under the first one, else
    four columns in.
    """
    single = f"{head}({', '.join(arguments)}){tail}"
    if len(single) <= WIDTH:
        return [single]
    aligned = _filled(f"{head}(", " " * (len(head) + 1), arguments, tail)
    if aligned is not None:
        return aligned
    hanging = _filled("", indent + "    ", arguments, tail)
    if hanging is None:
        # an argument is too long for any line: each gets one of its own
        hanging = [f"{indent}    {argument}," for argument in arguments]
        hanging[-1] = f"{hanging[-1][:-1]}){tail}"
    return [f"{head}(", *hanging]


def _filled(first: str, indent: str, arguments: list[str], tail: str) -> list[str] | None:
    """The arguments packed into lines; None if one is too long for a line."""
    lines: list[str] = []
    line = first or indent
    for number, argument in enumerate(arguments):
        is_last = number == len(arguments) - 1
        text = argument + (f"){tail}" if is_last else ",")
        separator = "" if line in (first, indent) else " "
        if len(line) + len(separator) + len(text) > WIDTH:
            if line in (first, indent):
                return None
            lines.append(line)
            line, separator = indent, ""
            if len(line) + len(text) > WIDTH:
                return None
        line += separator + text
    lines.append(line)
    return lines


def assignment_lines(indent: str, target: str, value: str) -> list[str]:
    """The lines of `target = value`, broken inside the value's call if it is too long."""
    single = f"{indent}{target} = {value}"
    if len(single) <= WIDTH or "(" not in value:
        return [single]
    name, _, rest = value.partition("(")
    arguments = split_arguments(rest[: rest.rfind(")")])
    return call_lines(f"{indent}{target} = {name}", arguments, rest[rest.rfind(")") + 1 :], indent)


def split_arguments(text: str) -> list[str]:
    """The arguments in `text`, split at its outermost commas."""
    parts, depth, start, quote = [], 0, 0, ""
    for position, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def one_line(text: str) -> str:
    """`text` with its line breaks folded, for an argument that moves.

    Strings stay as they are, comments go: whoever moves code sees to them.
    """
    source, pieces, position = text.encode("utf-8"), [], 0
    for start, end in strings(source):
        code, token = source[position:start].decode("utf-8"), source[start:end].decode("utf-8")
        is_comment = token.startswith("#")
        pieces.append(_folded(code.rstrip() if is_comment else code))
        pieces.append("" if is_comment else token)
        position = end
    pieces.append(_folded(source[position:].decode("utf-8")))
    return "".join(pieces).strip()


def _folded(code: str) -> str:
    return re.sub(r"\s*\\?\r?\n\s*", " ", code).replace("( ", "(").replace("[ ", "[")
