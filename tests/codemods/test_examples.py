# SPDX-License-Identifier: Apache-2.0
"""The whole run over the bundled example, held by snapshots and by the example's own tests."""

import json
import pathlib
import shutil
import subprocess
import sys

import jsonschema
import pytest

from codemods.config import Config
from codemods.engine import run
from codemods.outputs.report import report, schema
from codemods.outputs.series import series, write_series

UNITTEST = (sys.executable, "-B", "-m", "unittest", "discover", "-q")
EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "tracker"


@pytest.fixture(scope="module")
def result():
    return run(Config(EXAMPLE))


@pytest.fixture
def checkout(tmp_path):
    """The example as a git checkout with everything in it committed."""
    root = tmp_path / "tree"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__"))
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Start")
    return root


def git(root, *words):
    identity = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    return subprocess.run(
        ["git", *identity, *words], cwd=root, check=True, capture_output=True, text=True
    )


def own_tests_pass(root):
    done = subprocess.run(
        [*UNITTEST, "-s", "nova/tests", "-t", "."],
        cwd=root,
        capture_output=True,
        text=True,
    )
    # one of them has nothing left to test when the conductor is gone
    assert "Ran 29 tests" in done.stderr or "Ran 28 tests" in done.stderr
    return done.returncode == 0


def test_the_series_is_the_reviewed_one(result, snapshot):
    snapshot.assert_match_dir({"series": series(result)}, "example")


def test_the_report_is_the_reviewed_one(result, snapshot):
    data = report(result)
    jsonschema.validate(data, schema())
    snapshot.assert_match(json.dumps(data, indent=1, sort_keys=True) + "\n", "report.json")


def test_every_patch_applies_and_keeps_the_examples_tests(result, checkout, tmp_path):
    write_series(result, tmp_path / "series")
    assert own_tests_pass(checkout)
    for patch in sorted((tmp_path / "series").glob("000[1-9]*.patch")):
        done = git(checkout, "am", str(patch))
        assert "warning" not in done.stderr
        assert own_tests_pass(checkout), patch.name
    for change in result.changes:
        assert (checkout / change.path).read_bytes() == change.after


def test_a_second_run_finds_nothing(result, tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "tree")
    for change in result.changes:
        (tmp_path / "tree" / change.path).write_bytes(change.after)
    again = run(Config(tmp_path / "tree"))
    assert again.changes == ()
    assert again.patches == ()


def test_the_conductor_is_gone_from_the_rewritten_files(result):
    after = {change.path: change.after for change in result.changes}
    for path in ("nova/compute/tracker.py", "nova/scheduler/report.py"):
        assert b"conductor" not in after[path]
