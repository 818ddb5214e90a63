# SPDX-License-Identifier: Apache-2.0
"""The command line as a user meets it."""

import subprocess
import sys

from click.testing import CliRunner

from codemods import __version__
from codemods.cli import main
from codemods.rules import RULES


def test_a_target_that_is_none_is_refused(tmp_path):
    result = CliRunner().invoke(main, ["run", str(tmp_path), "--target", "neutron"])
    assert result.exit_code == 2
    assert "'nova', 'shim'" in result.output


def test_every_rule_is_listed_with_what_it_does():
    result = CliRunner().invoke(main, ["rules"])
    assert result.exit_code == 0
    for rule in RULES:
        assert rule.name() in result.output


def test_version_is_the_distributions():
    result = CliRunner().invoke(main, ["--version"])
    assert result.exit_code == 0
    assert __version__ in result.output


def test_a_tree_with_nothing_to_rewrite_does_not_import_libcst(tmp_path):
    (tmp_path / "nova").mkdir()
    (tmp_path / "nova" / "__init__.py").write_text("")
    (tmp_path / "nova" / "test.py").write_text("ROWS = [{'host': 'a'}]\n")
    program = (
        "import sys\n"
        "from codemods.cli import main\n"
        f"main(['run', {str(tmp_path)!r}], standalone_mode=False)\n"
        "assert 'codemods.engine' in sys.modules\n"
        "assert sys.modules.keys().isdisjoint({'jinja2', 'libcst', 'rich.progress'})\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 files = 0 changed" in done.stdout
