"""One page of a sorted list of rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_

from shim.db.rows import Row


def paginate(
    query: Select[Any],
    table: Any,
    sort_keys: Sequence[str],
    sort_dir: str,
    limit: int | None,
    after: Row | None,
) -> Select[Any]:
    """The query for the rows after the row ``after``, in that order, at most ``limit``.

    NULL comes first in ascending order. ValueError for a ``sort_dir`` other than asc and desc.
    """
    if sort_dir not in ("asc", "desc"):
        raise ValueError(f"sort_dir must be asc or desc, not {sort_dir!r}")
    descending = sort_dir == "desc"
    for key in dict.fromkeys(sort_keys):
        column = table.c[key]
        empty = column.is_(None)
        query = query.order_by(empty.asc() if descending else empty.desc())
        query = query.order_by(column.desc() if descending else column.asc())
    if after is not None:
        query = query.where(_comes_after(table, list(dict.fromkeys(sort_keys)), descending, after))
    if limit is not None:
        query = query.limit(limit)
    return query


def _comes_after(table: Any, keys: list[str], descending: bool, after: Row) -> ColumnElement[bool]:
    alternatives: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for key in keys:
        column, value = table.c[key], after[key]
        beyond: ColumnElement[bool] | None
        if descending:
            beyond = None if value is None else or_(column < value, column.is_(None))
        else:
            beyond = column.is_not(None) if value is None else column > value
        if beyond is not None:
            alternatives.append(and_(*equal, beyond))
        equal.append(column.is_(None) if value is None else column == value)
    return or_(*alternatives)
