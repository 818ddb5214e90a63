# SPDX-License-Identifier: Apache-2.0
"""The whole result as JSON; report.schema.json next to this file describes it."""

import importlib.resources
import json
import pathlib
from typing import Any

from codemods import __version__
from codemods.errors import OutputFailed
from codemods.model import Declined, Edit, Evidence, Item, RunResult
from codemods.outputs.git import asked
from codemods.outputs.numbers import by_item, totals
from codemods.outputs.sources import Sources
from codemods.outputs.write import write_whole
from codemods.trials import Trial, Verification

FORMAT = 2


def report(
    result: RunResult, verified: Verification | None = None, commit: str | None = None
) -> dict[str, Any]:
    """The result as plain data, the same for the same tree and options."""
    sources = Sources(result)
    return {
        "tool": {"name": "nova-objects-codemods", "version": __version__},
        "commit": commit,
        **({"verification": _verification(verified)} if verified is not None else {}),
        "format": FORMAT,
        "target": result.target,
        "totals": totals(result),
        "items": [
            {"item": row.item.value, "files": row.files, "edits": row.edits, "left": row.left}
            for row in by_item(result)
        ],
        "edits": [
            _edit(edit, patch.item, sources) for patch in result.patches for edit in patch.edits
        ],
        "left": [_left(one) for one in result.declined],
        "needs_person": [
            {"path": one.path, "line": one.line, "test": one.test, "reason": one.reason}
            for one in result.needs_person
        ],
        "overlong": [
            {"path": one.path, "line": one.line, "columns": one.columns} for one in result.overlong
        ],
        **({"conflicts": [vars(one) for one in result.conflicts]} if result.conflicts else {}),
        "failures": [
            {"path": one.path, "stage": one.stage, "reason": one.reason, "remedy": one.remedy}
            for one in result.failures
        ],
        "changed": [change.path for change in result.changes],
    }


def _edit(edit: Edit, item: Item, sources: Sources) -> dict[str, Any]:
    region = sources.region(edit)
    return {
        "path": edit.path,
        "line": edit.line,
        "column": region.column,
        "end_line": region.end_line,
        "end_column": region.end_column,
        "item": item.value,
        "rule": edit.rule,
        "before": region.text,
        "after": edit.text,
        "evidence": _evidence(edit.evidence),
    }


def _left(one: Declined) -> dict[str, Any]:
    return {
        "path": one.path,
        "line": one.line,
        "item": one.item.value,
        "rule": one.rule,
        "code": one.code,
        "reason": one.reason,
        "evidence": _evidence(one.evidence),
    }


def _evidence(evidence: Evidence) -> list[dict[str, Any]]:
    return [{"path": step.path, "line": step.line, "text": step.text} for step in evidence]


def _verification(verified: Verification) -> dict[str, Any]:
    before = verified.baseline
    return {
        "command": verified.command,
        "python": verified.python,
        "baseline": None if before is None else _trial(before),
        "patches": [
            {"patch": one.patch, "holds": verified.holds(one), **_trial(one)}
            for one in verified.trials
        ],
    }


def _trial(one: Trial) -> dict[str, Any]:
    return {
        "refused": one.refused,
        "not_compiled": list(one.not_compiled),
        "status": one.status,
        "failed": list(one.failed),
        "new_failures": list(one.new_failures),
        "seconds": one.seconds,
    }


def written(result: RunResult, verified: Verification | None = None) -> bytes:
    """The report as JSON, with the commit that the tree is at."""
    root = pathlib.Path(result.root)
    tracked = asked(root, "ls-files", "--error-unmatch", "--", ".") is not None
    commit = asked(root, "rev-parse", "HEAD") if tracked else None
    commit = None if commit is None else commit.strip()
    return (json.dumps(report(result, verified, commit), indent=1, sort_keys=True) + "\n").encode()


def write_report(
    result: RunResult, path: pathlib.Path, verified: Verification | None = None
) -> None:
    """Write the report to a file; raises `OutputFailed`."""
    try:
        write_whole(path, written(result, verified))
    except OSError as error:
        raise OutputFailed(f"{path}: {error.strerror}; name another file") from None


def schema() -> dict[str, Any]:
    """The JSON Schema of the report."""
    text = importlib.resources.files(__package__).joinpath("report.schema.json")
    loaded: dict[str, Any] = json.loads(text.read_text("utf-8"))
    return loaded
