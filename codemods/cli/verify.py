# SPDX-License-Identifier: Apache-2.0
"""`codemods verify`: whether each patch of the series holds."""

import pathlib
import shutil
import sys
import tempfile
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from codemods.cli.configured import ConfiguredCommand
from codemods.cli.letters import letter, mailing
from codemods.cli.options import PATH, TREE, config, reading, seeing
from codemods.cli.printed import is_output, print_stages
from codemods.cli.progress import watched_run
from codemods.cli.terminal import Terminal, reader_may_leave
from codemods.errors import CodemodsError, ExitStatus, OutputFailed
from codemods.model import RunResult
from codemods.outputs.proof import proven
from codemods.outputs.report import write_report, written
from codemods.outputs.series import write_series
from codemods.trials import Trial, Verification

_EXAMPLES = """
\b
Examples:
  codemods verify nova --exec 'python -m pytest nova/tests/compute' --baseline
  codemods verify nova --exec true --python python2.7 --patches series
"""

_STATUSES = """
Exit status: 0 each patch holds, 1 one does not, 2 wrong usage, 4 the series
could not be made.
"""

#: At most this many failed tests are named for each patch; the report has them all.
_NAMED = 10


@click.command("verify", cls=ConfiguredCommand, epilog=_EXAMPLES + _STATUSES)
@click.argument("tree", type=TREE)
@click.option(
    "--exec",
    "command",
    required=True,
    metavar="COMMAND",
    help="Shell command run after each patch. Failed tests are listed if it is pytest, unittest, "
    "testtools or (with the extra `verify`) subunit.",
)
@click.option("--baseline", is_flag=True, help="Ignore tests that already fail before the series.")
@click.option(
    "--python", default="", metavar="PYTHON", help="Compile the changed files with this Python."
)
@click.option(
    "--patches",
    type=PATH,
    metavar="DIR",
    help="Write the series, with the results in its cover letter.",
)
@mailing
@click.option("--report", type=PATH, metavar="FILE", help="The whole result as JSON.")
@click.option("--html", type=PATH, metavar="FILE", help="A page for whoever reviews the series.")
@seeing
@reading
def verify_command(tree: pathlib.Path, command: str, **options: Any) -> None:
    """Apply the series to a copy of TREE, patch by patch, and try each."""
    terminal = Terminal(options["color"])
    python = options["python"]
    if python and shutil.which(python) is None:
        raise click.BadParameter(f"{python}: no such program", param_hint="--python")
    if is_output(options["patches"]):
        raise click.BadParameter("name a directory", param_hint="--patches")
    try:
        result = watched_run(config(tree, options), terminal.errors, terminal.is_watched)
        found = _verified(result, command, options, terminal.errors)
        if options["patches"] is not None:
            write_series(result, options["patches"], letter(tree, options), found)
        if is_output(options["report"]):
            terminal.write(written(result, found))
        elif options["report"] is not None:
            write_report(result, options["report"], found)
        if options["html"] is not None:
            from codemods.outputs.page.render import write_page  # which takes a while to import

            write_page(result, options["html"], found)
    except CodemodsError as error:
        terminal.say(str(error))
        sys.exit(ExitStatus.FILES_FAILED if isinstance(error, OutputFailed) else ExitStatus.USAGE)
    except KeyboardInterrupt:
        terminal.say("interrupted; the copy of the tree is gone")
        sys.exit(130)
    out = terminal.errors if is_output(options["report"]) else terminal.out
    with reader_may_leave():
        if options["verbose"]:
            print_stages(result, terminal.errors)
        print_verification(found, len(result.patches), out)
    whole = len(found.trials) == len(result.patches) and all(map(found.holds, found.trials))
    sys.exit(ExitStatus.DONE if whole else ExitStatus.WOULD_CHANGE)


def _verified(
    result: RunResult, command: str, options: dict[str, Any], errors: Console
) -> Verification:
    with tempfile.TemporaryDirectory(prefix="codemods-series-") as place:
        series = write_series(result, pathlib.Path(place), lasts=False)
        patches = [pathlib.Path(place, name) for name in series.files if name.endswith(".patch")]
        return proven(
            pathlib.Path(result.root),
            patches,
            command,
            options["python"],
            options["baseline"],
            lambda what: errors.print(f"trying {what}", highlight=False, markup=False),
        )


def print_verification(found: Verification, count: int, console: Console) -> None:
    """Print a row for each patch, and which tests failed."""
    table = Table(box=None, pad_edge=False)
    for name in ("patch", "applied", "compiled", "status", "failed", "new", "seconds"):
        table.add_column(name, justify="left" if name == "patch" else "right")
    if found.baseline is not None:
        table.add_row("before the series", "", "", *_outcome(found.baseline))
    for trial in found.trials:
        compiled = ("no" if trial.not_compiled else "yes") if found.python else "-"
        applied = ("no", "-") if trial.refused else ("yes", compiled)
        table.add_row(trial.patch, *applied, *_outcome(trial))
    console.print(table)
    for trial in found.trials:
        for text in _troubles(trial):
            console.print(f"{trial.patch}: {text}", highlight=False, soft_wrap=True, markup=False)
    good = sum(map(found.holds, found.trials))
    console.print(f"{good} of {count} patches hold", highlight=False)


def _outcome(trial: Trial) -> tuple[str, str, str, str]:
    if trial.status is None:
        return "-", "-", "-", "-"
    new = str(len(trial.new_failures)) if trial.patch else ""
    return str(trial.status), str(len(trial.failed)), new, f"{trial.seconds:.1f}"


def _troubles(trial: Trial) -> list[str]:
    """What went wrong with a patch, one line each."""
    found = [trial.refused] if trial.refused else []
    found += [f"{path} does not compile" for path in trial.not_compiled]
    found += [f"failed: {name}" for name in trial.new_failures[:_NAMED]]
    more = len(trial.new_failures) - _NAMED
    return [*found, f"failed: {more} more"] if more > 0 else found
