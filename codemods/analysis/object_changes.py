# SPDX-License-Identifier: Apache-2.0
"""What is to become of the statements of the tree's object classes: facts for the rules there.

Each record is about the statement at whose place it is found. What is put
before or behind a statement is named for what it does there.
"""

import dataclasses

from codemods.model import Evidence


@dataclasses.dataclass(frozen=True)
class Change:
    """Something that is done to a statement; `evidence` shows why."""

    evidence: Evidence


@dataclasses.dataclass(frozen=True)
class Entered(Change):
    """A literal dict of the class has these keys as well, each with the source of its value.

    `lines` are the imports that the values need.
    """

    entries: tuple[tuple[str, str], ...]
    lines: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class StatsSkipped(Change):
    """Before this, a loop over the fields named `key` goes on where the field is the stats."""

    key: str


@dataclasses.dataclass(frozen=True)
class StatsRead(Change):
    """Behind this, the stats of the object `node` are made of the rows in `row`, if it has any."""

    node: str
    row: str


@dataclasses.dataclass(frozen=True)
class DevicesNotCopied(Change):
    """The fields that are not copied as they are, which this lists, are one more."""


@dataclasses.dataclass(frozen=True)
class DevicesRead(Change):
    """Before this, the devices of the object `node` are made of the text in `row`."""

    context: str
    node: str
    row: str


@dataclasses.dataclass(frozen=True)
class DevicesConverted(Change):
    """Before this stand the methods that convert devices; `spelled` is how the list is named.

    `line` is the import that it needs.
    """

    spelled: str
    line: str


@dataclasses.dataclass(frozen=True)
class DevicesStored(Change):
    """Behind this, the devices in the dict `updates` are made text."""

    updates: str


@dataclasses.dataclass(frozen=True)
class Registered(Change):
    """Behind this, `modules` are imported as well."""

    modules: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class GetterAdded(Change):
    """Behind this stands the getter that reads the nodes of a service."""


@dataclasses.dataclass(frozen=True)
class GetterTested(Change):
    """Behind this stand the unit tests of that getter."""


@dataclasses.dataclass(frozen=True)
class Unchanged(Change):
    """The class or method that begins here would have to change, and is written in another way."""


@dataclasses.dataclass(frozen=True)
class Kept(Change):
    """The fields of the class keep what they are given; `unversioned` are in none of its versions.

    At the class, it becomes one that keeps columns; behind its fields they are made to.
    """

    unversioned: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class RunHere(Change):
    """The method that begins here writes a row, and runs where it is called."""


@dataclasses.dataclass(frozen=True)
class RowStored(Change):
    """The statement hands its row to the new module's `function` instead of the database's."""

    function: str


@dataclasses.dataclass(frozen=True)
class NewerLeftOut(Change):
    """Behind this, a service leaves out a compute node that is newer than any here, and reads it.

    `owner` is the class around.
    """

    owner: str


@dataclasses.dataclass(frozen=True)
class NewerRead(Change):
    """The statement reads a compute node as far as it is known here, whatever its version."""
