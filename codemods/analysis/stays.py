# SPDX-License-Identifier: Apache-2.0
"""The conductor calls that stay for reasons other than their own place, and why.

A call whose row is used where an object cannot replace it has to go on returning
a dict. That is not known until the rows have been followed, so the calls that
are found to stay are passed to the next inference.
"""

import dataclasses
from collections.abc import Mapping
from typing import Literal

#: The path and the line of a call.
Place = tuple[str, int]

#: What is added to a tree's objects: the one for flavors, all that has to do with compute nodes,
#: or the imports that register objects.
Addition = Literal["flavor", "nodes", "registration"]


@dataclasses.dataclass(frozen=True)
class Reason:
    """Why a call stays: a reason code, and details about this call."""

    code: str
    detail: str = ""


@dataclasses.dataclass(frozen=True)
class Stays:
    """The calls that stay, with the reason for each; every call in the `files` does.

    `asked` are the files that the user asked to leave alone, each with the
    reason. `all` is the reason if no call of the tree can be rewritten;
    `additions` has the reasons why something is not added to the tree's objects.
    """

    calls: Mapping[Place, Reason] = dataclasses.field(default_factory=dict)
    files: frozenset[str] = frozenset()
    all: Reason | None = None
    asked: Mapping[str, Reason] = dataclasses.field(default_factory=dict)
    additions: Mapping[Addition, Reason] = dataclasses.field(default_factory=dict)

    def why(self, path: str, line: int) -> Reason | None:
        """Why the call on a line stays; None if it need not."""
        if self.all is not None:
            return self.all
        if path in self.asked:
            return self.asked[path]
        if path in self.files:
            return Reason("call.file-stays")
        return self.calls.get((path, line))

    def __or__(self, other: "Stays") -> "Stays":
        """What stays in either; a call in both keeps the reason of this one."""
        return Stays(
            {**other.calls, **self.calls},
            self.files | other.files,
            self.all or other.all,
            {**other.asked, **self.asked},
            {**other.additions, **self.additions},
        )

    def bars(self, addition: Addition) -> str:
        """What prevents an addition to the tree's objects; "" if nothing does."""
        left = self.all or self.additions.get(addition)
        return f"a change that is not to be made: {left.detail}" if left is not None else ""


NOTHING_STAYS = Stays()
