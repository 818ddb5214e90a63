# SPDX-License-Identifier: Apache-2.0
"""A series for git am: one patch per work item, made by git, and a cover letter."""

import dataclasses
import pathlib
import shlex
from collections.abc import Sequence

from codemods.discovery import behind_links
from codemods.errors import OutputFailed
from codemods.model import Item, Patch, RunResult
from codemods.outputs.checkout import Checkout, LeftOut, Places, checkout_of, keep
from codemods.outputs.cover import SUBJECT, cover
from codemods.outputs.git import asked, scratch
from codemods.outputs.history import LONG_AGO, Commit, History
from codemods.outputs.letter import HEADER, SIGNATURE, Letter, is_own
from codemods.outputs.needs import needs
from codemods.outputs.words import body, subject
from codemods.outputs.write import write_whole
from codemods.trials import Verification

#: Not `.patch`, because git am would stop at it.
COVER = "0000-cover-letter.txt"


@dataclasses.dataclass(frozen=True)
class Series:
    """The files of a series, by name, the patches first.

    `left_out` are the changes that no patch carries; `command` applies the patches, once
    they are in a directory; `between` are contents of files before a patch that the tree's
    git does not have.
    """

    files: dict[str, bytes]
    left_out: tuple[LeftOut, ...] = ()
    command: tuple[str, ...] = ()
    between: tuple[bytes, ...] = ()


def series(result: RunResult, letter: Letter | None = None) -> dict[str, bytes]:
    """The files of the series, for a tree that git does not track; raises `GitFailed`."""
    return _made(result, letter or Letter(), None).files


def write_series(
    result: RunResult,
    directory: pathlib.Path,
    letter: Letter | None = None,
    verified: Verification | None = None,
    lasts: bool = True,
) -> Series:
    """Write the series into a directory, replacing an earlier one.

    Only files that the tool has made are removed or overwritten, and nothing is written if
    there is no patch. If it `lasts`, the tree's git gets the objects that `git am -3` may
    need. Raises `OutputFailed`.
    """
    made = mails(result, letter, verified, lasts)
    files = made.files if made.command else {}
    try:
        if files:
            directory.mkdir(parents=True, exist_ok=True)
        old = _own(directory, files) if directory.is_dir() else []
        for name, content in files.items():
            write_whole(directory / name, content)
        for path in old:
            path.unlink()
    except OSError as error:
        raise OutputFailed(
            f"{error.filename or directory}: {error.strerror}; "
            "the series is not whole, name another directory"
        ) from None
    return made


def mails(
    result: RunResult,
    letter: Letter | None = None,
    verified: Verification | None = None,
    lasts: bool = True,
) -> Series:
    """The series for the tree's checkout; raises `GitFailed`.

    If it `lasts`, the tree's git gets the objects that `git am -3` may need.
    """
    root = pathlib.Path(result.root)
    paths = {behind_links(root, change.path) for change in result.changes}
    checkout = checkout_of(root, {path for path in paths if path is not None})
    made = _made(result, letter or Letter(), checkout, verified)
    if lasts and made.between:
        keep(root, made.between)
    return made


def _own(directory: pathlib.Path, files: dict[str, bytes]) -> list[pathlib.Path]:
    """The files of an earlier run that this one does not overwrite; raises `OutputFailed`."""
    old = []
    for path in sorted(directory.iterdir()):
        own = path.suffix in (".patch", ".txt") and path.is_file() and is_own(path.read_bytes())
        if path.name in files and not own:
            raise OutputFailed(
                f"{path}: in the way, and not made by codemods; move it, or name another directory"
            )
        if own and path.name not in files:
            old.append(path)
    return old


def apply_command(made: Series, directory: pathlib.Path) -> str:
    """The command that applies the series; "" if there is nothing to apply."""
    if not made.command:
        return ""
    patches = f"{shlex.quote(str(directory.resolve()))}/*.patch"
    words = [shlex.quote(word) for word in made.command]
    return (
        f"cat {patches} | {' '.join(words)}" if words[0] == "patch" else " ".join([*words, patches])
    )


def _made(
    result: RunResult,
    letter: Letter,
    checkout: Checkout | None,
    verified: Verification | None = None,
) -> Series:
    root = pathlib.Path(result.root)
    changes = [change for patch in result.patches for change in patch.changes]
    places = Places(root, {change.path: change for change in reversed(changes)}.values(), checkout)
    seconds = checkout.seconds if checkout is not None and checkout.commit else LONG_AGO
    commits, items = list[Commit](), list[Item]()
    for patch in result.patches:
        blobs = tuple(places.blobs(patch.changes))
        if blobs:
            message = _message(letter, patch, result.target)
            commits.append(Commit(message, letter.author, seconds, blobs))
            items.append(patch.item)
    known = [
        frozenset({items.index(Item.OBJECT_FIELDS)})
        if item in result.needing_fields and Item.OBJECT_FIELDS in items
        else frozenset[int]()
        for item in items
    ]
    files, needed, stat = _mailed(commits, known, checkout)
    base = _base_commit(root, commits, checkout)
    if files and base:
        first = min(files)
        files[first] = _with_base(files[first], base)
    words = cover(result, list(files), needed, stat, places.left_out, verified)
    files[COVER] = _letter(words, letter, len(commits), base).encode("utf-8", "surrogateescape")
    between = _unknown(commits, checkout) if checkout is not None else []
    command = _command(root, files, commits, checkout)
    return Series(files, tuple(places.left_out), command, tuple(between))


def _message(letter: Letter, patch: Patch, target: str) -> str:
    return letter.signed(subject(patch, target), body(patch, target), patch.item)


def _mailed(
    commits: Sequence[Commit], known: Sequence[frozenset[int]], checkout: Checkout | None
) -> tuple[dict[str, bytes], list[tuple[int, ...]], str]:
    """The patches by name, the ones that each of them needs, and the diffstat of all."""
    if not commits:
        return {}, [], ""
    with scratch(checkout.object_format if checkout is not None else "sha1") as repository:
        history = History(repository, commits)
        files = history.mails(HEADER, SIGNATURE)
        return files, needs(history, list(files.values()), known), history.stat()


def _unknown(commits: Sequence[Commit], checkout: Checkout) -> list[bytes]:
    """The contents that the patches are made from and git does not have."""
    blobs = [blob for commit in commits for blob in commit.blobs]
    old = {(blob.path, blob.before) for blob in blobs if blob.before is not None}
    return sorted({before for path, before in old if not checkout.has(path, before)})


def _base_commit(root: pathlib.Path, commits: Sequence[Commit], checkout: Checkout | None) -> str:
    """The commit that the patches are made for; "" if the files they change differ from it."""
    if checkout is None or not checkout.commit:
        return ""
    originals = {blob.path: blob for commit in reversed(commits) for blob in commit.blobs}
    old = {path: blob.before for path, blob in originals.items() if blob.before is not None}
    if not all(checkout.has(path, content) for path, content in old.items()):
        return ""
    staged = ("diff-index", "--cached", "--quiet", checkout.commit, "--", *sorted(old))
    return "" if asked(root, "--literal-pathspecs", *staged) is None else checkout.commit


def _with_base(mail: bytes, base: str) -> bytes:
    """A patch with its base commit, where git puts it."""
    signature = f"-- \n{SIGNATURE}\n".encode()
    before, _, after = mail.rpartition(signature)
    return before + f"\nbase-commit: {base}\n".encode() + signature + after


def _letter(words: str, letter: Letter, count: int, base: str) -> str:
    head = [
        f"From: {letter.sender}",
        f"Subject: [PATCH 0/{count}] {SUBJECT}",
        HEADER,
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    foot = [f"base-commit: {base}"] if base else []
    return "\n".join([*head, "", words.rstrip("\n"), "", *foot, "-- ", SIGNATURE, ""])


def _command(
    root: pathlib.Path,
    files: dict[str, bytes],
    commits: Sequence[Commit],
    checkout: Checkout | None,
) -> tuple[str, ...]:
    """The command to apply the patches, without their names: git in a checkout, else patch."""
    if not commits:
        return ()
    returns = any(b"\r\n" in content for content in files.values())
    top = str(root.resolve())
    if checkout is None:
        return ("patch", "-p1", "-d", top, *(["--binary"] if returns else []))
    place = [f"--directory={checkout.prefix.rstrip('/')}"] if checkout.prefix else []
    return ("git", "-C", top, "am", *(["--keep-cr"] if returns else []), *place)
