# SPDX-License-Identifier: Apache-2.0
"""Rows of ``instance_types``, their extra specs and the projects that may use them."""

from collections.abc import Sequence
from typing import Any

from oslo_db import exception as db_exc
from sqlalchemy import ColumnElement, Select, or_, select

from shim import exception
from shim.context import RequestContext
from shim.db import pages, rows
from shim.db.rows import Row
from shim.db.session import reader, writer
from shim.db.tables import (
    instance_type_extra_specs,
    instance_type_projects,
    instance_types,
)


def _allowed(context: RequestContext) -> list[ColumnElement[bool]]:
    if context.is_admin:
        return []
    mine = instance_types.c.id.in_(_granted_to(context.project_id))
    return [or_(instance_types.c.is_public.is_(True), mine)]


def _granted_to(project_id: str | None) -> Select[Any]:
    return select(instance_type_projects.c.instance_type_id).where(
        instance_type_projects.c.project_id == project_id,
        instance_type_projects.c.deleted == 0,
    )


def _query(context: RequestContext, read_deleted: str | None = None) -> Select[Any]:
    return select(instance_types).where(
        rows.visible(context, instance_types, read_deleted), *_allowed(context)
    )


def _fill_extra_specs(context: RequestContext, found: list[Row]) -> list[Row]:
    specs = rows.all_rows(
        context.session,
        select(instance_type_extra_specs).where(
            instance_type_extra_specs.c.deleted == 0,
            instance_type_extra_specs.c.instance_type_id.in_([row["id"] for row in found]),
        ),
    )
    of_flavor = rows.group_by(specs, "instance_type_id")
    for row in found:
        row["extra_specs"] = {s["key"]: s["value"] for s in of_flavor.get(row["id"], ())}
    return found


@reader
def flavor_get(context: RequestContext, flavor_id: int) -> Row:
    """The flavor of that row id, ``extra_specs`` a dict. FlavorNotFound."""
    found = rows.first_row(context.session, _query(context).where(instance_types.c.id == flavor_id))
    if found is None:
        raise exception.FlavorNotFound(flavor_id=flavor_id)
    return _fill_extra_specs(context, [found])[0]


@reader
def flavor_get_by_name(context: RequestContext, name: str) -> Row:
    """The flavor of that name, ``extra_specs`` a dict. FlavorNotFoundByName."""
    query = _query(context).where(instance_types.c.name == name)
    found = rows.first_row(
        context.session, query.order_by(instance_types.c.deleted, instance_types.c.id)
    )
    if found is None:
        raise exception.FlavorNotFoundByName(flavor_name=name)
    return _fill_extra_specs(context, [found])[0]


@reader
def flavor_get_by_flavor_id(
    context: RequestContext, flavor_id: str, read_deleted: str | None = None
) -> Row:
    """The flavor of that public id, a live one before a deleted one. FlavorNotFound."""
    query = _query(context, read_deleted).where(instance_types.c.flavorid == flavor_id)
    found = rows.first_row(
        context.session, query.order_by(instance_types.c.deleted, instance_types.c.id)
    )
    if found is None:
        raise exception.FlavorNotFound(flavor_id=flavor_id)
    return _fill_extra_specs(context, [found])[0]


def _filtered(context: RequestContext, query: Select[Any], filters: dict[str, Any]) -> Select[Any]:
    columns = instance_types.c
    if "min_memory_mb" in filters:
        query = query.where(columns.memory_mb >= filters["min_memory_mb"])
    if "min_root_gb" in filters:
        query = query.where(columns.root_gb >= filters["min_root_gb"])
    if "disabled" in filters:
        query = query.where(columns.disabled.is_(bool(filters["disabled"])))
    if filters.get("is_public") is not None:
        wanted: ColumnElement[bool] = columns.is_public.is_(bool(filters["is_public"]))
        if filters["is_public"] and context.project_id is not None:
            wanted = or_(wanted, columns.id.in_(_granted_to(context.project_id)))
        query = query.where(wanted)
    return query


@reader
def flavor_get_all(
    context: RequestContext,
    inactive: bool = False,
    filters: dict[str, Any] | None = None,
    sort_key: str = "flavorid",
    sort_dir: str = "asc",
    limit: int | None = None,
    marker: str | None = None,
) -> list[Row]:
    """The flavors a page at a time, ``extra_specs`` a dict; ``inactive`` brings deleted ones.

    MarkerNotFound when ``marker`` is no public id; InvalidSortKey.
    """
    query = _filtered(context, _query(context, "yes" if inactive else "no"), filters or {})
    if sort_key not in instance_types.c:
        raise exception.InvalidSortKey()
    after = None
    if marker is not None:
        after = rows.first_row(
            context.session, _query(context).where(instance_types.c.flavorid == marker)
        )
        if after is None:
            raise exception.MarkerNotFound(marker=marker)
    query = pages.paginate(query, instance_types, [sort_key, "id"], sort_dir, limit, after)
    return _fill_extra_specs(context, rows.all_rows(context.session, query))


@writer
def flavor_create(
    context: RequestContext, values: dict[str, Any], projects: Sequence[str] | None = None
) -> Row:
    """A new flavor with its extra specs and the projects that may use it.

    FlavorIdExists, FlavorExists, AdminRequired.
    """
    values = dict(values)
    specs = values.pop("extra_specs", None) or {}
    # When both names are taken a server reports the one it looked at first, nova the id.
    taken = select(instance_types.c.id).where(
        instance_types.c.flavorid == values.get("flavorid"), instance_types.c.deleted == 0
    )
    if rows.first_row(context.session, taken) is not None:
        raise exception.FlavorIdExists(flavor_id=values.get("flavorid"))
    try:
        row = rows.insert_row(context.session, instance_types, values)
    except db_exc.DBDuplicateEntry as error:
        if "flavorid" in error.columns:
            raise exception.FlavorIdExists(flavor_id=values.get("flavorid")) from error
        raise exception.FlavorExists(name=values.get("name")) from error
    rows.insert_rows(
        context.session,
        instance_type_extra_specs,
        [{"instance_type_id": row["id"], "key": k, "value": v} for k, v in specs.items()],
    )
    rows.insert_rows(
        context.session,
        instance_type_projects,
        [{"instance_type_id": row["id"], "project_id": p} for p in dict.fromkeys(projects or ())],
    )
    return {**row, "extra_specs": dict(specs)}


@writer
def flavor_destroy(context: RequestContext, name: str) -> None:
    """Soft-delete the flavor of that name with its specs and grants.

    FlavorNotFoundByName, AdminRequired.
    """
    row = rows.lock_row(
        context.session,
        instance_types,
        instance_types.c.name == name,
        instance_types.c.deleted == 0,
    )
    if row is None:
        raise exception.FlavorNotFoundByName(flavor_name=name)
    gone = {"deleted": row["id"], "deleted_at": rows.utcnow()}
    rows.update_row(context.session, instance_types, row, gone)
    for table in (instance_type_extra_specs, instance_type_projects):
        rows.soft_delete(context.session, table, table.c.instance_type_id == row["id"])


def _row_id(context: RequestContext, flavor_id: str) -> int:
    """The row of the live flavor, which nova finds for those too who may not see it."""
    table = instance_types
    found = rows.first_row(
        context.session,
        select(table.c.id).where(table.c.flavorid == flavor_id, table.c.deleted == 0),
    )
    if found is None:
        raise exception.FlavorNotFound(flavor_id=flavor_id)
    return int(found["id"])


@reader
def flavor_access_get_by_flavor_id(context: RequestContext, flavor_id: str) -> list[Row]:
    """The grants of the flavor: a row a project, in the order they were given."""
    row_id = _row_id(context, flavor_id)
    return rows.all_rows(
        context.session,
        select(instance_type_projects)
        .where(
            instance_type_projects.c.instance_type_id == row_id,
            instance_type_projects.c.deleted == 0,
        )
        .order_by(instance_type_projects.c.id),
    )


@writer
def flavor_access_add(context: RequestContext, flavor_id: str, project_id: str) -> Row:
    """Let the project use the flavor. FlavorNotFound, FlavorAccessExists."""
    row_id = _row_id(context, flavor_id)
    try:
        return rows.insert_row(
            context.session,
            instance_type_projects,
            {"instance_type_id": row_id, "project_id": project_id},
        )
    except db_exc.DBDuplicateEntry as error:
        raise exception.FlavorAccessExists(flavor_id=flavor_id, project_id=project_id) from error


@writer
def flavor_access_remove(context: RequestContext, flavor_id: str, project_id: str) -> None:
    """Take the flavor from the project. FlavorNotFound, FlavorAccessNotFound."""
    row_id = _row_id(context, flavor_id)
    gone = rows.soft_delete(
        context.session,
        instance_type_projects,
        instance_type_projects.c.instance_type_id == row_id,
        instance_type_projects.c.project_id == project_id,
    )
    if not gone:
        raise exception.FlavorAccessNotFound(flavor_id=flavor_id, project_id=project_id)


@writer
def flavor_extra_specs_update_or_create(
    context: RequestContext, flavor_id: str, specs: dict[str, str]
) -> dict[str, str]:
    """Set the specs, leave the others. FlavorNotFound."""
    row_id = _row_id(context, flavor_id)
    table = instance_type_extra_specs
    for key, value in specs.items():
        where = (table.c.instance_type_id == row_id, table.c.key == key, table.c.deleted == 0)
        row = rows.lock_row(context.session, table, *where)
        if row is None:
            new = {"instance_type_id": row_id, "key": key, "value": value}
            rows.insert_missing_row(context.session, table, new)
        else:
            rows.update_row(context.session, table, row, {"value": value})
    return specs


@writer
def flavor_extra_specs_delete(context: RequestContext, flavor_id: str, key: str) -> None:
    """Soft-delete one spec. FlavorNotFound, FlavorExtraSpecsNotFound."""
    row_id = _row_id(context, flavor_id)
    table = instance_type_extra_specs
    gone = rows.soft_delete(
        context.session, table, table.c.instance_type_id == row_id, table.c.key == key
    )
    if not gone:
        raise exception.FlavorExtraSpecsNotFound(flavor_id=flavor_id, extra_specs_key=key)
