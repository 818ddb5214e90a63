"""What must hold on a real tree: nova 2014.2, named by NOVA_TREE.

With NOVA_PYTHON27, a Python 2.7 that has what nova imports, the rewritten files
are compiled by it, and nova's own tracker runs before and after.
"""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

from codemods.config import Config
from codemods.engine import run

TREE = os.environ.get("NOVA_TREE", "")
PYTHON27 = os.environ.get("NOVA_PYTHON27", "")

pytestmark = pytest.mark.skipif(not TREE, reason="NOVA_TREE names no nova tree to run on")


@pytest.fixture(scope="module")
def result():
    return run(Config(pathlib.Path(TREE)))


@pytest.fixture(scope="module")
def after(result):
    return {change.path: change.after for change in result.changes}


@pytest.mark.parametrize("name", ["compute/resource_tracker.py", "scheduler/client/report.py"])
def test_no_mention_of_the_conductor_is_left(after, name):
    assert b"conductor" not in after[f"nova/{name}"]


def test_no_file_fails_and_the_totals_reconcile(result):
    assert result.failures == ()
    assert result.found == result.changed + result.unchanged + result.not_considered


def test_no_new_line_is_too_long(result):
    for change in result.changes:
        before = set((change.before or b"").splitlines())
        for line in change.after.splitlines():
            assert line in before or len(line) <= 79, (change.path, line)


def test_a_second_run_finds_nothing(result, after, tmp_path):
    tree = tmp_path / "tree"
    for path in pathlib.Path(TREE, "nova").rglob("*.py"):
        name = path.relative_to(TREE).as_posix()
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(after.get(name, path.read_bytes()))
    assert run(Config(tree)).changes == ()


@pytest.mark.skipif(not PYTHON27, reason="NOVA_PYTHON27 names no Python 2.7")
def test_every_changed_file_compiles(result, tmp_path):
    for number, change in enumerate(result.changes):
        path = tmp_path / f"f{number}.py"
        path.write_bytes(change.after)
        subprocess.run([PYTHON27, "-m", "py_compile", str(path)], check=True)


@pytest.mark.skipif(not PYTHON27, reason="NOVA_PYTHON27 names no Python 2.7")
def test_an_audit_leaves_the_same_rows(after, tmp_path):
    shutil.copytree(TREE, tmp_path / "tree", symlinks=True)
    before = audited(tmp_path / "tree")
    for path, content in after.items():
        (tmp_path / "tree" / path).write_bytes(content)
    rows = audited(tmp_path / "tree")
    assert rows == before
    assert rows["compute_nodes"][0]["pci_stats"]


def audited(tree):
    """The rows that nova_audit.py prints; the object writes the values of stats as text."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "EVENTLET_NO_GREENDNS": "yes"}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    script = pathlib.Path(__file__).with_name("nova_audit.py")
    done = subprocess.run(
        [PYTHON27, str(script)], cwd=tree, env=environment, capture_output=True, text=True
    )
    printed = [line for line in done.stdout.splitlines() if "ROWS " in line]
    assert printed, done.stdout[-2000:]
    rows = json.loads(printed[0].partition("ROWS ")[2])
    for node in rows["compute_nodes"]:
        stats = json.loads(node["stats"])
        node["stats"] = {key: str(value) for key, value in stats.items()}
    return rows
