# SPDX-License-Identifier: Apache-2.0
"""`codemods completion`: what a shell needs to complete command lines."""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")

_EXAMPLES = """
\b
Examples:
  codemods completion bash >> ~/.bashrc
  codemods completion zsh >> ~/.zshrc
  codemods completion fish > ~/.config/fish/completions/codemods.fish
"""


@click.command("completion", epilog=_EXAMPLES)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print a script with which a shell completes commands, options and names."""
    made = get_completion_class(shell)
    assert made is not None
    name = "codemods"
    click.echo(made(ctx.find_root().command, {}, name, f"_{name.upper()}_COMPLETE").source())
