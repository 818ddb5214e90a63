# SPDX-License-Identifier: Apache-2.0
"""A small tree on disk, and the command run on it."""

import dataclasses
import pathlib
import subprocess
import sys

import pytest
import small_tree

pytest.register_assert_rewrite("tables", "unit_test_tables")


@dataclasses.dataclass(frozen=True)
class SmallTree:
    """A tree under `root`, which is no git checkout unless `commit` made it one."""

    root: pathlib.Path

    def put(self, path: str, content: str | bytes) -> pathlib.Path:
        """Write a file of the tree, with the directories above it."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def contents(self) -> dict[str, bytes]:
        """Every file below the root but git's own, by path."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(self.root).parts
        }

    def git(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run git in the tree; raises CalledProcessError with what it said."""
        identity = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
        return subprocess.run(
            ["git", *identity, *words], cwd=self.root, capture_output=True, text=True, check=True
        )

    def commit(self) -> None:
        """Make the tree a git checkout with everything in it committed."""
        self.git("init", "-q", "-b", "master")
        self.git("config", "core.autocrlf", "false")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Start")

    def command(self, *words: str) -> list[str]:
        """The command line of `codemods run` on the tree."""
        script = pathlib.Path(sys.executable).with_name("codemods")
        return [str(script), "run", str(self.root), *words]

    def run(
        self, *words: str, timeout: float = 120, env: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run `codemods run` on the tree, as a process of its own."""
        return subprocess.run(self.command(*words), capture_output=True, timeout=timeout, env=env)


@pytest.fixture
def tree(tmp_path: pathlib.Path) -> SmallTree:
    """The small tree in a directory of its own."""
    made = SmallTree(tmp_path / "tree")
    for path, text in small_tree.files().items():
        made.put(path, text)
    return made
