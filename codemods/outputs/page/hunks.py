# SPDX-License-Identifier: Apache-2.0
"""The series hunk by hunk, each with its edits."""

import dataclasses
import hashlib
import itertools
import pathlib
from collections.abc import Iterator, Sequence

from codemods.model import Item, Patch, RunResult
from codemods.outputs.checkout import Places
from codemods.outputs.diffs import DiffHunk, DiffLine, read
from codemods.outputs.findings import PlacedEdit, findings
from codemods.outputs.git import scratch
from codemods.outputs.history import LONG_AGO, Commit, History
from codemods.outputs.words import subject


@dataclasses.dataclass(frozen=True)
class ReviewedHunk:
    """A hunk for review: its place, the function around it, its lines, and its edits.

    `beside` are the other edits of its patch in the file.
    """

    number: int
    patch: int
    item: Item
    path: str
    inside: str
    lines: tuple[DiffLine, ...]
    edits: tuple[PlacedEdit, ...]
    beside: tuple[PlacedEdit, ...]

    @property
    def key(self) -> str:
        """What identifies the hunk when the page is made again."""
        text = "\n".join([self.path, *(f"{line.kind}{line.text}" for line in self.lines)])
        return hashlib.sha1(text.encode("utf-8", "replace")).hexdigest()[:16]

    @property
    def confidence(self) -> str:
        """How we know: the value is traced to a call, a rule saw the place, or the hunk follows."""
        if any(len(edit.evidence) > 1 for edit in self.edits):
            return "traced"
        return "seen" if self.edits else "follows"

    @property
    def first_new(self) -> int:
        """The line of the new file to attach comments to."""
        added = [line.new for line in self.lines if line.kind == "+"]
        return min(added) if added else max((line.new for line in self.lines), default=1)


def reviewed_hunks(result: RunResult) -> list[ReviewedHunk]:
    """All hunks of the series, in order; raises `GitFailed`."""
    places = Places(
        pathlib.Path(result.root), [one for patch in result.patches for one in patch.changes], None
    )
    patches = [patch for patch in result.patches if places.blobs(patch.changes)]
    if not patches:
        return []
    commits = [
        Commit(
            subject(patch, result.target),
            "nobody <nobody@localhost>",
            LONG_AGO,
            tuple(places.blobs(patch.changes)),
        )
        for patch in patches
    ]
    with scratch() as repository:
        shown = History(repository, commits).shown()
    return list(_reviewed(result, patches, [list(read(diff)) for diff in shown]))


def _reviewed(
    result: RunResult, patches: Sequence[Patch], shown: list[list[DiffHunk]]
) -> Iterator[ReviewedHunk]:
    all_edits, number = findings(result).rewritten, 0
    for index, (patch, raws) in enumerate(zip(patches, shown, strict=True)):
        edits = [one for one in all_edits if one.item is patch.item]
        places = {id(one): _moved(one, shown[:index]) for one in edits}
        for raw in raws:
            number += 1
            here = [one for one in edits if one.path == raw.path]
            own = tuple(one for one in here if _touches(raw, places[id(one)]))
            beside = tuple(one for one in here if one not in own)
            place = number, index + 1, patch.item, raw.path, raw.inside
            yield ReviewedHunk(*place, raw.lines, own, beside)


def _moved(edit: PlacedEdit, before: list[list[DiffHunk]]) -> tuple[int, int]:
    """The lines of an edit after the patches before its own are applied."""
    first, last = edit.line, edit.end_line
    for raws in before:
        own = [raw for raw in raws if raw.path == edit.path]
        first, last = _after(own, first)[0], _after(own, last)[1]
    return first, last


def _after(raws: list[DiffHunk], line: int) -> tuple[int, int]:
    """The first and last line that a line of a file has become after hunks are applied.

    A removed line becomes the lines that replace it.
    """
    shift = 0
    for raw in raws:
        for number, one in enumerate(raw.lines):
            if one.old == line:
                return _in_place_of(raw.lines[number:], line)
        if min((one.old for one in raw.lines if one.old), default=0) > line:
            break
        shift += sum((one.kind == "+") - (one.kind == "-") for one in raw.lines)
    return line + shift, line + shift


def _in_place_of(lines: tuple[DiffLine, ...], line: int) -> tuple[int, int]:
    """The lines that replace the first of these lines, or its new number if it stays."""
    if lines[0].new:
        return lines[0].new, lines[0].new
    changed = itertools.takewhile(lambda one: one.kind != " ", lines)
    added = [one.new for one in changed if one.kind == "+"]
    if added:
        return added[0], added[-1]
    behind = min((later.new for later in lines if later.new), default=line)
    return behind, behind


def _touches(raw: DiffHunk, place: tuple[int, int]) -> bool:
    """Whether a hunk changes lines of the file before the patch, or adds some next to them."""
    old = 0
    for line in raw.lines:
        # skip a blank line after the place: git may show either of two as the new one
        if line.kind != " " or line.text.strip() or line.old != place[1] + 1:
            old = line.old or old
        changed = line.kind == "-" and place[0] <= line.old <= place[1]
        added = line.kind == "+" and place[0] - 1 <= old <= place[1]
        if changed or added:
            return True
    return False
