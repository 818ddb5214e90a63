# SPDX-License-Identifier: Apache-2.0
"""Run git: in the user's checkout, whose files and references stay, and in scratch repositories."""

import contextlib
import os
import pathlib
import subprocess
import tempfile
from collections.abc import Iterator, Mapping

from codemods.errors import GitFailed

#: What a calling git sets for its own repository, which may not be the tree's.
_OF_ANOTHER = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
)


#: Settings that override a repository's own, which could make git run programs.
_UNHEARD = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "log.showSignature=false",
    # a tree with files named like those of a bare repository is not one
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
)


def environment() -> dict[str, str]:
    """The environment of a git that uses the repository of its working directory.

    It does not fetch missing objects: the repository's configuration would decide from
    where, and with which program.
    """
    found = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
    alone = {"GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"}
    return {**found, **alone, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}


def git(
    *words: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    cwd: pathlib.Path | None = None,
) -> bytes:
    """What git prints; raises `GitFailed` with its error message."""
    env = env or environment()
    try:
        done = subprocess.run(
            ["git", *words], input=stdin, env=env, cwd=cwd, capture_output=True, check=False
        )
    except OSError as error:
        raise GitFailed(f"git: {error.strerror}; install git, which makes the patches") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip() or f"exit status {done.returncode}"
        name = next(word for word in words if word[0] != "-" and "=" not in word)
        raise GitFailed(f"git {name}: {said}")
    return done.stdout


def in_tree(root: pathlib.Path, *words: str, stdin: bytes = b"") -> bytes:
    """What git prints in a tree, without running any program of the tree; raises `GitFailed`."""
    unheard = [word for one in _UNHEARD for word in ("-c", one)]
    return git(*unheard, *words, stdin=stdin, cwd=root)


def asked(root: pathlib.Path, *words: str) -> str | None:
    """What git prints in a directory; None if it fails or there is no git."""
    with contextlib.suppress(GitFailed):
        return in_tree(root, *words).decode("utf-8", "surrogateescape")
    return None


def compared(root: pathlib.Path, *words: str) -> str:
    """What a git command prints that reads a tree's files, without filters; raises `GitFailed`."""
    keys = asked(root, "config", "-z", "--name-only", "--get-regexp", r"^filter\.") or ""
    names = {key.partition(".")[2].rpartition(".")[0] for key in keys.split("\0") if key}
    off = list[str]()
    for name in sorted(names):
        if "=" in name:
            raise GitFailed(f"git: a filter of the repository has a = in its name, {name!r}")
        settings = ("clean=", "smudge=", "process=", "required=false")
        off += [word for one in settings for word in ("-c", f"filter.{name}.{one}")]
    return in_tree(root, *off, *words).decode("utf-8", "surrogateescape")


class Scratch:
    """A temporary bare repository that ignores the configuration of the machine."""

    def __init__(self, place: pathlib.Path, object_format: str) -> None:
        self.place = place
        directory = place / "repository"
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        self._env = {
            **kept,
            "HOME": str(place),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_DIR": str(directory),
            "LC_ALL": "C",
            "TZ": "UTC",
        }
        self.git("init", "-q", "--bare", "--template=", f"--object-format={object_format}")
        attributes = directory / "info" / "attributes"
        attributes.parent.mkdir(exist_ok=True)
        # name the Python function after each @@
        attributes.write_text("*.py diff=python\n")

    def git(self, *words: str, stdin: bytes = b"") -> bytes:
        """What git prints; raises `GitFailed`."""
        return git(*words, stdin=stdin, env=self._env)

    def says(self, *words: str, stdin: bytes = b"") -> bool:
        """Whether git succeeds."""
        with contextlib.suppress(GitFailed):
            self.git(*words, stdin=stdin)
            return True
        return False


@contextlib.contextmanager
def scratch(object_format: str = "sha1") -> Iterator[Scratch]:
    """A scratch repository that is removed afterwards; raises `GitFailed`."""
    with tempfile.TemporaryDirectory(prefix="codemods-") as place:
        yield Scratch(pathlib.Path(place), object_format)
