# SPDX-License-Identifier: Apache-2.0
"""Every source file says under which licence it is."""

import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
LINE = "SPDX-License-Identifier: Apache-2.0"

#: What stands for code of somebody else, as what the tool reads or writes.
OTHERS = ("examples/tracker/", "examples/without_objects/", "tests/codemods/snapshots/")


def source_files() -> list[str]:
    """Programs and modules, by their names or by their first line."""
    try:
        names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no checkout, so nobody says which files are sources")
    found = []
    for name in filter(None, names.split("\0")):
        path = ROOT / name
        if name.startswith(OTHERS) or not path.is_file() or path.is_symlink():
            continue
        if path.suffix in (".py", ".js", ".css", ".html") or path.read_bytes()[:2] == b"#!":
            found.append(name)
    return found


def test_every_source_file_names_its_licence():
    names = source_files()
    assert len(names) > 500
    without = [name for name in names if LINE not in "".join(head(ROOT / name))]
    assert without == [], f"begin them with: # {LINE}"


def head(path: pathlib.Path) -> list[str]:
    """The first lines, where the licence stands: below the interpreter and the encoding."""
    return path.read_text("utf-8").splitlines()[:3]


def test_the_project_is_under_that_licence():
    assert "Apache License" in (ROOT / "LICENSE").read_text()[:200]
