# SPDX-License-Identifier: Apache-2.0
"""Read rows of ``instances`` together with the rows that belong to them.

One query for the instances and one for each kind of related row, however many instances there
are.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.exc import ArgumentError

from shim.context import RequestContext
from shim.db import rows, who_may
from shim.db.rows import Row
from shim.db.tables import (
    instance_info_caches,
    instance_metadata,
    instance_system_metadata,
    instances,
    pci_devices,
    security_group_instance_association,
    security_group_rules,
    security_groups,
)

#: The security groups, each with its ``rules``, which nova brings with a single instance alone.
GROUPS_WITH_RULES = "security_groups.rules"
#: What ``load`` can bring along: lists of rows, except ``info_cache``, one row or None. Those that
#: end with ``_pairs`` stand under the name without it, and their rows have key and value alone.
JOINS = (
    *("metadata", "system_metadata", "info_cache", "security_groups", "pci_devices"),
    *("metadata_pairs", "system_metadata_pairs", GROUPS_WITH_RULES),
)


def visible(context: RequestContext) -> ColumnElement[bool]:
    """The condition that leaves what the context sees: of deleted ones what it says, of the
    projects an ordinary user's own."""
    return and_(rows.visible(context, instances), who_may.of_project(context, instances))


def find(context: RequestContext, uuid: str, lock: bool = False) -> Row | None:
    """The instance alone, None when the context sees none; ``lock`` keeps other writers off it."""
    query = select(instances).where(instances.c.uuid == uuid, visible(context))
    return rows.first_row(context.session, query.with_for_update() if lock else query)


def load(context: RequestContext, query: Select[Any], joins: Sequence[str]) -> list[Row]:
    """The instances that the query finds, each with the related rows named in ``joins``.

    sqlalchemy.exc.ArgumentError when a name is not one of JOINS.
    """
    _refuse_unknown(joins)
    found = rows.all_rows(context.session, query)
    if found:
        fill(context, found, _uuids(query, found), joins)
    return found


def fill(context: RequestContext, found: list[Row], uuids: Any, joins: Sequence[str]) -> None:
    """Give each instance the related rows; ``uuids`` are theirs, or a query of them.

    sqlalchemy.exc.ArgumentError when a name is not one of JOINS.
    """
    _refuse_unknown(joins)
    for name in joins:
        _FILL[name](context, found, uuids)


def _refuse_unknown(joins: Sequence[str]) -> None:
    unknown = sorted(set(joins) - set(JOINS))
    if unknown:
        raise ArgumentError(f"an instance has no related rows named {', '.join(unknown)}")


def _uuids(query: Select[Any], found: list[Row]) -> Any:
    """What selects the related rows: the uuid itself, or the query again."""
    if len(found) == 1:
        return [found[0]["uuid"]]
    narrowed = query.with_only_columns(instances.c.uuid, maintain_column_froms=True)
    if query._limit_clause is None:
        return narrowed.order_by(None)
    # MySQL refuses LIMIT inside IN, but not inside a derived table.
    page = narrowed.subquery()
    return select(page.c.uuid)


def _fill_list(name: str, table: Any) -> Callable[[RequestContext, list[Row], Any], None]:
    def fill(context: RequestContext, found: list[Row], uuids: Any) -> None:
        related = rows.all_rows(
            context.session,
            select(table).where(table.c.instance_uuid.in_(uuids), table.c.deleted == 0),
        )
        of_instance = rows.group_by(related, "instance_uuid")
        for row in found:
            row[name] = of_instance.get(row["uuid"], [])

    return fill


def _fill_pairs(name: str, table: Any) -> Callable[[RequestContext, list[Row], Any], None]:
    columns = (table.c.instance_uuid, table.c.key, table.c.value)

    def fill(context: RequestContext, found: list[Row], uuids: Any) -> None:
        query = select(*columns).where(table.c.instance_uuid.in_(uuids), table.c.deleted == 0)
        of_instance: dict[str, list[Row]] = {row["uuid"]: [] for row in found}
        for uuid, key, value in context.session.execute(query).all():
            of_instance[uuid].append({"key": key, "value": value})
        for row in found:
            row[name] = of_instance[row["uuid"]]

    return fill


def _fill_info_cache(context: RequestContext, found: list[Row], uuids: Any) -> None:
    # nova joins the cache whether it is deleted or not.
    table = instance_info_caches
    caches = rows.all_rows(context.session, select(table).where(table.c.instance_uuid.in_(uuids)))
    by_uuid = {row["instance_uuid"]: row for row in caches}
    for row in found:
        row["info_cache"] = by_uuid.get(row["uuid"])


def _fill_security_groups(context: RequestContext, found: list[Row], uuids: Any) -> None:
    link = security_group_instance_association
    groups = rows.all_rows(
        context.session,
        select(security_groups, link.c.instance_uuid.label("member_uuid"))
        .join(link, link.c.security_group_id == security_groups.c.id)
        .where(
            link.c.instance_uuid.in_(uuids),
            link.c.deleted == 0,
            security_groups.c.deleted == 0,
        )
        .order_by(security_groups.c.id),
    )
    of_instance: dict[str, list[Row]] = {}
    for group in groups:
        of_instance.setdefault(group.pop("member_uuid"), []).append(group)
    for row in found:
        row["security_groups"] = of_instance.get(row["uuid"], [])


def _fill_security_groups_and_rules(context: RequestContext, found: list[Row], uuids: Any) -> None:
    _fill_security_groups(context, found, uuids)
    groups = [group for row in found for group in row["security_groups"]]
    of_group = _rules(context, sorted({group["id"] for group in groups})) if groups else {}
    for group in groups:
        group["rules"] = of_group.get(group["id"], [])


def _rules(context: RequestContext, group_ids: list[int]) -> dict[int, list[Row]]:
    table = security_group_rules
    found = rows.all_rows(
        context.session,
        select(table).where(table.c.parent_group_id.in_(group_ids), table.c.deleted == 0),
    )
    return rows.group_by(found, "parent_group_id")


def _fill_pci_devices(context: RequestContext, found: list[Row], uuids: Any) -> None:
    devices = rows.all_rows(
        context.session,
        select(pci_devices)
        .where(
            pci_devices.c.instance_uuid.in_(uuids),
            pci_devices.c.status == "allocated",
            pci_devices.c.deleted == 0,
        )
        .order_by(pci_devices.c.id),
    )
    of_instance = rows.group_by(devices, "instance_uuid")
    for row in found:
        row["pci_devices"] = of_instance.get(row["uuid"], [])


_FILL: dict[str, Callable[[RequestContext, list[Row], Any], None]] = {
    "metadata": _fill_list("metadata", instance_metadata),
    "system_metadata": _fill_list("system_metadata", instance_system_metadata),
    "metadata_pairs": _fill_pairs("metadata", instance_metadata),
    "system_metadata_pairs": _fill_pairs("system_metadata", instance_system_metadata),
    "info_cache": _fill_info_cache,
    "security_groups": _fill_security_groups,
    GROUPS_WITH_RULES: _fill_security_groups_and_rules,
    "pci_devices": _fill_pci_devices,
}
