# SPDX-License-Identifier: Apache-2.0
"""What the user's git knows of a tree; it is told nothing but what `git am -3` will ask for."""

import contextlib
import dataclasses
import hashlib
import os
import pathlib
import stat
from collections.abc import Collection, Iterable

from codemods.discovery import OUT_OF_THE_TREE, behind_links
from codemods.errors import GitFailed
from codemods.model import Change
from codemods.outputs.git import asked, in_tree


@dataclasses.dataclass(frozen=True)
class Entry:
    """A file of git's index; `converted` says that git keeps it without carriage returns."""

    mode: str
    blob: str
    converted: bool


@dataclasses.dataclass(frozen=True)
class Checkout:
    """The work tree of a git repository that a tree is, or is in.

    `prefix` is the tree below the work tree's top, "" or with a slash at its
    end; `commit` is what is checked out, "" where nothing is committed yet, and
    `seconds` when that was committed.
    """

    prefix: str
    commit: str
    seconds: int
    entries: dict[str, Entry]

    @property
    def object_format(self) -> str:
        """The name of the hash by which git keeps its objects."""
        return "sha256" if len(self.commit) == 64 else "sha1"

    def has(self, path: str, content: bytes) -> bool:
        """Whether a file's content is what git has of it."""
        entry = self.entries.get(path)
        if entry is None:
            return False
        kept = in_git(content, entry.converted)
        made = hashlib.new(self.object_format, b"blob %d\0" % len(kept) + kept)
        return made.hexdigest() == entry.blob


def checkout_of(root: pathlib.Path, paths: Collection[str]) -> Checkout | None:
    """What git knows of files of the tree; None where it knows none of them, or is not there."""
    prefix = asked(root, "rev-parse", "--show-prefix")
    if prefix is None:
        return None
    # a tree unpacked below somebody's checkout is none of its business
    entries = _entries(root, paths)
    if not entries:
        return None
    last = asked(root, "log", "-1", "--format=%H %ct") or " 0"
    commit, _, seconds = last.strip("\n").partition(" ")
    return Checkout(prefix.rstrip("\n"), commit, int(seconds), entries)


def keep(root: pathlib.Path, contents: Collection[bytes]) -> None:
    """Let git have what files are between two patches, as `git add` would, named by nobody.

    `git am -3` looks there for what a patch was made of. A repository that
    cannot be written does without, and so does one that keeps its objects
    somewhere else.
    """
    if not _has_own_objects(root):
        return
    stream = b"".join(b"blob\ndata %d\n%s\n" % (len(content), content) for content in contents)
    with contextlib.suppress(GitFailed):
        in_tree(root, "fast-import", "--quiet", stdin=stream)


def _has_own_objects(root: pathlib.Path) -> bool:
    """Whether what git is given stays within the work tree's own repository, whatever is a link.

    A work tree of `git worktree` has that of another, which knows of it.
    """
    words = ("--show-toplevel", "--absolute-git-dir", "--git-common-dir", "--git-path", "objects")
    said = (asked(root, "rev-parse", *words) or "").splitlines()
    if len(said) != 4:
        return False
    top, own, common, objects = (pathlib.Path(os.path.realpath(root / one)) for one in said)
    try:
        known = own.is_relative_to(top) or (own / "gitdir").read_text().strip() == f"{top}/.git"
        linked = any(one.is_symlink() for one in os.scandir(objects))
    except OSError:
        return False
    is_ours = common.is_relative_to(top) or own.is_relative_to(common / "worktrees")
    return known and is_ours and objects.parent == common and not linked


def _entries(root: pathlib.Path, paths: Collection[str]) -> dict[str, Entry]:
    words = ("--literal-pathspecs", "ls-files", "-s", "--eol", "-z", "--", *sorted(paths))
    found = {}
    for line in (asked(root, *words) or "").split("\0") if paths else ():
        facts, _, path = line.rpartition("\t")
        if not path:
            continue
        mode, blob, _, index, work_tree = facts.split(None, 4)
        converted = index == "i/lf" and work_tree.split()[0] in ("w/crlf", "w/mixed")
        found[path] = Entry(mode, blob, converted)
    return found


def in_git(content: bytes, converted: bool) -> bytes:
    """A file's content as git keeps it."""
    return content.replace(b"\r\n", b"\n") if converted else content


@dataclasses.dataclass(frozen=True)
class Blob:
    """A change as git sees it: at the file itself, with its mode; see `Change`."""

    path: str
    mode: str
    before: bytes | None
    after: bytes


@dataclasses.dataclass(frozen=True)
class LeftOut:
    """A change that no patch can carry, and why."""

    path: str
    reason: str


class Places:
    """Where git has the files that a run changes: behind links, with their modes.

    `left_out` are those of which no patch can speak.
    """

    def __init__(
        self, root: pathlib.Path, changes: Iterable[Change], checkout: Checkout | None
    ) -> None:
        self._root = root
        self._checkout = checkout
        changes = list(changes)
        own = {change.path for change in changes}
        self._places: dict[str, str] = {}
        self.left_out: list[LeftOut] = []
        for change in changes:
            self._find(change, own)

    def _find(self, change: Change, own: set[str]) -> None:
        """Note where a file is; what a link leads to is changed once, whoever leads there."""
        path = behind_links(self._root, change.path)
        known = self._checkout is None or change.before is None or path in self._checkout.entries
        if path is None:
            self.left_out.append(LeftOut(change.path, OUT_OF_THE_TREE))
        elif not known:
            self.left_out.append(LeftOut(change.path, "git does not track it"))
        elif path == change.path or path not in own | set(self._places.values()):
            self._places[change.path] = path

    def blobs(self, changes: Iterable[Change]) -> list[Blob]:
        """The changes as git sees them, without those that are left out."""
        return [
            self._blob(self._places[change.path], change)
            for change in changes
            if change.path in self._places
        ]

    def _blob(self, path: str, change: Change) -> Blob:
        entry = self._checkout.entries.get(path) if self._checkout is not None else None
        if entry is None:
            return Blob(path, _mode(self._root / path), change.before, change.after)
        before = None if change.before is None else in_git(change.before, entry.converted)
        return Blob(path, entry.mode, before, in_git(change.after, entry.converted))


def _mode(file: pathlib.Path) -> str:
    try:
        runs = file.stat().st_mode & stat.S_IXUSR
    except OSError:
        return "100644"
    return "100755" if runs else "100644"
