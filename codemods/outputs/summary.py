# SPDX-License-Identifier: Apache-2.0
"""The summary that is printed after a run."""

import collections

from rich.console import Console
from rich.table import Table

from codemods.model import RunResult
from codemods.outputs.numbers import by_item, new_files, totals


def print_summary(result: RunResult, console: Console, names: bool = True) -> None:
    """Print a row per work item, the changed files if wanted, and what was left and why."""
    for item in result.brought:
        console.print(
            f"{item.value} is included because the requested items need it", highlight=False
        )
    table = Table(box=None, pad_edge=False)
    for name in ("work item", "files", "edits", "left"):
        table.add_column(name, justify="left" if name == "work item" else "right")
    for row in by_item(result):
        table.add_row(row.item.value, str(row.files), str(row.edits), str(row.left))
    console.print(table)
    numbers = totals(result)
    console.print(
        f"{numbers['found']} files = {numbers['changed']} changed"
        f" + {numbers['unchanged']} unchanged + {numbers['not_considered']} not considered"
        f" + {numbers['failed']} failed" + new_files(numbers),
        highlight=False,
        soft_wrap=True,
    )
    if not result.changes:
        console.print("nothing to change", highlight=False)
    elif names:
        _print_changes(result, console)
    _print_left(result, console)
    for one in result.needs_person:
        text = f"needs a person: {one.path}:{one.line} {one.test}: {one.reason}"
        console.print(text, highlight=False, soft_wrap=True, markup=False)
    for long in result.overlong:
        text = f"over 79 columns: {long.path}:{long.line} has {long.columns} once rewritten"
        console.print(text, highlight=False, soft_wrap=True, markup=False)


def _print_changes(result: RunResult, console: Console) -> None:
    for title, is_new in (("changed:", False), ("new:", True)):
        paths = [one.path for one in result.changes if (one.before is None) is is_new]
        if paths:
            console.print(f"\n{title}", highlight=False)
        for path in paths:
            console.print(f"    {path}", highlight=False, soft_wrap=True, markup=False)


def _print_left(result: RunResult, console: Console) -> None:
    groups: dict[tuple[str, str], list[str]] = collections.OrderedDict()
    for one in result.declined:
        groups.setdefault((one.code, one.reason.partition(":")[0]), []).append(
            f"{one.path}:{one.line}"
        )
    if groups:
        console.print("\nleft as it is:")
    for (code, reason), places in groups.items():
        console.print(f"  {code} ({len(places)}): {reason}", highlight=False, soft_wrap=True)
        for place in places:
            console.print(f"    {place}", highlight=False, soft_wrap=True)
