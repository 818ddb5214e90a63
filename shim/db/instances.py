# SPDX-License-Identifier: Apache-2.0
"""Rows of ``instances``: one at a time."""

import uuid as uuid_module
from collections.abc import Iterable, Sequence
from typing import Any

from oslo_db import exception as db_exc
from oslo_utils import uuidutils
from sqlalchemy import ColumnElement, select

from shim import exception
from shim.context import RequestContext
from shim.db import instance_rows, rows, security_group_rows
from shim.db.rows import Row
from shim.db.session import reader, writer
from shim.db.tables import (
    instance_extra,
    instance_faults,
    instance_id_mappings,
    instance_info_caches,
    instance_metadata,
    instance_system_metadata,
    instances,
    security_group_instance_association,
)

ALWAYS_JOINED = ("info_cache", instance_rows.GROUPS_WITH_RULES)
KEY_VALUE_TABLES = {"metadata": instance_metadata, "system_metadata": instance_system_metadata}
#: What a NULL is for an object, whose metadata is text, on the wire, too.
NULL_READS_AS = {"metadata": "", "system_metadata": None}


def _joins(columns_to_join: Iterable[str] | None) -> list[str]:
    wanted = ("metadata", "system_metadata") if columns_to_join is None else columns_to_join
    joins = dict.fromkeys([*ALWAYS_JOINED, *wanted])
    joins.pop("security_groups", None)
    return list(joins)


def _get_where(
    context: RequestContext, columns_to_join: Iterable[str] | None, where: ColumnElement[bool]
) -> Row | None:
    joins = _joins(columns_to_join)
    query = select(instances).where(where, instance_rows.visible(context))
    found = instance_rows.load(context, query.limit(1), joins)
    return _empty_lists(found[0]) if found else None


def _empty_lists(row: Row) -> Row:
    for name in KEY_VALUE_TABLES:
        row.setdefault(name, [])
    return row


@reader
def instance_get_by_uuid(
    context: RequestContext,
    uuid: str,
    columns_to_join: Sequence[str] | None = None,
    use_slave: bool = False,
) -> Row:
    """The instance with its info cache, security groups and what ``columns_to_join`` names;
    None names ``metadata`` and ``system_metadata``, and what is not named is an empty list.

    InstanceNotFound.
    """
    found = _get_where(context, columns_to_join, instances.c.uuid == uuid)
    if found is None:
        raise exception.InstanceNotFound(instance_id=uuid)
    return found


@reader
def instance_get(
    context: RequestContext, instance_id: int, columns_to_join: Sequence[str] | None = None
) -> Row:
    """The instance of that row id, otherwise as ``instance_get_by_uuid``.

    InstanceNotFound; InvalidID for what the database does not take as an id.
    """
    try:
        found = _get_where(context, columns_to_join, instances.c.id == instance_id)
    except (db_exc.DBError, OverflowError) as error:
        raise exception.InvalidID(id=instance_id) from error
    if found is None:
        raise exception.InstanceNotFound(instance_id=instance_id)
    return found


def _insert(context: RequestContext, values: dict[str, Any]) -> Row:
    try:
        return rows.insert_row(context.session, instances, values)
    except ValueError as error:
        # PostgreSQL names the index, and oslo.db cannot take a name without "_" apart.
        if "substring" not in str(error):
            raise
        raise db_exc.DBDuplicateEntry(["uuid"], value=values["uuid"]) from error


@writer
def instance_create(context: RequestContext, values: dict[str, Any]) -> Row:
    """A new instance with its metadata, info cache, ``extra`` and security groups (names).

    oslo_db.exception.DBDuplicateEntry for a known uuid; SecurityGroupNotFoundForProject.
    """
    values = dict(values)
    values["uuid"] = values.get("uuid") or str(uuid_module.uuid4())
    related = {name: values.pop(name, None) or {} for name in KEY_VALUE_TABLES}
    info_cache = values.pop("info_cache", None) or {}
    extra = values.pop("extra", None) or {}
    groups = values.pop("security_groups", None) or []
    row = _insert(context, values)
    mine = {"instance_uuid": row["uuid"]}
    for name, table in KEY_VALUE_TABLES.items():
        row[name] = [{**mine, "key": k, "value": v} for k, v in related[name].items()]
        rows.insert_rows(context.session, table, row[name])
    cache = rows.insert_row(context.session, instance_info_caches, {**info_cache, **mine})
    extra = rows.insert_row(context.session, instance_extra, {**extra, **mine})
    rows.insert_row(context.session, instance_id_mappings, {"uuid": row["uuid"]})
    security_group_rows.add_member(context, row["uuid"], groups)
    row.update(info_cache=cache, extra=extra, security_groups=[])
    if groups:
        instance_rows.fill(context, [row], [row["uuid"]], ["security_groups"])
    return row


@writer
def instance_update(context: RequestContext, instance_uuid: str, values: dict[str, Any]) -> Row:
    """Store the values; the row as it then is. See ``instance_update_and_get_original``."""
    updated = _store(context, instance_uuid, values)
    return _after(context, updated, _joins(None))


@writer
def instance_save(
    context: RequestContext, instance_uuid: str, values: dict[str, Any], joins: Sequence[str]
) -> tuple[Row, Row]:
    """The row before and after, for values that are the columns' own: nothing is read that is
    known already, and nothing brought along, after, but what ``joins`` names."""
    before = _locked(context, instance_uuid)
    updated = _store(context, instance_uuid, values, before)
    instance_rows.fill(context, [updated], [updated["uuid"]], joins)
    return before, updated


@writer
def instance_update_and_get_original(
    context: RequestContext,
    instance_uuid: str,
    values: dict[str, Any],
    columns_to_join: Sequence[str] | None = None,
) -> tuple[Row, Row]:
    """The row before and after storing the values, atomically.

    ``expected_task_state`` and ``expected_vm_state`` among the values (one state or several, None
    meaning no state) must hold, or nothing is stored: UnexpectedTaskStateError, its subclass
    UnexpectedDeletingTaskStateError, UnexpectedVMStateError. ``metadata`` and ``system_metadata``
    replace what is there; None leaves it. InvalidUUID, InstanceNotFound. Unlike nova's, metadata
    that is stored needs no mention in ``columns_to_join``, and the row before shares nothing
    with the row after.
    """
    locked = _locked(context, instance_uuid)
    joins = _joins(columns_to_join)
    before = {**locked}
    instance_rows.fill(context, [before], [instance_uuid], joins)
    updated = _store(context, instance_uuid, values, locked)
    return _empty_lists(before), _after(context, updated, joins)


def _locked(context: RequestContext, instance_uuid: str) -> Row:
    if not uuidutils.is_uuid_like(instance_uuid):
        raise exception.InvalidUUID(uuid=instance_uuid)
    locked = instance_rows.find(context, instance_uuid, lock=True)
    if locked is None:
        raise exception.InstanceNotFound(instance_id=instance_uuid)
    return locked


def _store(
    context: RequestContext, instance_uuid: str, values: dict[str, Any], locked: Row | None = None
) -> Row:
    locked = locked or _locked(context, instance_uuid)
    values = dict(values)
    _check_states(locked, values)
    for name, table in KEY_VALUE_TABLES.items():
        wanted = values.pop(name, None)
        if wanted is not None:
            mine = {"instance_uuid": instance_uuid}
            where = table.c.instance_uuid == instance_uuid
            null = NULL_READS_AS[name]
            rows.replace_key_values(context.session, table, where, mine, wanted, null)
    return rows.update_row(context.session, instances, locked, _as_text(values))


def _after(context: RequestContext, updated: Row, joins: Sequence[str]) -> Row:
    query = select(instances).where(instances.c.id == updated["id"])
    return {**updated, **_empty_lists(instance_rows.load(context, query, joins)[0])}


def _as_text(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: str(value) if name.startswith("access_ip_") and value is not None else value
        for name, value in values.items()
    }


def _check_states(row: Row, values: dict[str, Any]) -> None:
    task_states = _expected(values, "expected_task_state")
    if task_states is not None and row["task_state"] not in task_states:
        actual = row["task_state"]
        error = (
            exception.UnexpectedDeletingTaskStateError
            if actual == "deleting"
            else exception.UnexpectedTaskStateError
        )
        raise error(actual=actual, expected=task_states)
    vm_states = _expected(values, "expected_vm_state")
    if vm_states is not None and row["vm_state"] not in vm_states:
        raise exception.UnexpectedVMStateError(actual=row["vm_state"], expected=vm_states)


def _expected(values: dict[str, Any], name: str) -> tuple[Any, ...] | None:
    if name not in values:
        return None
    wanted = values.pop(name)
    return tuple(wanted) if isinstance(wanted, tuple | list | set | frozenset) else (wanted,)


@writer
def instance_destroy(
    context: RequestContext, instance_uuid: str, only_without_host: bool = False
) -> Row:
    """Soft-delete the instance and what belongs to it, but not its system metadata.

    The row as it then is, with the metadata and the security groups that it had. InvalidUUID,
    InstanceNotFound; ConstraintNotMet when it must have no host and has one.
    """
    row = _locked(context, instance_uuid)
    if only_without_host and row["host"] is not None:
        raise exception.ConstraintNotMet()
    query = select(instances).where(instances.c.uuid == instance_uuid)
    (before,) = instance_rows.load(context, query, _joins(["metadata"]))
    if not rows.soft_delete(context.session, instances, instances.c.uuid == instance_uuid):
        raise exception.ConstraintNotMet()
    for table in (
        security_group_instance_association,
        instance_info_caches,
        instance_metadata,
        instance_faults,
        instance_extra,
    ):
        rows.soft_delete(context.session, table, table.c.instance_uuid == instance_uuid)
    (after,) = instance_rows.load(context, query, ["info_cache", "system_metadata"])
    gone = {"deleted_at": after["deleted_at"]}
    metadata = [{**pair, **gone, "deleted": pair["id"]} for pair in before["metadata"]]
    return {**after, "metadata": metadata, "security_groups": before["security_groups"]}


@writer
def instance_metadata_delete(context: RequestContext, instance_uuid: str, key: str) -> None:
    """Soft-delete one key of the metadata. A key that is not there is no error, as in nova."""
    table = instance_metadata
    rows.soft_delete(
        context.session, table, table.c.instance_uuid == instance_uuid, table.c.key == key
    )
