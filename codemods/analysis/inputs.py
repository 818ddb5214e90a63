# SPDX-License-Identifier: Apache-2.0
"""What the evaluation of a statement depended on: while that is the same, it finds nothing new.

A function is evaluated again for each slot that changes, and most of its
statements read others. Whatever an evaluation asks of what may change has to be
noted here.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codemods.analysis.inference import Inference

#: ("local" | "param" | "return", function, name), ("attr", class, name),
#: ("global", module, name) or ("elem", place, index).
Slot = tuple[str, str, str]


class Inputs:
    """Filled while a statement is evaluated; nothing that is asked for here is ever taken back.

    `slots` are those that were read, and `owners` the classes whose attributes
    were asked for, each with the number of what was found; `others` are names
    that no function with rows had, `paths` files that were not loaded, and
    `containers` those that had nothing of interest in them. `names` are what
    was read of objects of which the class is not known, with the number of what
    it may be.
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
        #: Whether nothing was asked for besides.
        self.is_complete = True

    def note_owners(self, name: str, number: int) -> None:
        """A class was asked for, and has so many whose attributes its instances may have."""
        if self.owners is None:
            self.owners = {}
        self.owners.setdefault(name, number)

    def note_other(self, name: str) -> None:
        """No function of that name took rows."""
        if self.others is None:
            self.others = set()
        self.others.add(name)

    def note_path(self, path: str) -> None:
        """A file was not loaded."""
        if self.paths is None:
            self.paths = set()
        self.paths.add(path)

    def note_container(self, name: str) -> None:
        """A container had nothing of interest in it."""
        if self.containers is None:
            self.containers = set()
        self.containers.add(name)

    def note_name(self, name: tuple[str, str], number: int) -> None:
        """A name was read in a file, and may stand for so many attributes or methods."""
        if self.names is None:
            self.names = {}
        self.names.setdefault(name, number)

    def are_same(self, inference: "Inference", is_settled: bool) -> bool:
        """Whether all of it would be found as it was."""
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
