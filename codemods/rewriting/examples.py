# SPDX-License-Identifier: Apache-2.0
"""The examples of a rule: modules before and after, and modules that stay as they are."""

import dataclasses

#: Other files of an example's tree: path and text. None removes a directory.
Beside = tuple[tuple[str, str | None], ...]


@dataclasses.dataclass(frozen=True)
class Example:
    """A module before and after the rule; the test runs it in a small tree.

    `beside` are other files of the tree, for example the code that a unit test tests.
    """

    before: str
    after: str
    path: str = "nova/compute/example.py"
    beside: Beside = ()


@dataclasses.dataclass(frozen=True)
class LeftAlone:
    """A module that stays as it is, and the reason code, if any."""

    source: str
    because: str = ""
    path: str = "nova/compute/example.py"
    beside: Beside = ()
