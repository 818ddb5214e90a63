# SPDX-License-Identifier: Apache-2.0
"""How code takes a row out of a row that becomes an object: the records that rules are given."""

import dataclasses
from typing import Literal

from codemods.analysis.facts import Holding
from codemods.analysis.stays import Place
from codemods.mappings import Relation


@dataclasses.dataclass(frozen=True)
class Queried:
    """The other row is asked for where it was read, with the context called `context`.

    `form` says what stands around the reading: an assignment of it and nothing
    else, a return of it and nothing else, or any other expression. With
    `kept_in` it is the first statement of a loop, which keeps what it finds in
    a dict of that name.
    """

    form: Literal["assigned", "returned", "expression"]
    context: str
    kept_in: str | None = None


@dataclasses.dataclass(frozen=True)
class Kept:
    """The other row has been found by a loop before, and is kept in the dict called `kept_in`."""

    kept_in: str


@dataclasses.dataclass(frozen=True)
class Attribute:
    """The object has an attribute of the key's name, which gives what the row had."""


@dataclasses.dataclass(frozen=True)
class Unreadable:
    """The object cannot answer here as the row did: a reason code, and what there is to say."""

    code: str
    detail: str = ""


#: How a row is taken out of what was a row itself.
Way = Queried | Kept | Attribute | Unreadable


@dataclasses.dataclass(frozen=True)
class Reading:
    """A place that takes a row out of a row which becomes an object, and how it is to do so.

    `owner` is the object; `calls` are the calls of the conductor that give the
    rows it may be.
    """

    relation: Relation
    owner: Holding
    way: Way
    calls: frozenset[Place]
