# SPDX-License-Identifier: Apache-2.0
"""What a work item makes of each file of a tree, as metadata for libcst's tool.

libcst's tool passes one file at a time to its own processes, but the rules have to know
the whole tree. So the run is a metadata provider: its cache, which libcst makes once
before any file is written, holds the outcome of every file.
"""

import dataclasses
import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import libcst as cst
from libcst.metadata import BaseMetadataProvider

from codemods.config import Config
from codemods.engine import run
from codemods.errors import NotATree
from codemods.model import Item


@dataclasses.dataclass(frozen=True)
class ItemOutcome:
    """What a file becomes: its new bytes, None if it stays as it is, and the warnings about it."""

    data: bytes | None
    warnings: tuple[str, ...] = ()


class OutcomeProvider(BaseMetadataProvider[ItemOutcome]):
    """The outcome of one work item for a file, as metadata of its module."""

    ITEM: ClassVar[Item]

    @classmethod
    def gen_cache(
        cls, root_path: pathlib.Path, paths: Sequence[str], **kwargs: Any
    ) -> Mapping[str, object]:
        """Run the item over the tree that holds `paths`; return the outcome of each of them.

        Raises `NotATree` if they are not in a nova tree.
        """
        root = tree_above(paths, root_path)
        found = outcomes(root, cls.ITEM)
        nothing = ItemOutcome(None)
        return {path: found.get(_inside(root, path), nothing) for path in paths}

    def _gen_impl(self, module: cst.Module) -> None:
        if isinstance(self.cache, ItemOutcome):
            self.set_metadata(module, self.cache)


def _inside(root: pathlib.Path, path: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def outcomes(root: pathlib.Path, item: Item) -> dict[str, ItemOutcome]:
    """The outcome of every file that changes or that has warnings, by path."""
    result = run(Config(root, (item,)))
    said: dict[str, list[str]] = {}
    for left in result.declined:
        said.setdefault(left.path, []).append(f"line {left.line} stays: {left.reason}")
    for test in result.needs_person:
        said.setdefault(test.path, []).append(f"line {test.line} needs a person: {test.reason}")
    for failure in result.failures:
        said.setdefault(failure.path, []).append(f"{failure.reason}; {failure.remedy}")
    after = {change.path: change.after for change in result.changes if change.before is not None}
    for change in result.changes:
        if change.before is None:
            name = pathlib.PurePath(change.path).stem.encode()
            naming = [path for path, data in after.items() if name in data]
            for path in naming or list(after)[:1]:
                said.setdefault(path, []).append(
                    f"the new file {change.path} belongs to this, and libcst's tool creates none: "
                    f"`codemods run --only {item.value} --write` does"
                )
    return {
        path: ItemOutcome(after.get(path), tuple(said.get(path, ())))
        for path in sorted({*after, *said})
    }


def tree_above(paths: Sequence[str], root: pathlib.Path, package: str = "nova") -> pathlib.Path:
    """The nearest directory above the first path that holds the package, or `root` if that does.

    Raises `NotATree`.
    """
    first = pathlib.Path(paths[0]).absolute() if paths else root.absolute()
    for folder in (*first.parents, root.absolute()):
        if (folder / package / "__init__.py").is_file():
            return folder
    raise NotATree(f"{first}: no {package} tree around it; name files of one, or the tree itself")
