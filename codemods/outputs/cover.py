# SPDX-License-Identifier: Apache-2.0
"""The cover letter of a series."""

import collections
import textwrap
from collections.abc import Iterator, Sequence

from codemods.mappings import reasons, remedies
from codemods.model import RunResult
from codemods.outputs.checkout import LeftOut
from codemods.outputs.numbers import by_item, new_files, totals
from codemods.trials import Verification

SUBJECT = "Make the resource tracker use objects"


def cover(
    result: RunResult,
    names: Sequence[str],
    needed: Sequence[tuple[int, ...]],
    stat: str,
    left_out: Sequence[LeftOut] = (),
    verified: Verification | None = None,
) -> str:
    """The text of the cover letter.

    `names` are the names of the patches, `needed` the numbers of those that each one needs,
    `stat` is the diffstat of all of them.
    """
    parts = [_done(result) if names else "Nothing is rewritten.", _table(result)]
    if names:
        parts += [_needs(needed), *_upgrade(result), _verified(verified)]
    if left_out:
        parts.append(_list("In no patch:", [f"{one.path}: {one.reason}" for one in left_out]))
    parts += _left(result)
    if result.needs_person:
        persons = [f"{n.path}:{n.line} {n.test}: {n.reason}" for n in result.needs_person]
        parts.append(_list("Unit tests that need a person:", persons))
    if result.overlong:
        long = [f"{o.path}:{o.line} {o.columns} columns" for o in result.overlong]
        parts.append(_list("Lines that could not be kept under 80 columns:", long))
    parts += ["\n".join(names), stat] if names else []
    return "\n\n".join(parts)


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text,
        72,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _list(head: str, lines: Sequence[str]) -> str:
    return "\n".join([head, "", *(f"  {line}" for line in lines)])


def _done(result: RunResult) -> str:
    """What was done, and what it is good for."""
    if result.target == "shim":
        package = "objects of the shim, which have their versions"
    else:
        package = "the tree's versioned objects, which have their versions"
    return _filled(
        "The calls that the resource tracker and its surroundings make to the conductor for "
        f"rows become calls on {package} checked wherever they are sent, so that computes and "
        "conductors can be upgraded one after the other. One work item a patch:"
    )


def _table(result: RunResult) -> str:
    numbers = totals(result)
    lines = [
        f"  {row.item.value:14} {row.files:3} files, {row.edits:4} edits, {row.left:3} left"
        for row in by_item(result)
    ]
    return "\n".join(
        [
            *lines,
            "",
            f"Files: {numbers['found']} found = {numbers['changed']} changed"
            f" + {numbers['unchanged']} unchanged",
            f" + {numbers['not_considered']} not considered + {numbers['failed']} failed"
            f"{new_files(numbers)}.",
        ]
    )


def _needs(needed: Sequence[tuple[int, ...]]) -> str:
    """Which patches each patch needs, as found by trying."""
    text = "Each patch applies to those before it and leaves every file that it changes whole."
    if len(needed) < 2:
        return _filled(text)
    alone = [f"{number:04}" for number, others in enumerate(needed, 1) if not others]
    lines = [
        f"{number:04}: with {', '.join(f'{other:04}' for other in others)}"
        for number, others in enumerate(needed, 1)
        if others
    ]
    text += " What can be taken without all of those before it:"
    return _list(_filled(text), [f"{', '.join(alone)}: on the base alone", *lines])


def _upgrade(result: RunResult) -> Iterator[str]:
    """How nodes of both versions work together if there are new fields."""
    for patch in result.patches:
        if not any(edit.rule == "add_object_fields" for edit in patch.edits):
            continue
        mark = b"if target_version <"
        if any(edit.rule == "keep_columns" for edit in patch.edits):
            text = (
                "rows go to the dict API, which conductors have up to the next release, where "
                "an object cannot carry them"
            )
        elif any(one.after.count(mark) > (one.before or b"").count(mark) for one in patch.changes):
            text = "an object that goes to one of them is made without what is new in it"
        else:
            text = "a receiver takes the fields that it knows"
        schema = not any("/db/" in one.path for one in result.changes)
        no_column = "No column changes, so the database needs no migration. " if schema else ""
        yield _filled(
            f"Upgrade: conductors first, as ever. {no_column}While computes of the release "
            f"before are left, {text}."
        )


def _verified(verified: Verification | None) -> str:
    """How the series was tried, and the result of each patch."""
    if verified is None:
        return _filled(
            "Verified by codemods itself: every changed file parses after each patch, binds the "
            "names that it reads and imports what is there. No test was run; `codemods verify` "
            "does."
        )
    head = f"After each patch, on those before it:\n\n  {verified.command}"
    return _list(head, verified_lines(verified))


def verified_lines(verified: Verification) -> list[str]:
    """The result of the tree before the series, and of each patch."""
    lines = []
    if verified.baseline is not None:
        failed = len(verified.baseline.failed)
        lines.append(f"before: status {verified.baseline.status}, {failed} tests failed")
    for trial in verified.trials:
        number = trial.patch[:4]
        if trial.refused:
            lines.append(f"{number}: does not apply")
            continue
        compiled = f"{len(trial.not_compiled)} files do not compile, " if trial.not_compiled else ""
        new = f", {len(trial.new_failures)} of them new" if verified.baseline is not None else ""
        lines.append(
            f"{number}: {compiled}status {trial.status}, {len(trial.failed)} tests failed{new}"
        )
    return lines


def _left(result: RunResult) -> Iterator[str]:
    """What was left, by reason: what it means, what to do, and the number of places per file."""
    places: dict[str, collections.Counter[str]] = {}
    for one in result.declined:
        places.setdefault(one.code, collections.Counter())[one.path] += 1
    if places:
        yield "Left as it is, by reason; the report (--report) has each place:"
    for code, files in sorted(places.items(), key=lambda one: (-one[1].total(), one[0])):
        head = f"{code}, {files.total()} place{'s' if files.total() > 1 else ''}:"
        text = f"{head} {reasons()[code]}. {remedies()[code]}"
        lines = [f"    {count:3} {path}" for path, count in sorted(files.items())]
        yield "\n".join([_filled(text, "  "), *lines])
