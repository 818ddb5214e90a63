# SPDX-License-Identifier: Apache-2.0
"""What a run changes, hunk by hunk and without context, as git's diff has it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from codemods.outputs.checkout import Blob
from codemods.outputs.git import scratch
from codemods.outputs.history import LONG_AGO, Commit, History

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class Hunk(NamedTuple):
    """Lines of a file, from `start`, that others take the place of, from `new_start`.

    With no line removed, `start` is the line that the new ones stand before;
    with none added, `new_start` is the line that now stands there.
    """

    path: str
    start: int
    removed: tuple[str, ...]
    new_start: int
    added: tuple[str, ...]

    @property
    def end(self) -> int:
        """The first line behind those removed."""
        return self.start + len(self.removed)

    @property
    def new_end(self) -> int:
        """The first line behind those added."""
        return self.new_start + len(self.added)

    def touches(self, first: int, last: int) -> bool:
        """Whether one of the original's lines, both included, is removed, or something added to."""
        if self.removed:
            return first < self.end and self.start <= last
        return first <= self.start <= last + 1


def hunks(blobs: tuple[Blob, ...]) -> list[Hunk]:
    """The hunks of changes, by path and place; raises `GitFailed`."""
    changed = tuple(blob for blob in blobs if blob.before != blob.after)
    if not changed:
        return []
    with scratch() as repository:
        history = History(
            repository, [Commit("The run", "nobody <n@localhost>", LONG_AGO, changed)]
        )
        return list(_read(history.diff("--unified=0")))


def _read(diff: bytes) -> Iterator[Hunk]:
    path = ""
    lines = iter(diff.split(b"\n"))
    for line in lines:
        if line.startswith(b"+++ b/"):
            path = line[len(b"+++ b/") :].decode("utf-8", "surrogateescape")
        match = _HUNK.match(line)
        if match is None:
            continue
        start, count, new_start, new_count = (int(one or 1) for one in match.groups())
        removed, added = _side(lines, count), _side(lines, new_count)
        # git names the line before an empty side
        yield Hunk(path, start + (not count), removed, new_start + (not new_count), added)


def _side(lines: Iterator[bytes], count: int) -> tuple[str, ...]:
    found: list[str] = []
    while len(found) < count:
        line = next(lines)
        # it says of the line before that it does not end
        if not line.startswith(b"\\"):
            found.append(line[1:].decode("utf-8", "replace").rstrip("\r"))
    return tuple(found)
