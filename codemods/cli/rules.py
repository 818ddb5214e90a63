# SPDX-License-Identifier: Apache-2.0
"""`codemods rules`: what the rules do."""

import pathlib
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from codemods.asked import require_rules
from codemods.choice import matching
from codemods.cli.configured import rule_completions
from codemods.cli.diffs import diff
from codemods.cli.options import COLOR, own_rules
from codemods.cli.terminal import Color, Terminal, reader_may_leave
from codemods.errors import CodemodsError

if TYPE_CHECKING:
    from codemods.rewriting.rule import Rule

_EXAMPLES = """
\b
Examples:
  codemods rules                         what each rule does
  codemods rules subscript_to_attribute  one in full, with its examples
  codemods rules 'conductor_*'           those that a pattern matches
"""


@click.command("rules", epilog=_EXAMPLES)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=rule_completions)
@own_rules
@COLOR
def rules_command(names: tuple[str, ...], rules: tuple[pathlib.Path, ...], color: Color) -> None:
    """List every rule: its name, what it does, why it is safe.

    With NAMEs, or patterns of them, show those rules in full: their examples as
    diffs, and what they leave alone.
    """
    try:
        require_rules(names, rules)
        known = _rules(rules)
    except CodemodsError as error:
        raise click.UsageError(str(error)) from None
    asked = {one for name in names for one in matching(name, [one.name() for one in known])}
    out = Terminal(color).out
    with reader_may_leave():
        for rule in known:
            if not names or rule.name() in asked:
                _print(rule, bool(names), out)


def _rules(named: Iterable[pathlib.Path]) -> "list[type[Rule]]":
    from codemods.rules.own import known_rules, own_rules  # libcst, which others may not need

    own_rules(named)
    return sorted(known_rules(), key=lambda one: one.name())


def _print(rule: "type[Rule]", in_full: bool, out: Console) -> None:
    out.print(Text(rule.name(), "bold"))
    for line in rule.summary().strip().splitlines():
        out.print(Text(f"    {line}".rstrip()), soft_wrap=True)
    for shown in _examples(rule) if in_full else ():
        out.print(shown, soft_wrap=True)
    out.print()


def _examples(rule: "type[Rule]") -> Iterator[Text]:
    from codemods.rewriting.examples import Example

    for one in rule.examples():
        yield Text()
        if isinstance(one, Example):
            yield from diff(one.before, one.after, one.path)
        else:
            because = f" ({one.because})" if one.because else ""
            yield Text(f"left alone{because}, in {one.path}:", "bold")
            yield Text(textwrap.indent(one.source.rstrip("\n"), "    "))
