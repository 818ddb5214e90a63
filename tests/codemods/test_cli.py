"""The command line as a user meets it."""

from click.testing import CliRunner

from codemods import __version__
from codemods.cli import main


def test_version_is_the_distributions():
    result = CliRunner().invoke(main, ["--version"])
    assert result.exit_code == 0
    assert __version__ in result.output
