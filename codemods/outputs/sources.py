# SPDX-License-Identifier: Apache-2.0
"""The original files of the tree, line by line, and the places of edits in them."""

import bisect
import functools
import pathlib
from typing import NamedTuple

from codemods.discovery import behind_links
from codemods.model import Edit, RunResult
from codemods.syntax.source import Unparsed, decode


class SourceRegion(NamedTuple):
    """A place in a file: lines and columns, in characters, count from 1; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Sources:
    """The files of the tree that a run has read."""

    def __init__(self, result: RunResult) -> None:
        self._root = pathlib.Path(result.root)
        self._before = {one.path: one.before for one in result.changes if one.before is not None}
        self._text = functools.cache(self._decoded)
        self._lines = functools.cache(lambda path: self._text(path).decode("utf-8").splitlines())
        self._starts = functools.cache(self._line_starts)

    def lines(self, path: str) -> list[str]:
        """The lines of a file, without their endings; none if there is no such file."""
        found: list[str] = self._lines(path)
        return found

    def line(self, path: str, number: int) -> str:
        """A line of a file, from 1; "" if there is none."""
        lines = self.lines(path)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def region(self, edit: Edit) -> SourceRegion:
        """Where an edit is, and what is there."""
        text = self._text(edit.path)[edit.start : edit.end].decode("utf-8", "replace")
        return SourceRegion(
            *self._place(edit.path, edit.start), *self._place(edit.path, edit.end), text
        )

    def _place(self, path: str, offset: int) -> tuple[int, int]:
        """The line and the column of an offset."""
        starts = self._starts(path)
        line = bisect.bisect_right(starts, offset)
        before = self._text(path)[starts[line - 1] : offset]
        return line, len(before.decode("utf-8", "replace")) + 1

    def _decoded(self, path: str) -> bytes:
        data = self._before.get(path)
        try:
            if data is None:
                # a report may come from anywhere
                inside = behind_links(self._root, path)
                data = b"" if inside is None else (self._root / inside).read_bytes()
            return decode(data)[0]
        except OSError:
            return b""
        except Unparsed:
            # its lines are still shown
            return (data or b"").decode("utf-8", "replace").encode("utf-8")

    def _line_starts(self, path: str) -> list[int]:
        text = self._text(path)
        return [0, *(place + 1 for place, byte in enumerate(text) if byte == 0x0A)]
