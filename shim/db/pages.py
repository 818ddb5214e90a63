# SPDX-License-Identifier: Apache-2.0
"""One page of a sorted list of rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_

from shim import exception
from shim.db.rows import Row
from shim.refusals import ValueRefused


def paginate(
    query: Select[Any],
    table: Any,
    sort_keys: Sequence[str],
    sort_dirs: str | Sequence[str],
    limit: int | None,
    after: Row | None,
) -> Select[Any]:
    """The query for the rows after the row ``after``, in that order, at most ``limit``.

    ``sort_dirs`` is one direction, or one for each key. NULL comes first in ascending order.
    ValueError for a direction other than asc and desc.
    """
    if isinstance(sort_dirs, str):
        sort_dirs = [sort_dirs] * len(sort_keys)
    for sort_dir in sort_dirs:
        if sort_dir not in ("asc", "desc"):
            raise ValueRefused(f"sort_dir must be asc or desc, not {sort_dir!r}")
    order: dict[str, str] = {}
    for key, sort_dir in zip(sort_keys, sort_dirs, strict=True):
        order.setdefault(key, sort_dir)
    for key, sort_dir in order.items():
        column, descending = table.c[key], sort_dir == "desc"
        empty = column.is_(None)
        query = query.order_by(empty.asc() if descending else empty.desc())
        query = query.order_by(column.desc() if descending else column.asc())
    if after is not None:
        query = query.where(_comes_after(table, order, after))
    if limit is not None:
        query = query.limit(limit)
    return query


def with_defaults(
    sort_keys: str | Sequence[str], sort_dirs: str | Sequence[str], last: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Keys and their directions, ``last`` being the keys that decide in the end.

    Where a direction is missing it is the first one, or ``desc``. InvalidInput for more directions
    than keys.
    """
    keys = [sort_keys] if isinstance(sort_keys, str) else list(sort_keys)
    dirs = [sort_dirs] if isinstance(sort_dirs, str) else list(sort_dirs)
    if len(dirs) > len(keys):
        raise exception.InvalidInput(reason="more directions than keys to sort by")
    keys += [key for key in last if key not in keys]
    return keys, dirs + [dirs[0] if dirs else "desc"] * (len(keys) - len(dirs))


def _comes_after(table: Any, order: dict[str, str], after: Row) -> ColumnElement[bool]:
    alternatives: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for key, sort_dir in order.items():
        column, value, descending = table.c[key], after[key], sort_dir == "desc"
        beyond: ColumnElement[bool] | None
        if descending:
            beyond = None if value is None else or_(column < value, column.is_(None))
        else:
            beyond = column.is_not(None) if value is None else column > value
        if beyond is not None:
            alternatives.append(and_(*equal, beyond))
        equal.append(column.is_(None) if value is None else column == value)
    return or_(*alternatives)
