# SPDX-License-Identifier: Apache-2.0
"""The dict calls that conductors of 2013.1 to 2014.1 answered and those of 2014.2 no longer offer.

Code of these releases that is not rewritten makes them. Their results are those of the release that
had them last, on the tables of 2014.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shim.conductor.dict_form import dict_form, instance_form
from shim.context import RequestContext
from shim.db import api as db
from shim.db.instance_lists import EVERYTHING

#: A row as a dict or as an object: what is read of it is read by key.
Record = Any


class EarlierCalls:
    """What the dict API of an earlier release asks of a conductor."""

    def instance_get(self, context: RequestContext, instance_id: int) -> dict[str, Any]:
        """InstanceNotFound, InvalidID."""
        return instance_form(db.instance_get(context, instance_id))

    def instance_get_all(self, context: RequestContext) -> list[dict[str, Any]]:
        """All instances, an ordinary user's of the project alone."""
        return [instance_form(row) for row in db.instance_get_all(context)]

    def instance_get_all_by_filters(
        self,
        context: RequestContext,
        filters: dict[str, Any],
        sort_key: str = "created_at",
        sort_dir: str = "desc",
        columns_to_join: Sequence[str] | None = None,
        use_slave: bool = False,
    ) -> list[dict[str, Any]]:
        """The instances that match, deleted ones too unless the filters say otherwise."""
        rows = db.instance_get_all_by_filters(
            context, filters, sort_key, sort_dir, columns_to_join=columns_to_join
        )
        return [instance_form(row) for row in rows]

    def instance_get_all_hung_in_rebooting(
        self, context: RequestContext, timeout: int
    ) -> list[dict[str, Any]]:
        """The instances that have been rebooting for that many seconds."""
        rows = db.instance_get_all_hung_in_rebooting(context, timeout)
        return [instance_form(row) for row in rows]

    def instance_get_active_by_window_joined(
        self,
        context: RequestContext,
        begin: Any,
        end: Any = None,
        project_id: str | None = None,
        host: str | None = None,
    ) -> list[dict[str, Any]]:
        """The instances, deleted or not, that ran at any time between the two."""
        rows = db.instance_get_active_by_window_joined(
            context, begin, end, project_id, host, EVERYTHING
        )
        return [instance_form(row) for row in rows]

    def instance_destroy(self, context: RequestContext, instance: Record) -> dict[str, Any]:
        """The instance of that ``uuid``, deleted. InstanceNotFound, InvalidUUID."""
        return instance_form(db.instance_destroy(context, instance["uuid"]))

    def instance_info_cache_update(
        self, context: RequestContext, instance: Record, values: dict[str, Any]
    ) -> None:
        """Store the values for the instance of that ``uuid``. InstanceInfoCacheNotFound."""
        db.instance_info_cache_update(context, instance["uuid"], values)

    def instance_info_cache_delete(self, context: RequestContext, instance: Record) -> None:
        """Delete the cache of the instance of that ``uuid``, if it has one."""
        db.instance_info_cache_delete(context, instance["uuid"])

    def instance_fault_create(self, context: RequestContext, values: dict[str, Any]) -> Any:
        """The new fault."""
        return dict_form(db.instance_fault_create(context, values))

    def instance_type_get(self, context: RequestContext, instance_type_id: int) -> Any:
        """The flavor of that row id, ``extra_specs`` a dict. FlavorNotFound."""
        return dict_form(db.flavor_get(context, instance_type_id))

    def migration_get(self, context: RequestContext, migration_id: int) -> Any:
        """The migration, deleted or not. MigrationNotFound."""
        return dict_form(db.migration_get(context.elevated(), migration_id))

    def migration_get_unconfirmed_by_dest_compute(
        self, context: RequestContext, confirm_window: int, dest_compute: str
    ) -> Any:
        """The finished migrations to the host that nobody confirmed for that many seconds."""
        return dict_form(
            db.migration_get_unconfirmed_by_dest_compute(context, confirm_window, dest_compute)
        )

    def migration_create(
        self, context: RequestContext, instance: Record, values: dict[str, Any]
    ) -> Any:
        """The new migration of the instance, from its ``host`` and ``node``."""
        of_instance = {
            "instance_uuid": instance["uuid"],
            "source_compute": instance["host"],
            "source_node": instance["node"],
        }
        return dict_form(db.migration_create(context.elevated(), {**values, **of_instance}))

    def migration_update(self, context: RequestContext, migration: Record, status: str) -> Any:
        """The migration of that ``id`` in the status. MigrationNotFound."""
        values = {"status": status}
        return dict_form(db.migration_update(context.elevated(), migration["id"], values))
