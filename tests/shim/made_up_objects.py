# SPDX-License-Identifier: Apache-2.0
"""Primitives of nova 2014.2's objects with contents that are made up: any fields, any values."""

import json
import random
from typing import Any

_TEXTS = ("", "m1.small", "vm-中", "ÄÖ\u00fc", "None", "7", "a" * 300, "\U0001f600", "line\nline")
_UUIDS = ("6c5c9d2e-1f0b-4d5a-9d68-0a3f2a1d7a11", "00000000-0000-0000-0000-000000000000")
#: Nova adds the keys that are missing.
_VIF = {
    "id": "vif",
    "address": "fa:16:3e:00:00:01",
    "vnic_type": "normal",
    "type": "bridge",
    "network": None,
    "devname": "tap0",
    "ovs_interfaceid": None,
    "qbh_params": None,
    "qbg_params": None,
    "profile": None,
    "active": True,
    "meta": {},
    "details": {"port_filter": True},
}
_VALUES: dict[str, Any] = {
    "BooleanField": (True, False),
    "DateTimeField": ("2014-10-16T12:00:00Z", "1970-01-01T00:00:00Z", "2038-01-19T03:14:08Z"),
    "Field": ("[]", json.dumps([_VIF])),
    "FloatField": (0.0, 1.0, 2.5, -1.0),
    "IPAddressField": ("192.0.2.10", "2001:db8::5"),
    "IPV4AddressField": ("192.0.2.10", "0.0.0.0"),
    "IPV6AddressField": ("2001:db8::5", "::"),
    "IntegerField": (0, 1, -1, 7, 2**31, 2**63),
    "SetOfIntegersField": ([], [0], [0, 1, 63]),
    "UUIDField": _UUIDS,
}


def primitive(recorded: dict[str, Any], name: str, choose: random.Random) -> dict[str, Any]:
    """One of the class ``name``, in the version that ``recorded`` has; some fields are not set."""
    mine = recorded[name]
    data = {
        field: _value(recorded, spec, choose)
        for field, spec in sorted(mine["fields"].items())
        if choose.random() < 0.8 or field == "objects"
    }
    made = {
        "nova_object.name": name,
        "nova_object.namespace": "nova",
        "nova_object.version": mine["version"],
        "nova_object.data": data,
    }
    if data and choose.random() < 0.5:
        made["nova_object.changes"] = choose.sample(sorted(data), choose.randint(1, len(data)))
    return made


def _value(recorded: dict[str, Any], spec: dict[str, Any], choose: random.Random) -> Any:
    if spec["nullable"] and choose.random() < 0.2:
        return None
    kind = spec["type"]
    if kind == "ObjectField":
        return primitive(recorded, spec["object"], choose)
    if kind == "ListOfObjectsField":
        number = choose.randint(0, 2)
        return [primitive(recorded, spec["object"], choose) for _ in range(number)]
    if kind == "ListOfStringsField":
        return [choose.choice(_TEXTS) for _ in range(choose.randint(0, 2))]
    if kind == "ListOfDictOfNullableStringsField":
        return [_table(choose, nullable=True) for _ in range(choose.randint(0, 2))]
    if kind in ("DictOfStringsField", "DictOfNullableStringsField"):
        return _table(choose, nullable="Nullable" in kind)
    return choose.choice(_VALUES.get(kind, _TEXTS))


def _table(choose: random.Random, nullable: bool) -> dict[str, Any]:
    values = (*_TEXTS, None) if nullable else _TEXTS
    return {choose.choice(_TEXTS): choose.choice(values) for _ in range(choose.randint(0, 3))}
