# SPDX-License-Identifier: Apache-2.0
"""The work items as codemods of libcst's tool give the bytes that `codemods run` gives."""

import pathlib
import shutil
import subprocess
import sys

import pytest

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "tracker"

COMMANDS = {
    "object-fields": "AddObjectFields",
    "flavor": "UseFlavorObject",
    "service": "UseServiceObject",
    "instance": "UseInstanceObject",
    "migration": "UseMigrationObject",
    "compute-node": "UseComputeNodeObject",
    "conductor": "RemoveConductorHandles",
}


def contents(root: pathlib.Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.py")}


def ran(*command: str | pathlib.Path, cwd: pathlib.Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *map(str, command)], cwd=cwd, capture_output=True, text=True
    )


def tree(root: pathlib.Path, name: str) -> pathlib.Path:
    return pathlib.Path(shutil.copytree(EXAMPLE, root / name))


@pytest.mark.parametrize("item", COMMANDS)
def test_the_same_bytes_as_the_items_own_run(tmp_path, item):
    ours, theirs = tree(tmp_path, "ours"), tree(tmp_path, "theirs")
    done = ran("codemods", "run", ours, "--only", item, "--write", "--force", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    command = f"codemods.commands.{COMMANDS[item]}"
    done = ran(
        "libcst.tool", "codemod", "--no-format", "-x", command, theirs, "-j", "1", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    expected = {path: data for path, data in contents(ours).items() if path in contents(theirs)}
    assert contents(theirs) == expected
    for path in contents(ours).keys() - expected.keys():
        # libcst's tool creates no files
        assert f"the new file {path} belongs to this" in done.stderr


def test_several_processes_and_a_configuration_give_the_same(tmp_path):
    ours, theirs = tree(tmp_path, "ours"), tree(tmp_path, "theirs")
    ran("codemods", "run", ours, "--only", "service", "--write", "--force", cwd=tmp_path)
    (theirs / ".libcst.codemod.yaml").write_text(
        "generated_code_marker: '@gen'\nformatter: []\nblacklist_patterns: []\n"
        "modules: ['codemods']\nrepo_root: '.'\n"
    )
    command = ("libcst.tool", "codemod", "--no-format", "commands.UseServiceObject", ".", "-j", "2")
    done = ran(*command, "--hide-left", cwd=theirs)
    assert done.returncode == 0, done.stderr
    assert "0 warnings were generated" in done.stderr
    assert contents(theirs) == contents(ours)
    assert contents(theirs) != contents(EXAMPLE)


def test_a_file_that_libcst_cannot_parse_is_said_to_be_one(tmp_path):
    root = tree(tmp_path, "tree")
    before = "def old():\n    print 'Python 2'\n"
    (root / "nova" / "old.py").write_text(before)
    command = (
        "libcst.tool",
        "codemod",
        "--no-format",
        "-x",
        "codemods.commands.UseServiceObject",
        root,
    )
    done = ran(*command, "-j", "1", cwd=tmp_path)
    assert done.returncode == 1
    assert "nova/old.py" in done.stderr
    assert (root / "nova" / "old.py").read_text() == before


def test_files_outside_of_any_tree_are_refused(tmp_path):
    file = tmp_path / "alone.py"
    file.write_text("x = 1\n")
    command = (
        "libcst.tool",
        "codemod",
        "--no-format",
        "-x",
        "codemods.commands.UseServiceObject",
        file,
    )
    done = ran(*command, cwd=tmp_path)
    assert done.returncode != 0
    assert "no nova tree" in done.stderr
