"""Splice edits into a file."""

import dataclasses
from collections.abc import Iterable

from codemods.model import Edit


class Conflict(Exception):
    """Two rules want to change overlapping places in different ways."""


@dataclasses.dataclass(frozen=True)
class Spliced:
    """The new text, and where in it each edit's text stands."""

    text: bytes
    spans: tuple[tuple[int, int], ...]


def settle(edits: Iterable[Edit]) -> list[Edit]:
    """The edits in order, without those that a larger one has taken in.

    Raises `Conflict` when two overlap and neither holds the other.
    """
    ordered = sorted(edits, key=lambda edit: (edit.start, -edit.end))
    kept: list[Edit] = []
    for edit in ordered:
        last = kept[-1] if kept else None
        if last is None or edit.start >= last.end:
            kept.append(edit)
        elif edit.end > last.end:
            raise Conflict(
                f"line {edit.line}: {edit.rule} and {last.rule} change overlapping places"
            )
    return kept


def splice(text: bytes, edits: Iterable[Edit]) -> Spliced:
    """Return `text` with the edits made; raises `Conflict`."""
    pieces: list[bytes] = []
    spans: list[tuple[int, int]] = []
    position = length = 0
    for edit in settle(edits):
        before, new = text[position : edit.start], edit.text.encode("utf-8")
        pieces += [before, new]
        length += len(before)
        spans.append((length, length + len(new)))
        length += len(new)
        position = edit.end
    pieces.append(text[position:])
    return Spliced(b"".join(pieces), tuple(spans))
