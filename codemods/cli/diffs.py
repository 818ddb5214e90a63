# SPDX-License-Identifier: Apache-2.0
"""Diffs on a terminal."""

import difflib
from collections.abc import Iterable, Iterator

from rich.text import Text

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def diff(before: str, after: str, path: str) -> Iterator[Text]:
    """The lines of a unified diff of two texts, in git's colours."""
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", lineterm=""
    )
    return colored(lines)


def colored(lines: Iterable[str]) -> Iterator[Text]:
    """The lines of a diff, in git's colours."""
    for line in lines:
        is_head = line.startswith(("+++ ", "--- "))
        yield Text(line, "bold" if is_head else _STYLES.get(line[:1], ""))
