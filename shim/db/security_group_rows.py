# SPDX-License-Identifier: Apache-2.0
"""Rows of ``security_groups``, as far as an instance carries them."""

from collections.abc import Mapping, Sequence
from typing import Any

from oslo_db import exception as db_exc
from sqlalchemy import ColumnElement, func, select

from shim import exception
from shim.context import RequestContext
from shim.db import rows, who_may
from shim.db.rows import Row
from shim.db.session import reader, writer
from shim.db.tables import instances, security_group_instance_association, security_groups


def _get_where(context: RequestContext, *where: ColumnElement[bool]) -> list[Row]:
    query = select(security_groups).where(*where, security_groups.c.deleted == 0)
    return rows.all_rows(context.session, query.order_by(security_groups.c.id))


@reader
def security_group_get(context: RequestContext, security_group_id: int) -> Row:
    """The live group of that row id. SecurityGroupNotFound."""
    found = _get_where(
        context,
        security_groups.c.id == security_group_id,
        who_may.of_project(context, security_groups),
    )
    if not found:
        raise exception.SecurityGroupNotFound(security_group_id=security_group_id)
    return found[0]


@reader
def security_group_get_by_name(context: RequestContext, project_id: str, name: str) -> Row:
    """The project's live group of that name. SecurityGroupNotFoundForProject."""
    found = _get_where(
        context, security_groups.c.project_id == project_id, security_groups.c.name == name
    )
    if not found:
        raise exception.SecurityGroupNotFoundForProject(
            project_id=project_id, security_group_id=name
        )
    return found[0]


@reader
def security_group_get_all(context: RequestContext) -> list[Row]:
    """Every live group, whoever asks."""
    return _get_where(context)


@reader
def security_group_get_by_project(context: RequestContext, project_id: str) -> list[Row]:
    """The live groups of the project."""
    return _get_where(context, security_groups.c.project_id == project_id)


@reader
def security_group_get_by_instance(context: RequestContext, instance_uuid: str) -> list[Row]:
    """The live groups that the instance is in."""
    link = security_group_instance_association
    mine = select(link.c.security_group_id).where(
        link.c.instance_uuid == instance_uuid, link.c.deleted == 0
    )
    return _get_where(context, security_groups.c.id.in_(mine))


@reader
def security_group_in_use(context: RequestContext, security_group_id: int) -> bool:
    """Whether a live instance is in the group."""
    link = security_group_instance_association
    query = (
        select(func.count(link.c.id))
        .join(instances, instances.c.uuid == link.c.instance_uuid)
        .where(
            link.c.security_group_id == security_group_id,
            link.c.deleted == 0,
            instances.c.deleted == 0,
        )
    )
    return bool(context.session.execute(query).scalar_one())


@writer
def security_group_update(
    context: RequestContext, security_group_id: int, values: dict[str, Any]
) -> Row:
    """Store the values; the row as it then is. SecurityGroupNotFound, SecurityGroupExists."""
    row = rows.lock_row(
        context.session,
        security_groups,
        security_groups.c.id == security_group_id,
        security_groups.c.deleted == 0,
    )
    if row is None:
        raise exception.SecurityGroupNotFound(security_group_id=security_group_id)
    try:
        return rows.update_row(context.session, security_groups, row, values)
    except db_exc.DBDuplicateEntry as error:
        raise _exists({**row, **values}) from error


@writer
def security_group_create(context: RequestContext, values: dict[str, Any]) -> Row:
    """A new group. SecurityGroupExists for a known name in the project."""
    try:
        return rows.insert_row(context.session, security_groups, values)
    except db_exc.DBDuplicateEntry as error:
        raise _exists(values) from error


def _exists(row: Mapping[str, Any]) -> exception.SecurityGroupExists:
    return exception.SecurityGroupExists(
        project_id=row.get("project_id"), security_group_name=row.get("name")
    )


def add_member(context: RequestContext, instance_uuid: str, names: Sequence[str]) -> None:
    """Put the instance into the groups of those names of the context's project."""
    for name in dict.fromkeys(names):
        group = security_group_get_by_name(context, context.project_id, name)
        rows.insert_row(
            context.session,
            security_group_instance_association,
            {"security_group_id": group["id"], "instance_uuid": instance_uuid},
        )
