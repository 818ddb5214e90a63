# SPDX-License-Identifier: Apache-2.0
"""The flavor of an instance, as its system metadata keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shim.objects.flavor import Flavor


def _integer_or_none(text: str | None) -> int | None:
    return None if text is None or text == "" else int(text)


#: The properties that are kept, and what makes their values of the text again.
PROPERTIES: Mapping[str, Callable[[Any], Any]] = {
    "id": int,
    "name": str,
    "memory_mb": int,
    "vcpus": int,
    "root_gb": int,
    "ephemeral_gb": int,
    "flavorid": str,
    "swap": int,
    "rxtx_factor": float,
    "vcpu_weight": _integer_or_none,
}
#: Extra specs are kept when they begin with one of these.
EXTRA_SPECS = ("hw:numa_cpus.", "hw:numa_mem.")


def _prefix(namespace: str | None) -> str:
    return "" if namespace is None else f"{namespace}_"


def read(context: Any, system_metadata: Mapping[str, Any], namespace: str | None = None) -> Flavor:
    """The flavor under the namespace (None, ``old``, ``new``), without its extra specs.

    KeyError for a property that is not there, ValueError for one that is no number.
    """
    prefix = _prefix(namespace)
    flavor = Flavor(context)
    for name, make in PROPERTIES.items():
        setattr(flavor, name, make(system_metadata[f"{prefix}instance_type_{name}"]))
    return flavor


def written(
    system_metadata: Mapping[str, Any], flavor: Any, namespace: str | None = None
) -> dict[str, Any]:
    """The system metadata with the flavor under the namespace."""
    prefix = _prefix(namespace)
    changed = dict(system_metadata)
    for name in PROPERTIES:
        changed[f"{prefix}instance_type_{name}"] = getattr(flavor, name)
    specs = flavor.extra_specs if flavor.obj_attr_is_set("extra_specs") else {}
    for key, value in specs.items():
        if key.startswith(EXTRA_SPECS):
            changed[f"{prefix}instance_type_extra_{key}"] = value
    return changed


def kept_specs(system_metadata: Mapping[str, Any], namespace: str | None = None) -> dict[str, str]:
    """The extra specs that are kept with the flavor under the namespace."""
    prefix = f"{_prefix(namespace)}instance_type_extra_"
    kept = [key for key in system_metadata if key.startswith(prefix)]
    return {key.removeprefix(prefix): system_metadata[key] for key in kept}


def removed(system_metadata: Mapping[str, Any], namespace: str | None) -> dict[str, Any]:
    """The system metadata without the flavor under the namespace."""
    prefix = _prefix(namespace)
    gone = {f"{prefix}instance_type_{name}" for name in PROPERTIES}
    extra = tuple(f"{prefix}instance_type_extra_{spec}" for spec in EXTRA_SPECS)
    return {
        key: value
        for key, value in system_metadata.items()
        if key not in gone and not key.startswith(extra)
    }
