# SPDX-License-Identifier: Apache-2.0
"""What `codemods run` prints for people."""

import pathlib
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from codemods.cli.terminal import Terminal, is_colored, reader_may_leave
from codemods.model import RunResult
from codemods.outputs.diff import stat
from codemods.outputs.github import annotations
from codemods.outputs.summary import print_summary


def is_output(path: pathlib.Path | None) -> bool:
    """Whether a file name stands for standard output."""
    return path is not None and str(path) == "-"


def print_outcome(
    result: RunResult, notes: list[str], options: Mapping[str, Any], terminal: Terminal
) -> None:
    """Print the outcome of the run, in the form that was asked for.

    It goes to standard error if standard output is used for a diff, report or patches.
    """
    taken = options["as_diff"] or is_output(options["report"]) or is_output(options["patches"])
    out = terminal.errors if taken else terminal.out
    with reader_may_leave():
        if options["verbose"]:
            print_stages(result, terminal.errors)
        if options["form"] == "github":
            for line in annotations(result) if not options["quiet"] else ():
                # a wrapped line would not be an annotation
                out.print(line, highlight=False, soft_wrap=True, markup=False)
            return
        if options["as_stat"]:
            lines = stat(result, is_colored(out)).decode("utf-8", "replace")
            out.print(Text.from_ansi(lines), soft_wrap=True)
        if options["quiet"]:
            return
        print_summary(result, out, names=not options["as_stat"])
        for note in notes:
            out.print(note, highlight=False, soft_wrap=True, markup=False)


def print_stages(result: RunResult, console: Console) -> None:
    """Print the CPU time of each step, and which files were loaded."""
    table = Table(box=None, pad_edge=False)
    table.add_column("stage")
    table.add_column("seconds", justify="right")
    for name, seconds in result.seconds:
        table.add_row(name, f"{seconds:.2f}")
    console.print(table)
    console.print(f"\n{len(result.loaded)} of {result.found} files loaded:", highlight=False)
    for path, why in result.loaded:
        console.print(f"    {path}: {why}", highlight=False, soft_wrap=True, markup=False)
    console.print()
