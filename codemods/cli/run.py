# SPDX-License-Identifier: Apache-2.0
"""`codemods run`: what would change, in the forms that the options ask for."""

import pathlib
import sys
from collections.abc import Collection
from typing import Any

import click

from codemods.cli.configured import ConfiguredCommand
from codemods.cli.letters import letter, mailing
from codemods.cli.options import PATH, STATUSES, TREE, config, reading, seeing
from codemods.cli.printed import is_output, print_outcome
from codemods.cli.progress import watched_run
from codemods.cli.terminal import Terminal, is_colored
from codemods.errors import CodemodsError, ExitStatus, HalfWritten, OutputFailed
from codemods.model import Failure, RunResult
from codemods.outputs.clean import require_clean, require_tracked
from codemods.outputs.diff import unified
from codemods.outputs.letter import Letter
from codemods.outputs.report import write_report, written
from codemods.outputs.sarif import write_sarif
from codemods.outputs.series import apply_command, mails, write_series
from codemods.outputs.tree import undo_cut_off, was_cut_off, write_changes

_EXAMPLES = """
\b
Examples:
  codemods run nova                             what would change
  codemods run nova --diff | less               how
  codemods run nova --patches series            a series for git am
  codemods run nova --patches - | git am        the same, applied at once
  codemods run nova nova/compute --stat         only what is in nova/compute
  codemods run nova --exclude nova/virt/acme    all but that
  codemods run nova --interactive --write       hunk by hunk, in place
  codemods run nova --skip 'conductor_handle_*' all but what these rules do
  codemods run nova --check --format github     in a workflow of GitHub's
"""


@click.command("run", cls=ConfiguredCommand, epilog=_EXAMPLES + STATUSES)
@click.argument("tree", type=TREE)
@click.argument("paths", type=PATH, nargs=-1, metavar="[PATH]...")
@click.option("--diff", "as_diff", is_flag=True, help="One unified diff on standard output.")
@click.option("--stat", "as_stat", is_flag=True, help="How much changes in which file.")
@click.option(
    "--patches", type=PATH, metavar="DIR", help="A series for git am; -: on standard output."
)
@mailing
@click.option("--write", "in_place", is_flag=True, help="Rewrite the files in place.")
@click.option("--interactive", is_flag=True, help="Take or leave each hunk, at a terminal.")
@click.option("--check", is_flag=True, help="Exit with 1 when something would change.")
@click.option(
    "--report",
    type=PATH,
    metavar="FILE",
    help="The whole result as JSON; -: on standard output.",
)
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
@click.option("--force", is_flag=True, help="Overwrite uncommitted or untracked files too.")
@click.option("--quiet", is_flag=True, help="No summary.")
@seeing
@reading
def run_command(tree: pathlib.Path, **options: Any) -> None:
    """Show what would change in TREE, and write it in the forms that the options ask for.

    With PATHs, files or directories of TREE, only these change. The rest is still read,
    and calls stay as they are if they would need a change there.
    """
    terminal = Terminal(options["color"])
    try:
        mail = letter(tree, options)
        _require_one_output(options)
        _prepare(tree, options, terminal)
        is_watched = terminal.is_watched and not options["quiet"]
        asked = config(tree, options)
        if options["interactive"]:
            from codemods.cli.interactive import asked_for  # few runs are

            result = asked_for(asked, terminal)
        else:
            result = watched_run(asked, terminal.errors, is_watched)
        # print what concerns the whole run before its outcome
        _print_failures([one for one in result.failures if one.stage == "target"], terminal)
        _print_unmatched(result, options["exclude"], terminal)
        _print_conflicts(result, terminal)
        failures = _left_behind(result, mail, options, terminal)
    except OutputFailed as error:
        terminal.say(str(error))
        sys.exit(ExitStatus.FILES_FAILED)
    except CodemodsError as error:
        terminal.say(str(error))
        sys.exit(ExitStatus.USAGE)
    except (KeyboardInterrupt, click.Abort):
        terminal.say("interrupted; no file is half written")
        sys.exit(130)
    sys.exit(_status(result, failures, options["check"]))


def _require_one_output(options: dict[str, Any]) -> None:
    """Check that at most one output goes to standard output."""
    names = {"--diff": options["as_diff"]}
    names |= {f"--{key} -": is_output(options[key]) for key in ("patches", "report")}
    asked = [name for name, is_asked in names.items() if is_asked]
    if len(asked) > 1:
        raise click.UsageError(f"{' and '.join(asked)} would mix on standard output")


def _prepare(tree: pathlib.Path, options: dict[str, Any], terminal: Terminal) -> None:
    """Check that the tree is whole, and that it may be written; raises `CodemodsError`."""
    if options["in_place"]:
        changed = undo_cut_off(tree)
        if changed is not None:
            terminal.say("a run that was cut off has been undone")
        for path in changed or ():
            terminal.say(f"{path}: somebody has changed it since, and it stays")
        # if it is not a nova tree, the run itself reports it
        if not options["force"] and (tree / options["package"] / "__init__.py").is_file():
            require_clean(tree, options["package"])
    elif was_cut_off(tree):
        raise HalfWritten(
            f"{tree}: a run was cut off while it wrote, or is writing; "
            "the next with --write undoes what it did"
        )


def _left_behind(
    result: RunResult, mail: Letter, options: dict[str, Any], terminal: Terminal
) -> list[Failure]:
    """Make the outputs that the options ask for; return all failures."""
    notes: list[str] = []
    failures = list(result.failures)
    if options["as_diff"]:
        terminal.write(unified(result, is_colored(terminal.out)))
    if options["patches"] is not None:
        notes = _patches(result, mail, options["patches"], terminal)
    _write_files(result, options, terminal)
    if options["in_place"]:
        existing = [change.path for change in result.changes if change.before is not None]
        if not options["force"]:
            require_tracked(pathlib.Path(result.root), existing)
        failures += write_changes(pathlib.Path(result.root), result.changes)
    print_outcome(result, notes, options, terminal)
    _print_failures([one for one in failures if one.stage != "target"], terminal)
    return failures


def _write_files(result: RunResult, options: dict[str, Any], terminal: Terminal) -> None:
    if is_output(options["report"]):
        terminal.write(written(result))
    elif options["report"] is not None:
        write_report(result, options["report"])
    if options["html"] is not None:
        from codemods.outputs.page.render import write_page  # which takes a while to import

        write_page(result, options["html"])
    if options["sarif"] is not None:
        write_sarif(result, options["sarif"])


def _patches(
    result: RunResult, mail: Letter, directory: pathlib.Path, terminal: Terminal
) -> list[str]:
    """Write the series; return notes about it."""
    if is_output(directory):
        made = mails(result, mail)
        files = [made.files[name] for name in sorted(made.files) if name.endswith(".patch")]
        terminal.write(b"\n".join(files))
    else:
        made = write_series(result, directory, mail)
    notes = [f"in no patch: {one.path}: {one.reason}" for one in made.left_out]
    if not made.command:
        return [*notes, "no patch, so no series is written"]
    if is_output(directory):
        return notes
    return [*notes, f"\nto apply the patches:\n  {apply_command(made, directory)}"]


def _status(result: RunResult, failures: list[Failure], check: bool) -> int:
    status = ExitStatus.FILES_FAILED if failures else ExitStatus.DONE
    if check and result.changes:
        return status | ExitStatus.WOULD_CHANGE
    return status


def _print_unmatched(result: RunResult, asked: Collection[str], terminal: Terminal) -> None:
    for pattern in result.unmatched:
        if pattern in asked:
            terminal.say(f"--exclude {pattern}: no file of the tree matches it")


def _print_failures(failures: list[Failure], terminal: Terminal) -> None:
    for one in failures:
        terminal.say(f"{one.path}: {one.stage}: {one.reason}; {one.remedy}")


def _print_conflicts(result: RunResult, terminal: Terminal) -> None:
    for one in result.conflicts:
        terminal.say(
            f"{one.path}:{one.line}: {one.rule} and {one.other} want the same place; "
            f"{one.rule} has it, and nothing of {one.other} is left there"
        )
