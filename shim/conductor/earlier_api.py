# SPDX-License-Identifier: Apache-2.0
"""The dict API of 2013.1 to 2014.1, as far as 2014.2's lacks it; names and arguments are nova's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class EarlierAPI:
    """The calls that un-rewritten code of earlier releases makes."""

    #: What answers them.
    _calls: Any

    def instance_get(self, context: Any, instance_id: int) -> Any:
        """InstanceNotFound, InvalidID."""
        return self._calls.instance_get(context, instance_id)

    def instance_get_by_uuid(
        self, context: Any, instance_uuid: str, columns_to_join: Sequence[str] | None = None
    ) -> Any:
        """InstanceNotFound."""
        return self._calls.instance_get_by_uuid(context, instance_uuid, columns_to_join)

    def instance_get_all(self, context: Any) -> Any:
        """A list of all instances."""
        return self._calls.instance_get_all(context)

    def instance_get_all_by_filters(
        self,
        context: Any,
        filters: dict[str, Any],
        sort_key: str = "created_at",
        sort_dir: str = "desc",
        columns_to_join: Sequence[str] | None = None,
        use_slave: bool = False,
    ) -> Any:
        """A list of the instances that match."""
        return self._calls.instance_get_all_by_filters(
            context, filters, sort_key, sort_dir, columns_to_join, use_slave
        )

    def instance_get_all_hung_in_rebooting(self, context: Any, timeout: int) -> Any:
        """A list of the instances that have been rebooting for that many seconds."""
        return self._calls.instance_get_all_hung_in_rebooting(context, timeout)

    def instance_get_active_by_window_joined(
        self,
        context: Any,
        begin: Any,
        end: Any = None,
        project_id: str | None = None,
        host: str | None = None,
    ) -> Any:
        """A list of the instances, deleted or not, that ran at any time between the two."""
        return self._calls.instance_get_active_by_window_joined(
            context, begin, end, project_id, host
        )

    def instance_destroy(self, context: Any, instance: Any) -> Any:
        """The instance, deleted. InstanceNotFound, InvalidUUID."""
        return self._calls.instance_destroy(context, instance)

    def instance_info_cache_update(
        self, context: Any, instance: Any, values: dict[str, Any]
    ) -> None:
        """InstanceInfoCacheNotFound."""
        self._calls.instance_info_cache_update(context, instance, values)

    def instance_info_cache_delete(self, context: Any, instance: Any) -> None:
        """Delete the cache of the instance, if it has one."""
        self._calls.instance_info_cache_delete(context, instance)

    def instance_fault_create(self, context: Any, values: dict[str, Any]) -> Any:
        """The new fault."""
        return self._calls.instance_fault_create(context, values)

    def instance_type_get(self, context: Any, instance_type_id: int) -> Any:
        """The flavor, ``extra_specs`` a dict. FlavorNotFound."""
        return self._calls.instance_type_get(context, instance_type_id)

    def migration_get(self, context: Any, migration_id: int) -> Any:
        """The migration, deleted or not. MigrationNotFound."""
        return self._calls.migration_get(context, migration_id)

    def migration_get_unconfirmed_by_dest_compute(
        self, context: Any, confirm_window: int, dest_compute: str
    ) -> Any:
        """A list of the finished migrations that nobody confirmed for that many seconds."""
        return self._calls.migration_get_unconfirmed_by_dest_compute(
            context, confirm_window, dest_compute
        )

    def migration_create(self, context: Any, instance: Any, values: dict[str, Any]) -> Any:
        """The new migration of the instance, from its ``host`` and ``node``."""
        return self._calls.migration_create(context, instance, values)

    def migration_update(self, context: Any, migration: Any, status: str) -> Any:
        """The migration in the status. MigrationNotFound."""
        return self._calls.migration_update(context, migration, status)
