"""The command line: options in, exit status out."""

import click

from codemods import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="codemods")
def main() -> None:
    """Rewrite nova's conductor dict calls to calls on versioned objects."""
