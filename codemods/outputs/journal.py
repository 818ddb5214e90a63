# SPDX-License-Identifier: Apache-2.0
"""What a run notes in the tree of the files that it is about to write.

A journal may have come along with a tree that somebody else has made: what it
says is only done below that tree.
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
class File:
    """A file to be written, behind all links; `after` is the hash of what it becomes."""

    path: str
    shown: str
    is_new: bool
    after: str

    @property
    def beside(self) -> pathlib.Path:
        """Where its content waits until all are there."""
        real = pathlib.Path(self.path)
        return real.with_name(f".{real.name}.codemods")


@dataclasses.dataclass(frozen=True)
class Plan:
    """All that a run writes; `directories` are those that it makes, the outer ones first."""

    files: tuple[File, ...]
    directories: tuple[str, ...]

    def as_json(self) -> bytes:
        """What `read_plan` reads."""
        return json.dumps(dataclasses.asdict(self)).encode("utf-8", "surrogateescape")


@contextlib.contextmanager
def locked(journal: pathlib.Path) -> Iterator[None]:
    """Keep other runs from the journal; raises `OutputFailed` where one has it."""
    # a lock goes with its process, however that ends
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


def read_plan(journal: pathlib.Path) -> Plan:
    """What is noted in a tree's journal; nothing, where nothing is.

    Raises `OutputFailed` when no run has noted that in this tree.
    """
    try:
        _require_plain(journal)
        loaded = json.loads((journal / "plan.json").read_text("utf-8", "surrogateescape"))
        files = tuple(File(**facts) for facts in loaded["files"])
        plan = Plan(files, tuple(map(str, loaded["directories"])))
        top = pathlib.Path(os.path.realpath(journal.parent))
        for path in (*(file.path for file in files), *plan.directories):
            if os.path.realpath(path) != path or not pathlib.Path(path).is_relative_to(top):
                raise ValueError(path)
    except FileNotFoundError:
        # nothing was done yet, or all of it
        return Plan((), ())
    except (OSError, ValueError, TypeError, LookupError):
        raise OutputFailed(f"{journal}: not of a run on this tree; remove it") from None
    return plan


def _require_plain(journal: pathlib.Path) -> None:
    """Raise ValueError where the journal is, or has, what no run puts there."""
    entries = [journal, *journal.iterdir()]
    if any(one.is_symlink() or not (one is journal or one.is_file()) for one in entries):
        raise ValueError(journal)
