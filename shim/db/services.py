# SPDX-License-Identifier: Apache-2.0
"""Rows of ``services``."""

from typing import Any

from oslo_db import exception as db_exc
from sqlalchemy import ColumnElement, select

from shim import exception
from shim.conf import CONF
from shim.context import RequestContext
from shim.db import rows
from shim.db.rows import Row
from shim.db.session import reader, writer
from shim.db.tables import compute_nodes, services


@reader
def service_get(context: RequestContext, service_id: int) -> Row:
    """The service, deleted ones as the context says. ServiceNotFound, AdminRequired."""
    found = rows.find(context, services, deleted=context.read_deleted, id=service_id)
    if found is None:
        raise exception.ServiceNotFound(service_id=service_id)
    return found


@reader
def service_get_by_compute_host(context: RequestContext, host: str) -> Row:
    """The live compute service of the host, disabled or not; ``compute_node`` is the list of its
    live compute nodes. ComputeHostNotFound, AdminRequired."""
    found = rows.first_row(
        context.session,
        select(services).where(
            services.c.host == host,
            services.c.topic == CONF.compute_topic,
            services.c.deleted == 0,
        ),
    )
    if found is None:
        raise exception.ComputeHostNotFound(host=host)
    found["compute_node"] = rows.all_rows(
        context.session,
        select(compute_nodes)
        .where(compute_nodes.c.service_id == found["id"], compute_nodes.c.deleted == 0)
        .order_by(compute_nodes.c.id),
    )
    return found


@reader
def service_get_by_args(context: RequestContext, host: str, binary: str) -> Row:
    """The service of that binary on the host. HostBinaryNotFound, AdminRequired."""
    found = rows.first_row(
        context.session,
        select(services)
        .where(
            services.c.host == host,
            services.c.binary == binary,
            rows.visible(context, services),
        )
        .order_by(services.c.deleted, services.c.id),
    )
    if found is None:
        raise exception.HostBinaryNotFound(host=host, binary=binary)
    return found


@reader
def service_get_by_host_and_topic(context: RequestContext, host: str, topic: str) -> Row | None:
    """The live, enabled service of the host on the topic, or None. AdminRequired."""
    return rows.first_row(
        context.session,
        select(services).where(
            services.c.host == host,
            services.c.topic == topic,
            services.c.disabled.is_(False),
            services.c.deleted == 0,
        ),
    )


def _services_where(context: RequestContext, *where: ColumnElement[bool]) -> list[Row]:
    return rows.all_rows(context.session, select(services).where(*where).order_by(services.c.id))


@reader
def service_get_all(context: RequestContext, disabled: bool | None = None) -> list[Row]:
    """All services, or the (not) disabled ones; deleted ones as the context says."""
    where = [rows.visible(context, services)]
    if disabled is not None:
        where.append(services.c.disabled.is_(bool(disabled)))
    return _services_where(context, *where)


@reader
def service_get_all_by_topic(context: RequestContext, topic: str) -> list[Row]:
    """The live, enabled services on the topic."""
    return _services_where(
        context,
        services.c.topic == topic,
        services.c.disabled.is_(False),
        services.c.deleted == 0,
    )


@reader
def service_get_all_by_binary(context: RequestContext, binary: str) -> list[Row]:
    """The live, enabled services of the binary."""
    return _services_where(
        context,
        services.c.binary == binary,
        services.c.disabled.is_(False),
        services.c.deleted == 0,
    )


@reader
def service_get_all_by_host(context: RequestContext, host: str) -> list[Row]:
    """The live services of the host, disabled or not."""
    return _services_where(context, services.c.host == host, services.c.deleted == 0)


@writer
def service_create(context: RequestContext, values: dict[str, Any]) -> Row:
    """A new service. ServiceBinaryExists, ServiceTopicExists, AdminRequired."""
    if not CONF.enable_new_services:
        values = {**values, "disabled": True}
    host, binary = values.get("host"), values.get("binary")
    # When both names are taken a server reports the one it looked at first, nova the binary. To
    # look in every case costs as much as the row; PostgreSQL does nothing more after an error.
    looks_first = context.session.dialect.name == "postgresql"
    if looks_first and _is_there(context, host, binary):
        raise exception.ServiceBinaryExists(host=host, binary=binary)
    try:
        return rows.insert_row(context.session, services, values)
    except db_exc.DBDuplicateEntry as error:
        if "binary" in error.columns or (not looks_first and _is_there(context, host, binary)):
            raise exception.ServiceBinaryExists(host=host, binary=binary) from error
        raise exception.ServiceTopicExists(host=host, topic=values.get("topic")) from error


def _is_there(context: RequestContext, host: str | None, binary: str | None) -> bool:
    return rows.find(context, services, deleted="no", host=host, binary=binary) is not None


@writer
def service_update(context: RequestContext, service_id: int, values: dict[str, Any]) -> Row:
    """Store the values; the row as it then is. ServiceNotFound, AdminRequired."""
    row = rows.find(context, services, deleted=context.read_deleted, lock=True, id=service_id)
    if row is None:
        raise exception.ServiceNotFound(service_id=service_id)
    return rows.update_row(context.session, services, row, values)


@writer
def service_destroy(context: RequestContext, service_id: int) -> None:
    """Soft-delete the service and its compute nodes. ServiceNotFound, AdminRequired."""
    if not rows.soft_delete(context.session, services, services.c.id == service_id):
        raise exception.ServiceNotFound(service_id=service_id)
    rows.soft_delete(context.session, compute_nodes, compute_nodes.c.service_id == service_id)


@reader
def service_host_of(context: RequestContext, service_id: int) -> str | None:
    """The host of the service, deleted or not; None where no such service is known."""
    found = rows.first_row(
        context.session, select(services.c.host).where(services.c.id == service_id)
    )
    return None if found is None else found["host"]
