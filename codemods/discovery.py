# SPDX-License-Identifier: Apache-2.0
"""Find the files of a tree, and drop by bytes alone those that cannot matter."""

import os
import pathlib
import stat
from collections.abc import Iterable, Iterator

from codemods.errors import NotATree
from codemods.model import Failure

#: The default name of the tree's package.
PACKAGE = "nova"

LARGEST = 32 * 1024 * 1024

#: The reason for not reading a link whose target is outside the tree.
OUT_OF_THE_TREE = "a link that leads out of the tree"


def find(
    root: pathlib.Path, package: str = PACKAGE, include: tuple[pathlib.Path, ...] = ()
) -> tuple[dict[str, bytes], list[Failure]]:
    """Return the tree's Python files by path, and those that could not be read.

    These are the files of the package and of the directories in `include`. Paths are
    relative to `root`, with slashes, and sorted. Raises `NotATree` if `root` does not
    hold the package or one of the directories.
    """
    top = root / package
    if not (top / "__init__.py").is_file():
        raise NotATree(
            f"{root}: not a {package} tree: {package}/__init__.py is missing; "
            f"name the directory that holds the {package} package"
        )
    files: dict[str, bytes] = {}
    failures: list[Failure] = []
    if behind_links(root, package) is None:
        raise NotATree(f"{top}: a link that leads out of the tree; name the directory it leads to")
    for path in dict.fromkeys(_all(top, [_inside(root, one) for one in include])):
        relative = path.relative_to(root).as_posix()
        shown = relative.encode(errors="backslashreplace").decode()
        if shown != relative:
            failures.append(Failure(shown, "read", "its name is not valid UTF-8", "rename it"))
            continue
        try:
            refused = _refused(root, relative)
            if refused is None:
                files[relative] = path.read_bytes()
                continue
            reason, remedy = refused, "leave it out of the tree"
        except OSError as error:
            reason, remedy = error.strerror or str(error), _remedy(path)
        failures.append(Failure(relative, "read", reason, remedy))
    return dict(sorted(files.items())), sorted(failures, key=lambda failure: failure.path)


def import_roots(root: pathlib.Path, include: tuple[pathlib.Path, ...]) -> tuple[str, ...]:
    """The directories, relative to `root`, that the modules in `include` are imported from.

    That is the directory itself or, if it is in a package, the one above that package.
    """
    found = set()
    for directory in (_inside(root, one) for one in include):
        while (directory / "__init__.py").is_file() and directory != root:
            directory = directory.parent
        found.add(directory.relative_to(root).as_posix())
    return tuple(sorted(found - {"."}))


def path_within(root: pathlib.Path, path: pathlib.Path) -> str:
    """The path of a file or directory relative to the tree, with slashes.

    `path` is relative to the tree or to the working directory. Raises `NotATree`.
    """
    for one in (root / path, pathlib.Path.cwd() / path):
        # do not resolve the last part: the file itself may be a link
        place = one.parent.resolve() / one.name
        if one.exists() and place.is_relative_to(root.resolve()):
            return place.relative_to(root.resolve()).as_posix()
    raise NotATree(f"{path}: not a file or directory of {root}")


def _inside(root: pathlib.Path, directory: pathlib.Path) -> pathlib.Path:
    """The directory as a path below `root`; raises `NotATree` if it is not below it."""
    found = root / directory
    for one in (found, pathlib.Path.cwd() / directory):
        if one.is_dir() and one.resolve().is_relative_to(root.resolve()):
            return root / one.resolve().relative_to(root.resolve())
    raise NotATree(f"{directory}: not a directory below {root}; name one that is, to include it")


def _all(top: pathlib.Path, others: list[pathlib.Path]) -> Iterator[pathlib.Path]:
    for directory in (top, *others):
        yield from _walk(directory)


def _walk(top: pathlib.Path) -> Iterator[pathlib.Path]:
    for directory, folders, names in os.walk(top, followlinks=False):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                yield pathlib.Path(directory, name)


def behind_links(root: pathlib.Path, path: str) -> str | None:
    """The file that a path resolves to, relative to the tree; None if it is outside the tree."""
    top = pathlib.Path(os.path.realpath(root))
    real = pathlib.Path(os.path.realpath(root / path))
    return real.relative_to(top).as_posix() if real.is_relative_to(top) else None


def _refused(root: pathlib.Path, path: str) -> str | None:
    """Why the file is not even opened; None if it may be. Raises OSError."""
    found = os.lstat(root / path)
    if stat.S_ISLNK(found.st_mode):
        found = os.stat(root / path)
        if behind_links(root, path) is None and stat.S_ISREG(found.st_mode):
            return OUT_OF_THE_TREE
    # opening a pipe waits for its writer, and a device may never end
    if not stat.S_ISREG(found.st_mode):
        return "not a regular file"
    return f"larger than {LARGEST} bytes" if found.st_size > LARGEST else None


def _remedy(path: pathlib.Path) -> str:
    if path.is_symlink():
        return "mend or remove the link"
    return "make the file readable, or leave it out of the tree"


def mentions(data: bytes, words: Iterable[bytes]) -> bool:
    """Whether any of the words occurs in the bytes."""
    return any(map(data.__contains__, words))
