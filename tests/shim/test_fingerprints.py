# SPDX-License-Identifier: Apache-2.0
"""A change of a field or a remotable method without a new version fails here."""

import hashlib
import inspect
import json
import pathlib
from typing import Any

import fingerprint
import pytest

from shim import objects, versions
from shim.objects.base import NovaObjectRegistry

DATA = pathlib.Path(__file__).parent / "data"
JUNO: dict[str, Any] = json.loads((DATA / "objects.json").read_text())
OWN: dict[str, str] = json.loads((DATA / "fingerprints.json").read_text())


@pytest.mark.parametrize("name", sorted(JUNO))
def test_juno_fingerprint(name: str) -> None:
    recorded = JUNO[name]
    cls = fingerprint.registered(name)
    version = recorded["version"]
    children = recorded["child_versions"]
    assert fingerprint.child_versions_at(cls, version) == children
    _, _, order = recorded["data"].rpartition(", {")
    text = fingerprint.juno_text(cls, version, "{" + order[:-1] if children else None)
    assert text == recorded["data"]
    assert f"{version}-{hashlib.md5(text.encode()).hexdigest()}" == recorded["fingerprint"]


@pytest.mark.parametrize("name", sorted(JUNO))
def test_juno_field_types(name: str) -> None:
    """What the fingerprint does not see: read-only fields and the classes of children."""
    cls = fingerprint.registered(name)
    for field_name, recorded in JUNO[name]["fields"].items():
        field = cls.fields[field_name]
        assert field.read_only == recorded["read_only"], field_name
        assert field.nullable == recorded["nullable"], field_name
        if recorded["type"] in ("ObjectField", "ListOfObjectsField"):
            kind = field._type
            kind = getattr(kind, "_element_type", field)._type
            assert kind._obj_name == recorded["object"], field_name


def test_every_registered_version_is_in_the_table() -> None:
    registered = {n: c[0].VERSION for n, c in NovaObjectRegistry.obj_classes().items()}
    assert registered == versions.CURRENT
    assert {n: r["version"] for n, r in JUNO.items()} == versions.JUNO


def test_public_names() -> None:
    assert set(versions.CURRENT) <= set(objects.__all__)


@pytest.mark.parametrize("name", sorted(versions.CURRENT))
def test_own_fingerprints(name: str) -> None:
    """To add a version: run this, copy the new line to the end of fingerprints.json."""
    cls = fingerprint.registered(name)
    major, minor = (int(part) for part in cls.VERSION.split("."))
    first = int(versions.JUNO.get(name, "1.0").split(".")[1])
    found = {
        f"{name} {major}.{step}": fingerprint.own(cls, f"{major}.{step}")
        for step in range(first, minor + 1)
    }
    assert found == {key: OWN.get(key) for key in found}


def test_no_stale_fingerprints() -> None:
    for key in OWN:
        name, version = key.split()
        assert fingerprint.as_version(version) <= fingerprint.as_version(versions.CURRENT[name])


@pytest.mark.parametrize("name", sorted(versions.CURRENT))
def test_steps_name_what_exists(name: str) -> None:
    cls = fingerprint.registered(name)
    known = fingerprint.as_version(cls.VERSION)
    for field, since in cls.fields_since.items():
        assert field in cls.fields
        assert fingerprint.as_version(since) <= known
    for argument, since in cls.arguments_since.items():
        method, name = argument.split(".")
        assert name in inspect.signature(getattr(cls, method).original_fn).parameters
        assert fingerprint.as_version(since) <= known
    for method, since in cls.remotables_since.items():
        assert hasattr(getattr(cls, method), "remotable")
        assert fingerprint.as_version(since) <= known
