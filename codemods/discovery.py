"""Find the files of a tree, and drop by bytes alone those that cannot matter."""

import os
import pathlib
import stat
from collections.abc import Iterator

from codemods.errors import NotATree
from codemods.model import Failure

LARGEST = 32 * 1024 * 1024


def find(root: pathlib.Path, package: str = "nova") -> tuple[dict[str, bytes], list[Failure]]:
    """Return the tree's Python files by path, and those that could not be read.

    Paths are relative to `root`, with slashes, in order. Raises `NotATree`
    when `root` holds no such package.
    """
    top = root / package
    if not (top / "__init__.py").is_file():
        raise NotATree(
            f"{root}: no {package} tree: {package}/__init__.py is missing; "
            f"name the directory that holds the {package} package"
        )
    files: dict[str, bytes] = {}
    failures: list[Failure] = []
    for path in _walk(top):
        relative = path.relative_to(root).as_posix()
        try:
            refused = _refused(path.stat())
            if refused is None:
                files[relative] = path.read_bytes()
                continue
            reason, remedy = refused, "leave it out of the tree"
        except OSError as error:
            reason, remedy = error.strerror or str(error), _remedy(path)
        failures.append(Failure(relative, "read", reason, remedy))
    return dict(sorted(files.items())), sorted(failures, key=lambda failure: failure.path)


def _walk(top: pathlib.Path) -> Iterator[pathlib.Path]:
    for directory, folders, names in os.walk(top, followlinks=False):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                yield pathlib.Path(directory, name)


def _refused(found: os.stat_result) -> str | None:
    """Why the file is not even opened; None if it is."""
    # opening a pipe waits for its writer, and a device may never end
    if not stat.S_ISREG(found.st_mode):
        return "no regular file"
    return f"larger than {LARGEST} bytes" if found.st_size > LARGEST else None


def _remedy(path: pathlib.Path) -> str:
    if path.is_symlink():
        return "mend or remove the link"
    return "make the file readable, or leave it out of the tree"


def mentions(data: bytes, words: tuple[bytes, ...]) -> bool:
    """Whether any of the words stands in the bytes."""
    return any(word in data for word in words)
