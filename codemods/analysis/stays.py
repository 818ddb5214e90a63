# SPDX-License-Identifier: Apache-2.0
"""The calls of the conductor that stay whatever their own place tells, and why.

A call whose row is used where no object can take its place has to go on giving
a dict. Nobody knows before the rows have been followed, so the calls that are
found to stay are handed to the next inference.
"""

import dataclasses
from collections.abc import Mapping

#: The path and the line of a call.
Place = tuple[str, int]


@dataclasses.dataclass(frozen=True)
class Left:
    """Why a call stays: a reason code, and what there is to say of this call."""

    code: str
    detail: str = ""


@dataclasses.dataclass(frozen=True)
class Stays:
    """The calls that stay, with the reason for each; of the `files` every call does.

    `all` is the reason where no call of the tree can be rewritten.
    """

    calls: Mapping[Place, Left] = dataclasses.field(default_factory=dict)
    files: frozenset[str] = frozenset()
    all: Left | None = None

    def why(self, path: str, line: int) -> Left | None:
        """Why the call on a line stays; None if it need not."""
        if self.all is not None:
            return self.all
        if path in self.files:
            return Left("call.file-stays")
        return self.calls.get((path, line))

    def __or__(self, other: "Stays") -> "Stays":
        """What stays of either; a call keeps the reason that was found first."""
        return Stays({**other.calls, **self.calls}, self.files | other.files, self.all or other.all)


NOTHING_STAYS = Stays()
