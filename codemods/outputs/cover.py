"""The letter that goes ahead of a series."""

from collections.abc import Sequence

from codemods.model import RunResult, Verification
from codemods.outputs.checkout import LeftOut
from codemods.outputs.numbers import by_item, new_files, totals

SUBJECT = "Make the resource tracker use objects"


def cover(
    result: RunResult,
    names: Sequence[str],
    needed: Sequence[tuple[int, ...]],
    stat: str,
    left_out: Sequence[LeftOut],
    verified: Verification | None = None,
) -> str:
    """The words of the cover letter.

    `names` are those of the patches, `needed` which of them each one needs,
    `stat` is what all of them change.
    """
    numbers = totals(result)
    lines = [
        "The calls that the resource tracker and its surroundings make to the",
        "conductor for rows become calls on versioned objects, one work item a",
        "patch.",
        "",
    ]
    for row in by_item(result):
        lines.append(
            f"  {row.item.value:14} {row.files:3} files, {row.edits:4} edits, {row.left:3} left"
        )
    lines += [
        "",
        f"Files: {numbers['found']} found = {numbers['changed']} changed"
        f" + {numbers['unchanged']} unchanged",
        f" + {numbers['not_considered']} not considered + {numbers['failed']} failed"
        f"{new_files(numbers)}.",
    ]
    if names:
        lines += ["", *_needs(needed)]
    if verified is not None:
        lines += ["", *_verified(verified)]
    if left_out:
        lines += ["", "In no patch:", ""]
        lines += [f"  {one.path}: {one.reason}" for one in left_out]
    if result.declined:
        lines += ["", "Left as they are:", ""]
        lines += [f"  {d.path}:{d.line} {d.code}" for d in result.declined]
    if result.needs_person:
        lines += ["", "Unit tests that need a person:", ""]
        lines += [f"  {n.path}:{n.line} {n.test}: {n.reason}" for n in result.needs_person]
    if result.overlong:
        lines += ["", "Lines that could not be kept under 80 columns:", ""]
        lines += [f"  {o.path}:{o.line} {o.columns} columns" for o in result.overlong]
    lines += ["", *names, "", stat] if names else [""]
    return "\n".join(lines)


def _needs(needed: Sequence[tuple[int, ...]]) -> list[str]:
    """Which patch needs which, as it was found by trying."""
    lines = [
        "Each patch applies to those before it and leaves every file that it",
        "changes whole.",
    ]
    alone = [f"{number:04}" for number, others in enumerate(needed, 1) if not others]
    if len(needed) > 1:
        lines[-1] += " What can be taken without all of those before it:"
        lines += ["", f"  {', '.join(alone)}: on the base alone"]
        lines += [
            f"  {number:04}: with {', '.join(f'{other:04}' for other in others)}"
            for number, others in enumerate(needed, 1)
            if others
        ]
    return lines


def _verified(verified: Verification) -> list[str]:
    """How the series was tried, and what came of each patch."""
    lines = ["After each patch, on those before it:", "", f"  {verified.command}", ""]
    if verified.baseline is not None:
        failed = len(verified.baseline.failed)
        lines += [f"  before: status {verified.baseline.status}, {failed} tests failed"]
    for trial in verified.trials:
        number = trial.patch[:4]
        if trial.refused:
            lines.append(f"  {number}: does not apply")
            continue
        compiled = f"{len(trial.not_compiled)} files do not compile, " if trial.not_compiled else ""
        new = f", {len(trial.new_failures)} of them new" if verified.baseline is not None else ""
        lines.append(
            f"  {number}: {compiled}status {trial.status}, {len(trial.failed)} tests failed{new}"
        )
    return lines
