# SPDX-License-Identifier: Apache-2.0
"""The patches as commits in a scratch repository, from which git makes diffs and mails."""

import dataclasses
import pathlib
from collections.abc import Iterable, Sequence

from codemods.outputs.checkout import Blob
from codemods.outputs.git import Scratch

#: A fixed date, for commits without one; git uses it in the first line of each mail.
LONG_AGO = 1000684800

_NOBODY = "nobody <nobody@localhost> 0 +0000"


@dataclasses.dataclass(frozen=True)
class Commit:
    """A patch: its message, author (`Name <mail>`) and date, and what it changes."""

    message: str
    author: str
    seconds: int
    blobs: tuple[Blob, ...]


class History:
    """Commits, each on top of the one before, the first on top of the original files."""

    def __init__(self, repository: Scratch, commits: Sequence[Commit]) -> None:
        self._repository = repository
        # the repository is temporary, so do not spend time on compression
        loose = ("fastimport.unpackLimit=0", "core.compression=0", "pack.compression=0")
        words = [word for one in loose for word in ("-c", one)]
        stream = b"".join(_stream(commits))
        repository.git(*words, "fast-import", "--quiet", "--depth=0", stdin=stream)

    def diff(self, *words: str) -> bytes:
        """One diff of all the commits."""
        plain = ("-c", "core.quotepath=false")
        words = ("diff", "--full-index", "--no-renames", *words)
        return self._repository.git(*plain, *words, "base", "series")

    def shown(self) -> list[bytes]:
        """The diff of each commit."""
        words = ("log", "--reverse", "--format=%x00", "-p", "--full-index", "--no-renames")
        said = self._repository.git("-c", "core.quotepath=false", *words, "base..series")
        return said.split(b"\0")[1:]

    def stat(self) -> str:
        """The diffstat of all the commits."""
        return self._repository.git(
            "diff", "--stat=79", "--summary", "--no-renames", "base", "series"
        ).decode("utf-8", "replace")

    def mails(self, header: str, signature: str) -> dict[str, bytes]:
        """A mail for git am for each commit, by file name."""
        place = self._repository.place / "mails"
        self._repository.git(
            "format-patch",
            "--quiet",
            "--numbered",
            "--full-index",
            "--no-renames",
            "--zero-commit",
            f"--add-header={header}",
            f"--signature={signature}",
            f"--output-directory={place}",
            "base..series",
        )
        return {path.name: path.read_bytes() for path in _sorted(place)}

    def applies(self, mails: Iterable[bytes]) -> bool:
        """Whether mails apply to the original files, one after the other."""
        return self._repository.says("apply", "--cached", "--check", "-", stdin=b"\n".join(mails))

    def read_base(self) -> None:
        """Read the original files into the index, for `applies`."""
        self._repository.git("read-tree", "base")


def _sorted(place: pathlib.Path) -> list[pathlib.Path]:
    return sorted(place.iterdir()) if place.is_dir() else []


def _stream(commits: Sequence[Commit]) -> Iterable[bytes]:
    """The input of git fast-import."""
    originals: dict[str, Blob] = {}
    for commit in commits:
        for blob in commit.blobs:
            originals.setdefault(blob.path, blob)
    yield from _head("base", _NOBODY, "The files as they were")
    for blob in originals.values():
        if blob.before is not None:
            yield from _file(blob, blob.before)
    yield b"reset refs/heads/series\nfrom refs/heads/base\n\n"
    for commit in commits:
        author = f"{commit.author} {commit.seconds} +0000"
        yield from _head("series", author, commit.message)
        for blob in commit.blobs:
            yield from _file(blob, blob.after)


def _head(branch: str, author: str, message: str) -> Iterable[bytes]:
    yield f"commit refs/heads/{branch}\nauthor {author}\ncommitter {_NOBODY}\n".encode()
    yield from _data(message.encode("utf-8"))


def _file(blob: Blob, content: bytes) -> Iterable[bytes]:
    path = blob.path.encode("utf-8", "surrogateescape")
    for plain, escaped in ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n")):
        path = path.replace(plain, escaped)
    yield b'M %s inline "%s"\n' % (blob.mode.encode(), path)
    yield from _data(content)


def _data(content: bytes) -> Iterable[bytes]:
    yield b"data %d\n" % len(content)
    yield content
    yield b"\n"
