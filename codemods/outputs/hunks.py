# SPDX-License-Identifier: Apache-2.0
"""What a run changes, hunk by hunk and without context, from git's diff."""

from typing import NamedTuple

from codemods.outputs.checkout import Blob
from codemods.outputs.diffs import DiffHunk, read
from codemods.outputs.git import scratch
from codemods.outputs.history import LONG_AGO, Commit, History


class Hunk(NamedTuple):
    """Lines of a file, from `start`, that are replaced by others, from `new_start`.

    If no line is removed, `start` is the line that the new ones are put before; if none
    is added, `new_start` is the line that is there now.
    """

    path: str
    start: int
    removed: tuple[str, ...]
    new_start: int
    added: tuple[str, ...]

    @property
    def end(self) -> int:
        """The first line after those removed."""
        return self.start + len(self.removed)

    @property
    def new_end(self) -> int:
        """The first line after those added."""
        return self.new_start + len(self.added)

    def touches(self, first: int, last: int) -> bool:
        """Whether some of these original lines, inclusive, are removed, or get new ones around."""
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
        return [_hunk(one) for one in read(history.diff("--unified=0"))]


def _hunk(found: DiffHunk) -> Hunk:
    removed = tuple(line.text for line in found.lines if line.kind == "-")
    added = tuple(line.text for line in found.lines if line.kind == "+")
    # git names the line before an empty side
    start, new_start = found.old + (not removed), found.new + (not added)
    return Hunk(found.path, start, removed, new_start, added)
