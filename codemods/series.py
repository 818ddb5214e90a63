# SPDX-License-Identifier: Apache-2.0
"""The patches: the difference between each stage and the one before."""

from codemods.discovery import PACKAGE
from codemods.idle import idle
from codemods.model import Change, Edit, Patch, Stage


def patches(
    found: list[Stage],
    originals: dict[str, bytes],
    wordings: tuple[tuple[str, str], ...] = (),
    package: str = PACKAGE,
) -> list[Patch]:
    """The difference between each stage and the one before; empty ones are left out."""
    made: list[Patch] = []
    before: dict[str, bytes] = {}
    known: set[Edit] = set()
    for stage in found:
        changes = []
        for path in sorted(set(stage.texts) | set(before)):
            old = before.get(path, originals.get(path))
            new = stage.texts.get(path, originals.get(path))
            if new is not None and old != new:
                changes.append(Change(path, old, new))
        edits = tuple(edit for edit in stage.edits if edit not in known)
        known.update(stage.edits)
        if changes:
            program = {path: data for path, data in originals.items() if "/tests/" not in path}
            program |= {path: data for path, data in stage.texts.items() if path in program}
            left = idle(tuple(changes), program, found[-1].texts, f"{package}/conductor/")
            made.append(Patch(stage.item, tuple(changes), edits, wordings, left))
        before = stage.texts
    return made
