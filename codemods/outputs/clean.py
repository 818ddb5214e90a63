# SPDX-License-Identifier: Apache-2.0
"""Check that git could restore what is about to be overwritten."""

import contextlib
import pathlib
from collections.abc import Collection

from codemods.discovery import behind_links
from codemods.errors import DirtyWorkTree, GitFailed
from codemods.outputs.checkout import checkout_of
from codemods.outputs.git import asked, compared


def require_clean(root: pathlib.Path, package: str) -> None:
    """Raise `DirtyWorkTree` if git does not have the tree as it is.

    It has uncommitted changes, or git does not track it, or there is no git.
    """
    words = ("--porcelain", "--untracked-files=no", "--ignore-submodules=all", "--", ".")
    said = None
    with contextlib.suppress(GitFailed):
        said = compared(root, "status", *words)
    tracked = asked(root, "ls-files", "--error-unmatch", "--", f"{package}/__init__.py")
    if said is None or tracked is None:
        raise DirtyWorkTree(
            f"{root}: git does not track it, so what is written over would be lost; "
            "commit it, or use --force"
        )
    if said.strip():
        first = said.splitlines()[0][3:]
        raise DirtyWorkTree(
            f"{root}: uncommitted changes, {first} for one; commit or stash them, or use --force"
        )


def require_tracked(root: pathlib.Path, paths: Collection[str]) -> None:
    """Raise `DirtyWorkTree` if git does not track one of the files that would be written."""
    places = {path: behind_links(root, path) or path for path in paths}
    checkout = checkout_of(root, set(places.values()))
    for path, place in sorted(places.items()):
        if checkout is None or place not in checkout.entries:
            raise DirtyWorkTree(
                f"{path}: git does not track it, so what is written over would be lost; "
                "add and commit it, or use --force"
            )
