# SPDX-License-Identifier: Apache-2.0
"""What inference ends in: read-only facts of one file, keyed by where they stand.

A place is a span of bytes, so that whoever has another tree of the same file,
libcst's for one, can find the node that a fact is about.
"""

import bisect
import dataclasses
import functools
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from codemods.analysis.stays import Left
from codemods.analysis.values import Value, becomes_object
from codemods.mappings import ConductorCall, conductor_calls
from codemods.model import ITEM_OF_OBJECT, ITEMS, Evidence, Item

#: The offsets of a first byte and of the byte behind the last, in the file as UTF-8.
Span = tuple[int, int]

#: A place, the kind of the fact about it, and the fact.
Placed = tuple[Span, str, Any]

ALL_ITEMS = frozenset(ITEMS)

_OF_THE_CONDUCTOR = frozenset(("row", "rows"))


@dataclasses.dataclass(frozen=True)
class Holding:
    """What an expression holds: an object of class `name`.

    `sure` says that it is one on every path; `evidence` shows how it got
    there, `contrary` a path on which it is something else.
    """

    name: str
    sure: bool
    evidence: Evidence
    contrary: Evidence = ()
    nullable: bool = False


@dataclasses.dataclass(frozen=True)
class Held:
    """All that an expression may hold once the work items `done` are done.

    `values` maps each value to the chain of steps that brought it there.
    """

    values: Mapping[Value, Evidence]
    done: frozenset[Item] = ALL_ITEMS

    @functools.cached_property
    def object(self) -> Holding | None:
        """The object among them; None where no path brings one."""
        values = {v: e for v, e in self.values.items() if v.kind != "none"}
        objects = {
            v: e
            for v, e in values.items()
            if becomes_object(v, self.done) and v.name in ITEM_OF_OBJECT
        }
        if not objects:
            return None
        # a row of the conductor's is the reason to look at the place at all
        first = next((v for v in objects if v.kind == "row"), next(iter(objects)))
        others = {v: e for v, e in values.items() if v not in objects or v.name != first.name}
        contrary: Evidence = next(iter(others.values())) if others else ()
        nullable = any(v.kind == "none" or v.nullable for v in self.values)
        return Holding(first.name, not others, objects[first], contrary, nullable)

    @functools.cached_property
    def list(self) -> Holding | None:
        """The list object among them; None where no path brings one.

        `sure` is not known of lists: what only a list can do is asked of all.
        """
        for value, evidence in self.values.items():
            if value.kind == "rows" and value.needs <= self.done:
                return Holding(value.name, False, evidence)
        return None

    @functools.cached_property
    def is_from_conductor(self) -> bool:
        """Whether one of the values is what the conductor gave before the items were done."""
        return any(
            value.kind in _OF_THE_CONDUCTOR and value.needs <= self.done for value in self.values
        )

    def kind(self, name: str) -> Iterator[tuple[Value, Evidence]]:
        """The values of one kind."""
        return ((value, e) for value, e in self.values.items() if value.kind == name)


@dataclasses.dataclass(frozen=True)
class RowValues:
    """The literal dict that a call makes or changes a row of.

    `keys` are its keys, in the order in which their values are evaluated;
    `built` the statement that makes the dict, None where it stands in the call
    itself; `stores` the later `values[key] = value`, each with its key.
    """

    keys: tuple[str, ...]
    built: Span | None = None
    stores: tuple[tuple[Span, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Early:
    """A value of a call that a local name is given before anything is set.

    `place` is the number of the value among those of the row, or the parameter
    of any other argument.
    """

    place: int | str
    name: str


@dataclasses.dataclass(frozen=True, eq=False)
class Site:
    """A call of one of the conductor's row-moving methods; `left` says why it stays, if so.

    `variable` is the name of the object that is written: a local name that is
    free, or the row's own source where the row is the object
    (`row_is_object`). `values` are None where the dict is no literal, or is
    used elsewhere too. `early` is what has to be evaluated first, in order.
    `keeps_dict` says that the result goes where the class keeps dicts.
    """

    call: ConductorCall
    evidence: Evidence
    left: Left | None = None
    variable: str = ""
    row_is_object: bool = False
    values: RowValues | None = None
    early: tuple[Early, ...] = ()
    keeps_dict: bool = False


@dataclasses.dataclass(frozen=True, eq=False)
class Part:
    """What a statement is to a site: it builds its dict, stores a key in it, or is the call."""

    kind: Literal["built", "store", "call"]
    site: Site
    key: str = ""


@dataclasses.dataclass(frozen=True)
class Leftover:
    """A local name that nothing may read once the calls around it are rewritten.

    `statement` is the place that gives it its value, `function` the dotted
    name, from the module on, of the function that it is local to.
    """

    statement: Span
    function: str
    name: str


@dataclasses.dataclass(frozen=True)
class Facts:
    """What is known of one file once some of the work items are done.

    `unread` are the statements and methods that do nothing but keep the
    conductor's API for readers of whom none is left; of `leftovers` it depends
    on the rules whether they are read. `others` are facts for
    single rules, by the name of their kind.
    """

    path: str
    holds: Mapping[Span, Held]
    sites: Mapping[Span, Site]
    parts: Mapping[Span, Part]
    unread: frozenset[Span] = frozenset()
    leftovers: tuple[Leftover, ...] = ()
    others: Mapping[str, Mapping[Span, Any]] = dataclasses.field(default_factory=dict)

    def between(self, start: int, end: int) -> list[Placed]:
        """The facts about the places that begin between two offsets, in order."""
        first, last = (bisect.bisect_left(self._starts, place) for place in (start, end))
        return self._placed[first:last]

    def table(self, kind: str) -> Mapping[Span, Any]:
        """The facts of one kind by place; none where nobody looked for any."""
        return self._tables.get(kind, {})

    @functools.cached_property
    def _tables(self) -> Mapping[str, Mapping[Span, Any]]:
        return {
            "holds": self.holds,
            "sites": self.sites,
            "parts": self.parts,
            "unread": dict.fromkeys(self.unread, True),
            **self.others,
        }

    @functools.cached_property
    def _placed(self) -> list[Placed]:
        found: list[Placed] = [
            (span, kind, fact)
            for kind, table in self._tables.items()
            for span, fact in table.items()
        ]
        return sorted(found, key=lambda one: one[:2])

    @functools.cached_property
    def _starts(self) -> list[int]:
        return [span[0] for span, _, _ in self._placed]

    @functools.cached_property
    def places(self) -> tuple[int, ...]:
        """The offsets at which something is to be looked at, in order."""
        found = [start for (start, _), held in self.holds.items() if _is_reason(held)]
        found += [start for start, _ in (*self.sites, *self.parts, *self.unread)]
        found += [start for table in self.others.values() for start, _ in table]
        return tuple(sorted(set(found)))


def _is_reason(held: Held) -> bool:
    """Whether a place is worth a look for what stands there alone.

    A versioned object that the file had before is no reason to change it.
    """
    return any(
        value.kind in ("row", "rows", "json")
        or (value.kind == "method" and value.name in conductor_calls())
        for value in held.values
    )
