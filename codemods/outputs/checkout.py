# SPDX-License-Identifier: Apache-2.0
"""What the user's git knows about a tree; all that is added to it is what `git am -3` needs."""

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
    """A file in git's index; `converted` says that git stores it without carriage returns."""

    mode: str
    blob: str
    converted: bool


@dataclasses.dataclass(frozen=True)
class Checkout:
    """The git work tree that contains a tree, or that is the tree itself.

    `prefix` is the path of the tree below the top of the work tree, "" or with a slash at
    its end; `commit` is what is checked out, "" if nothing is committed yet, and `seconds`
    is when that was committed.
    """

    prefix: str
    commit: str
    seconds: int
    entries: dict[str, Entry]

    @property
    def object_format(self) -> str:
        """The name of the hash that git uses for its objects."""
        return "sha256" if len(self.commit) == 64 else "sha1"

    def has(self, path: str, content: bytes) -> bool:
        """Whether a file's content is what git's index has."""
        entry = self.entries.get(path)
        if entry is None:
            return False
        kept = in_git(content, entry.converted)
        made = hashlib.new(self.object_format, b"blob %d\0" % len(kept) + kept)
        return made.hexdigest() == entry.blob


def checkout_of(root: pathlib.Path, paths: Collection[str]) -> Checkout | None:
    """What git knows about files of the tree; None if it tracks none of them or is missing."""
    prefix = asked(root, "rev-parse", "--show-prefix")
    if prefix is None:
        return None
    # a tree unpacked inside an unrelated checkout does not belong to it
    entries = _entries(root, paths)
    if not entries:
        return None
    last = asked(root, "log", "-1", "--format=%H %ct") or " 0"
    commit, _, seconds = last.strip("\n").partition(" ")
    return Checkout(prefix.rstrip("\n"), commit, int(seconds), entries)


def keep(root: pathlib.Path, contents: Collection[bytes]) -> None:
    """Add contents to git's objects, as `git add` would, but without any reference to them.

    `git am -3` looks there for the files that a patch was made from. Nothing is added to a
    repository that cannot be written or keeps its objects elsewhere.
    """
    if not _has_own_objects(root):
        return
    stream = b"".join(b"blob\ndata %d\n%s\n" % (len(content), content) for content in contents)
    with contextlib.suppress(GitFailed):
        in_tree(root, "fast-import", "--quiet", stdin=stream)


def _has_own_objects(root: pathlib.Path) -> bool:
    """Whether new objects stay within the work tree's own repository, despite any links.

    A work tree made by `git worktree` uses the repository of another, which lists it.
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
    """A file's content as git stores it."""
    return content.replace(b"\r\n", b"\n") if converted else content


@dataclasses.dataclass(frozen=True)
class Blob:
    """A change as git sees it: of the file that a link leads to, with its mode; see `Change`."""

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
    """The paths and modes that git has for the files that a run changes, with links resolved.

    `left_out` are the changes that no patch can carry.
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
        """Find a file's place; a file that several links lead to is changed only once."""
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
