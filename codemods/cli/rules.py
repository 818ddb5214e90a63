"""`codemods rules`: what the rules do."""

import pathlib

import click

from codemods.cli.options import own_rules
from codemods.errors import CodemodsError


@click.command("rules")
@own_rules
def rules_command(rules: tuple[pathlib.Path, ...]) -> None:
    """List every rule: its name, what it does, why it is safe."""
    from codemods.rules import own  # libcst, which the other commands may not need

    try:
        own.own_rules(rules)
    except CodemodsError as error:
        raise click.UsageError(str(error)) from None
    for rule in sorted(own.known_rules(), key=lambda one: one.name()):
        click.echo(rule.name())
        for line in rule.summary().strip().splitlines():
            click.echo(f"    {line}".rstrip())
        click.echo()
