# SPDX-License-Identifier: Apache-2.0
"""The options that several commands share: what is read, and how."""

import pathlib
from collections.abc import Callable
from typing import Any, TypeVar

import click

from codemods.analysis.assumptions import Assumption, read
from codemods.asked import require_rules, rule_names
from codemods.choice import Choice, left_out
from codemods.cli.configured import rule_completions
from codemods.cli.terminal import COLORS
from codemods.config import Config
from codemods.discovery import PACKAGE, path_within
from codemods.model import ITEMS

STATUSES = """
Exit status: 0 done, 1 something would change (--check), 2 wrong usage,
4 some files could not be read, parsed, verified or written, or the objects'
package cannot be used in this tree; 1 and 4 add up.
"""

TREE = click.Path(exists=True, file_okay=False, path_type=pathlib.Path)
PATH = click.Path(path_type=pathlib.Path)

_Command = TypeVar("_Command", bound=Callable[..., Any])

_CONFIG = click.option(
    "--config",
    type=PATH,
    metavar="FILE",
    help="Options, as TOML; default: what TREE says in codemods.toml or pyproject.toml.",
)

own_rules = click.option(
    "--rules",
    multiple=True,
    type=PATH,
    metavar="PATH",
    help="Rules of one's own: a module, or a folder of modules, which is run; repeatable.",
)

_OWN = (
    own_rules,
    click.option(
        "--mappings",
        multiple=True,
        type=PATH,
        metavar="FILE",
        help="Methods, fields and relations of a fork, as TOML; repeatable.",
    ),
)

_READING = (
    _CONFIG,
    click.option(
        "--only",
        multiple=True,
        type=click.Choice([item.value for item in ITEMS]),
        metavar="ITEM",
        help="Only this work item, and those it needs; repeatable. "
        f"One of {', '.join(i.value for i in ITEMS)}.",
    ),
    click.option(
        "--rule",
        "rules_only",
        multiple=True,
        metavar="NAME",
        shell_complete=rule_completions,
        help="Only this rule, or those matching a pattern such as 'conductor_*'; repeatable.",
    ),
    click.option(
        "--skip",
        multiple=True,
        metavar="NAME",
        shell_complete=rule_completions,
        help="Leave out this rule, or those matching a pattern; repeatable.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        help="Read these files or directories of TREE but leave them unchanged; * matches "
        "slashes too; repeatable.",
    ),
    click.option(
        "--target",
        type=click.Choice(["nova", "shim"]),
        help="The package that objects come from; default: what the tree has.",
    ),
    click.option(
        "--assume",
        multiple=True,
        type=PATH,
        metavar="FILE",
        help="Facts that inference cannot see, as TOML.",
    ),
    click.option(
        "--package",
        default=PACKAGE,
        show_default=True,
        metavar="NAME",
        help="Name of the tree's package.",
    ),
    click.option(
        "--include",
        multiple=True,
        type=PATH,
        metavar="DIR",
        help="A directory of TREE outside the package whose code uses it; repeatable.",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        help="Number of processes.",
    ),
    *_OWN,
)


COLOR = click.option(
    "--color",
    type=click.Choice(COLORS),
    default="auto",
    show_default=True,
    help="When to use colours; auto: on a terminal, unless NO_COLOR is set.",
)

_SEEING = (
    COLOR,
    click.option(
        "--verbose",
        is_flag=True,
        help="Print how long each stage took, and which files were loaded and why.",
    ),
)


def seeing(command: _Command) -> _Command:
    """Give a command the options for how much is shown, and how."""
    for option in reversed(_SEEING):
        command = option(command)
    return command


def own(command: _Command) -> _Command:
    """Give a command the options for rules and mappings from outside the package."""
    for option in reversed(_OWN):
        command = option(command)
    return command


def reading(command: _Command) -> _Command:
    """Give a command the options that `config` reads."""
    for option in reversed(_READING):
        command = option(command)
    return command


def config(tree: pathlib.Path, options: dict[str, Any]) -> Config:
    """The options of a run on the tree; raises `CodemodsError`."""
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
        choice(tree, options),
        options["rules"],
        options["mappings"],
    )


def choice(tree: pathlib.Path, options: dict[str, Any]) -> Choice:
    """What may be changed in the tree; raises `UnknownRule` and `NotATree`."""
    asked = *options["rules_only"], *options["skip"]
    require_rules(asked, options["rules"])
    known = rule_names(options["rules"]) if asked else ()
    return Choice(
        left_out(known, options["rules_only"], options["skip"]),
        tuple(path_within(tree, path) for path in options.get("paths", ())),
        options["exclude"],
    )
