# SPDX-License-Identifier: Apache-2.0
"""Who may call which database function: what nova 2014.2's database layer checks there.

Read in ``nova/db/sqlalchemy/api.py`` of 2014.2; functions that came later, in that of 2015.1.0. It
is the whole of what protects the rows: objects and dict calls check nothing more, in the process
as over the bus. That a row is of the caller's project, where nova looks at that, is part of the
queries (see ``of_project``).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, Table, true

from shim import exception
from shim.context import RequestContext

P = ParamSpec("P")
R = TypeVar("R")


def administrator(context: RequestContext) -> None:
    """Raise AdminRequired unless the context is an administrator's."""
    if not context.is_admin:
        raise exception.AdminRequired()


def anybody_known(context: RequestContext) -> None:
    """Raise Forbidden unless the context is an administrator's, or a user's in a project."""
    if not context.is_admin and not is_user(context):
        raise exception.Forbidden()


def anybody(context: RequestContext) -> None:
    """Raise nothing: nova does not look at the context here."""


def is_user(context: RequestContext) -> bool:
    """Whether the context is that of an ordinary user in a project."""
    return bool(not context.is_admin and context.user_id and context.project_id)


def of_project(context: RequestContext, table: Table) -> ColumnElement[bool]:
    """The condition that leaves an ordinary user the rows of the project, and others all."""
    return table.c.project_id == context.project_id if is_user(context) else true()


REQUIRED: Mapping[str, Callable[[RequestContext], None]] = {
    **dict.fromkeys(
        (
            "compute_node_create",
            "compute_node_delete",
            "compute_node_get_all",
            "compute_node_get_all_by_host",
            "compute_node_get_by_host_and_nodename",
            "compute_node_get_by_service_id",
            "compute_node_search_by_hypervisor",
            "compute_node_update",
            "compute_nodes_get_by_service_id",
            "flavor_access_add",
            "flavor_access_get_by_flavor_id",
            "flavor_access_remove",
            "flavor_create",
            "flavor_destroy",
            "instance_get_all_by_host",
            "instance_get_all_by_host_and_node",
            "instance_get_all_by_host_and_not_type",
            "instance_get_all_hung_in_rebooting",
            "migration_create",
            "migration_get",
            "migration_get_all_by_filters",
            "migration_get_by_instance_and_status",
            "migration_get_in_progress_by_host_and_node",
            "migration_get_unconfirmed_by_dest_compute",
            "migration_update",
            "pci_device_destroy",
            "pci_device_get_all_by_node",
            "pci_device_get_by_addr",
            "pci_device_get_by_id",
            "pci_device_update",
            "service_create",
            "service_destroy",
            "service_get",
            "service_get_all",
            "service_get_all_by_binary",
            "service_get_all_by_host",
            "service_get_all_by_topic",
            "service_get_by_args",
            "service_get_by_compute_host",
            "service_get_by_host_and_topic",
            "service_host_of",
            "service_update",
        ),
        administrator,
    ),
    **dict.fromkeys(
        (
            "bw_usage_get_by_uuids",
            "flavor_extra_specs_delete",
            "flavor_extra_specs_update_or_create",
            "flavor_get",
            "flavor_get_all",
            "flavor_get_by_flavor_id",
            "flavor_get_by_name",
            "instance_create",
            "instance_destroy",
            "instance_get",
            "instance_get_active_by_window_joined",
            "instance_get_all",
            "instance_get_all_by_filters",
            "instance_get_all_by_security_group",
            "instance_get_by_uuid",
            "instance_info_cache_delete",
            "instance_info_cache_get",
            "instance_info_cache_update",
            "instance_metadata_delete",
            "instance_save",
            "instance_update",
            "instance_update_and_get_original",
            "pci_device_get_all_by_instance_uuid",
            "security_group_create",
            "security_group_get",
            "security_group_get_all",
            "security_group_get_by_instance",
            "security_group_get_by_name",
            "security_group_get_by_project",
            "security_group_in_use",
            "security_group_update",
        ),
        anybody_known,
    ),
    **dict.fromkeys(
        (
            "compute_node_get",
            "instance_extra_get_by_instance_uuid",
            "instance_extra_update_by_uuid",
            "instance_fault_create",
            "instance_fault_get_by_instance_uuids",
        ),
        anybody,
    ),
}


def checked(
    fn: Callable[Concatenate[RequestContext, P], R],
) -> Callable[Concatenate[RequestContext, P], R]:
    """``fn``, which is a database function, for those only who may call it.

    Where REQUIRED does not say who that is, nobody may: a KeyError when it is called.
    """

    @functools.wraps(fn)
    def wrapper(context: RequestContext, *args: P.args, **kwargs: P.kwargs) -> R:
        REQUIRED[fn.__name__](context)
        return fn(context, *args, **kwargs)

    return wrapper  # type: ignore[return-value]
