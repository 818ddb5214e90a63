# SPDX-License-Identifier: Apache-2.0
"""What the evaluation of a statement depended on: while that is the same, it finds nothing new.

A function is evaluated again for each slot that changes, and most of its
statements do not read that slot. Everything that an evaluation asks for and that
may change has to be noted here.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codemods.analysis.inference import Inference

#: ("local" | "param" | "return", function, name), ("attr", class, name),
#: ("global", module, name) or ("elem", place, index).
Slot = tuple[str, str, str]


class Inputs:
    """Filled while a statement is evaluated. What is found only grows, so numbers are enough.

    `slots` are those that were read, and `owners` the classes whose attributes
    were asked for, each with the number of things found; `others` are names that
    no function with rows had, `paths` files that were not loaded, and `containers`
    those that had nothing of interest in them. `names` are attributes that were
    read of objects of unknown class, with the number of things they may be.
    """

    __slots__ = (
        "containers",
        "is_complete",
        "is_settled",
        "names",
        "others",
        "owners",
        "paths",
        "slots",
    )

    def __init__(self, is_settled: bool) -> None:
        self.is_settled = is_settled
        self.slots: dict[Slot, int] = {}
        self.owners: dict[str, int] | None = None
        self.others: set[str] | None = None
        self.paths: set[str] | None = None
        self.containers: set[str] | None = None
        self.names: dict[tuple[str, str], int] | None = None
        #: Whether nothing else was asked for.
        self.is_complete = True

    def note_owners(self, name: str, number: int) -> None:
        """Note that a class was asked for, and from how many it may have attributes."""
        if self.owners is None:
            self.owners = {}
        self.owners.setdefault(name, number)

    def note_other(self, name: str) -> None:
        """Note that no function of that name took rows."""
        if self.others is None:
            self.others = set()
        self.others.add(name)

    def note_path(self, path: str) -> None:
        """Note that a file was not loaded."""
        if self.paths is None:
            self.paths = set()
        self.paths.add(path)

    def note_container(self, name: str) -> None:
        """Note that a container had nothing of interest in it."""
        if self.containers is None:
            self.containers = set()
        self.containers.add(name)

    def note_name(self, name: tuple[str, str], number: int) -> None:
        """Note that a name was read, and for how many attributes or methods it may stand."""
        if self.names is None:
            self.names = {}
        self.names.setdefault(name, number)

    def are_same(self, inference: "Inference", is_settled: bool) -> bool:
        """Whether everything would still be found as it was."""
        if not self.is_complete or is_settled != self.is_settled:
            return False
        slots, owners, names = inference.slots, self.owners or {}, self.names or {}
        for slot, number in self.slots.items():
            if len(slots.get(slot, ())) != number:
                return False
        return (
            (self.others is None or inference.row_takers.isdisjoint(self.others))
            and (self.paths is None or self.paths.isdisjoint(inference.project.modules))
            and (self.containers is None or not inference.has_rowful(self.containers))
            and all(len(inference.by_name.get(one, ())) == n for one, n in names.items())
            and all(len(inference.attribute_owners(one)) == n for one, n in owners.items())
        )
