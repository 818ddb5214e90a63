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
class Raised(Change):
    """The VERSION of a class is `version` from now on; `history` is what came with it."""

    version: str
    history: str


@dataclasses.dataclass(frozen=True)
class Entered(Change):
    """A literal dict of the class has these keys as well, each with the source of its value.

    `lines` are the imports that the values need.
    """

    entries: tuple[tuple[str, str], ...]
    lines: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Lacking(Change):
    """Behind this, a version below `limit` is made without `fields`.

    `primitive` is the dict that is made and `version` the tuple of its
    version, by their names. Where the statement is no part of a method yet,
    `conversion` is what makes that tuple of a version's text, and `owner` the
    class whose base has a method that does its own part.
    """

    limit: tuple[int, ...]
    fields: tuple[str, ...]
    primitive: str = "primitive"
    version: str = "target_version"
    conversion: str = ""
    owner: str = ""


@dataclasses.dataclass(frozen=True)
class Related(Change):
    """A literal dict of lists has under each of `fields` a pair of versions more.

    They are that of the class, and that of the object which it holds by then.
    """

    fields: tuple[str, ...]
    versions: tuple[str, str]


@dataclasses.dataclass(frozen=True)
class HoldingOlder(Lacking):
    """Behind this, a version below `limit` holds its `fields` in the older version `held`.

    Those that are `nullable` may hold None.
    """

    held: str = ""
    nullable: tuple[str, ...] = ()


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
