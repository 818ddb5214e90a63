# SPDX-License-Identifier: Apache-2.0
"""A file's text once some of its islands have become others."""

from collections.abc import Iterable
from typing import NamedTuple

from codemods.rewriting.island import Island


class ChangedText(NamedTuple):
    """The whole `text`, and of the islands that changed what they were and what they are.

    Each with the line behind it, into which it must not run.
    """

    text: bytes
    replaced: bytes
    made: bytes


def changed_text(text: bytes, forms: Iterable[tuple[Island, bytes]]) -> ChangedText:
    """The text with each of the islands, which are in order, in its new form."""
    pieces, replaced, made, position = list[bytes](), list[bytes](), list[bytes](), 0
    for island, new in forms:
        if new != island.text:
            behind = text[island.end : text.find(b"\n", island.end) + 1]
            pieces += [text[position : island.start], new]
            replaced.append(island.text + behind)
            made.append(new + behind)
            position = island.end
    whole = b"".join([*pieces, text[position:]])
    return ChangedText(whole, b"\n".join(replaced), b"\n".join(made))
