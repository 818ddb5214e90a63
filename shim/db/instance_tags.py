# SPDX-License-Identifier: Apache-2.0
"""Filters of instances by their metadata and its tags, as nova 2014.2 reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from shim import exception
from shim.context import RequestContext
from shim.db import rows
from shim.db.tables import instance_metadata, instances


def with_pairs(table: Any, wanted: Any) -> Iterator[ColumnElement[bool]]:
    """Conditions that the pairs of a dict, or of each dict of a list, are among the metadata.

    Key and value are looked for apart, as nova does: two pairs may give them.
    """
    for pairs in wanted if isinstance(wanted, list) else [wanted]:
        for key, value in pairs.items():
            yield _has(table, table.c.key == key)
            yield _has(table, table.c.value == value)


def _has(table: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return instances.c.uuid.in_(
        select(table.c.instance_uuid).where(condition, table.c.deleted == 0)
    )


def tagged(context: RequestContext, blocks: Any) -> Iterator[ColumnElement[bool]]:
    """Conditions for ``filter``: dicts with ``name`` and ``value``, which may be several.

    ``tag-key`` and ``tag-value`` ask for any of the values, one for all blocks of these names;
    ``tag:NAME`` for one of the values under that key. InvalidParameterValue for another
    ``tag-...``.
    """
    table = instance_metadata
    anywhere: list[ColumnElement[bool]] = []
    for block in blocks:
        name = block.get("name") if isinstance(block, Mapping) else None
        if name is None:
            continue
        kind, values = name[4:], _values(block.get("value"))
        if name.startswith("tag-"):
            if kind not in ("key", "value"):
                raise exception.InvalidParameterValue(err=f"there is no tag-{kind}")
            anywhere.append(table.c[kind].in_(values))
        elif name.startswith("tag:"):
            yield _seen(context, table.c.key == kind, table.c.value.in_(values))
    if anywhere:
        yield _seen(context, or_(*anywhere))


def _seen(context: RequestContext, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    table = instance_metadata
    return instances.c.uuid.in_(
        select(table.c.instance_uuid).where(*where, rows.visible(context, table))
    )


def _values(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple | set) else [value]
