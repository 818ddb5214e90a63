# SPDX-License-Identifier: Apache-2.0
"""The journal: what a run records in the tree about the files that it is going to write.

A journal may come with a tree from somebody else, so it is only followed below that tree.
"""

import contextlib
import dataclasses
import fcntl
import json
import os
import pathlib
from collections.abc import Iterator

from codemods.errors import OutputFailed

JOURNAL = ".codemods-write"


@dataclasses.dataclass(frozen=True)
class WrittenFile:
    """A file to be written, with links resolved; `after` is the hash of its new content."""

    path: str
    shown: str
    is_new: bool
    after: str

    @property
    def beside(self) -> pathlib.Path:
        """The file that holds its new content until those of all files are written."""
        real = pathlib.Path(self.path)
        return real.with_name(f".{real.name}.codemods")


@dataclasses.dataclass(frozen=True)
class WritePlan:
    """Everything that a run writes; `directories` are those that it makes, outer ones first."""

    files: tuple[WrittenFile, ...]
    directories: tuple[str, ...]

    def as_json(self) -> bytes:
        """The plan as `read_plan` reads it."""
        return json.dumps(dataclasses.asdict(self)).encode("utf-8", "surrogateescape")


@contextlib.contextmanager
def locked(journal: pathlib.Path) -> Iterator[None]:
    """Lock the journal; raises `OutputFailed` if another run holds the lock."""
    # the lock is released with its process, however that ends
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
    handle = os.open(journal / "lock", flags, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutputFailed(f"{journal}: another run is writing; wait for it") from None
        yield
    finally:
        os.close(handle)


def read_plan(journal: pathlib.Path) -> WritePlan:
    """The plan in a tree's journal; an empty one if there is none.

    Raises `OutputFailed` if it was not written by a run on this tree.
    """
    try:
        _require_plain(journal)
        loaded = json.loads((journal / "plan.json").read_text("utf-8", "surrogateescape"))
        files = tuple(WrittenFile(**facts) for facts in loaded["files"])
        plan = WritePlan(files, tuple(map(str, loaded["directories"])))
        top = pathlib.Path(os.path.realpath(journal.parent))
        for path in (*(file.path for file in files), *plan.directories):
            if os.path.realpath(path) != path or not pathlib.Path(path).is_relative_to(top):
                raise ValueError(path)
    except FileNotFoundError:
        # nothing has been done yet, or everything has
        return WritePlan((), ())
    except (OSError, ValueError, TypeError, LookupError):
        raise OutputFailed(f"{journal}: not of a run on this tree; remove it") from None
    return plan


def _require_plain(journal: pathlib.Path) -> None:
    """Raise ValueError if the journal is, or has, something that no run puts there."""
    entries = [journal, *journal.iterdir()]
    if any(one.is_symlink() or not (one is journal or one.is_file()) for one in entries):
        raise ValueError(journal)
