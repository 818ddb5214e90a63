"""The patches: the difference that each stage makes to the one before."""

from codemods.model import Change, Edit, Patch, Stage


def patches(
    found: list[Stage],
    originals: dict[str, bytes],
    wordings: tuple[tuple[str, str], ...] = (),
) -> list[Patch]:
    """The difference that each stage makes to the one before; empty ones left out."""
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
            made.append(Patch(stage.item, tuple(changes), edits, wordings))
        before = stage.texts
    return made
