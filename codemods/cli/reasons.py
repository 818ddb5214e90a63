# SPDX-License-Identifier: Apache-2.0
"""`codemods reasons`: why places are left, and what to do about it."""

import textwrap

import click
from click.shell_completion import CompletionItem

from codemods.choice import matching
from codemods.errors import nearest
from codemods.mappings import reasons, remedies

_EXAMPLES = """
\b
Examples:
  codemods reasons              every code
  codemods reasons value.mixed  one of them
  codemods reasons 'call.*'     those that a pattern matches
"""


def _completions(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    return [CompletionItem(code) for code in sorted(reasons()) if code.startswith(incomplete)]


@click.command("reasons", epilog=_EXAMPLES)
@click.argument("codes", nargs=-1, metavar="[CODE]...", shell_complete=_completions)
def reasons_command(codes: tuple[str, ...]) -> None:
    """Say what each reason code means, and what to do about a place that has it."""
    for code in codes:
        if not matching(code, reasons()):
            raise click.UsageError(f"no reason code {code}{nearest(code, reasons())}")
    asked = {one for code in codes for one in matching(code, reasons())}
    for code, text in sorted(reasons().items()):
        if not codes or code in asked:
            click.echo(code)
            for line in (text, remedies()[code]):
                click.echo(textwrap.fill(line, 88, initial_indent="    ", subsequent_indent="    "))
            click.echo()
