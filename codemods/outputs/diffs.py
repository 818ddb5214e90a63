# SPDX-License-Identifier: Apache-2.0
"""Git's diffs hunk by hunk, as unidiff reads them."""

from collections.abc import Iterator
from typing import NamedTuple

from unidiff.patch import PatchSet

_BEGINS = b"diff --git "


class Line(NamedTuple):
    """A line of a hunk: " ", "-" or "+", and its numbers, 0 where the side has none.

    `place` is its own number in the diff, or in the mail around that.
    """

    kind: str
    old: int
    new: int
    text: str
    place: int


class DiffHunk(NamedTuple):
    """A hunk: of which file, where it begins on both sides, in which function, and its lines."""

    path: str
    old: int
    new: int
    inside: str
    lines: tuple[Line, ...]


def read(diff: bytes, before: int = 0) -> Iterator[DiffHunk]:
    """The hunks of a diff, which stands behind so many other lines.

    Raises `UnidiffParseError` for what git has not made.
    """
    for file in PatchSet(diff.decode("utf-8", "surrogateescape")):
        for hunk in file:
            lines = tuple(
                Line(
                    line.line_type,
                    line.source_line_no or 0,
                    line.target_line_no or 0,
                    _readable(line.value),
                    before + (line.diff_line_no or 0),
                )
                for line in hunk
                # others say that the one before does not end
                if line.line_type in (" ", "-", "+")
            )
            starts = hunk.source_start, hunk.target_start
            yield DiffHunk(file.path, *starts, hunk.section_header, lines)


def read_mail(mail: bytes) -> Iterator[DiffHunk]:
    """The hunks of the diff in a patch as git mails it; raises `UnidiffParseError`."""
    start = mail.find(b"\n" + _BEGINS) + 1
    yield from read(mail[start:], mail.count(b"\n", 0, start))


def _readable(text: str) -> str:
    """A line without its end, and without what is no UTF-8."""
    line = text.removesuffix("\n").rstrip("\r")
    return line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
