# SPDX-License-Identifier: Apache-2.0
"""A file's text with some of its islands rewritten."""

from collections.abc import Iterable
from typing import NamedTuple

from codemods.rewriting.island import Island


class ChangedText(NamedTuple):
    """The whole new `text`, and the islands that changed, in order, each with its new form.

    `replaced` is their old text and `made` their new text, each with the rest of the line
    after it, which an island must not run into.
    """

    text: bytes
    islands: tuple[tuple[Island, bytes], ...]
    replaced: bytes
    made: bytes


def changed_text(text: bytes, forms: Iterable[tuple[Island, bytes]]) -> ChangedText:
    """The text with each of the islands, which are in order, in its new form."""
    islands = tuple((island, new) for island, new in forms if new != island.text)
    pieces, replaced, made, position = list[bytes](), list[bytes](), list[bytes](), 0
    for island, new in islands:
        behind = text[island.end : text.find(b"\n", island.end) + 1]
        pieces += [text[position : island.start], new]
        replaced.append(island.text + behind)
        made.append(new + behind)
        position = island.end
    whole = b"".join([*pieces, text[position:]])
    return ChangedText(whole, islands, b"\n".join(replaced), b"\n".join(made))
