"""Put the rewritten files in place, each at once or not at all."""

import os
import pathlib
import subprocess
import tempfile
from collections.abc import Iterable

from codemods.errors import DirtyWorkTree
from codemods.model import Change, Failure


def require_clean(root: pathlib.Path) -> None:
    """Raise `DirtyWorkTree` when git knows of uncommitted changes below `root`.

    A tree that is not in a git checkout, or a machine without git, has nothing
    to ask.
    """
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "status", "--porcelain", "--untracked-files=no", "--", "."],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return
    if done.returncode == 0 and done.stdout.strip():
        first = done.stdout.splitlines()[0][3:]
        raise DirtyWorkTree(
            f"{root}: uncommitted changes, {first} for one; commit or stash them, or use --force"
        )


def write_changes(root: pathlib.Path, changes: Iterable[Change]) -> list[Failure]:
    """Write each changed file in one step; returns those that could not be written.

    A file keeps its mode, and a link its target; one that cannot be written
    stays as it was, and the others are written.
    """
    failures = []
    for change in changes:
        try:
            write_whole(root / change.path, change.after)
        except OSError as error:
            failures.append(
                Failure(
                    change.path,
                    "write",
                    error.strerror or str(error),
                    "make room or make the directory writable, and run again",
                )
            )
    return failures


def write_whole(path: pathlib.Path, content: bytes) -> None:
    """Write a file in one step: whoever looks sees the old one or the new one.

    Raises OSError; the file is then as it was.
    """
    if path.exists() and not path.is_file():
        # a pipe or a terminal has no other way
        path.write_bytes(content)
        return
    real = pathlib.Path(os.path.realpath(path))
    mode = real.stat().st_mode & 0o7777 if real.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, real)
    except BaseException:
        # an interrupt may come when the name is the file's already: it must not become an error
        pathlib.Path(name).unlink(missing_ok=True)
        raise
