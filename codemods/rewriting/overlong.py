# SPDX-License-Identifier: Apache-2.0
"""The lines that could not be kept under 80 columns, for the report."""

from collections import Counter

from codemods.model import Overlong
from codemods.rewriting.comments import WIDTH


def overlong(path: str, before: bytes, after: bytes) -> tuple[Overlong, ...]:
    """The lines over 79 columns that are new, or longer than before.

    A line that was too long before and is not longer now does not count.
    """
    found = _over(after)
    if not found:
        return ()
    there = Counter(text for _, text in _over(before))
    new = []
    for number, text in found:
        if there[text]:
            there[text] -= 1
        else:
            new.append(Overlong(path, number, len(text)))
    gone = sorted(map(len, there.elements()))
    return tuple(one for one in new if not _takes(gone, one.columns))


def _over(text: bytes) -> list[tuple[int, str]]:
    lines = enumerate(text.split(b"\n"), start=1)
    # a line never has more characters than bytes
    longer = (
        (n, line.expandtabs().rstrip(b"\r").decode("utf-8"))
        for n, line in lines
        if len(line) > WIDTH or b"\t" in line
    )
    return [(number, line) for number, line in longer if len(line) > WIDTH]


def _takes(gone: list[int], columns: int) -> bool:
    """Whether a line at least that long is gone; if so, the new one takes its place."""
    number = next((n for n, length in enumerate(gone) if length >= columns), None)
    if number is None:
        return False
    del gone[number]
    return True
