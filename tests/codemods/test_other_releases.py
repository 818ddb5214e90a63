# SPDX-License-Identifier: Apache-2.0
"""Trees of other releases than 2014.2: what they lack is added, what is left is listed.

NOVA_TREES names a folder that has nova's trees by release.
"""

import ast
import os
import pathlib
import subprocess

import older_tree
import pytest
from conftest import SmallTree

from codemods.analysis.inferring import inferred
from codemods.analysis.sites import why_left
from codemods.config import Config
from codemods.engine import run
from codemods.mappings import conductor_calls
from codemods.model import ITEMS, Item, RunResult
from codemods.outputs.diff import unified
from codemods.outputs.numbers import totals
from codemods.outputs.series import series
from codemods.syntax.source import Source

TREES = os.environ.get("NOVA_TREES", "")
RELEASES = ("2013.2", "2014.1", "2014.2", "2015.1.0")
HANDLES = ("conductor", "conductor_api", "_conductor_api", "capi", "virtapi", "_virtapi")
NEW = {
    "nova/objects/compute_node_rows.py",
    "nova/objects/flavor.py",
    "nova/tests/objects/test_flavor.py",
}


@pytest.fixture
def older(tmp_path: pathlib.Path) -> SmallTree:
    tree = SmallTree(tmp_path / "older")
    for path, text in older_tree.files().items():
        tree.put(path, text)
    return tree


@pytest.fixture
def result(older: SmallTree) -> RunResult:
    return run(Config(older.root))


def after(result: RunResult, path: str) -> str:
    """The file's text after the run."""
    return next(change.after for change in result.changes if change.path == path).decode()


def test_the_object_that_lacks_is_a_new_file_with_its_tests(result: RunResult):
    assert {change.path for change in result.changes if change.before is None} == NEW
    assert result.patches[0].item is ITEMS[0]
    assert {change.path for change in result.patches[0].changes} >= NEW
    assert "Flavor.get_by_id(context, flavor_id)" in after(result, "nova/compute/tracker.py")


def test_every_output_knows_the_new_files(result: RunResult, older: SmallTree):
    assert totals(result)["created"] == 3
    assert result.found == result.changed + result.unchanged + result.not_considered
    assert b"and 3 new files." in series(result)["0000-cover-letter.txt"]
    assert unified(result).count(b"new file mode 100644") == 3
    summary = older.run().stdout.decode()
    assert "and 3 new files" in " ".join(summary.split())


def test_the_series_applies_and_a_second_run_finds_nothing(
    result: RunResult, older: SmallTree, tmp_path: pathlib.Path
):
    older.commit()
    for name, content in series(result).items():
        if not name.startswith("0000"):
            (tmp_path / name).write_bytes(content)
            subprocess.run(["git", "am", "-q", str(tmp_path / name)], cwd=older.root, check=True)
    for change in result.changes:
        assert (older.root / change.path).read_bytes() == change.after
    assert run(Config(older.root)).changes == ()


def test_an_item_brings_along_what_adds_its_object(older: SmallTree):
    result = run(Config(older.root, items=(Item.FLAVOR,)))
    assert result.brought == (Item.OBJECT_FIELDS,)
    assert "nova/objects/flavor.py" in {change.path for change in result.changes}


def test_the_stats_are_a_field_that_is_read_from_their_rows(result: RunResult):
    text = after(result, "nova/objects/compute_node.py")
    assert "'stats': dict," in text
    assert "compute.stats = dict(" in text
    assert "obj_make_compatible" not in text


def test_what_drivers_say_is_kept(result: RunResult):
    text = after(result, "nova/objects/compute_node.py")
    assert "    fields = compute_node_rows.kept(fields)\n" in text
    assert "    VERSION = '1.0'\n" in text


def test_what_rpc_must_know_is_registered(result: RunResult):
    text = after(result, "nova/objects/__init__.py")
    for name in ("compute_node", "flavor", "service"):
        assert f"__import__('nova.objects.{name}')" in text


def test_the_nodes_are_read_as_a_list_wherever_they_are_read(result: RunResult):
    text = after(result, "nova/compute/tracker.py")
    assert text.count("ComputeNodeList.get_by_service(") == 2
    assert "service)[0]" in text
    assert "['compute_node']" not in text
    assert "def get_by_service(cls, context, service):" in after(
        result, "nova/objects/compute_node.py"
    )


def test_pruning_is_asked_of_save_and_a_node_is_not_filled_from_itself(result: RunResult):
    text = after(result, "nova/compute/tracker.py")
    assert "if values is not self.compute_node:" in text
    assert "self.compute_node.save(context, prune_stats=prune_stats)" in text


def test_the_row_of_a_call_that_stays_is_a_dict(result: RunResult):
    assert "return row['display_name']" in after(result, "nova/compute/tracker.py")
    assert ("nova/compute/tracker.py", "call.no-object") in {
        (one.path, one.code) for one in result.declined
    }


def test_the_api_of_virt_drivers_is_listed(result: RunResult):
    assert ("nova/virt/driver.py", "call.indirect") in {
        (one.path, one.code) for one in result.declined
    }


def test_a_call_without_a_database_stays(older: SmallTree):
    older.put("nova/cmd/api_metadata.py", "def main():\n    pass\n")
    text = (
        "from nova import conductor\n\n\ndef host(context, host):\n"
        "    capi = conductor.API()\n"
        "    return capi.service_get_by_compute_host(context, host)\n"
    )
    older.put("nova/api/metadata/base.py", text)
    survey = inferred(_files(older.root))
    module = survey.inference.project.modules["nova/api/metadata/base.py"]
    call = next(
        node
        for node in module.nodes[ast.Call]
        if isinstance(node, ast.Call) and "service_get" in module.source.of(node)
    )
    found = conductor_calls()["service_get_by_compute_host"]
    left = why_left(call, found, module, survey.tree)
    assert left is not None
    assert left.code == "call.no-indirection"


def _files(root: pathlib.Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.py"))
    }


def calls_on_handles(root: pathlib.Path) -> list[tuple[str, int, int]]:
    """Every call of a row-moving method on what is named like the conductor: path and lines."""
    found = []
    own = tuple(f"nova/{part}/" for part in ("conductor", "db", "objects", "tests", "cells"))
    for path in sorted((root / "nova").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        data = path.read_bytes()
        if name.startswith(own) or name == "nova/test.py":
            continue
        if b"conductor" not in data and b"virtapi" not in data:
            continue
        for node in ast.walk(Source(name, data).tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            base = node.func.value
            handle = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
            if handle in HANDLES and node.func.attr in conductor_calls():
                found.append((name, node.lineno, node.end_lineno or node.lineno))
    return found


def forgotten(root: pathlib.Path) -> list[tuple[str, int, int]]:
    """The calls that are neither rewritten nor listed as left."""
    result = run(Config(root))
    told = {(edit.path, edit.line) for patch in result.patches for edit in patch.edits}
    # a call stays for a reason of its own, or for what becomes of its row
    kinds = ("call.", "row.", "relation.")
    told |= {(one.path, one.line) for one in result.declined if one.code.startswith(kinds)}
    return [
        (path, first, last)
        for path, first, last in calls_on_handles(root)
        # an edit of a whole statement starts where the statement does
        if not any((path, line) in told for line in range(first - 2, last + 1))
    ]


def test_no_call_is_forgotten(older: SmallTree):
    assert len(calls_on_handles(older.root)) == 7
    assert forgotten(older.root) == []


@pytest.mark.skipif(not TREES, reason="NOVA_TREES names no folder of nova's releases")
@pytest.mark.parametrize("release", RELEASES)
def test_no_call_of_a_release_is_forgotten(release: str):
    root = pathlib.Path(TREES, release)
    assert len(calls_on_handles(root)) >= 10
    assert forgotten(root) == []


@pytest.mark.skipif(not TREES, reason="NOVA_TREES names no folder of nova's releases")
@pytest.mark.parametrize("release", RELEASES)
def test_nothing_in_a_release_fails_and_the_tracker_calls_no_conductor(release: str):
    result = run(Config(pathlib.Path(TREES, release)))
    assert result.failures == ()
    path = "nova/compute/resource_tracker.py"
    left = [one for one in result.declined if one.path == path and one.code.startswith("call.")]
    if release == "2015.1.0":
        # its Instance.save() tells of a partial object, its ComputeNode holds HVSpecs
        assert {one.code for one in left} == {"call.object-differs"}
        assert len(left) == 2
    else:
        assert left == []
        assert b"conductor" not in after(result, path).encode()
