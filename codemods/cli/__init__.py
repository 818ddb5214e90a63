# SPDX-License-Identifier: Apache-2.0
"""The command line: options in, exit status out."""

from typing import Any

import click

from codemods import __version__
from codemods.cli.completion import completion_command
from codemods.cli.config import config_command
from codemods.cli.explain import explain_command
from codemods.cli.options import STATUSES
from codemods.cli.reasons import reasons_command
from codemods.cli.rules import rules_command
from codemods.cli.run import run_command
from codemods.cli.terminal import reader_may_leave
from codemods.cli.test import test_command
from codemods.cli.verify import verify_command


class Commands(click.Group):
    """All the commands; a reader of standard output may leave early."""

    def invoke(self, ctx: click.Context) -> Any:
        """See click, which treats a reader who left early as a failure."""
        with reader_may_leave():
            return super().invoke(ctx)


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=STATUSES
)
@click.version_option(__version__, prog_name="codemods")
def main() -> None:
    """Rewrite nova's conductor dict calls to calls on versioned objects."""


main.add_command(run_command)
main.add_command(verify_command)
main.add_command(explain_command)
main.add_command(rules_command)
main.add_command(reasons_command)
main.add_command(config_command)
main.add_command(completion_command)
main.add_command(test_command)
