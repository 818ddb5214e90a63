# SPDX-License-Identifier: Apache-2.0
"""The options that say what is read and how, which the commands have in common."""

import pathlib
from collections.abc import Callable
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import Progress

from codemods.analysis.assumptions import Assumption, read
from codemods.config import Config
from codemods.discovery import PACKAGE
from codemods.engine import run
from codemods.model import ITEMS, RunResult

STATUSES = """
Exit status: 0 done, 1 something would change (--check), 2 wrong usage,
4 some files could not be read, parsed, verified or written, or the objects'
package cannot be used in this tree; 1 and 4 add up.
"""

TREE = click.Path(exists=True, file_okay=False, path_type=pathlib.Path)
PATH = click.Path(path_type=pathlib.Path)

_Command = TypeVar("_Command", bound=Callable[..., Any])

_READING = (
    click.option(
        "--only",
        multiple=True,
        type=click.Choice([item.value for item in ITEMS]),
        metavar="ITEM",
        help="Only this work item, with what it cannot do without; repeatable. "
        f"One of {', '.join(i.value for i in ITEMS)}.",
    ),
    click.option(
        "--target",
        type=click.Choice(["nova", "shim"]),
        help="The package that objects come from; default: what the tree has.",
    ),
    click.option("--assume", multiple=True, type=PATH, metavar="FILE", help="Facts, as TOML."),
    click.option(
        "--package",
        default=PACKAGE,
        show_default=True,
        metavar="NAME",
        help="What the tree's package is called.",
    ),
    click.option(
        "--include",
        multiple=True,
        type=PATH,
        metavar="DIR",
        help="A directory of TREE beside the package, whose code uses it; repeatable.",
    ),
    click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True),
)


def reading(command: _Command) -> _Command:
    """Give a command the options that `config` reads."""
    for option in reversed(_READING):
        command = option(command)
    return command


def config(tree: pathlib.Path, options: dict[str, Any]) -> Config:
    """What a run on the tree is asked to do; raises `BadAssumption`."""
    only = options["only"]
    facts: list[Assumption] = []
    for path in options["assume"]:
        facts += read(path)
    return Config(
        tree,
        tuple(item for item in ITEMS if item.value in only) if only else ITEMS,
        options["target"],
        tuple(facts),
        options["jobs"],
        options["package"],
        options["include"],
    )


def watched_run(asked: Config, errors: Console, quiet: bool) -> RunResult:
    """The outcome of a run, with a bar for whoever waits at a terminal."""
    if quiet or not errors.is_terminal:
        return run(asked)
    with Progress(console=errors, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def show(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        return run(asked, show)
