# SPDX-License-Identifier: Apache-2.0
"""What all tables have in common: visibility, times, soft delete, an update that changes a row.

A row is a plain dict, a key a column; related rows stand under keys of their own where a function
loaded them. Keys without a column are kept in the answer and never stored, as nova's models do.
"""

import datetime
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy
from oslo_db import exception as db_exc
from oslo_utils import timeutils
from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, select

from shim.context import RequestContext
from shim.db import json_columns, schema_tables, tables

Row = dict[str, Any]
F = TypeVar("F", bound=Callable[..., Any])

_TIMES = ("created_at", "updated_at", "deleted_at")
_COLUMNS = {
    table.name: tuple(column.name for column in table.columns)
    for table in tables.metadata.tables.values()
}
_INSERTS = {table.name: table.insert() for table in tables.metadata.tables.values()}
_UPDATES = {
    table.name: table.update().where(table.c.id == bindparam("of_row"))
    for table in tables.metadata.tables.values()
    if "id" in table.c
}


def _columns_of(kind: type[Any]) -> dict[str, frozenset[str]]:
    return {
        table.name: frozenset(c.name for c in table.columns if isinstance(c.type, kind))
        for table in tables.metadata.tables.values()
    }


_DATE_COLUMNS = _columns_of(sqlalchemy.DateTime)
_INTEGER_COLUMNS = _columns_of(sqlalchemy.Integer)


def utcnow() -> datetime.datetime:
    """The time now, UTC without a zone, as the columns hold it."""
    now: datetime.datetime = timeutils.utcnow()
    return now


def visible(
    context: RequestContext, table: Table, read_deleted: str | None = None
) -> ColumnElement[bool]:
    """The condition that picks live rows, all rows, or deleted ones.

    ``read_deleted`` overrules the context's; anything but no, yes and only is a ValueError.
    """
    wanted = context.read_deleted if read_deleted is None else read_deleted
    if wanted == "no":
        return table.c.deleted == 0
    if wanted == "yes":
        return sqlalchemy.true()
    if wanted == "only":
        return table.c.deleted != 0
    raise ValueError(f"read_deleted must be no, yes or only, not {wanted!r}")


def all_rows(session: Connection, query: Select[Any]) -> list[Row]:
    """Every row that the query finds."""
    result = session.execute(query)
    keys = tuple(result.keys())
    return [dict(zip(keys, row, strict=True)) for row in result.all()]


def first_row(session: Connection, query: Select[Any]) -> Row | None:
    """The first row that the query finds, or None."""
    found = session.execute(query.limit(1)).mappings().first()
    return None if found is None else dict(found)


def find(
    context: RequestContext, table: Table, *, deleted: str, lock: bool = False, **equal: Any
) -> Row | None:
    """The first row whose columns equal the values, or None; ``deleted`` is no, yes or only.

    ``lock`` keeps other writers off it until the transaction ends. The same as ``first_row``, but
    the statement is made once.
    """
    if None in equal.values():
        conditions = [table.c[name] == value for name, value in equal.items()]
        query = select(table).where(visible(context, table, deleted), *conditions)
        return first_row(context.session, query.with_for_update() if lock else query)
    row = context.session.execute(_lookup(table, tuple(equal), deleted, lock), equal).first()
    return None if row is None else dict(zip(_COLUMNS[table.name], row, strict=True))


@functools.cache
def _lookup(table: Table, names: tuple[str, ...], deleted: str, lock: bool) -> Select[Any]:
    query = select(table).where(*(table.c[name] == bindparam(name) for name in names))
    if deleted != "yes":
        query = query.where(table.c.deleted == 0 if deleted == "no" else table.c.deleted != 0)
    query = query.order_by(table.c.deleted, table.c.id).limit(1)
    return query.with_for_update() if lock else query


def lock_row(session: Connection, table: Table, *where: ColumnElement[bool]) -> Row | None:
    """The first row, locked against other writers until the transaction ends, or None."""
    return first_row(session, select(table).where(*where).with_for_update())


def without_zone(value: Any) -> Any:
    """A time as the columns hold it: UTC, no zone; text as nova's dict API sends it.

    A ValueError when text is not ``YYYY-MM-DDTHH:MM:SS.ffffff``.
    """
    if isinstance(value, str):
        return timeutils.parse_strtime(value)
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return value


def to_columns(table: Table, values: Mapping[str, Any]) -> Row:
    """The entries of ``values`` that are columns of the table, times made fit for them.

    ValueRefused for JSON that could not be read again.
    """
    dates, integers = _DATE_COLUMNS[table.name], _INTEGER_COLUMNS[table.name]
    fitting = {name: values[name] for name in _COLUMNS[table.name] if name in values}
    for name, value in fitting.items():
        if name in dates:
            fitting[name] = without_zone(value)
        elif value.__class__ is bool and name in integers:
            # PostgreSQL takes no truth for a number, and an object's ``deleted`` is one.
            fitting[name] = int(value)
    json_columns.refuse_unreadable(table.name, fitting)
    return fitting


def _as_stored(session: Connection, values: Row) -> Row:
    """The values as the database will give them back: MySQL keeps whole seconds only."""
    if session.dialect.name not in schema_tables.MYSQL:
        return values
    return {
        name: value.replace(microsecond=0) if isinstance(value, datetime.datetime) else value
        for name, value in values.items()
    }


def insert_row(session: Connection, table: Table, values: Mapping[str, Any]) -> Row:
    """Insert a row and give it back whole, with what ``values`` had beyond the columns."""
    stored: Row = dict.fromkeys(_COLUMNS[table.name])
    stored.update(tables.INSERT_DEFAULTS.get(table.name, {}), created_at=utcnow(), deleted=0)
    stored.update(to_columns(table, values))
    stored = _as_stored(session, stored)
    if stored["id"] is None:
        del stored["id"]
    # As parameters: a statement that carries its values is compiled anew for each row.
    result = session.execute(_INSERTS[table.name], stored)
    if "id" not in stored:
        stored["id"] = result.inserted_primary_key[0]  # type: ignore[index]
    return {**values, **stored}


class Raced(db_exc.DBDeadlock):  # type: ignore[misc,unused-ignore]
    """Another made the row that was missing a moment ago: the transaction is done again."""


def insert_missing_row(session: Connection, table: Table, values: Mapping[str, Any]) -> Row:
    """As ``insert_row``, for a row that this transaction looked for and did not find."""
    try:
        return insert_row(session, table, values)
    except db_exc.DBDuplicateEntry as error:
        raise Raced(error) from error


def insert_rows(session: Connection, table: Table, values: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows in one statement."""
    if not values:
        return
    now = utcnow()
    defaults = tables.INSERT_DEFAULTS.get(table.name, {})
    session.execute(
        table.insert(),
        [{**defaults, "created_at": now, "deleted": 0, **to_columns(table, v)} for v in values],
    )


def update_row(
    session: Connection, table: Table, row: Row, values: Mapping[str, Any], *, touch: bool = False
) -> Row:
    """Store what differs from ``row``, and give the new row back.

    ``updated_at`` moves only when something differs, or when ``touch`` says so.
    """
    fitting = _as_stored(session, to_columns(table, values))
    changes = {name: value for name, value in fitting.items() if row[name] != value}
    if (changes or touch) and "updated_at" not in changes:
        changes.update(_as_stored(session, {"updated_at": utcnow()}))
    if changes:
        session.execute(_UPDATES[table.name], {**changes, "of_row": row["id"]})
    return {**row, **values, **fitting, **changes}


def soft_delete(session: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    """Mark the live rows that match as deleted; how many there were. Keeps ``updated_at``."""
    result = session.execute(
        table.update()
        .where(table.c.deleted == 0, *where)
        .values(deleted=table.c.id, deleted_at=utcnow())
    )
    return int(result.rowcount)


def replace_key_values(
    session: Connection,
    table: Table,
    where: ColumnElement[bool],
    fixed: Row,
    wanted: Mapping[str, Any],
    null_reads_as: str | None = None,
) -> None:
    """Make the live key/value rows those of ``wanted``: update, insert, soft-delete.

    A value that is NULL stays so where ``null_reads_as`` is wanted.
    """
    there = {
        row["key"]: row
        for row in all_rows(session, select(table).where(where, table.c.deleted == 0))
    }
    for key, value in wanted.items():
        if key in there and not (there[key]["value"] is None and value == null_reads_as):
            update_row(session, table, there[key], {"value": value})
    insert_rows(
        session,
        table,
        [{**fixed, "key": k, "value": v} for k, v in wanted.items() if k not in there],
    )
    gone = [row["id"] for key, row in there.items() if key not in wanted]
    if gone:
        soft_delete(session, table, table.c.id.in_(gone))


def group_by(rows: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    """The rows under each value of ``key``, in their order."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups
