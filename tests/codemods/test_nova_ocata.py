# SPDX-License-Identifier: Apache-2.0
"""A large tree that has nothing to rewrite: nova 15.1.5, as PyPI has it.

The wheel holds the sources as they are, and needs no building as the source
distribution does.
"""

import pathlib
import subprocess
import sys
import zipfile

import pytest

from codemods.config import Config
from codemods.engine import run
from codemods.model import RunResult

WANTED = "nova==15.1.5"

#: What they share takes long to make.
pytestmark = pytest.mark.xdist_group("ocata")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The tree; the tests are skipped where it cannot be had."""
    place = tmp_path_factory.mktemp("ocata")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    command += ["--no-deps", "--only-binary", ":all:", "--retries", "1", "--dest", str(place)]
    try:
        done = subprocess.run(
            [*command, WANTED], capture_output=True, text=True, timeout=120, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{WANTED} could not be downloaded within two minutes")
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["pip said nothing"]
        pytest.skip(f"{WANTED} could not be downloaded: {lines[-1]}")
    (wheel,) = place.glob("nova-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "tree")
    return place / "tree"


@pytest.fixture(scope="module")
def result(tree: pathlib.Path) -> RunResult:
    """The outcome of a run on the tree."""
    return run(Config(tree))


def test_it_is_a_large_tree(result: RunResult):
    assert result.found > 1000


def test_nothing_is_rewritten_and_nothing_fails(result: RunResult):
    assert result.failures == ()
    assert result.changes == ()
    assert result.patches == ()
    assert result.needs_person == ()


def test_nothing_is_listed_as_left(result: RunResult):
    assert result.declined == ()
