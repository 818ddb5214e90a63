# SPDX-License-Identifier: Apache-2.0
"""What must hold on a real tree: nova 2014.2, named by NOVA_TREE.

With NOVA_PYTHON27, a Python 2.7 that has what nova imports, the rewritten files
are compiled by it, and nova's own tracker runs before and after.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import jsonschema
import pytest

from codemods.config import Config
from codemods.engine import run
from codemods.outputs.report import schema
from codemods.outputs.series import write_series

TREE = os.environ.get("NOVA_TREE", "")
PYTHON27 = os.environ.get("NOVA_PYTHON27", "")

#: The places in 2014.2 that move rows of the five objects over the conductor's dict API.
SITES = [
    ("nova/compute/manager.py", 660, "instance_update"),
    ("nova/compute/resource_tracker.py", 217, "instance_update"),
    ("nova/compute/resource_tracker.py", 353, "migration_get_in_progress_by_host_and_node"),
    ("nova/compute/resource_tracker.py", 426, "compute_node_create"),
    ("nova/compute/resource_tracker.py", 433, "service_get_by_compute_host"),
    ("nova/scheduler/client/report.py", 48, "compute_node_update"),
    ("nova/service.py", 168, "service_get_by_args"),
    ("nova/service.py", 178, "service_get_by_args"),
    ("nova/service.py", 226, "service_create"),
    ("nova/service.py", 283, "service_destroy"),
    ("nova/servicegroup/drivers/db.py", 84, "service_get_all_by_topic"),
    ("nova/servicegroup/drivers/db.py", 98, "service_update"),
    ("nova/servicegroup/drivers/mc.py", 79, "service_get_all_by_topic"),
]

pytestmark = [
    pytest.mark.skipif(not TREE, reason="NOVA_TREE names no nova tree to run on"),
    # what they share takes long to make
    pytest.mark.xdist_group("nova"),
]


@pytest.fixture(scope="module")
def result():
    return run(Config(pathlib.Path(TREE)))


@pytest.fixture(scope="module")
def after(result):
    return {change.path: change.after for change in result.changes}


@pytest.mark.parametrize("name", ["compute/resource_tracker.py", "scheduler/client/report.py"])
def test_no_mention_of_the_conductor_is_left(after, name):
    assert b"conductor" not in after[f"nova/{name}"]


@pytest.mark.parametrize(
    ("path", "line", "method"), SITES, ids=lambda part: str(part).rpartition("/")[2]
)
def test_every_call_is_rewritten_or_listed(result, after, path, line, method):
    before = pathlib.Path(TREE, path).read_text(encoding="utf-8").splitlines()
    if method not in before[line - 1]:
        pytest.skip(f"{path}:{line} of this tree is no call of {method}()")
    listed = [(one.path, one.line) for one in result.declined if one.code.startswith("call.")]
    calls = re.compile(rf"(?:conductor_api|capi)\s*\.\s*{method}\(")
    left = calls.findall(after.get(path, b"").decode()) if path in after else ["unchanged"]
    assert (path, line) in listed or not left
    if path.endswith(("resource_tracker.py", "report.py")):
        assert (path, line) not in listed, "the tracker's own are all rewritten"


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


def git(root, *words):
    identity = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    return subprocess.run(["git", *identity, *words], cwd=root, capture_output=True, text=True)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """The tree as a fresh git checkout with everything in it committed."""
    root = tmp_path_factory.mktemp("checkout") / "tree"
    shutil.copytree(TREE, root, symlinks=True, ignore=shutil.ignore_patterns(".git", "*.pyc"))
    for words in (("init", "-q"), ("add", "-A", "-f"), ("commit", "-q", "-m", "Start")):
        assert git(root, *words).returncode == 0
    return root


def test_every_patch_applies_to_a_fresh_checkout(result, after, checkout, tmp_path):
    write_series(result, tmp_path)
    names = sorted(path.name for path in tmp_path.glob("*.patch"))
    assert (tmp_path / "0000-cover-letter.txt").is_file()
    for name, patch in zip(names, result.patches, strict=True):
        done = git(checkout, "am", str(tmp_path / name))
        assert done.returncode == 0, done.stderr
        assert "warning" not in (done.stdout + done.stderr).lower()
        changed = git(checkout, "diff", "--name-only", "HEAD~1").stdout.split()
        assert sorted(changed) == sorted(change.path for change in patch.changes)
        for change in patch.changes:
            file = checkout / change.path
            assert file.read_bytes() == change.after
            if PYTHON27:
                compiled = [PYTHON27, "-B", "-c", "compile(open(__import__('sys').argv[1])"
                            ".read(), 'x', 'exec')", str(file)]  # fmt: skip
                assert subprocess.run(compiled).returncode == 0, change.path
    for path, content in after.items():
        assert (checkout / path).read_bytes() == content
    assert git(checkout, "status", "--porcelain").stdout == ""


def everything(place, jobs, seed):
    """All that a run prints and writes, as bytes by name."""
    script = pathlib.Path(sys.executable).with_name("codemods")
    words = ["run", TREE, "--diff", "--patches", str(place), "--report", str(place / "report.json")]
    done = subprocess.run(
        [str(script), *words, "--jobs", jobs],
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert done.returncode == 0
    found = {path.name: path.read_bytes() for path in sorted(place.iterdir())}
    said = done.stderr.replace(str(place).encode(), b"DIR")
    return {**found, "stdout": done.stdout, "stderr": said}


def test_jobs_and_hash_seeds_make_no_difference(tmp_path):
    first = everything(tmp_path / "a", "1", "1")
    jsonschema.validate(json.loads(first["report.json"]), schema())
    assert everything(tmp_path / "b", "2", "77") == first


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
    # nova asks git for its version, and the tree need not be a checkout
    environment.setdefault("PBR_VERSION", "2014.2")
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
