# SPDX-License-Identifier: Apache-2.0
"""Rows that are none of the database layer's own: from dict calls, messages, other programs.

Their times may be text and their numbers, too; metadata may be a dict or a list of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shim.objects import fields

_COERCED = (
    *(fields.IntegerField, fields.FloatField, fields.StringField, fields.UUIDField),
    *(fields.DateTimeField, fields.IPAddressField),
)


def fitting(cls: Any, row: Any) -> dict[str, Any]:
    """The row with the values of the class's fields as its columns would hold them.

    ValueError for a value that does not fit.
    """
    found = dict(row.items())
    for name, field in cls.fields.items():
        if isinstance(field, _COERCED) and found.get(name) is not None:
            found[name] = field.coerce(cls, name, found[name])
    return found


def pairs_of(metadata: Any) -> list[Mapping[str, Any]]:
    """Metadata as the rows that its table would have: ``key`` and ``value``."""
    if isinstance(metadata, Mapping):
        return [{"key": key, "value": value} for key, value in metadata.items()]
    return list(metadata or ())


def each_fitting(cls: Any, rows: Iterable[Any] | None) -> list[dict[str, Any]]:
    """The rows, each fitting the class."""
    return [fitting(cls, row) for row in rows or ()]
