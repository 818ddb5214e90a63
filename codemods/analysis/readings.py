# SPDX-License-Identifier: Apache-2.0
"""How code takes a row out of a row that becomes an object: the records for the rules."""

import dataclasses
from typing import Literal

from codemods.analysis.facts import Holding
from codemods.analysis.stays import Place
from codemods.mappings import Relation


@dataclasses.dataclass(frozen=True)
class Queried:
    """The other row is queried where it was read, with the context called `context`.

    `form` says where the reading is: the whole value of an assignment or of a
    return, or in any other expression. With `kept_in`, it is in the first
    statement of a loop, which keeps the results in a dict of that name.
    """

    form: Literal["assigned", "returned", "expression"]
    context: str
    kept_in: str | None = None


@dataclasses.dataclass(frozen=True)
class KeptInDict:
    """An earlier loop has found the other row, and keeps it in the dict called `kept_in`."""

    kept_in: str


@dataclasses.dataclass(frozen=True)
class Attribute:
    """The object has an attribute with the name of the key, which holds what the row had."""


@dataclasses.dataclass(frozen=True)
class Unreadable:
    """The object cannot answer here as the row did: a reason code, and details."""

    code: str
    detail: str = ""


#: How a row is taken out of an object that was a row.
Way = Queried | KeptInDict | Attribute | Unreadable


@dataclasses.dataclass(frozen=True)
class Reading:
    """A place that takes a row out of a row that becomes an object, and how to rewrite it.

    `owner` is the object; `calls` are the conductor calls that return the rows
    it may be.
    """

    relation: Relation
    owner: Holding
    way: Way
    calls: frozenset[Place]
