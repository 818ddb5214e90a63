# SPDX-License-Identifier: Apache-2.0
"""The records that the stages hand to each other.

They are frozen and know nothing of how they are made; this module imports
nothing else of the package.
"""

import dataclasses
import enum
from typing import NamedTuple


class Item(enum.Enum):
    """A work item: one patch of the series. The order is the series' order."""

    OBJECT_FIELDS = "object-fields"
    FLAVOR = "flavor"
    SERVICE = "service"
    INSTANCE = "instance"
    MIGRATION = "migration"
    COMPUTE_NODE = "compute-node"
    CONDUCTOR = "conductor"


ITEMS: tuple[Item, ...] = tuple(Item)

ITEM_OF_OBJECT = {
    "Flavor": Item.FLAVOR,
    "Service": Item.SERVICE,
    "Instance": Item.INSTANCE,
    "Migration": Item.MIGRATION,
    "ComputeNode": Item.COMPUTE_NODE,
}


class Step(NamedTuple):
    """One link of an evidence chain: what happened, and where.

    `path` is relative to the tree, with slashes; `line` counts from 1. `call`
    is the conductor's method where the step is a call that gives a row. A tuple,
    because one is made whenever a value goes anywhere.
    """

    path: str
    line: int
    text: str
    call: str = ""


Evidence = tuple[Step, ...]


@dataclasses.dataclass(frozen=True)
class Failure:
    """A file that could not be read, parsed, verified or written."""

    path: str
    stage: str
    reason: str
    remedy: str


@dataclasses.dataclass(frozen=True)
class Edit:
    """A replacement of bytes `start` to `end` of the file by `text`.

    Offsets count bytes of the file in UTF-8. `item` is the work item whose
    patch carries the edit, `rule` the rule that asked for it, `evidence` the
    chain that shows why it is right, `effects` what unit tests have to know of it.
    """

    path: str
    start: int
    end: int
    text: str
    item: Item
    rule: str
    line: int
    evidence: Evidence = ()
    effects: frozenset[enum.Enum] = frozenset()


@dataclasses.dataclass(frozen=True)
class Refused:
    """An edit that was asked not to be made, and why; nothing of it is in the rewritten file.

    `is_listed` says that somebody asked for just this place, `is_needed` that
    what is rewritten elsewhere may count on it.
    """

    edit: Edit
    why: str
    is_listed: bool = False
    is_needed: bool = True


@dataclasses.dataclass(frozen=True)
class ImportChange:
    """An import line that the file needs from now on.

    `line` is the statement, `from nova import objects` say.
    """

    path: str
    line: str
    item: Item
    rule: str

    @property
    def source(self) -> str:
        """The dotted name of the module, or package, from which the line imports."""
        return self.line.split()[1]


@dataclasses.dataclass(frozen=True)
class NewFile:
    """A file that the tree lacks; `data` is its bytes."""

    path: str
    data: bytes
    item: Item
    rule: str


@dataclasses.dataclass(frozen=True)
class Declined:
    """A place that a rule knows, and leaves as it is because it is not sure."""

    path: str
    line: int
    item: Item
    rule: str
    code: str
    reason: str
    evidence: Evidence = ()


@dataclasses.dataclass(frozen=True)
class NeedsPerson:
    """A unit test that will not hold after the rewrite unless somebody mends it."""

    path: str
    line: int
    test: str
    item: Item
    reason: str


@dataclasses.dataclass(frozen=True)
class LeftFunction:
    """A function, or another whole statement, of which no tree can be made: it stays as it is.

    `start` and `end` are its place in the file, in bytes; `line` is that of the statement.
    """

    path: str
    start: int
    end: int
    line: int
    reason: str


@dataclasses.dataclass(frozen=True)
class Conflict:
    """A place that two rules would change; `rule` did, and of the `other` nothing is left."""

    path: str
    line: int
    rule: str
    other: str


@dataclasses.dataclass(frozen=True)
class Overlong:
    """A line, counted in the rewritten file, that could not be kept under 80 columns."""

    path: str
    line: int
    columns: int


@dataclasses.dataclass(frozen=True)
class Change:
    """A file's content before and after; `before` is None for a new file."""

    path: str
    before: bytes | None
    after: bytes


@dataclasses.dataclass(frozen=True)
class Patch:
    """What one work item does: the changed files, and the edits behind them.

    `wordings` are the names of what can be done in several ways, each with the
    way that was chosen in this tree; `idle` is the old code that lost its last
    caller or reader with this patch, and is left alone.
    """

    item: Item
    changes: tuple[Change, ...]
    edits: tuple[Edit, ...]
    wordings: tuple[tuple[str, str], ...] = ()
    idle: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Stage:
    """The tree with the items up to `item` done; `considered` are the files looked at for it."""

    item: Item
    texts: dict[str, bytes]
    edits: tuple[Edit, ...]
    declined: tuple[Declined, ...]
    needs_person: tuple[NeedsPerson, ...]
    failures: tuple[Failure, ...]
    considered: frozenset[str]
    left_functions: tuple[LeftFunction, ...] = ()
    overlong: tuple[Overlong, ...] = ()
    refused: tuple[Refused, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


@dataclasses.dataclass(frozen=True)
class RunResult:
    """The whole outcome of a run; every output is made from this alone.

    `found` = changed + unchanged + not_considered + failed, each counted in
    files. `items` are those `asked` for, and what they cannot do without;
    those of `needing_fields` use what is added with the missing fields.
    `seconds` are those of the processor for each stage, `loaded` the files that
    were parsed, each with the reason. Of the patterns that were to exclude files
    those in `unmatched` match none.
    """

    root: str
    target: str
    items: tuple[Item, ...]
    found: int
    unchanged: int
    not_considered: int
    changes: tuple[Change, ...]
    patches: tuple[Patch, ...]
    declined: tuple[Declined, ...]
    needs_person: tuple[NeedsPerson, ...]
    failures: tuple[Failure, ...]
    overlong: tuple[Overlong, ...] = ()
    seconds: tuple[tuple[str, float], ...] = dataclasses.field(default=(), compare=False)
    loaded: tuple[tuple[str, str], ...] = dataclasses.field(default=(), compare=False)
    unmatched: tuple[str, ...] = ()
    asked: tuple[Item, ...] = ITEMS
    needing_fields: tuple[Item, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    @property
    def brought(self) -> tuple[Item, ...]:
        """The work items that nobody asked for, and that those asked for cannot do without."""
        return tuple(item for item in self.items if item not in self.asked)

    @property
    def changed(self) -> int:
        """How many files that were there before are changed."""
        return sum(1 for change in self.changes if change.before is not None)

    @property
    def created(self) -> int:
        """How many files are new."""
        return sum(1 for change in self.changes if change.before is None)
