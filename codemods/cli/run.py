# SPDX-License-Identifier: Apache-2.0
"""`codemods run`: what would change, in the forms that are asked for."""

import gc
import pathlib
import sys
from typing import Any

import click
from rich.console import Console

from codemods.cli.letters import letter, mailing
from codemods.cli.options import PATH, STATUSES, TREE, config, reading, watched_run
from codemods.errors import CodemodsError, ExitStatus, HalfWritten, OutputFailed
from codemods.model import Failure, RunResult
from codemods.outputs.clean import require_clean, require_tracked
from codemods.outputs.diff import unified
from codemods.outputs.github import annotations
from codemods.outputs.letter import Letter
from codemods.outputs.report import write_report
from codemods.outputs.sarif import write_sarif
from codemods.outputs.series import apply_command, write_series
from codemods.outputs.summary import print_summary
from codemods.outputs.tree import undo_cut_off, was_cut_off, write_changes


@click.command("run", epilog=STATUSES)
@click.argument("tree", type=TREE)
@click.option("--diff", "as_diff", is_flag=True, help="One unified diff on standard output.")
@click.option("--patches", type=PATH, metavar="DIR", help="A series for git am.")
@mailing
@click.option("--write", "in_place", is_flag=True, help="Rewrite the files in place.")
@click.option("--check", is_flag=True, help="Exit with 1 when something would change.")
@click.option("--report", type=PATH, metavar="FILE", help="The whole result as JSON.")
@click.option("--html", type=PATH, metavar="FILE", help="A page for whoever reviews the series.")
@click.option("--sarif", type=PATH, metavar="FILE", help="The result as SARIF 2.1.0.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github"]),
    default="text",
    show_default=True,
    help="What is printed: a summary, or annotations for GitHub's workflows.",
)
@click.option("--force", is_flag=True, help="Write over what git does not have, too.")
@click.option("--quiet", is_flag=True, help="No summary.")
@reading
def run_command(tree: pathlib.Path, **options: Any) -> None:
    """Say what would change in TREE, and make it so in the way that is asked for."""
    errors = Console(stderr=True)
    # the trees live as long as the run: looking for garbage costs a fifth of it
    gc.disable()
    try:
        mail = letter(tree, options)
        _prepare(tree, options, errors)
        result = watched_run(config(tree, options), errors, options["quiet"])
        # what stands against the whole run is said before anything that it comes to
        _print_failures([one for one in result.failures if one.stage == "target"], errors)
        failures = _left_behind(result, mail, options, errors)
    except OutputFailed as error:
        _say(str(error), errors)
        sys.exit(ExitStatus.FILES_FAILED)
    except CodemodsError as error:
        _say(str(error), errors)
        sys.exit(ExitStatus.USAGE)
    except KeyboardInterrupt:
        _say("interrupted; no file is half written", errors)
        sys.exit(130)
    sys.exit(_status(result, failures, options["check"]))


def _prepare(tree: pathlib.Path, options: dict[str, Any], errors: Console) -> None:
    """See to it that the tree is whole, and that it may be written; raises `CodemodsError`."""
    if options["in_place"]:
        changed = undo_cut_off(tree)
        if changed is not None:
            _say("a run that was cut off has been undone", errors)
        for path in changed or ():
            _say(f"{path}: somebody has changed it since, and it stays", errors)
        # of what is no tree the run itself says so
        if not options["force"] and (tree / options["package"] / "__init__.py").is_file():
            require_clean(tree, options["package"])
    elif was_cut_off(tree):
        raise HalfWritten(
            f"{tree}: a run was cut off while it wrote, or is writing; "
            "the next with --write undoes what it did"
        )


def _say(text: str, errors: Console) -> None:
    errors.print(f"codemods: {text}", highlight=False, soft_wrap=True, markup=False)


def _left_behind(
    result: RunResult, mail: Letter, options: dict[str, Any], errors: Console
) -> list[Failure]:
    """Make the outputs that are asked for; returns all that failed."""
    notes: list[str] = []
    failures = list(result.failures)
    if options["as_diff"]:
        sys.stdout.buffer.write(unified(result))
        sys.stdout.buffer.flush()
    if options["patches"] is not None:
        notes = _patches(result, mail, options["patches"])
    if options["report"] is not None:
        write_report(result, options["report"])
    if options["html"] is not None:
        from codemods.outputs.page.render import write_page  # which takes a while to import

        write_page(result, options["html"])
    if options["sarif"] is not None:
        write_sarif(result, options["sarif"])
    if options["in_place"]:
        existing = [change.path for change in result.changes if change.before is not None]
        if not options["force"]:
            require_tracked(pathlib.Path(result.root), existing)
        failures += write_changes(pathlib.Path(result.root), result.changes)
    if not options["quiet"]:
        _print(result, notes, options, errors)
    _print_failures([one for one in failures if one.stage != "target"], errors)
    return failures


def _print(result: RunResult, notes: list[str], options: dict[str, Any], errors: Console) -> None:
    """Say what the run comes to, in the form that is asked for."""
    out = errors if options["as_diff"] else Console()
    if options["form"] == "github":
        for line in annotations(result):
            # a line that is broken is no annotation
            print(line, file=sys.stderr if options["as_diff"] else sys.stdout)
        return
    print_summary(result, out)
    for note in notes:
        out.print(note, highlight=False, soft_wrap=True, markup=False)


def _patches(result: RunResult, mail: Letter, directory: pathlib.Path) -> list[str]:
    """Write the series; returns what there is to say of it."""
    made = write_series(result, directory, mail)
    notes = [f"in no patch: {one.path}: {one.reason}" for one in made.left_out]
    command = apply_command(made, directory)
    return [*notes, f"\nto apply the patches:\n  {command}"] if command else notes


def _status(result: RunResult, failures: list[Failure], check: bool) -> int:
    status = ExitStatus.FILES_FAILED if failures else ExitStatus.DONE
    if check and result.changes:
        return status | ExitStatus.WOULD_CHANGE
    return status


def _print_failures(failures: list[Failure], errors: Console) -> None:
    for one in failures:
        _say(f"{one.path}: {one.stage}: {one.reason}; {one.remedy}", errors)
