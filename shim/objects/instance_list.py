# SPDX-License-Identifier: Apache-2.0
"""InstanceList."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from oslo_utils import timeutils

from shim.db import api as db
from shim.objects import base, fields
from shim.objects.instance import Instance
from shim.objects.instance_attrs import here, joins_of
from shim.objects.instance_parts import InstanceFaultList

Attrs = Sequence[str] | None


@base.NovaObjectRegistry.register
class InstanceList(base.ObjectListBase, base.NovaObject):
    """A list of instances.

    ``expected_attrs`` names what is loaded with them, nothing by default; unlike nova's, every
    getter honours it, and none changes the caller's list.
    """

    # Version 1.1: Instance 1.9
    # Version 1.2: Instance 1.11
    # Version 1.3: use_slave in get_by_filters
    # Version 1.4: Instance 1.12
    # Version 1.5: get_active_by_window_joined
    # Version 1.6: Instance 1.13
    # Version 1.7: use_slave in get_active_by_window_joined
    # Version 1.8: Instance 1.14
    # Version 1.9: Instance 1.15
    # Version 1.10: Instance 1.16, get_all, sort_keys and sort_dirs in get_by_filters
    VERSION = "1.10"

    fields: ClassVar[dict[str, Any]] = {"objects": fields.ListOfObjectsField("Instance")}
    child_versions: ClassVar[dict[str, str]] = {
        "1.1": "1.9",
        "1.2": "1.11",
        "1.3": "1.11",
        "1.4": "1.12",
        "1.5": "1.12",
        "1.6": "1.13",
        "1.7": "1.13",
        "1.8": "1.14",
        "1.9": "1.15",
        "1.10": "1.16",
    }
    remotables_since: ClassVar[Mapping[str, str]] = {"get_all": "1.10"}
    arguments_since: ClassVar[Mapping[str, str]] = {
        "get_by_filters.sort_keys": "1.10",
        "get_by_filters.sort_dirs": "1.10",
    }

    @classmethod
    def _of_rows(
        cls, context: Any, rows: Sequence[Mapping[str, Any]], attrs: Iterable[str] | None
    ) -> InstanceList:
        wanted = [name for name in here(attrs or ()) if name != "fault"]
        found = cls(context)
        found.objects = [Instance._from_row(context, Instance(), row, wanted) for row in rows]
        if "fault" in (attrs or ()):
            found._fill_faults(context)
        found.obj_reset_changes()
        return found

    def _fill_faults(self, context: Any) -> list[str]:
        uuids = [instance.uuid for instance in self.objects]
        latest: dict[str, Any] = {}
        for fault in InstanceFaultList.get_by_instance_uuids(context, uuids):
            latest.setdefault(fault.instance_uuid, fault)
        for instance in self.objects:
            instance.fault = latest.get(instance.uuid)
            instance.obj_reset_changes(["fault"])
        return list(latest)

    def fill_faults(self) -> list[str]:
        """Load the latest fault of every instance; the uuids of those that have one."""
        return self._fill_faults(self._context)

    @base.remotable_classmethod
    def get_by_filters(
        cls,
        context: Any,
        filters: dict[str, Any],
        sort_key: str = "created_at",
        sort_dir: str = "desc",
        limit: int | None = None,
        marker: str | None = None,
        expected_attrs: Attrs = None,
        use_slave: bool = False,
        sort_keys: Sequence[str] | None = None,
        sort_dirs: Sequence[str] | None = None,
    ) -> InstanceList:
        """A page of the instances that match; ``sort_keys`` and ``sort_dirs`` are Kilo's.

        MarkerNotFound, InvalidSortKey; InvalidInput for more directions than keys.
        """
        keys, dirs = (sort_keys, sort_dirs) if sort_keys or sort_dirs else (sort_key, sort_dir)
        rows = db.instance_get_all_by_filters(
            context, filters, keys or (), dirs or (), limit, marker, cls._joins(expected_attrs)
        )
        return cls._of_rows(context, rows, expected_attrs)

    @base.remotable_classmethod
    def get_all(cls, context: Any, expected_attrs: Attrs = None) -> InstanceList:
        """All instances, an ordinary user's of the project alone, as Kilo's."""
        rows = db.instance_get_all(context, cls._joins(expected_attrs))
        return cls._of_rows(context, rows, expected_attrs)

    @staticmethod
    def _joins(expected_attrs: Attrs) -> list[str]:
        return joins_of(here(expected_attrs or ()))

    @base.remotable_classmethod
    def get_by_host(
        cls, context: Any, host: str, expected_attrs: Attrs = None, use_slave: bool = False
    ) -> InstanceList:
        """The host's instances."""
        rows = db.instance_get_all_by_host(context, host, cls._joins(expected_attrs))
        return cls._of_rows(context, rows, expected_attrs)

    @base.remotable_classmethod
    def get_by_host_and_node(
        cls, context: Any, host: str, node: str, expected_attrs: Attrs = None
    ) -> InstanceList:
        """The node's instances; nova 2014.2 gives them empty metadata whatever is asked for."""
        rows = db.instance_get_all_by_host_and_node(context, host, node, cls._joins(expected_attrs))
        return cls._of_rows(context, rows, expected_attrs)

    @base.remotable_classmethod
    def get_by_host_and_not_type(
        cls,
        context: Any,
        host: str,
        type_id: int | None = None,
        expected_attrs: Attrs = None,
    ) -> InstanceList:
        """The host's instances of any flavor but the one of that row id."""
        rows = db.instance_get_all_by_host_and_not_type(
            context, host, type_id, cls._joins(expected_attrs)
        )
        return cls._of_rows(context, rows, expected_attrs)

    @base.remotable_classmethod
    def get_hung_in_rebooting(
        cls, context: Any, reboot_window: int, expected_attrs: Attrs = None
    ) -> InstanceList:
        """The instances that have been rebooting for that many seconds."""
        rows = db.instance_get_all_hung_in_rebooting(
            context, reboot_window, cls._joins(expected_attrs)
        )
        return cls._of_rows(context, rows, expected_attrs)

    @base.remotable_classmethod
    def _get_active_by_window_joined(
        cls,
        context: Any,
        begin: str,
        end: str | None = None,
        project_id: str | None = None,
        host: str | None = None,
        expected_attrs: Attrs = None,
        use_slave: bool = False,
    ) -> InstanceList:
        rows = db.instance_get_active_by_window_joined(
            context,
            timeutils.parse_isotime(begin),
            None if end is None else timeutils.parse_isotime(end),
            project_id,
            host,
            cls._joins(expected_attrs),
        )
        return cls._of_rows(context, rows, expected_attrs)

    @classmethod
    def get_active_by_window_joined(
        cls,
        context: Any,
        begin: Any,
        end: Any = None,
        project_id: str | None = None,
        host: str | None = None,
        expected_attrs: Attrs = None,
        use_slave: bool = False,
    ) -> InstanceList:
        """The instances, deleted or not, that ran at any time between the two datetimes."""
        found: InstanceList = cls._get_active_by_window_joined(
            context,
            _isotime(begin),
            None if end is None else _isotime(end),
            project_id,
            host,
            expected_attrs,
            use_slave=use_slave,
        )
        return found

    @base.remotable_classmethod
    def get_by_security_group_id(cls, context: Any, security_group_id: int) -> InstanceList:
        """The instances in the security group of that row id. SecurityGroupNotFound."""
        rows = db.instance_get_all_by_security_group(context, security_group_id)
        return cls._of_rows(context, rows, ("info_cache", "system_metadata"))

    @classmethod
    def get_by_security_group(cls, context: Any, security_group: Any) -> InstanceList:
        """The instances in the security group."""
        found: InstanceList = cls.get_by_security_group_id(context, security_group.id)
        return found


def _isotime(when: Any) -> str:
    return str(fields.DateTime().stringify(fields.DateTime().coerce(None, "", when)))
