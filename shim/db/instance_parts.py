# SPDX-License-Identifier: Apache-2.0
"""Rows that belong to an instance: info cache, faults, extra."""

import datetime
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from shim import exception
from shim.context import RequestContext
from shim.db import rows
from shim.db.rows import Row
from shim.db.session import reader, writer
from shim.db.tables import bw_usage_cache, instance_extra, instance_faults, instance_info_caches


@reader
def instance_info_cache_get(context: RequestContext, instance_uuid: str) -> Row | None:
    """The cache of the instance, a deleted one as the context says, or None."""
    return _of_instance(context, instance_info_caches, instance_uuid)


def _of_instance(context: RequestContext, table: Any, instance_uuid: str) -> Row | None:
    where = (table.c.instance_uuid == instance_uuid, rows.visible(context, table))
    query = select(table).where(*where).order_by(table.c.deleted, table.c.id)
    return rows.first_row(context.session, query)


@reader
def bw_usage_get_by_uuids(
    context: RequestContext, uuids: Sequence[str], start_period: datetime.datetime
) -> list[Row]:
    """What the interfaces of the instances carried in the period that began then."""
    table = bw_usage_cache
    where = (table.c.uuid.in_(list(uuids)), table.c.start_period == start_period)
    return rows.all_rows(context.session, select(table).where(*where).order_by(table.c.id))


@writer
def instance_info_cache_update(
    context: RequestContext, instance_uuid: str, values: dict[str, Any]
) -> Row:
    """Store the values, in a new row where there is no live one; the row as it then is.

    InstanceInfoCacheNotFound when the only row is deleted.
    """
    table = instance_info_caches
    row = rows.lock_row(context.session, table, table.c.instance_uuid == instance_uuid)
    if row is None:
        new = {**values, "instance_uuid": instance_uuid}
        return rows.insert_missing_row(context.session, table, new)
    if row["deleted"]:
        raise exception.InstanceInfoCacheNotFound(instance_uuid=instance_uuid)
    return rows.update_row(context.session, table, row, values)


@writer
def instance_info_cache_delete(context: RequestContext, instance_uuid: str) -> None:
    """Soft-delete the cache of the instance, if it has one."""
    table = instance_info_caches
    rows.soft_delete(context.session, table, table.c.instance_uuid == instance_uuid)


@writer
def instance_fault_create(context: RequestContext, values: dict[str, Any]) -> Row:
    """A new fault."""
    return rows.insert_row(context.session, instance_faults, values)


@reader
def instance_fault_get_by_instance_uuids(
    context: RequestContext, instance_uuids: Sequence[str]
) -> dict[str, list[Row]]:
    """The live faults of each instance, the latest first; a key for every uuid asked for."""
    found: dict[str, list[Row]] = {uuid: [] for uuid in instance_uuids}
    if not found:
        return found
    table = instance_faults
    query = select(table).where(table.c.instance_uuid.in_(list(found)), table.c.deleted == 0)
    query = query.order_by(table.c.created_at.desc(), table.c.id.desc())
    for row in rows.all_rows(context.session, query):
        found[row["instance_uuid"]].append(row)
    return found


@reader
def instance_extra_get_by_instance_uuid(context: RequestContext, instance_uuid: str) -> Row | None:
    """The extra row of the instance, a deleted one as the context says, or None."""
    return _of_instance(context, instance_extra, instance_uuid)


@writer
def instance_extra_update_by_uuid(
    context: RequestContext, instance_uuid: str, values: dict[str, Any]
) -> Row:
    """Store the values, in a new row where there is no live one; the row as it then is."""
    table = instance_extra
    row = rows.lock_row(
        context.session, table, table.c.instance_uuid == instance_uuid, table.c.deleted == 0
    )
    if row is None:
        new = {**values, "instance_uuid": instance_uuid}
        return rows.insert_missing_row(context.session, table, new)
    return rows.update_row(context.session, table, row, values)
