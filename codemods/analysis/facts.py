# SPDX-License-Identifier: Apache-2.0
"""The result of inference: read-only facts about one file, keyed by place.

A place is a span of bytes, so that the node that a fact is about can be found in
another tree of the same file, such as libcst's.
"""

import bisect
import dataclasses
import functools
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from codemods.analysis.stays import Reason
from codemods.analysis.values import Value, becomes_object
from codemods.mappings import ConductorCall, conductor_calls
from codemods.model import ITEM_OF_OBJECT, ITEMS, Evidence, Item

#: The offsets of a first byte and of the byte after the last, in the file as UTF-8.
Span = tuple[int, int]

#: A place, the kind of the fact about it, and the fact.
Placed = tuple[Span, str, Any]

ALL_ITEMS = frozenset(ITEMS)

_OF_THE_CONDUCTOR = frozenset(("row", "rows"))


@dataclasses.dataclass(frozen=True)
class Holding:
    """What an expression holds: an object of class `name`.

    `sure` says that it is one on every path; `evidence` shows how it got
    there, `contrary` a path on which it is something else; `nullable` says that
    it may be None.
    """

    name: str
    sure: bool
    evidence: Evidence
    contrary: Evidence = ()
    nullable: bool = False


@dataclasses.dataclass(frozen=True)
class Held:
    """Everything that an expression may hold once the work items `done` are done.

    `values` maps each value to the chain of steps that brought it there.
    """

    values: Mapping[Value, Evidence]
    done: frozenset[Item] = ALL_ITEMS

    @functools.cached_property
    def object(self) -> Holding | None:
        """The object that the expression may hold; None if no path brings one."""
        values = {v: e for v, e in self.values.items() if v.kind != "none"}
        objects = {
            v: e
            for v, e in values.items()
            if becomes_object(v, self.done) and v.name in ITEM_OF_OBJECT
        }
        if not objects:
            return None
        # a row of the conductor is the reason to look at the place at all
        first = next((v for v in objects if v.kind == "row"), next(iter(objects)))
        others = {v: e for v, e in values.items() if v not in objects or v.name != first.name}
        contrary: Evidence = next(iter(others.values())) if others else ()
        nullable = any(v.kind == "none" or v.nullable for v in self.values)
        return Holding(first.name, not others, objects[first], contrary, nullable)

    @functools.cached_property
    def list(self) -> Holding | None:
        """The list object that the expression may hold; None if no path brings one.

        `sure` is always false: it is not known for lists.
        """
        for value, evidence in self.values.items():
            if value.kind == "rows" and value.needs <= self.done:
                return Holding(value.name, False, evidence)
        return None

    @functools.cached_property
    def is_from_conductor(self) -> bool:
        """Whether one of the values was a row, or rows, of the conductor before the items."""
        return any(
            value.kind in _OF_THE_CONDUCTOR and value.needs <= self.done for value in self.values
        )

    def kind(self, name: str) -> Iterator[tuple[Value, Evidence]]:
        """The values of one kind."""
        return ((value, e) for value, e in self.values.items() if value.kind == name)


@dataclasses.dataclass(frozen=True)
class RowValues:
    """The literal dict from which a call creates or updates a row.

    `keys` are its keys, in the order in which their values are evaluated;
    `built` the statement that builds the dict, None if it is in the call itself;
    `stores` the later `values[key] = value`, each with its key.
    """

    keys: tuple[str, ...]
    built: Span | None = None
    stores: tuple[tuple[Span, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Early:
    """A value of a call that is assigned to a local name before anything is set.

    `place` is the index of a value of the row, or the parameter of any other
    argument.
    """

    place: int | str
    name: str


@dataclasses.dataclass(frozen=True, eq=False)
class Site:
    """A call of one of the conductor's row-moving methods; `left` says why it stays, if so.

    `variable` names the object that is written: a free local name, or the row's
    own source if the row is the object (`row_is_object`). `values` is None if the
    dict is not a literal, or is used elsewhere too. `early` is what has to be
    evaluated first, in order. `keeps_dict` says that the result goes where the
    class keeps dicts.
    """

    call: ConductorCall
    evidence: Evidence
    left: Reason | None = None
    variable: str = ""
    row_is_object: bool = False
    values: RowValues | None = None
    early: tuple[Early, ...] = ()
    keeps_dict: bool = False


@dataclasses.dataclass(frozen=True, eq=False)
class Part:
    """A statement's part in a site: it builds the dict, stores a key in it, or is the call."""

    kind: Literal["built", "store", "call"]
    site: Site
    key: str = ""


@dataclasses.dataclass(frozen=True)
class Leftover:
    """A local name that may be unused once the calls around it are rewritten.

    `statement` is the place of its assignment, `function` the dotted name, within
    the module, of the function that it is local to.
    """

    statement: Span
    function: str
    name: str


@dataclasses.dataclass(frozen=True)
class Facts:
    """What is known about one file once some of the work items are done.

    `unread` are the statements and methods that only keep the conductor's API for
    readers that are gone; whether `leftovers` are still read depends on the rules.
    `others` are facts for single rules, by the name of their kind.
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
        """The facts of one kind by place; empty if no such facts were looked for."""
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
        """The offsets at which there is something to look at, in order."""
        found = [start for (start, _), held in self.holds.items() if _is_reason(held)]
        found += [start for start, _ in (*self.sites, *self.parts, *self.unread)]
        found += [start for table in self.others.values() for start, _ in table]
        return tuple(sorted(set(found)))


def _is_reason(held: Held) -> bool:
    """Whether what a place holds is by itself a reason to look at it.

    A versioned object that the file already had is not a reason to change it.
    """
    return any(
        value.kind in ("row", "rows", "json")
        or (value.kind == "method" and value.name in conductor_calls())
        for value in held.values
    )
