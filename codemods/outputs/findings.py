# SPDX-License-Identifier: Apache-2.0
"""What a run did and left, by place: from its result, or from a saved report."""

import dataclasses
import json
import pathlib
from collections.abc import Iterable
from typing import Any

from codemods.errors import BadReport
from codemods.model import Declined, Evidence, Item, RunResult, Step
from codemods.outputs.sources import Sources


@dataclasses.dataclass(frozen=True)
class PlacedEdit:
    """An edit with the lines that it is about, from `line` to `end_line`, inclusive."""

    path: str
    line: int
    end_line: int
    item: Item
    rule: str
    before: str
    after: str
    evidence: Evidence


@dataclasses.dataclass(frozen=True)
class PlacedFindings:
    """What was rewritten and what was left, in the order of the series."""

    rewritten: tuple[PlacedEdit, ...]
    left: tuple[Declined, ...]

    def within(self, path: str, first: int, last: int) -> "PlacedFindings":
        """The findings that touch lines of a file, inclusive."""
        return PlacedFindings(
            tuple(
                one
                for one in self.rewritten
                if one.path == path and one.line <= last and first <= one.end_line
            ),
            tuple(one for one in self.left if one.path == path and first <= one.line <= last),
        )


def imported(line: str) -> str:
    """The name that an import line binds; "" for any other line."""
    words = line.split()
    return words[-1] if words[:1] in (["from"], ["import"]) else ""


def users(name: str, edits: Iterable[PlacedEdit]) -> str:
    """The edits that use a name, in words; "" if there are none."""
    using = sorted({(one.line, one.rule) for one in edits if name in one.after})
    return ", ".join(f"{rule} at line {line}" for line, rule in using)


def findings(result: RunResult) -> PlacedFindings:
    """What a run did and left."""
    sources = Sources(result)
    rewritten = []
    for patch in result.patches:
        for edit in patch.edits:
            region = sources.region(edit)
            place = edit.path, min(edit.line, region.line), region.end_line, patch.item
            rewritten.append(PlacedEdit(*place, edit.rule, region.text, edit.text, edit.evidence))
    return PlacedFindings(tuple(rewritten), result.declined)


def saved(path: pathlib.Path) -> PlacedFindings:
    """What a run did and left according to a saved report; raises `BadReport`."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadReport(f"{path}: {error.strerror}; make it with codemods run --report") from None
    except ValueError:
        raise BadReport(f"{path}: not valid JSON; make it with codemods run --report") from None
    if not isinstance(data, dict) or data.get("format") != 2:
        raise BadReport(
            f"{path}: not a report of format 2; make it again with codemods run --report"
        )
    return PlacedFindings(
        tuple(
            PlacedEdit(
                one["path"],
                one["line"],
                one["end_line"],
                Item(one["item"]),
                one["rule"],
                one["before"],
                one["after"],
                _evidence(one["evidence"]),
            )
            for one in data["edits"]
        ),
        tuple(
            Declined(
                one["path"],
                one["line"],
                Item(one["item"]),
                one["rule"],
                one["code"],
                one["reason"],
                _evidence(one["evidence"]),
            )
            for one in data["left"]
        ),
    )


def _evidence(steps: Iterable[dict[str, Any]]) -> Evidence:
    return tuple(Step(step["path"], step["line"], step["text"]) for step in steps)
