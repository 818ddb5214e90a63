# SPDX-License-Identifier: Apache-2.0
"""Read git's diffs hunk by hunk, with unidiff."""

from collections.abc import Iterator
from typing import NamedTuple

from unidiff.patch import PatchSet

_BEGINS = b"diff --git "


class DiffLine(NamedTuple):
    """A line of a hunk: " ", "-" or "+", and its line number on each side, 0 if it has none.

    `place` is its line number in the diff, or in the mail around the diff.
    """

    kind: str
    old: int
    new: int
    text: str
    place: int


class DiffHunk(NamedTuple):
    """A hunk: its file, where it starts on both sides, the function around it, and its lines."""

    path: str
    old: int
    new: int
    inside: str
    lines: tuple[DiffLine, ...]


def read(diff: bytes, before: int = 0) -> Iterator[DiffHunk]:
    """The hunks of a diff that comes after `before` other lines.

    Raises `UnidiffParseError` if it is not a diff made by git.
    """
    for file in PatchSet(diff.decode("utf-8", "surrogateescape")):
        for hunk in file:
            lines = tuple(
                DiffLine(
                    line.line_type,
                    line.source_line_no or 0,
                    line.target_line_no or 0,
                    _readable(line.value),
                    before + (line.diff_line_no or 0),
                )
                for line in hunk
                # other lines say that there is no newline at the end of the file
                if line.line_type in (" ", "-", "+")
            )
            starts = hunk.source_start, hunk.target_start
            yield DiffHunk(file.path, *starts, hunk.section_header, lines)


def read_mail(mail: bytes) -> Iterator[DiffHunk]:
    """The hunks of the diff in a patch made by git format-patch; raises `UnidiffParseError`."""
    start = mail.find(b"\n" + _BEGINS) + 1
    yield from read(mail[start:], mail.count(b"\n", 0, start))


def _readable(text: str) -> str:
    """A line without its ending, and with replacements for what is not UTF-8."""
    line = text.removesuffix("\n").rstrip("\r")
    return line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
