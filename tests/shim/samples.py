# SPDX-License-Identifier: Apache-2.0
"""Objects with every field set, and rows to go with them: values of ours."""

import datetime
import uuid
from typing import Any

from shim import objects
from shim.objects import fields
from shim.objects.base import NovaObjectRegistry

NOON = datetime.datetime(2014, 10, 16, 12, 0, 0, tzinfo=datetime.timezone.utc)
UUID = "6c5c9d2e-1f0b-4d5a-9d68-0a3f2a1d7a11"

_BY_TYPE: dict[type, Any] = {
    fields.IntegerField: 7,
    fields.FloatField: 1.5,
    fields.BooleanField: True,
    fields.StringField: "täxt",
    fields.UUIDField: UUID,
    fields.DateTimeField: NOON,
    fields.IPAddressField: "2001:db8::5",
    fields.IPV4AddressField: "192.0.2.1",
    fields.IPV6AddressField: "2001:db8::7",
    fields.DictOfStringsField: {"k": "v"},
    fields.DictOfNullableStringsField: {"k": "v", "n": None},
    fields.ListOfStringsField: ["a", "b"],
    fields.ListOfDictOfNullableStringsField: [{"a": None}, {"b": "1"}],
    fields.SetOfIntegersField: {1, 3},
    fields.NetworkModelField: [{"id": "vif", "address": "fa:16:3e:00:00:01"}],
}


def full(name: str) -> Any:
    """An object of the class with every field set, children too."""
    cls: Any = NovaObjectRegistry.obj_classes()[name][0]
    return cls(**{field_name: _value(field) for field_name, field in cls.fields.items()})


def _value(field: Any) -> Any:
    if isinstance(field, fields.ObjectField):
        return full(field._type._obj_name)
    if isinstance(field, fields.ListOfObjectsField):
        return [full(field._type._element_type._type._obj_name)]
    return _BY_TYPE[type(field)]


def service(ctx: Any, host: str = "cmp-a", **values: Any) -> objects.Service:
    made = objects.Service(
        ctx, **{"host": host, "binary": "nova-compute", "topic": "compute", **values}
    )
    made.create()
    return made


NODE = {
    "vcpus": 8,
    "memory_mb": 16384,
    "local_gb": 500,
    "vcpus_used": 0,
    "memory_mb_used": 512,
    "local_gb_used": 0,
    "hypervisor_type": "QEMU",
    "hypervisor_version": 2001000,
    "hypervisor_hostname": "node-a",
    "cpu_info": "?",
}


def compute_node(ctx: Any, service_id: int, **values: Any) -> objects.ComputeNode:
    made = objects.ComputeNode(ctx, **{**NODE, "service_id": service_id, **values})
    made.create()
    return made


FLAVOR = {
    "name": "m1.small",
    "flavorid": "f-1",
    "memory_mb": 2048,
    "vcpus": 2,
    "root_gb": 20,
    "ephemeral_gb": 1,
    "swap": 512,
    "vcpu_weight": None,
    "rxtx_factor": 1.0,
}


def flavor(ctx: Any, **values: Any) -> objects.Flavor:
    made = objects.Flavor(ctx, **{**FLAVOR, **values})
    made.create()
    return made


def instance(ctx: Any, **values: Any) -> objects.Instance:
    given = {
        "uuid": str(uuid.uuid4()),
        "host": "cmp-a",
        "node": "node-a",
        "project_id": "proj",
        "user_id": "user",
        "vm_state": "active",
        "memory_mb": 2048,
        "vcpus": 2,
        "root_gb": 20,
        "ephemeral_gb": 0,
        **values,
    }
    made = objects.Instance(ctx, **given)
    made.create()
    return made


def migration(ctx: Any, **values: Any) -> objects.Migration:
    given = {
        "source_compute": "cmp-b",
        "source_node": "node-b",
        "dest_compute": "cmp-a",
        "dest_node": "node-a",
        "dest_host": "192.0.2.10",
        "status": "migrating",
        **values,
    }
    made = objects.Migration(ctx, **given)
    made.create()
    return made
