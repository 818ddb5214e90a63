# SPDX-License-Identifier: Apache-2.0
"""The dict calls of earlier releases, over the bus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class EarlierClient:
    """What ``EarlierCalls`` answers, asked of a conductor: it must be one of the shim's."""

    def _call(self, context: Any, method: str, **arguments: Any) -> Any:
        raise NotImplementedError

    def _read(self, context: Any, method: str, **arguments: Any) -> Any:
        raise NotImplementedError

    def instance_get(self, context: Any, instance_id: int) -> Any:
        return self._read(context, "instance_get", instance_id=instance_id)

    def instance_get_all(self, context: Any) -> Any:
        return self._read(context, "instance_get_all")

    def instance_get_all_by_filters(
        self,
        context: Any,
        filters: dict[str, Any],
        sort_key: str = "created_at",
        sort_dir: str = "desc",
        columns_to_join: Sequence[str] | None = None,
        use_slave: bool = False,
    ) -> Any:
        return self._read(
            context,
            "instance_get_all_by_filters",
            filters=filters,
            sort_key=sort_key,
            sort_dir=sort_dir,
            columns_to_join=columns_to_join,
            use_slave=use_slave,
        )

    def instance_get_all_hung_in_rebooting(self, context: Any, timeout: int) -> Any:
        return self._read(context, "instance_get_all_hung_in_rebooting", timeout=timeout)

    def instance_get_active_by_window_joined(
        self,
        context: Any,
        begin: Any,
        end: Any = None,
        project_id: str | None = None,
        host: str | None = None,
    ) -> Any:
        return self._read(
            context,
            "instance_get_active_by_window_joined",
            begin=begin,
            end=end,
            project_id=project_id,
            host=host,
        )

    def instance_destroy(self, context: Any, instance: Any) -> Any:
        return self._call(context, "instance_destroy", instance=_parts(instance, "uuid"))

    def instance_info_cache_update(
        self, context: Any, instance: Any, values: dict[str, Any]
    ) -> None:
        of = _parts(instance, "uuid")
        self._call(context, "instance_info_cache_update", instance=of, values=values)

    def instance_info_cache_delete(self, context: Any, instance: Any) -> None:
        self._call(context, "instance_info_cache_delete", instance=_parts(instance, "uuid"))

    def instance_fault_create(self, context: Any, values: dict[str, Any]) -> Any:
        return self._call(context, "instance_fault_create", values=values)

    def instance_type_get(self, context: Any, instance_type_id: int) -> Any:
        return self._read(context, "instance_type_get", instance_type_id=instance_type_id)

    def migration_get(self, context: Any, migration_id: int) -> Any:
        return self._read(context, "migration_get", migration_id=migration_id)

    def migration_get_unconfirmed_by_dest_compute(
        self, context: Any, confirm_window: int, dest_compute: str
    ) -> Any:
        return self._read(
            context,
            "migration_get_unconfirmed_by_dest_compute",
            confirm_window=confirm_window,
            dest_compute=dest_compute,
        )

    def migration_create(self, context: Any, instance: Any, values: dict[str, Any]) -> Any:
        of = _parts(instance, "uuid", "host", "node")
        return self._call(context, "migration_create", instance=of, values=values)

    def migration_update(self, context: Any, migration: Any, status: str) -> Any:
        which = _parts(migration, "id")
        return self._call(context, "migration_update", migration=which, status=status)


def _parts(record: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """What the conductor reads of a record, which may be a dict or an object."""
    return {name: record[name] for name in names}
