# SPDX-License-Identifier: Apache-2.0
"""The cover letter of a series."""

import collections
import textwrap
from collections.abc import Iterator, Sequence

from codemods.mappings import reasons, remedies
from codemods.model import RunResult
from codemods.outputs.checkout import LeftOut
from codemods.outputs.numbers import by_item, counted, new_files, totals
from codemods.trials import Verification

SUBJECT = "Use objects instead of the conductor's dict API"


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
        parts.append(_list("Unit tests to fix by hand:", persons))
    if result.overlong:
        long = [f"{o.path}:{o.line} {o.columns} columns" for o in result.overlong]
        parts.append(_list("Lines longer than 79 columns:", long))
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
    """What the series does."""
    owner = "shim" if result.target == "shim" else "tree"
    return _filled(
        "This series replaces conductor calls that read or write rows with calls on the "
        f"{owner}'s versioned objects. Work items; each one that changes files is a patch:"
    )


def _table(result: RunResult) -> str:
    numbers = totals(result)
    lines = [
        f"  {row.item.value:14} {row.files:3} {_noun(row.files, 'file'):6}"
        f" {row.edits:4} {_noun(row.edits, 'edit'):6} {row.left:3} left"
        for row in by_item(result)
        if row.edits or row.left
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


def _noun(number: int, noun: str) -> str:
    return f"{noun}," if number == 1 else f"{noun}s,"


def _needs(needed: Sequence[tuple[int, ...]]) -> str:
    """Which patches each patch needs, as found by trying."""
    text = (
        "Each patch applies on top of the earlier ones, and each file it changes is complete "
        "after it."
    )
    if len(needed) < 2:
        return _filled(text)
    alone = [f"{number:04}" for number, others in enumerate(needed, 1) if not others]
    lines = [
        f"{number:04}: needs {', '.join(f'{other:04}' for other in others)}"
        for number, others in enumerate(needed, 1)
        if others
    ]
    text += " Dependencies:"
    return _list(_filled(text), [f"{', '.join(alone)}: none", *lines])


def _upgrade(result: RunResult) -> Iterator[str]:
    """How nodes of both versions work together if there are new fields."""
    for patch in result.patches:
        if not any(edit.rule == "add_object_fields" for edit in patch.edits):
            continue
        mark = b"if target_version <"
        if any(edit.rule == "keep_columns" for edit in patch.edits):
            text = (
                "A compute process sends rows that the object cannot carry through the "
                "conductor's dict API, which conductors of this release and the next still have."
            )
        elif any(one.after.count(mark) > (one.before or b"").count(mark) for one in patch.changes):
            text = "Objects sent to computes of the previous release leave out the new fields."
        else:
            text = "Computes of the previous release ignore the new fields."
        schema = not any("/db/" in one.path for one in result.changes)
        migration = "No column changes, so the database needs no migration. " if schema else ""
        yield _filled(f"Upgrade conductors first, as usual. {migration}{text}")


def _verified(verified: Verification | None) -> str:
    """How the series was tried, and the result of each patch."""
    if verified is None:
        return _filled(
            "Checked by codemods: after each patch every changed file parses, every name it uses "
            "is defined and everything it imports exists. No tests were run; `codemods verify` "
            "runs them."
        )
    head = f"Run after each patch, on top of the earlier ones:\n\n  {verified.command}"
    return _list(head, verified_lines(verified))


def verified_lines(verified: Verification) -> list[str]:
    """The result of the tree before the series, and of each patch."""
    lines = []
    if verified.baseline is not None:
        failed = counted(len(verified.baseline.failed), "test")
        lines.append(f"before: status {verified.baseline.status}, {failed} failed")
    for trial in verified.trials:
        number = trial.patch[:4]
        if trial.refused:
            lines.append(f"{number}: does not apply")
            continue
        files = counted(len(trial.not_compiled), "file")
        compiled = f"{files} failed to compile, " if trial.not_compiled else ""
        new = f", {len(trial.new_failures)} of them new" if verified.baseline is not None else ""
        failed = counted(len(trial.failed), "test")
        lines.append(f"{number}: {compiled}status {trial.status}, {failed} failed{new}")
    return lines


def _left(result: RunResult) -> Iterator[str]:
    """What was left, by reason: what it means, what to do, and the number of places per file."""
    places: dict[str, collections.Counter[str]] = {}
    for one in result.declined:
        places.setdefault(one.code, collections.Counter())[one.path] += 1
    if places:
        yield "Left unchanged, by reason (--report lists every place):"
    for code, files in sorted(places.items(), key=lambda one: (-one[1].total(), one[0])):
        head = f"{code}, {counted(files.total(), 'place')}:"
        text = f"{head} {reasons()[code]}. {remedies()[code]}"
        lines = [f"    {count:3} {path}" for path, count in sorted(files.items())]
        yield "\n".join([_filled(text, "  "), *lines])
