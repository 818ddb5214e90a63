# SPDX-License-Identifier: Apache-2.0
"""The records that the steps of the pipeline hand to each other.

They are frozen and know nothing about how they are made; this module imports
nothing else from the package.
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

    `path` is relative to the tree, with slashes; `line` counts from 1. `call` is the
    conductor's method if the step is a call that returns a row. It is a tuple for
    speed: one is made whenever a value goes anywhere.
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

    Offsets count bytes of the file in UTF-8. `item` is the work item whose patch
    carries the edit, `rule` the rule that made it, `evidence` the chain that shows why
    it is right, `effects` what unit tests have to know about it.
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
    """An edit that is not made, and why; no part of it is in the file.

    `is_listed` says that the reason is about this very place, `is_needed` that what is
    rewritten elsewhere may depend on it. `code` is the reason code: mostly, the user asked
    not to make the edit.
    """

    edit: Edit
    why: str
    is_listed: bool = False
    is_needed: bool = True
    code: str = "asked.skip"


@dataclasses.dataclass(frozen=True)
class ImportChange:
    """An import that the file needs after the rewrite.

    `line` is the statement, for example `from nova import objects`.
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
    """A place that a rule recognizes and leaves as it is because it is not sure."""

    path: str
    line: int
    item: Item
    rule: str
    code: str
    reason: str
    evidence: Evidence = ()


@dataclasses.dataclass(frozen=True)
class NeedsPerson:
    """A unit test that will not pass after the rewrite unless a person fixes it."""

    path: str
    line: int
    test: str
    item: Item
    reason: str


@dataclasses.dataclass(frozen=True)
class LeftFunction:
    """A function, or another whole statement, that cannot be parsed and stays as it is.

    `start` and `end` are its place in the file, in bytes; `line` is its line.
    """

    path: str
    start: int
    end: int
    line: int
    reason: str


@dataclasses.dataclass(frozen=True)
class Conflict:
    """A place that two rules would change; `rule` did, and the `other` did not."""

    path: str
    line: int
    rule: str
    other: str


@dataclasses.dataclass(frozen=True)
class Overlong:
    """A line of the rewritten file that could not be kept under 80 columns."""

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
    """What one work item does: the changed files, and the edits in them.

    `wordings` are pairs: what can be done in several ways, and the way chosen for this
    tree. `idle` is the old code that lost its last caller or reader with this patch and
    is left alone.
    """

    item: Item
    changes: tuple[Change, ...]
    edits: tuple[Edit, ...]
    wordings: tuple[tuple[str, str], ...] = ()
    idle: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Stage:
    """The tree with the items up to `item` done; `considered` are the files looked at."""

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
    files. `items` are those `asked` for, and the ones that these need;
    those in `needing_fields` use fields that the patch for missing fields adds.
    `seconds` is the CPU time of each step, `loaded` the files that
    were parsed, each with the reason. `unmatched` are the patterns to exclude files
    that match none.
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
        """The work items that were not asked for but that those asked for need."""
        return tuple(item for item in self.items if item not in self.asked)

    @property
    def changed(self) -> int:
        """How many existing files are changed."""
        return sum(1 for change in self.changes if change.before is not None)

    @property
    def created(self) -> int:
        """How many files are new."""
        return sum(1 for change in self.changes if change.before is None)
