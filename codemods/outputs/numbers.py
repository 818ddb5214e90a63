# SPDX-License-Identifier: Apache-2.0
"""The numbers of a run, counted in one place so that all outputs agree."""

import collections
import dataclasses

from codemods.model import Item, RunResult


@dataclasses.dataclass(frozen=True)
class ItemNumbers:
    """The numbers of one work item."""

    item: Item
    files: int
    edits: int
    left: int


def failed(result: RunResult) -> int:
    """How many files could not be read, parsed or verified."""
    return len({failure.path for failure in result.failures})


def by_item(result: RunResult) -> list[ItemNumbers]:
    """The numbers of every work item of the run, in order."""
    files = {patch.item: len(patch.changes) for patch in result.patches}
    edits = {patch.item: len(patch.edits) for patch in result.patches}
    left = collections.Counter(declined.item for declined in result.declined)
    return [
        ItemNumbers(item, files.get(item, 0), edits.get(item, 0), left[item])
        for item in result.items
    ]


def totals(result: RunResult) -> dict[str, int]:
    """Files found = changed + unchanged + not considered + failed."""
    return {
        "found": result.found,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "not_considered": result.not_considered,
        "failed": failed(result),
        "created": result.created,
        "left": len(result.declined),
        "needs_person": len(result.needs_person),
    }


def new_files(numbers: dict[str, int]) -> str:
    """The part of a sentence about new files; "" if there are none."""
    count = numbers["created"]
    return f", and {counted(count, 'new file')}" if count else ""


def counted(number: int, noun: str) -> str:
    """A number and its noun, which takes an "s" for all numbers but one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
