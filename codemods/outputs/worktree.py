# SPDX-License-Identifier: Apache-2.0
"""A temporary copy of a tree, to which patches are applied one after the other."""

import contextlib
import os
import pathlib
import shutil
import tempfile
from collections.abc import Iterator

from codemods.outputs.git import asked, compared, environment, git, in_tree

_LEFT_OUT = shutil.ignore_patterns(
    ".git", "*.pyc", "__pycache__", ".tox", ".venv", ".testrepository"
)


class WorkTree:
    """A git checkout with the tree committed in it; `tree` is where the tree is."""

    def __init__(self, top: pathlib.Path, prefix: str) -> None:
        self.top = top
        self.tree = top / prefix
        self._prefix = prefix.rstrip("/")

    def git(self, *words: str, stdin: bytes = b"") -> bytes:
        """What git prints in the work tree; raises `GitFailed`."""
        identity = ("-c", "user.name=codemods", "-c", "user.email=codemods@localhost")
        plain = ("-c", "commit.gpgsign=false", "-c", f"core.hooksPath={os.devnull}")
        env = {**environment(), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        return git(*identity, *plain, *words, stdin=stdin, env=env, cwd=self.top)

    def apply(self, patch: pathlib.Path) -> None:
        """Apply a patch as `git am` does, and commit it; raises `GitFailed`."""
        place = [f"--directory={self._prefix}"] if self._prefix else []
        self.git("am", "-q", "--keep-cr", "--whitespace=nowarn", *place, str(patch))

    def begin_again(self) -> None:
        """Reset the files to the last commit, except for ignored ones."""
        self.git("reset", "-q", "--hard")
        self.git("clean", "-q", "-fd")


@contextlib.contextmanager
def worktree_of(root: pathlib.Path) -> Iterator[WorkTree]:
    """A copy of the tree as it is now, which is always removed afterwards.

    If the tree is in a checkout, the copy has its history, because pbr computes versions
    from tags. Uncommitted changes are in the copy as well.
    """
    with tempfile.TemporaryDirectory(
        prefix="codemods-verify-", ignore_cleanup_errors=True
    ) as place:
        top = pathlib.Path(place).resolve() / "tree"
        prefix = asked(root, "rev-parse", "--show-prefix")
        is_known = asked(root, "ls-files", "--error-unmatch", ".") is not None
        if prefix is None or not is_known or asked(root, "rev-parse", "HEAD") is None:
            shutil.copytree(root, top, symlinks=True, ignore=_LEFT_OUT)
            made = WorkTree(top, "")
            made.git("init", "-q")
        else:
            top.mkdir()
            made = WorkTree(top, prefix.rstrip("\n"))
            _share_history(root, made)
            _copy_uncommitted(root.resolve(), made)
        made.git("config", "core.autocrlf", "false")
        made.git("add", "-A", "--force" if prefix is None else "--")
        made.git("commit", "-q", "--allow-empty", "-m", "The tree as it is")
        yield made


def _share_history(root: pathlib.Path, made: WorkTree) -> None:
    """Give the copy the commits of the tree's repository, and check out the current one.

    The objects stay where they are, and the repository does not know about the copy. A
    clone would run git in that repository, and follow its configuration.
    """
    said = in_tree(root, "rev-parse", "HEAD", "--git-path", "objects", "--git-path", "shallow")
    commit, objects, shallow = said.decode("utf-8", "surrogateescape").splitlines()
    object_format = "sha256" if len(commit) == 64 else "sha1"
    made.git("init", "-q", "--template=", f"--object-format={object_format}")
    kept = made.top / ".git"
    alternates = kept / "objects/info/alternates"
    alternates.parent.mkdir(exist_ok=True)
    alternates.write_bytes(os.fsencode(os.path.abspath(root / objects)) + b"\n")
    if (root / shallow).is_file():
        shutil.copyfile(root / shallow, kept / "shallow")
    for place, name in (("heads", "remotes/origin"), ("tags", "tags")):
        line = f"create refs/{name}/%(refname:lstrip=2) %(objectname)"
        named = in_tree(root, "for-each-ref", f"--format={line}", f"refs/{place}")
        made.git("update-ref", "--stdin", stdin=named)
    made.git("checkout", "-q", "--detach", commit)


def _copy_uncommitted(root: pathlib.Path, made: WorkTree) -> None:
    """Copy the uncommitted changes of the tree."""
    plain = ("--no-ext-diff", "--no-textconv", "--no-renames", "--ignore-submodules=all")
    said = compared(root, "diff", "--name-only", "--relative", *plain, "-z", "HEAD")
    said += compared(root, "ls-files", "--others", "--exclude-standard", "-z")
    for name in filter(None, said.split("\0")):
        source, target = root / name, made.tree / name
        if source.is_symlink() or source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
        else:
            target.unlink(missing_ok=True)
