# SPDX-License-Identifier: Apache-2.0
"""The command line: options in, exit status out."""

import click

from codemods import __version__
from codemods.cli.explain import explain_command
from codemods.cli.options import STATUSES
from codemods.cli.rules import rules_command
from codemods.cli.run import run_command
from codemods.cli.verify import verify_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=STATUSES)
@click.version_option(__version__, prog_name="codemods")
def main() -> None:
    """Rewrite nova's conductor dict calls to calls on versioned objects."""


main.add_command(run_command)
main.add_command(verify_command)
main.add_command(explain_command)
main.add_command(rules_command)
