# SPDX-License-Identifier: Apache-2.0
"""`codemods rules`: what the rules do."""

import click


@click.command("rules")
def rules_command() -> None:
    """List every rule: its name, what it does, why it is safe."""
    from codemods.rules import RULES  # libcst, which the other commands may not need

    for rule in sorted(RULES, key=lambda one: one.name()):
        click.echo(rule.name())
        for line in rule.summary().strip().splitlines():
            click.echo(f"    {line}".rstrip())
        click.echo()
