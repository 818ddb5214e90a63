# SPDX-License-Identifier: Apache-2.0
"""`codemods test`: check rules against their examples."""

import fnmatch
import pathlib
import sys
from typing import TYPE_CHECKING, Any

import click

from codemods.cli.options import own
from codemods.errors import CodemodsError, ExitStatus

if TYPE_CHECKING:
    from codemods.rewriting.rule import Rule

_EXAMPLES = """
\b
Examples:
  codemods test                          the rules that you have added
  codemods test 'get_*'                  those that a pattern matches
  codemods test tools/rules/racks.py --mappings tools/racks.toml
"""

_STATUSES = """
Exit status: 0 every example holds, 1 one does not, 2 wrong usage.
"""


@click.command("test", epilog=_EXAMPLES + _STATUSES)
@click.argument("words", metavar="[RULE]...", nargs=-1)
@own
def test_command(words: tuple[str, ...], **options: Any) -> None:
    """Run the examples of rules through the whole engine, each in a small tree.

    A RULE is a name, a pattern of names, or a module or folder of rules as for
    --rules. By default, these are the rules that do not come with this package or,
    if there are none, all rules.
    """
    try:
        failed = _failed(words, options["rules"], options["mappings"])
    except CodemodsError as error:
        raise click.UsageError(str(error)) from None
    sys.exit(ExitStatus.WOULD_CHANGE if failed else ExitStatus.DONE)


def _failed(
    words: tuple[str, ...], paths: tuple[pathlib.Path, ...], mappings: tuple[pathlib.Path, ...]
) -> bool:
    """Run the examples and print how each went; return whether one failed."""
    from codemods.rules.own import known_rules, own_rules, rules_in
    from codemods.testing import wrong

    files = [pathlib.Path(word) for word in words if _is_path(word)]
    own = own_rules((*paths, *files))
    if all(map(_is_path, words)):
        found = [rule for file in files for rule in rules_in(file)] or [*own] or [*known_rules()]
    else:
        found = _named([word for word in words if not _is_path(word)], list(known_rules()))
    failed = False
    for rule in sorted(dict.fromkeys(found), key=lambda one: one.name()):
        if not rule.examples():
            raise click.UsageError(f"{rule.name()} has no EXAMPLES; show what it does in them")
        for number, example in enumerate(rule.examples(), 1):
            problem = wrong(rule, example, own, mappings)
            failed = failed or bool(problem)
            click.echo(f"{rule.name()}: example {number}: {'fails' if problem else 'holds'}")
            if problem:
                click.echo(problem.rstrip())
    return failed


def _is_path(word: str) -> bool:
    return "/" in word or word.endswith(".py") or pathlib.Path(word).is_dir()


def _named(words: list[str], known: "list[type[Rule]]") -> "list[type[Rule]]":
    found = []
    for word in words:
        matching = [rule for rule in known if fnmatch.fnmatchcase(rule.name(), word)]
        if not matching:
            raise click.UsageError(f"there is no rule {word}; `codemods rules` lists all")
        found += matching
    return found
