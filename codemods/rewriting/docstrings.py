# SPDX-License-Identifier: Apache-2.0
"""Fill what a docstring says of a keyword, in lines of 79 columns."""

import re
import textwrap

from codemods.rewriting.comments import WIDTH


def with_told(text: str, found: re.Match[str], told: str) -> str:
    """The docstring with `told` said of a keyword.

    `found` is where it speaks of that, with the groups `head`, `indent`, `keyword` and
    `told`. Lines after the first have the indentation that they had.
    """
    following = found["told"].split("\n")[1:]
    own = len(found["indent"]) + len(found["keyword"]) + len(" - ")
    if following:
        own = len(following[0]) - len(following[0].lstrip())
    filled = textwrap.fill(told, WIDTH, initial_indent=found["head"], subsequent_indent=" " * own)
    return text[: found.start()] + filled + text[found.end() :]
