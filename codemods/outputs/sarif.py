# SPDX-License-Identifier: Apache-2.0
"""The result as SARIF 2.1.0, for tools that show the results of static analysis."""

import json
import pathlib
import urllib.parse
from typing import Any

from codemods import __version__
from codemods.errors import OutputFailed
from codemods.mappings import reasons, remedies
from codemods.model import Edit, Evidence, Failure, NeedsPerson, RunResult
from codemods.outputs.checkout import Places
from codemods.outputs.hunks import Hunk, hunks
from codemods.outputs.sources import Sources
from codemods.outputs.write import write_whole

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_PERSON = "unit-test.needs-person"

Data = dict[str, Any]


def sarif(result: RunResult) -> Data:
    """The result as plain data; raises `GitFailed`."""
    blobs = Places(pathlib.Path(result.root), result.changes, None).blobs(result.changes)
    changed = hunks(tuple(blobs))
    sources = Sources(result)
    edits = [edit for patch in result.patches for edit in patch.edits]
    results = [_edit(edit, sources, changed) for edit in edits]
    results += [
        {
            **_result(one.code, "warning", f"left as it is: {one.reason}", one.path, one.line),
            "codeFlows": [_flow(one.evidence)] if one.evidence else [],
        }
        for one in result.declined
    ]
    results += [_person(one) for one in result.needs_person]
    driver = {
        "name": "nova-objects-codemods",
        "semanticVersion": __version__,
        "rules": _rules({edit.rule for edit in edits}, result),
    }
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"TREE": {"description": {"text": "the tree"}}},
                "invocations": [_invocation(result)],
                "results": results,
            }
        ],
    }


def write_sarif(result: RunResult, path: pathlib.Path) -> None:
    """Write the result as SARIF to a file; raises `OutputFailed`."""
    try:
        text = json.dumps(sarif(result), indent=1, sort_keys=True) + "\n"
        write_whole(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise OutputFailed(f"{path}: {error.strerror}; name another file") from None


def _rules(names: set[str], result: RunResult) -> list[Data]:
    """The rules that made edits, and the reasons for places that were left, with help texts."""
    described = []
    if names:
        # this imports libcst, which a run with nothing to rewrite does not need
        from codemods.rules.own import known_rules

        for rule in sorted(known_rules(), key=lambda one: one.name()):
            if rule.name() in names:
                what, _, why = rule.summary().strip().partition("\n\n")
                described.append(_rule(rule.name(), what, why or what))
    for code in sorted({one.code for one in result.declined}):
        described.append(_rule(code, reasons()[code], remedies()[code]))
    if result.needs_person:
        text = "A unit test that no rule can carry over."
        described.append(_rule(_PERSON, text, "Mend it by hand."))
    return described


def _rule(name: str, what: str, text: str) -> Data:
    return {
        "id": name,
        "shortDescription": {"text": " ".join(what.split())},
        "help": {"text": " ".join(text.split())},
    }


def _result(rule: str, level: str, text: str, path: str, line: int) -> Data:
    place = {"physicalLocation": {"artifactLocation": _file(path), "region": {"startLine": line}}}
    if not line:
        del place["physicalLocation"]["region"]
    return {"ruleId": rule, "level": level, "message": {"text": text}, "locations": [place]}


def _edit(edit: Edit, sources: Sources, changed: list[Hunk]) -> Data:
    region = sources.region(edit)
    made = _result(edit.rule, "note", f"rewritten by {edit.rule}", edit.path, edit.line)
    made["locations"][0]["physicalLocation"]["region"] = {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }
    if edit.evidence:
        made["codeFlows"] = [_flow(edit.evidence)]
    near = [
        one
        for one in changed
        if one.path == edit.path and one.touches(region.line, region.end_line)
    ]
    if near:
        fix = {"artifactLocation": _file(edit.path), "replacements": list(map(_replaced, near))}
        made["fixes"] = [{"artifactChanges": [fix]}]
    return made


def _replaced(hunk: Hunk) -> Data:
    text = "".join(f"{line}\n" for line in hunk.added)
    region = {"startLine": hunk.start, "startColumn": 1, "endLine": hunk.end, "endColumn": 1}
    return {"deletedRegion": region, "insertedContent": {"text": text}}


def _person(one: NeedsPerson) -> Data:
    return _result(_PERSON, "warning", f"{one.test}: {one.reason}", one.path, one.line)


def _flow(evidence: Evidence) -> Data:
    steps = [
        {
            "location": {
                "physicalLocation": {
                    "artifactLocation": _file(step.path),
                    "region": {"startLine": step.line},
                },
                "message": {"text": step.text},
            }
        }
        for step in evidence
    ]
    return {"threadFlows": [{"locations": steps}]}


def _invocation(result: RunResult) -> Data:
    return {
        "executionSuccessful": not result.failures,
        "toolExecutionNotifications": [_failure(one) for one in result.failures],
    }


def _failure(one: Failure) -> Data:
    return {
        "level": "error",
        "message": {"text": f"{one.stage}: {one.reason}; {one.remedy}"},
        "locations": [{"physicalLocation": {"artifactLocation": _file(one.path)}}],
    }


def _file(path: str) -> Data:
    return {"uri": urllib.parse.quote(path), "uriBaseId": "TREE"}
