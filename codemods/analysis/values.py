# SPDX-License-Identifier: Apache-2.0
"""What an expression may hold, as the inference sees it."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from codemods.model import Evidence, Item

Kind = Literal[
    "none",  # None
    "plain",  # a dict, list or scalar that is certainly no object
    "unknown",  # anything
    "handle",  # the conductor's API
    "method",  # a method of the conductor's API, not called
    "module",
    "class",
    "instance",  # of a class of the tree; `name` is the class
    "function",
    "row",  # what stands for a row of one of the five objects; `name` says which
    "rows",  # several of them
    "object",  # a versioned object already
    "objects",  # a list object already
    "primitive",  # a dict made of an object or a dict
    "dict",  # what a call of the conductor's gives that stays: a row, or several
    "container",  # a list, dict or tuple made in the tree; `name` says where
    "column",  # what a row holds under the key `name` of an object, which is of another type there
    "copied",  # a dict of what a row of the object `name` holds
    "json",  # what json made of the field `name` of a row
    "text",  # JSON of an object of class `name`; of None or an empty list without a name
]


class Value(NamedTuple):
    """One thing that an expression may hold.

    `name` is the object's, the class's, the module's or the function's; a
    container's is the place that made it. `needs` are the work items that turn
    a row into an object. `joined` are the keys under which a row of the
    conductor's, or each of several, has rows of other tables. A tuple, because
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
#: A list object of PCI devices, the dict that it is serialized to, and the text of that dict.
DEVICES = Value("objects", "PciDevice")
DEVICES_PRIMITIVE = Value("primitive", "PciDeviceList")
DEVICES_TEXT = Value("text", "PciDeviceList")


#: What makes a difference to where it goes, once rows are objects.
CARRYING = frozenset(("row", "rows", "column", "copied"))

INTERESTING = frozenset(("handle", "method", "row", "rows", "object", "objects", "json"))


def is_interesting(value: Value) -> bool:
    """Whether `value` has to do with the conductor or with the objects."""
    return value.kind in INTERESTING


def are_joined_alike(values: Iterable[Value], besides: frozenset[str] = frozenset()) -> bool:
    """Whether all the rows have those of the same other tables, without which none are equal.

    Objects answer to the same keys, whatever call they are of. The keys `besides` do not count.
    """
    rows = (value for value in values if value.kind in ("row", "rows"))
    return len({value.joined - besides for value in rows}) <= 1


def called_method(values: Values) -> Value | None:
    """The conductor's method that is called where `values` are what is called.

    None where it may be another one, or no method of the conductor's at all;
    None itself cannot be called.
    """
    called = [value for value in values if value.kind != "none"]
    return called[0] if len(called) == 1 and called[0].kind == "method" else None


def becomes_object(value: Value, converted: frozenset[Item]) -> bool:
    """Whether `value` is an object once the items `converted` are done."""
    if value.kind == "object":
        return True
    return value.kind == "row" and value.needs <= converted
