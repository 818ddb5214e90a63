# SPDX-License-Identifier: Apache-2.0
"""What can be taken or left of a run: hunks, together where one edit is behind several."""

import dataclasses
import pathlib
from collections.abc import Iterable, Iterator

from codemods.model import Edit, RunResult
from codemods.outputs.checkout import Places
from codemods.outputs.hunks import Hunk, hunks
from codemods.outputs.sources import Sources

#: A path and edits, as far as another run on the tree has them, too.
Key = tuple[str, frozenset[tuple[int, int, str, str]]]


@dataclasses.dataclass(frozen=True)
class Unit:
    """Hunks of a file with the edits behind them; a new file has no edits.

    What was found without an edit, imports above all, follows those with one.
    """

    path: str
    hunks: tuple[Hunk, ...]
    edits: tuple[Edit, ...]

    @property
    def line(self) -> int:
        """The line of the file as it was at which it begins."""
        return self.hunks[0].start

    @property
    def rules(self) -> list[str]:
        """The names of the rules that made it."""
        return sorted({edit.rule for edit in self.edits})

    @property
    def key(self) -> Key:
        """What tells it from others, also in another run on the tree."""
        return self.path, frozenset((e.start, e.end, e.rule, e.text) for e in self.edits)


def units(result: RunResult) -> list[Unit]:
    """What can be taken or left, by path and place; raises `GitFailed`."""
    blobs = Places(pathlib.Path(result.root), result.changes, None).blobs(result.changes)
    sources, found = Sources(result), dict[str, list[Hunk]]()
    for hunk in hunks(tuple(blobs)):
        found.setdefault(hunk.path, []).append(hunk)
    edits: dict[str, list[Edit]] = {}
    for patch in result.patches:
        for edit in patch.edits:
            edits.setdefault(edit.path, []).append(edit)
    new = {change.path for change in result.changes if change.before is None}
    made = list[Unit]()
    for path, own in sorted(found.items()):
        if path in new:
            made.append(Unit(path, tuple(own), ()))
        else:
            made += _of_file(path, own, edits.get(path, []), sources)
    return made


def _of_file(
    path: str, found: list[Hunk], edits: Iterable[Edit], sources: Sources
) -> Iterator[Unit]:
    """The hunks of a file that have edits, those together that share one."""
    groups: list[tuple[set[int], list[Edit]]] = []
    for edit in edits:
        region = sources.region(edit)
        touched = {
            number
            for number, hunk in enumerate(found)
            if hunk.touches(min(edit.line, region.line), region.end_line)
        }
        if not touched and found:
            # git may have put what is new before a line that is like the last of it
            touched = {min(range(len(found)), key=lambda n: abs(found[n].start - edit.line))}
        together, apart = [edit], list[tuple[set[int], list[Edit]]]()
        for numbers, others in groups:
            if numbers & touched:
                touched |= numbers
                together = [*others, *together]
            else:
                apart.append((numbers, others))
        groups = [*apart, (touched, together)] if touched else apart
    for numbers, together in sorted(groups, key=lambda one: min(one[0])):
        own = tuple(found[number] for number in sorted(numbers))
        yield Unit(path, own, tuple(dict.fromkeys(together)))
