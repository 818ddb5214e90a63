# SPDX-License-Identifier: Apache-2.0
"""Numbers and strings that only Python 2 has: how to respell them, and their values."""

import ast
import re
import warnings

_OCTAL = re.compile(rb"0+[1-7][0-7]*[lL]?")
_PREFIX = re.compile(rb"[a-zA-Z]*")
# a whole escape, so that the second of two backslashes does not start another one
_ESCAPE = re.compile(rb"\\(.)", re.S)
_RAW_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


def respelled_number(text: bytes, has_dot: bool) -> bytes:
    """An integer of Python 3 with the same length; its value may differ.

    A name if a dot follows, which would make it a float.
    """
    if has_dot and text[-1:] in b"lL":
        return b"_" * len(text)
    if _OCTAL.fullmatch(text):
        text = b"1" + text[1:]
    return text[:-1] + b"0" if text[-1:] in b"lL" else text


def number_value(text: bytes) -> int:
    """The value of a Python 2 integer."""
    digits = text.rstrip(b"lL")
    return int(digits, 8) if _OCTAL.fullmatch(digits) else int(digits, 0)


def respelled_strings(run: list[bytes], is_unicode: bool) -> list[bytes]:
    """Adjacent strings, with the text replaced in those that Python 3 would refuse.

    `is_unicode` says that a string without a prefix is a unicode string.
    """
    parts = [_Parts(text) for text in run]
    is_mixed = len({part.is_bytes for part in parts}) > 1
    return [
        part.respelled() if part.is_refused(is_unicode) or (is_mixed and part.is_bytes) else text
        for part, text in zip(parts, run, strict=True)
    ]


def strings_value(run: list[bytes], is_unicode: bool) -> str | bytes:
    """The value of adjacent strings in Python 2; text unless all have a `b`."""
    parts = [_Parts(text) for text in run]
    with warnings.catch_warnings():
        # no warnings about invalid escapes
        warnings.simplefilter("ignore")
        return _value(parts, is_unicode)


def _value(parts: list["_Parts"], is_unicode: bool) -> str | bytes:
    if all(part.is_bytes for part in parts):
        return b"".join(part.bytes_value() for part in parts)
    return "".join(part.value(is_unicode) for part in parts)


class _Parts:
    """The prefix, the quotes and the body of a string."""

    def __init__(self, text: bytes) -> None:
        match = _PREFIX.match(text)
        self.prefix = match.group().lower() if match is not None else b""
        rest = text[len(self.prefix) :]
        self.quote = rest[:3] if rest[:3] in (b"'''", b'"""') else rest[:1]
        self.body = rest[len(self.quote) : -len(self.quote)]
        self.is_bytes = b"b" in self.prefix
        self.is_raw = b"r" in self.prefix

    def is_refused(self, is_unicode: bool) -> bool:
        """Whether Python 3 refuses the string, or gives it another value."""
        if self.is_bytes:
            return _NOT_ASCII.search(self.body) is not None
        if self.is_raw:
            return b"u" in self.prefix
        return not (is_unicode or self.prefix) and any(
            match.group(1) in b"NuU" for match in _ESCAPE.finditer(self.body)
        )

    def respelled(self) -> bytes:
        """The string with underscores for its text; line endings stay."""
        prefix = b"u" if self.prefix else b""
        body = re.sub(rb"\\(?![\r\n])|[^\\\r\n]", b"_", self.body)
        if len(self.quote) == 3:
            body = body.replace(b"\\", b"_")
        return prefix + self.quote + b"_" * (len(self.prefix) - len(prefix)) + body + self.quote

    def value(self, is_unicode: bool) -> str:
        body = self.body
        if self.is_raw:
            text = _newlines(body).decode("utf-8")
            return _RAW_ESCAPE.sub(_character, text) if b"u" in self.prefix else text
        if not self.prefix and not is_unicode:
            body = _ESCAPE.sub(
                lambda match: b"\\" * (match.group(1) in b"NuU") + match.group(), body
            )
        return str(ast.literal_eval((self.quote + body + self.quote).decode("utf-8")))

    def bytes_value(self) -> bytes:
        if self.is_raw:
            return _newlines(self.body)
        body = _NOT_ASCII.sub(lambda match: b"\\x%02x" % match.group()[0], self.body)
        value = ast.literal_eval((b"b" + self.quote + body + self.quote).decode("ascii"))
        assert isinstance(value, bytes)
        return value


def _newlines(body: bytes) -> bytes:
    """The body with normalized line endings, as the parser has it."""
    return re.sub(rb"\r\n?", b"\n", body)


def _character(match: "re.Match[str]") -> str:
    return match.group(1) + chr(int(match.group(2) or match.group(3), 16))
