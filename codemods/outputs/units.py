# SPDX-License-Identifier: Apache-2.0
"""The units of a run that can be taken or left: hunks, grouped if they share an edit."""

import dataclasses
import pathlib
from collections.abc import Iterable, Iterator

from codemods.model import Edit, RunResult
from codemods.outputs.checkout import Places
from codemods.outputs.hunks import Hunk, hunks
from codemods.outputs.sources import Sources

#: A path and edits, in a form that is the same in another run on the tree.
Key = tuple[str, frozenset[tuple[int, int, str, str]]]


@dataclasses.dataclass(frozen=True)
class HunkUnit:
    """Hunks of a file with their edits; a new file has no edits.

    Hunks without an edit, mostly imports, are in no unit: they follow the others.
    """

    path: str
    hunks: tuple[Hunk, ...]
    edits: tuple[Edit, ...]

    @property
    def line(self) -> int:
        """The line of the original file at which it starts."""
        return self.hunks[0].start

    @property
    def rules(self) -> list[str]:
        """The names of the rules that made it."""
        return sorted({edit.rule for edit in self.edits})

    @property
    def key(self) -> Key:
        """What identifies it, also in another run on the tree."""
        return self.path, frozenset((e.start, e.end, e.rule, e.text) for e in self.edits)


def units(result: RunResult) -> list[HunkUnit]:
    """The units of a run, by path and place; raises `GitFailed`."""
    blobs = Places(pathlib.Path(result.root), result.changes, None).blobs(result.changes)
    sources, found = Sources(result), dict[str, list[Hunk]]()
    for hunk in hunks(tuple(blobs)):
        found.setdefault(hunk.path, []).append(hunk)
    edits: dict[str, list[Edit]] = {}
    for patch in result.patches:
        for edit in patch.edits:
            edits.setdefault(edit.path, []).append(edit)
    new = {change.path for change in result.changes if change.before is None}
    made = list[HunkUnit]()
    for path, own in sorted(found.items()):
        if path in new:
            made.append(HunkUnit(path, tuple(own), ()))
        else:
            made += _of_file(path, own, edits.get(path, []), sources)
    return made


def _of_file(
    path: str, found: list[Hunk], edits: Iterable[Edit], sources: Sources
) -> Iterator[HunkUnit]:
    """The hunks of a file that have edits, grouped if they share one."""
    groups: list[tuple[set[int], list[Edit]]] = []
    for edit in edits:
        region = sources.region(edit)
        touched = {
            number
            for number, hunk in enumerate(found)
            if hunk.touches(min(edit.line, region.line), region.end_line)
        }
        if not touched and found:
            # git may have placed the new lines elsewhere, next to one that looks the same
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
        yield HunkUnit(path, own, tuple(dict.fromkeys(together)))
