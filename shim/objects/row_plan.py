# SPDX-License-Identifier: Apache-2.0
"""How the rows of a table become the fields of an object."""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from shim.objects import fields


class Plan(NamedTuple):
    """How a row becomes an object: its table, the attributes of its fields, what takes their
    columns from a row, and what makes the column's value the field's where it is another."""

    table: str
    attributes: tuple[str, ...]
    columns: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    conversions: tuple[tuple[str, Callable[[Any], Any]], ...]


def _utc(value: datetime.datetime | None) -> datetime.datetime | None:
    return None if value is None else value.replace(tzinfo=datetime.timezone.utc)


#: Field types whose values differ from what the columns hold.
_CONVERSIONS: Mapping[type, Callable[[Any], Any]] = {
    fields.DateTimeField: _utc,
    fields.BooleanField: bool,
}


def plan_of(cls: Any, skip: Iterable[str] = ()) -> Plan:
    """The plan for the class's fields that are columns of the same name, except ``skip``."""
    left_out = frozenset(skip)
    fields_of = {name: field for name, field in cls.fields.items() if name not in left_out}
    conversions = (
        (f"_obj_{name}", _CONVERSIONS.get(type(field)) or _coercion(cls, name, field))
        for name, field in fields_of.items()
    )
    return Plan(
        _table_of(cls),
        tuple(f"_obj_{name}" for name in fields_of),
        operator.itemgetter(*fields_of),
        tuple((attribute, convert) for attribute, convert in conversions if convert is not None),
    )


def _table_of(cls: Any) -> str:
    """Its name, which is the class's but for that of flavors."""
    words = re.findall("[A-Z][a-z]+", cls.obj_name())
    name = "_".join(words).lower() + "s"
    return "instance_types" if name == "flavors" else name


def _coercion(cls: Any, name: str, field: Any) -> Callable[[Any], Any] | None:
    if isinstance(field, fields.StringField | fields.UUIDField | fields.IntegerField):
        return None
    return lambda value: field.coerce(cls, name, value)
