# SPDX-License-Identifier: Apache-2.0
"""Rows of ``compute_nodes``."""

from typing import Any

from sqlalchemy import ColumnElement, select

from shim import exception
from shim.context import RequestContext
from shim.db import rows
from shim.db.rows import Row
from shim.db.session import reader, writer
from shim.db.tables import compute_nodes, services


def _with_service(context: RequestContext, row: Row) -> Row:
    row["service"] = rows.find(context, services, deleted="yes", id=row["service_id"])
    return row


@reader
def compute_node_get(context: RequestContext, compute_id: int) -> Row:
    """The compute node, its service under ``service``. ComputeHostNotFound."""
    found = rows.find(context, compute_nodes, deleted=context.read_deleted, id=compute_id)
    if found is None:
        raise exception.ComputeHostNotFound(host=compute_id)
    return _with_service(context, found)


@reader
def compute_node_get_by_service_id(context: RequestContext, service_id: int) -> Row:
    """The first live compute node of the service. ServiceNotFound when it has none."""
    found = rows.first_row(context.session, _of_service(service_id))
    if found is None:
        raise exception.ServiceNotFound(service_id=service_id)
    return found


def _of_service(service_id: int) -> Any:
    return (
        select(compute_nodes, services.c.host)
        .outerjoin(services, services.c.id == compute_nodes.c.service_id)
        .where(compute_nodes.c.service_id == service_id, compute_nodes.c.deleted == 0)
        .order_by(compute_nodes.c.id)
    )


@reader
def compute_nodes_get_by_service_id(context: RequestContext, service_id: int) -> list[Row]:
    """All live compute nodes of the service, which may be none."""
    return rows.all_rows(context.session, _of_service(service_id))


def _with_host(*where: ColumnElement[bool]) -> Any:
    # Schema 254 keeps the host in the row of the service alone.
    return (
        select(compute_nodes, services.c.host)
        .join(services, services.c.id == compute_nodes.c.service_id)
        .where(compute_nodes.c.deleted == 0, services.c.deleted == 0, *where)
        .order_by(compute_nodes.c.id)
    )


@reader
def compute_node_get_by_host_and_nodename(context: RequestContext, host: str, nodename: str) -> Row:
    """The live compute node of that name on the host. ComputeHostNotFound."""
    found = rows.first_row(
        context.session,
        _with_host(services.c.host == host, compute_nodes.c.hypervisor_hostname == nodename),
    )
    if found is None:
        raise exception.ComputeHostNotFound(host=host)
    return found


@reader
def compute_node_get_all_by_host(context: RequestContext, host: str) -> list[Row]:
    """The live compute nodes of the host. ComputeHostNotFound when there is none."""
    found = rows.all_rows(context.session, _with_host(services.c.host == host))
    if not found:
        raise exception.ComputeHostNotFound(host=host)
    return found


@reader
def compute_node_get_all(context: RequestContext) -> list[Row]:
    """All live compute nodes in the order of their services, each with ``host`` where its
    service is live and None where it is not."""
    return rows.all_rows(
        context.session,
        select(compute_nodes, services.c.host)
        .outerjoin(
            services, (services.c.id == compute_nodes.c.service_id) & (services.c.deleted == 0)
        )
        .where(compute_nodes.c.deleted == 0)
        .order_by(compute_nodes.c.service_id, compute_nodes.c.id),
    )


@reader
def compute_node_search_by_hypervisor(context: RequestContext, match: str) -> list[Row]:
    """The compute nodes whose name contains ``match``, deleted ones as the context says; % and _
    in it are wildcards."""
    return rows.all_rows(
        context.session,
        select(compute_nodes, services.c.host)
        .outerjoin(
            services, (services.c.id == compute_nodes.c.service_id) & (services.c.deleted == 0)
        )
        .where(
            rows.visible(context, compute_nodes),
            compute_nodes.c.hypervisor_hostname.like(f"%{match}%"),
        )
        .order_by(compute_nodes.c.id),
    )


@writer
def compute_node_create(context: RequestContext, values: dict[str, Any]) -> Row:
    """A new compute node. AdminRequired; oslo_db.exception.DBError for a missing column."""
    return rows.insert_row(context.session, compute_nodes, values)


@writer
def compute_node_update(context: RequestContext, compute_id: int, values: dict[str, Any]) -> Row:
    """Store the values and move ``updated_at``, whether anything differs or not.

    The row as it then is, its service under ``service``. ComputeHostNotFound, AdminRequired.
    """
    read_deleted = context.read_deleted
    row = rows.find(context, compute_nodes, deleted=read_deleted, lock=True, id=compute_id)
    if row is None:
        raise exception.ComputeHostNotFound(host=compute_id)
    values = {**values, "updated_at": rows.utcnow()}
    return _with_service(context, rows.update_row(context.session, compute_nodes, row, values))


@writer
def compute_node_delete(context: RequestContext, compute_id: int) -> None:
    """Soft-delete the compute node. ComputeHostNotFound, AdminRequired."""
    if not rows.soft_delete(context.session, compute_nodes, compute_nodes.c.id == compute_id):
        raise exception.ComputeHostNotFound(host=compute_id)
