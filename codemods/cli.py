"""The command line: options in, exit status out."""

import dataclasses
import gc
import pathlib
import sys

import click
from rich.console import Console
from rich.progress import Progress

from codemods import __version__
from codemods.analysis.assumptions import Assumption, read
from codemods.config import Config
from codemods.discovery import PACKAGE
from codemods.engine import explained, run
from codemods.errors import CodemodsError, ExitStatus, OutputFailed
from codemods.model import ITEMS, Failure, RunResult
from codemods.outputs.diff import unified
from codemods.outputs.explain import explanation, not_read
from codemods.outputs.report import write_report
from codemods.outputs.series import write_series
from codemods.outputs.summary import print_summary
from codemods.outputs.write import require_clean, write_changes

_STATUSES = """
Exit status: 0 done, 1 something would change (--check), 2 wrong usage,
4 some files could not be read, parsed, verified or written, or the objects'
package cannot be used in this tree; 1 and 4 add up.
"""

TREE = click.Path(exists=True, file_okay=False, path_type=pathlib.Path)
PATH = click.Path(path_type=pathlib.Path)
TARGET = click.option(
    "--target",
    type=click.Choice(["nova", "shim"]),
    help="The package that objects come from; default: what the tree has.",
)

PACKAGE_NAME = click.option(
    "--package",
    default=PACKAGE,
    show_default=True,
    metavar="NAME",
    help="What the tree's package is called.",
)
INCLUDE = click.option(
    "--include",
    multiple=True,
    type=PATH,
    metavar="DIR",
    help="A directory of TREE beside the package, whose code uses it; repeatable.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=_STATUSES)
@click.version_option(__version__, prog_name="codemods")
def main() -> None:
    """Rewrite nova's conductor dict calls to calls on versioned objects."""


@main.command("run", epilog=_STATUSES)
@click.argument("tree", type=TREE)
@click.option("--diff", "as_diff", is_flag=True, help="One unified diff on standard output.")
@click.option("--patches", type=PATH, metavar="DIR", help="A series for git am.")
@click.option("--write", "in_place", is_flag=True, help="Rewrite the files in place.")
@click.option("--check", is_flag=True, help="Exit with 1 when something would change.")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([item.value for item in ITEMS]),
    metavar="ITEM",
    help="Only this work item, with what it cannot do without; repeatable. "
    f"One of {', '.join(i.value for i in ITEMS)}.",
)
@click.option("--report", type=PATH, metavar="FILE", help="The whole result as JSON.")
@TARGET
@click.option("--assume", multiple=True, type=PATH, metavar="FILE", help="Facts, as TOML.")
@PACKAGE_NAME
@INCLUDE
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--force", is_flag=True, help="Write over uncommitted changes.")
@click.option("--quiet", is_flag=True, help="No summary.")
def run_command(
    tree: pathlib.Path,
    as_diff: bool,
    patches: pathlib.Path | None,
    in_place: bool,
    check: bool,
    only: tuple[str, ...],
    report: pathlib.Path | None,
    target: str | None,
    assume: tuple[pathlib.Path, ...],
    package: str,
    include: tuple[pathlib.Path, ...],
    jobs: int,
    force: bool,
    quiet: bool,
) -> None:
    """Say what would change in TREE, and make it so in the way that is asked for."""
    errors = Console(stderr=True)
    # the trees live as long as the run: looking for garbage costs a fifth of it
    gc.disable()
    try:
        if in_place and not force:
            require_clean(tree)
        config = _config(tree, only, target, assume)
        config = dataclasses.replace(config, jobs=jobs, package=package, include=include)
        result = _run(config, errors, quiet)
        failures = list(result.failures)
        # what stands against the whole run is said before anything that it comes to
        _print_failures([one for one in failures if one.stage == "target"], errors)
        if as_diff:
            sys.stdout.buffer.write(unified(result.changes))
            sys.stdout.buffer.flush()
        if patches is not None:
            write_series(result, patches)
        if report is not None:
            write_report(result, report)
        if in_place:
            failures += write_changes(tree, result.changes)
        if not quiet:
            print_summary(result, errors if as_diff else Console())
        _print_failures([one for one in failures if one.stage != "target"], errors)
    except OutputFailed as error:
        errors.print(f"codemods: {error}", highlight=False, soft_wrap=True, markup=False)
        sys.exit(ExitStatus.FILES_FAILED)
    except CodemodsError as error:
        errors.print(f"codemods: {error}", highlight=False, soft_wrap=True, markup=False)
        sys.exit(ExitStatus.USAGE)
    except KeyboardInterrupt:
        errors.print("codemods: interrupted; no file is half written")
        sys.exit(130)
    sys.exit(_status(result, failures, check))


def _config(
    tree: pathlib.Path,
    only: tuple[str, ...],
    target: str | None,
    assume: tuple[pathlib.Path, ...],
) -> Config:
    items = tuple(item for item in ITEMS if item.value in only) if only else ITEMS
    facts: list[Assumption] = []
    for path in assume:
        facts += read(path)
    return Config(tree, items, target, tuple(facts))


def _run(config: Config, errors: Console, quiet: bool) -> RunResult:
    if quiet or not errors.is_terminal:
        return run(config)
    with Progress(console=errors, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def show(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        return run(config, show)


def _status(result: RunResult, failures: list[Failure], check: bool) -> int:
    status = ExitStatus.FILES_FAILED if failures else ExitStatus.DONE
    if check and result.changes:
        return status | ExitStatus.WOULD_CHANGE
    return status


def _print_failures(failures: list[Failure], errors: Console) -> None:
    for one in failures:
        text = f"codemods: {one.path}: {one.stage}: {one.reason}; {one.remedy}"
        errors.print(text, highlight=False, soft_wrap=True, markup=False)


@main.command("explain", epilog=_STATUSES)
@click.argument("tree", type=TREE)
@click.argument("place", metavar="FILE:LINE")
@TARGET
@click.option("--assume", multiple=True, type=PATH, metavar="FILE", help="Facts, as TOML.")
@PACKAGE_NAME
@INCLUDE
def explain_command(
    tree: pathlib.Path,
    place: str,
    target: str | None,
    assume: tuple[pathlib.Path, ...],
    package: str,
    include: tuple[pathlib.Path, ...],
) -> None:
    """Say which object the place holds and how we know, or why it was left."""
    path, _, line = place.rpartition(":")
    if not path or not line.isdigit():
        raise click.BadParameter("name a file of the tree and a line: nova/service.py:168")
    try:
        config = _config(tree, (), target, assume)
        config = dataclasses.replace(config, package=package, include=include)
        result, survey = explained(config)
    except CodemodsError as error:
        raise click.UsageError(str(error)) from None
    inside = pathlib.Path(path)
    if inside.is_absolute():
        inside = inside.relative_to(tree.resolve())
    if not (tree / inside).is_file():
        raise click.BadParameter(f"{inside}: no such file in {tree}")
    lines = explanation(survey.inference, result, inside.as_posix(), int(line))
    nothing = not_read(survey.inference, result, inside.as_posix())
    nothing = nothing or "nothing of the conductor's is known to come here"
    click.echo("\n".join(lines) or nothing)


@main.command("rules")
def rules_command() -> None:
    """List every rule: its name, what it does, why it is safe."""
    from codemods.rules import RULES  # libcst, which the other commands may not need

    for rule in sorted(RULES, key=lambda one: one.name()):
        click.echo(rule.name())
        for line in rule.summary().strip().splitlines():
            click.echo(f"    {line}".rstrip())
        click.echo()
