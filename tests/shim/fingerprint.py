# SPDX-License-Identifier: Apache-2.0
"""Fingerprints: nova's own of 2014.2, and ours for every version from there on."""

import hashlib
import inspect
import json
from typing import Any

from oslo_utils import versionutils

from shim.objects.base import NovaObjectRegistry

as_version = versionutils.convert_version_to_tuple


def registered(name: str) -> Any:
    return NovaObjectRegistry.obj_classes()[name][0]


def fields_at(cls: Any, version: str) -> dict[str, Any]:
    return {
        name: field
        for name, field in sorted(cls.fields.items())
        if as_version(cls.fields_since.get(name, "1.0")) <= as_version(version)
    }


def remotables_at(cls: Any, version: str) -> dict[str, inspect.FullArgSpec]:
    methods = {}
    for name in sorted(dir(cls)):
        method = inspect.getattr_static(cls, name)
        method = getattr(method, "__func__", method)
        since = cls.remotables_since.get(name, "1.0")
        if hasattr(method, "remotable") and as_version(since) <= as_version(version):
            spec = inspect.getfullargspec(method.original_fn)
            methods[name] = _arguments_at(cls, name, spec, version)
    return methods


def _arguments_at(
    cls: Any, method: str, spec: inspect.FullArgSpec, version: str
) -> inspect.FullArgSpec:
    """Without the last arguments, which came later."""
    later = [
        name
        for name in spec.args
        if as_version(cls.arguments_since.get(f"{method}.{name}", "1.0")) > as_version(version)
    ]
    count = len(spec.args) - len(later)
    assert spec.args[count:] == later
    defaults = (spec.defaults or ())[: len(spec.defaults or ()) - len(later)]
    return spec._replace(args=spec.args[:count], defaults=defaults or None)


def child_versions_at(cls: Any, version: str) -> dict[str, str] | None:
    versions = getattr(cls, "child_versions", None)
    if not versions:
        return None
    return {k: v for k, v in versions.items() if as_version(k) <= as_version(version)}


def juno_text(cls: Any, version: str, child_versions_text: str | None) -> str:
    """The text that nova hashes; the order of the child versions is Python 2's."""
    fields = str(list(fields_at(cls, version).items())).replace(
        "oslo_versionedobjects.fields", "nova.objects.fields"
    )
    methods = ", ".join(
        f"({name!r}, ArgSpec(args={spec.args}, varargs=None, keywords=None, "
        f"defaults={spec.defaults}))"
        for name, spec in remotables_at(cls, version).items()
    )
    parts = [fields, f"[{methods}]"]
    if child_versions_text:
        parts.append(child_versions_text)
    return f"({', '.join(parts)})"


def own(cls: Any, version: str) -> str:
    """Our fingerprint: of sorted JSON, which no Python release writes differently."""
    text = json.dumps(
        {
            "fields": {n: f"{f!r} {f.read_only}" for n, f in fields_at(cls, version).items()},
            "remotables": {
                n: [s.args, repr(s.defaults)] for n, s in remotables_at(cls, version).items()
            },
            "child_versions": child_versions_at(cls, version),
            "relationships": {
                name: [pair for pair in pairs if as_version(pair[0]) <= as_version(version)]
                for name, pairs in cls.obj_relationships.items()
                if name in fields_at(cls, version)
            },
        },
        sort_keys=True,
    )
    text = text.replace("<class 'oslo_versionedobjects.fields.UnspecifiedDefault'>", "unspecified")
    return f"{version}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"
