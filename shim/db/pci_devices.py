# SPDX-License-Identifier: Apache-2.0
"""Rows of ``pci_devices``."""

from typing import Any

from sqlalchemy import select

from shim import exception
from shim.context import RequestContext
from shim.db import rows
from shim.db.rows import Row
from shim.db.session import reader, writer
from shim.db.tables import pci_devices


@reader
def pci_device_get_by_addr(context: RequestContext, node_id: int, address: str) -> Row:
    """The device at the address of the node. PciDeviceNotFound."""
    found = rows.first_row(
        context.session,
        select(pci_devices)
        .where(
            pci_devices.c.compute_node_id == node_id,
            pci_devices.c.address == address,
            rows.visible(context, pci_devices),
        )
        .order_by(pci_devices.c.deleted, pci_devices.c.id),
    )
    if found is None:
        raise exception.PciDeviceNotFound(node_id=node_id, address=address)
    return found


@reader
def pci_device_get_by_id(context: RequestContext, device_id: int) -> Row:
    """The device of that row id. PciDeviceNotFoundById."""
    found = rows.first_row(
        context.session,
        select(pci_devices).where(
            pci_devices.c.id == device_id, rows.visible(context, pci_devices)
        ),
    )
    if found is None:
        raise exception.PciDeviceNotFoundById(id=device_id)
    return found


@reader
def pci_device_get_all_by_node(context: RequestContext, node_id: int) -> list[Row]:
    """The devices of the node, deleted ones as the context says."""
    return rows.all_rows(
        context.session,
        select(pci_devices)
        .where(pci_devices.c.compute_node_id == node_id, rows.visible(context, pci_devices))
        .order_by(pci_devices.c.id),
    )


@reader
def pci_device_get_all_by_instance_uuid(context: RequestContext, instance_uuid: str) -> list[Row]:
    """The devices that are allocated to the instance."""
    return rows.all_rows(
        context.session,
        select(pci_devices)
        .where(
            pci_devices.c.instance_uuid == instance_uuid,
            pci_devices.c.status == "allocated",
            rows.visible(context, pci_devices),
        )
        .order_by(pci_devices.c.id),
    )


@writer
def pci_device_update(
    context: RequestContext, node_id: int, address: str, values: dict[str, Any]
) -> Row:
    """Store the values, in a new row where there is no live one; the row as it then is.

    AdminRequired.
    """
    row = rows.lock_row(
        context.session,
        pci_devices,
        pci_devices.c.compute_node_id == node_id,
        pci_devices.c.address == address,
        pci_devices.c.deleted == 0,
    )
    if row is None:
        new = {**values, "compute_node_id": node_id, "address": address}
        return rows.insert_missing_row(context.session, pci_devices, new)
    return rows.update_row(context.session, pci_devices, row, values)


@writer
def pci_device_destroy(context: RequestContext, node_id: int, address: str) -> None:
    """Soft-delete the device. PciDeviceNotFound, AdminRequired."""
    gone = rows.soft_delete(
        context.session,
        pci_devices,
        pci_devices.c.compute_node_id == node_id,
        pci_devices.c.address == address,
    )
    if not gone:
        raise exception.PciDeviceNotFound(node_id=node_id, address=address)
