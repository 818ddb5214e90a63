# SPDX-License-Identifier: Apache-2.0
"""What a rule shows of itself: modules before and after, and modules that stay as they are."""

import dataclasses

#: Other files of an example's tree: the path of each, and its text. A directory with None is gone.
Beside = tuple[tuple[str, str | None], ...]


@dataclasses.dataclass(frozen=True)
class Example:
    """A module before and after the rule; the test runs it in a small tree.

    `beside` are files that the tree has besides: the code that a unit test is
    for, say.
    """

    before: str
    after: str
    path: str = "nova/compute/example.py"
    beside: Beside = ()


@dataclasses.dataclass(frozen=True)
class LeftAlone:
    """A module that stays as it is, and the reason code that says why, if any."""

    source: str
    because: str = ""
    path: str = "nova/compute/example.py"
    beside: Beside = ()
