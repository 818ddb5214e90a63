# SPDX-License-Identifier: Apache-2.0
"""The changes to the statements of the tree's object classes: facts for the object rules.

Each record is about the statement at whose place it is recorded. A change that
adds code before or after a statement is named for what that code does.
"""

import dataclasses

from codemods.model import Evidence


@dataclasses.dataclass(frozen=True)
class ObjectChange:
    """A change at a statement; `evidence` shows why."""

    evidence: Evidence


@dataclasses.dataclass(frozen=True)
class Entered(ObjectChange):
    """A literal dict of the class gets these keys, each with the source of its value.

    `lines` are the imports that the values need.
    """

    entries: tuple[tuple[str, str], ...]
    lines: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class StatsSkipped(ObjectChange):
    """Before this, the loop over the fields, with the variable `key`, skips the stats."""

    key: str


@dataclasses.dataclass(frozen=True)
class StatsRead(ObjectChange):
    """After this, the stats of the object `node` are made from the rows in `row`, if any."""

    node: str
    row: str


@dataclasses.dataclass(frozen=True)
class DevicesNotCopied(ObjectChange):
    """The list here, of fields that are not copied as they are, gets one more."""


@dataclasses.dataclass(frozen=True)
class DevicesRead(ObjectChange):
    """Before this, the devices of the object `node` are made from the text in `row`."""

    context: str
    node: str
    row: str


@dataclasses.dataclass(frozen=True)
class DevicesConverted(ObjectChange):
    """Before this, the methods that convert devices are added.

    `spelled` is the name of the list class, and `line` the import that it needs.
    """

    spelled: str
    line: str


@dataclasses.dataclass(frozen=True)
class DevicesStored(ObjectChange):
    """After this, the devices in the dict `updates` are converted to text."""

    updates: str


@dataclasses.dataclass(frozen=True)
class Registered(ObjectChange):
    """After this, `modules` are imported as well."""

    modules: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class GetterAdded(ObjectChange):
    """After this, the getter that reads the nodes of a service is added."""


@dataclasses.dataclass(frozen=True)
class GetterTested(ObjectChange):
    """After this, the unit tests of that getter are added."""


@dataclasses.dataclass(frozen=True)
class Unchanged(ObjectChange):
    """The class that begins here would have to change but does not have the expected form."""


@dataclasses.dataclass(frozen=True)
class ColumnsKept(ObjectChange):
    """The fields of the class keep what they are given; no version has the `unversioned` ones.

    At the class, this adds the base that keeps columns; at `fields`, the statements after it.
    """

    unversioned: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class RunHere(ObjectChange):
    """The method that begins here writes a row; it runs locally if need be, not over RPC."""


@dataclasses.dataclass(frozen=True)
class RowStored(ObjectChange):
    """The statement passes its row to the new module's `function` instead of the database's."""

    function: str


@dataclasses.dataclass(frozen=True)
class NewerLeftOut(ObjectChange):
    """After this, a method is added that reads a service without its compute node if that is newer.

    `owner` is the class around. The service reads the node when it is asked for.
    """

    owner: str


@dataclasses.dataclass(frozen=True)
class NewerRead(ObjectChange):
    """The statement reads the fields of a compute node that this tree has, whatever its version."""
