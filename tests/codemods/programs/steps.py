# SPDX-License-Identifier: Apache-2.0
"""What a program is made of, before it is a text."""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Step:
    """A form of a feature, what is picked in its holes, and the steps of its blocks."""

    feature: str
    form: int = 0
    picks: tuple[int, ...] = ()
    blocks: tuple[tuple["Step", ...], ...] = ()


@dataclasses.dataclass(frozen=True)
class Part:
    """A method that is called: in the second class, or else in the first."""

    steps: tuple[Step, ...]
    in_second: bool = False


@dataclasses.dataclass(frozen=True)
class Plan:
    """A program to be made: `handle` is how its classes reach the conductor."""

    parts: tuple[Part, ...]
    handle: str = "handle"
    inherits: bool = False


def block_count(form: str) -> int:
    """How many blocks the form has."""
    return len(re.findall(r"<block[^>]*>|<closure>", form))


def hole_count(form: str) -> int:
    """How many holes of the form want a pick."""
    return len(re.findall(r"<(?!name|Name|same|block|closure|Class)", form))
