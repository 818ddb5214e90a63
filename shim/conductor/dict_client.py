# SPDX-License-Identifier: Apache-2.0
"""The dict calls over the bus: the signatures are those of the methods that answer them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from shim.conductor.dict_calls import DictCalls

P = ParamSpec("P")
R = TypeVar("R")


def _sent(
    send: str, method: Callable[Concatenate[Any, P], R], parts: dict[str, tuple[str, ...]]
) -> Callable[Concatenate[Any, P], R]:
    signature = inspect.signature(method)

    @functools.wraps(method)
    def call(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> Any:
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        arguments = {name: value for name, value in bound.arguments.items() if name != "self"}
        for name, keys in parts.items():
            arguments[name] = {key: arguments[name][key] for key in keys}
        return getattr(self, send)(method=method.__name__, **arguments)

    call.send = send  # type: ignore[attr-defined]
    return call


def _reads(method: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[Any, P], R]:
    """The method, asked of a conductor; again when no answer comes."""
    return _sent("_read", method, {})


def _writes(
    method: Callable[Concatenate[Any, P], R], **parts: tuple[str, ...]
) -> Callable[Concatenate[Any, P], R]:
    """The method, asked of a conductor once; ``parts`` is what it reads of an argument that may be
    a dict or an object."""
    return _sent("_call", method, parts)


def reads(name: str) -> bool:
    """Whether the call of that name only reads, so that it may be done twice."""
    return getattr(getattr(DictClient, name, None), "send", None) == "_read"


class DictClient:
    """What ``DictCalls`` answers, asked of a conductor; the earlier releases' calls of one of the
    shim's."""

    def _call(self, context: Any, method: str, **arguments: Any) -> Any:
        raise NotImplementedError

    def _read(self, context: Any, method: str, **arguments: Any) -> Any:
        raise NotImplementedError

    instance_update = _writes(DictCalls.instance_update)
    instance_get_by_uuid = _reads(DictCalls.instance_get_by_uuid)
    instance_get_all_by_host = _reads(DictCalls.instance_get_all_by_host)
    migration_get_in_progress_by_host_and_node = _reads(
        DictCalls.migration_get_in_progress_by_host_and_node
    )
    service_get_all_by = _reads(DictCalls.service_get_all_by)
    service_create = _writes(DictCalls.service_create)
    service_update = _writes(DictCalls.service_update, service=("id",))
    service_destroy = _writes(DictCalls.service_destroy)
    compute_node_create = _writes(DictCalls.compute_node_create)
    compute_node_update = _writes(DictCalls.compute_node_update, node=("id",))
    compute_node_delete = _writes(DictCalls.compute_node_delete, node=("id",))

    instance_get = _reads(DictCalls.instance_get)
    instance_get_all = _reads(DictCalls.instance_get_all)
    instance_get_all_by_filters = _reads(DictCalls.instance_get_all_by_filters)
    instance_get_all_hung_in_rebooting = _reads(DictCalls.instance_get_all_hung_in_rebooting)
    instance_get_active_by_window_joined = _reads(DictCalls.instance_get_active_by_window_joined)
    instance_destroy = _writes(DictCalls.instance_destroy, instance=("uuid",))
    instance_info_cache_update = _writes(DictCalls.instance_info_cache_update, instance=("uuid",))
    instance_info_cache_delete = _writes(DictCalls.instance_info_cache_delete, instance=("uuid",))
    instance_fault_create = _writes(DictCalls.instance_fault_create)
    instance_type_get = _reads(DictCalls.instance_type_get)
    migration_get = _reads(DictCalls.migration_get)
    migration_get_unconfirmed_by_dest_compute = _reads(
        DictCalls.migration_get_unconfirmed_by_dest_compute
    )
    migration_create = _writes(DictCalls.migration_create, instance=("uuid", "host", "node"))
    migration_update = _writes(DictCalls.migration_update, migration=("id",))
