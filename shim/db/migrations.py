# SPDX-License-Identifier: Apache-2.0
"""Rows of ``migrations``."""

import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from shim import exception
from shim.context import RequestContext
from shim.db import instance_rows, rows
from shim.db.rows import Row
from shim.db.session import reader, writer
from shim.db.tables import instances, migrations

#: A migration in one of these has ended; one in any other, or in none of them and not NULL,
#: is in progress.
ENDED = ("confirmed", "reverted", "error")


@reader
def migration_get(context: RequestContext, migration_id: int) -> Row:
    """The migration, deleted or not. MigrationNotFound, AdminRequired."""
    found = rows.find(context, migrations, deleted="yes", id=migration_id)
    if found is None:
        raise exception.MigrationNotFound(migration_id=migration_id)
    return found


@reader
def migration_get_by_instance_and_status(
    context: RequestContext, instance_uuid: str, status: str
) -> Row:
    """The instance's oldest migration in the status, deleted or not.

    MigrationNotFoundByStatus, AdminRequired.
    """
    found = rows.first_row(
        context.session,
        select(migrations)
        .where(migrations.c.instance_uuid == instance_uuid, migrations.c.status == status)
        .order_by(migrations.c.id),
    )
    if found is None:
        raise exception.MigrationNotFoundByStatus(instance_id=instance_uuid, status=status)
    return found


@reader
def migration_get_unconfirmed_by_dest_compute(
    context: RequestContext, confirm_window: int, dest_compute: str
) -> list[Row]:
    """The finished migrations to the host, deleted or not, whose last change is at least
    ``confirm_window`` seconds ago. AdminRequired."""
    latest = rows.utcnow() - datetime.timedelta(seconds=confirm_window)
    return rows.all_rows(
        context.session,
        select(migrations)
        .where(
            migrations.c.updated_at <= latest,
            migrations.c.dest_compute == dest_compute,
            migrations.c.status == "finished",
        )
        .order_by(migrations.c.id),
    )


@reader
def migration_get_in_progress_by_host_and_node(
    context: RequestContext, host: str, node: str
) -> list[Row]:
    """The migrations from or to the node that have not ended, in the order of their ids.

    Each has its instance under ``instance``, with ``system_metadata``; None when the instance is
    gone. Three queries, however many there are. AdminRequired.
    """
    where = and_(
        rows.visible(context, migrations),
        migrations.c.status.not_in(ENDED),
        or_(
            and_(migrations.c.source_compute == host, migrations.c.source_node == node),
            and_(migrations.c.dest_compute == host, migrations.c.dest_node == node),
        ),
    )
    found = rows.all_rows(
        context.session, select(migrations).where(where).order_by(migrations.c.id)
    )
    if found:
        _fill_instances(context, found, where)
    return found


def _fill_instances(context: RequestContext, found: list[Row], where: ColumnElement[bool]) -> None:
    query = select(instances).where(
        instances.c.deleted == 0,
        instances.c.uuid.in_(select(migrations.c.instance_uuid).where(where)),
    )
    there = instance_rows.load(context, query, ["system_metadata"])
    by_uuid = {row["uuid"]: row for row in there}
    for row in found:
        row["instance"] = by_uuid.get(row["instance_uuid"])


@reader
def migration_get_all_by_filters(context: RequestContext, filters: dict[str, Any]) -> list[Row]:
    """The migrations of a ``status`` and of a ``host`` (source or destination), each where
    ``filters`` names it; other filters are ignored. AdminRequired."""
    query = select(migrations).where(rows.visible(context, migrations))
    if "status" in filters:
        query = query.where(migrations.c.status == filters["status"])
    if "host" in filters:
        host = filters["host"]
        query = query.where(
            or_(migrations.c.source_compute == host, migrations.c.dest_compute == host)
        )
    return rows.all_rows(context.session, query.order_by(migrations.c.id))


@writer
def migration_create(context: RequestContext, values: dict[str, Any]) -> Row:
    """A new migration. AdminRequired."""
    return rows.insert_row(context.session, migrations, values)


@writer
def migration_update(context: RequestContext, migration_id: int, values: dict[str, Any]) -> Row:
    """Store the values, in a deleted row too. MigrationNotFound, AdminRequired."""
    row = rows.find(context, migrations, deleted="yes", lock=True, id=migration_id)
    if row is None:
        raise exception.MigrationNotFound(migration_id=migration_id)
    return rows.update_row(context.session, migrations, row, values)
