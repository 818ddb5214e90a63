# SPDX-License-Identifier: Apache-2.0
"""Rows of ``instances``: many at once."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

import regex
import sqlalchemy
from oslo_db import exception as db_exc
from sqlalchemy import ColumnElement, Select, Text, cast, or_, select

from shim import exception
from shim.context import RequestContext
from shim.db import faults, instance_rows, instance_tags, pages, rows, security_group_rows
from shim.db.instances import KEY_VALUE_TABLES
from shim.db.rows import Row
from shim.db.session import reader
from shim.db.tables import instances, security_group_instance_association

EXACT_FILTERS = (
    *("project_id", "user_id", "image_ref", "vm_state", "instance_type_id", "uuid"),
    *("host", "task_state"),
)
#: What a list of instances brings when nobody says what it should.
EVERYTHING = ("info_cache", "security_groups", *KEY_VALUE_TABLES)


def _load(context: RequestContext, query: Select[Any], joins: Iterable[str] | None) -> list[Row]:
    wanted = list(joins if joins is not None else KEY_VALUE_TABLES)
    found = instance_rows.load(context, query, wanted)
    for row in found:
        for name in KEY_VALUE_TABLES:
            row.setdefault(name, [])
    return found


@reader
def instance_get_all(
    context: RequestContext, columns_to_join: Sequence[str] | None = None
) -> list[Row]:
    """All instances, deleted ones as the context says; an ordinary user's of the project alone.

    With what is named; None names info cache, security groups and both kinds of metadata.
    """
    query = select(instances).where(instance_rows.visible(context))
    joins = EVERYTHING if columns_to_join is None else columns_to_join
    return _load(context, query.order_by(instances.c.id), joins)


@reader
def instance_get_all_by_host(
    context: RequestContext,
    host: str,
    columns_to_join: Sequence[str] | None = None,
    use_slave: bool = False,
) -> list[Row]:
    """The host's instances in the order of their ids; info cache and security groups always,
    of the rest what is named, None naming both kinds of metadata. AdminRequired."""
    wanted = list(KEY_VALUE_TABLES) if columns_to_join is None else columns_to_join
    joins = dict.fromkeys(["info_cache", "security_groups", *wanted])
    query = select(instances).where(instances.c.host == host, rows.visible(context, instances))
    return _load(context, query.order_by(instances.c.id), joins)


@reader
def instance_get_all_by_host_and_node(
    context: RequestContext, host: str, node: str, columns_to_join: Sequence[str] | None = None
) -> list[Row]:
    """The node's instances in the order of their ids, with what is named; None names nothing.

    AdminRequired.
    """
    query = select(instances).where(
        instances.c.host == host,
        instances.c.node == node,
        rows.visible(context, instances),
    )
    return _load(context, query.order_by(instances.c.id), columns_to_join or ())


@reader
def instance_get_all_by_host_and_not_type(
    context: RequestContext,
    host: str,
    type_id: int | None = None,
    columns_to_join: Sequence[str] | None = None,
) -> list[Row]:
    """The host's instances of any flavor but the one of that row id. AdminRequired."""
    query = select(instances).where(
        instances.c.host == host,
        instances.c.instance_type_id != type_id,
        rows.visible(context, instances),
    )
    return _load(context, query.order_by(instances.c.id), columns_to_join or ())


@reader
def instance_get_all_hung_in_rebooting(
    context: RequestContext, reboot_window: int, columns_to_join: Sequence[str] | None = None
) -> list[Row]:
    """The live instances that are rebooting and changed last at least that many seconds ago."""
    latest = rows.utcnow() - datetime.timedelta(seconds=reboot_window)
    query = select(instances).where(
        instances.c.updated_at <= latest,
        instances.c.task_state == "rebooting",
        instances.c.deleted == 0,
    )
    return _load(context, query.order_by(instances.c.id), columns_to_join or ())


@reader
def instance_get_active_by_window_joined(
    context: RequestContext,
    begin: datetime.datetime,
    end: datetime.datetime | None = None,
    project_id: str | None = None,
    host: str | None = None,
    columns_to_join: Sequence[str] | None = None,
) -> list[Row]:
    """The instances, deleted or not, that ran at any time from ``begin`` to ``end``."""
    begin = rows.without_zone(begin)
    query = select(instances).where(
        or_(instances.c.terminated_at.is_(None), instances.c.terminated_at > begin)
    )
    if end is not None:
        query = query.where(instances.c.launched_at < rows.without_zone(end))
    if project_id:
        query = query.where(instances.c.project_id == project_id)
    if host:
        query = query.where(instances.c.host == host)
    return _load(context, query.order_by(instances.c.id), columns_to_join or ())


@reader
def instance_get_all_by_security_group(
    context: RequestContext, security_group_id: int
) -> list[Row]:
    """The live instances in the security group, with info cache and system metadata.

    SecurityGroupNotFound.
    """
    security_group_rows.security_group_get(context, security_group_id)
    link = security_group_instance_association
    members = select(link.c.instance_uuid).where(
        link.c.security_group_id == security_group_id, link.c.deleted == 0
    )
    query = select(instances).where(instances.c.uuid.in_(members), instances.c.deleted == 0)
    return _load(context, query.order_by(instances.c.id), ("info_cache", "system_metadata"))


@reader
def instance_get_all_by_filters(
    context: RequestContext,
    filters: dict[str, Any],
    sort_key: str | Sequence[str] = "created_at",
    sort_dir: str | Sequence[str] = "desc",
    limit: int | None = None,
    marker: str | None = None,
    columns_to_join: Sequence[str] | None = None,
    use_slave: bool = False,
) -> list[Row]:
    """The instances that match all filters, deleted ones too unless ``deleted`` says otherwise.

    ``deleted``, ``soft_deleted``, ``cleaned`` and ``changes-since`` are read as nova reads them;
    ``metadata`` and ``system_metadata`` are dicts, or lists of such, that must be contained;
    ``filter`` asks for tags (see ``instance_tags``); the names in EXACT_FILTERS are compared, with
    a list any of it; any other column is a regular expression.
    MarkerNotFound when ``marker`` is no uuid; InvalidSortKey.
    """
    if limit == 0:
        return []
    keys, dirs = pages.with_defaults(sort_key, sort_dir, ["created_at", "id"])
    if not all(key in instances.c for key in keys):
        raise exception.InvalidSortKey()
    filters = dict(filters)
    if not context.is_admin:
        mine = "project_id" if context.project_id else "user_id"
        filters[mine] = getattr(context, mine)
    query = select(instances).where(*_conditions(context, filters))
    after = None if marker is None else instance_rows.find(context, marker)
    if marker is not None and after is None:
        raise exception.MarkerNotFound(marker=marker)
    query = pages.paginate(query, instances, keys, dirs, limit, after)
    joins = EVERYTHING if columns_to_join is None else columns_to_join
    return _load_matching(context, query, joins)


def _load_matching(
    context: RequestContext, query: Select[Any], joins: Iterable[str] | None
) -> list[Row]:
    """As ``_load``; InvalidParameterValue for an expression that the database does not take."""
    try:
        return _load(context, query, joins)
    except (sqlalchemy.exc.DBAPIError, db_exc.DBError) as error:
        if not faults.is_about_expression(error):
            raise
        raise exception.InvalidParameterValue(
            err="a regular expression is none here, or takes too long"
        ) from error


def _conditions(context: RequestContext, filters: dict[str, Any]) -> list[ColumnElement[bool]]:
    where = _deleted_conditions(filters)
    if "changes-since" in filters:
        where.append(instances.c.updated_at >= rows.without_zone(filters.pop("changes-since")))
    if "cleaned" in filters:
        where.append(instances.c.cleaned == (1 if filters.pop("cleaned") else 0))
    for name, table in KEY_VALUE_TABLES.items():
        where.extend(instance_tags.with_pairs(table, filters.pop(name, None) or {}))
    where.extend(instance_tags.tagged(context, filters.pop("filter", None) or ()))
    for name, value in filters.items():
        if name in EXACT_FILTERS:
            where.append(_exactly(instances.c[name], value))
        elif name in instances.c:
            where.append(_matches(context, instances.c[name], str(value)))
    return where


def _deleted_conditions(filters: dict[str, Any]) -> list[ColumnElement[bool]]:
    if "deleted" not in filters:
        return []
    gone = instances.c.deleted == instances.c.id
    softly = instances.c.vm_state == "soft-delete"
    if filters.pop("deleted"):
        return [or_(gone, softly) if filters.pop("soft_deleted", True) else gone]
    where: list[ColumnElement[bool]] = [instances.c.deleted == 0]
    if not filters.pop("soft_deleted", False):
        where.append(or_(instances.c.vm_state != "soft-delete", instances.c.vm_state.is_(None)))
    return where


def _exactly(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    if isinstance(value, list | tuple | set | frozenset):
        return column.in_(list(value))
    return column.is_(None) if value is None else column == value


def _matches(
    context: RequestContext, column: ColumnElement[Any], value: str
) -> ColumnElement[bool]:
    """``column`` matches the regular expression; InvalidParameterValue when it is none."""
    try:
        regex.compile(value)
    except regex.error as error:
        raise exception.InvalidParameterValue(err=f"{value!r}: {error}") from error
    return cast(column, Text).regexp_match(value)
