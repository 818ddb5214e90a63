# SPDX-License-Identifier: Apache-2.0
"""What an expression may hold, according to the inference."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from codemods.model import Evidence, Item

Kind = Literal[
    "none",  # None
    "plain",  # a dict, list or scalar that is certainly not an object
    "unknown",  # anything
    "handle",  # the conductor's API
    "method",  # a method of the conductor's API, not called
    "module",
    "class",
    "instance",  # of a class of the tree; `name` is the class
    "function",
    "row",  # a row of one of the five objects; `name` says which
    "rows",  # a list of rows
    "object",  # a versioned object already
    "objects",  # a list object already
    "primitive",  # a dict made from an object or a dict
    "dict",  # what a conductor call that stays returns: a row, or several
    "container",  # a list, dict or tuple made in the tree; `name` says where
    "column",  # what a row holds for the field `name`, which has another type in the object
    "copied",  # a dict of what a row of the object `name` holds
    "json",  # the field `name` of a row, as parsed from JSON
    "text",  # JSON of an object of class `name`; of None or an empty list without a name
]


class Value(NamedTuple):
    """One thing that an expression may hold.

    `name` is that of the object, the class, the module or the function; for a
    container, the place that made it. `needs` are the work items that turn a
    row into an object. `joined` are the keys under which a row of the
    conductor, or each of several, has rows of other tables. A tuple, because
    it is hashed all the time.
    """

    kind: Kind
    name: str = ""
    needs: frozenset[Item] = frozenset()
    nullable: bool = False
    joined: frozenset[str] = frozenset()


#: The values of one expression, each with the chain that brought it there.
Values = dict[Value, Evidence]

UNKNOWN = Value("unknown")
PLAIN = Value("plain")
NONE = Value("none")
DICT = Value("dict")
#: A list object of PCI devices, the dict that it is serialized to, and the JSON of that dict.
DEVICES = Value("objects", "PciDevice")
DEVICES_PRIMITIVE = Value("primitive", "PciDeviceList")
DEVICES_TEXT = Value("text", "PciDeviceList")


#: What matters to the code that it reaches once rows are objects.
CARRYING = frozenset(("row", "rows", "column", "copied"))

INTERESTING = frozenset(("handle", "method", "row", "rows", "object", "objects", "json"))


def is_interesting(value: Value) -> bool:
    """Whether `value` has to do with the conductor or with the objects."""
    return value.kind in INTERESTING


def are_joined_alike(values: Iterable[Value], besides: frozenset[str] = frozenset()) -> bool:
    """Whether all the rows have the same tables joined; rows are only equal if they do.

    Objects have the same keys whatever call returned them. The keys `besides` do not count.
    """
    rows = (value for value in values if value.kind in ("row", "rows"))
    return len({value.joined - besides for value in rows}) <= 1


def called_method(values: Values) -> Value | None:
    """The conductor method that a call reaches if `values` are what it calls.

    None if it may be another one, or not a conductor method at all. A value that
    is None is left out, because it cannot be called.
    """
    called = [value for value in values if value.kind != "none"]
    return called[0] if len(called) == 1 and called[0].kind == "method" else None


def becomes_object(value: Value, converted: frozenset[Item]) -> bool:
    """Whether `value` is an object once the items `converted` are done."""
    if value.kind == "object":
        return True
    return value.kind == "row" and value.needs <= converted
