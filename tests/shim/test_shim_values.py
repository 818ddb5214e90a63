# SPDX-License-Identifier: Apache-2.0
"""Any legal value survives every way there is; any illegal one is refused by name."""

import datetime
import ipaddress
import json
from typing import Any

import pytest
import samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shim import objects, versions
from shim.objects import NovaObject, fields
from shim.objects.base import NovaObjectRegistry

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0", max_codepoint=0xFFFF),
    max_size=30,
)
INTEGERS = st.integers(-(2**31), 2**31 - 1)
#: What the wire carries has whole seconds.
TIMES = st.datetimes(
    datetime.datetime(1970, 1, 2),
    datetime.datetime(2037, 12, 31),
    timezones=st.sampled_from(
        [datetime.timezone.utc, datetime.timezone(datetime.timedelta(hours=5, minutes=30))]
    ),
).map(lambda when: when.replace(microsecond=0))
LEGAL: dict[type, st.SearchStrategy[Any]] = {
    fields.IntegerField: INTEGERS,
    fields.FloatField: st.floats(allow_nan=False, allow_infinity=False, width=32),
    fields.BooleanField: st.booleans(),
    fields.StringField: TEXT,
    fields.UUIDField: st.uuids().map(str),
    fields.DateTimeField: TIMES,
    fields.IPAddressField: st.ip_addresses().map(str),
    fields.IPV4AddressField: st.ip_addresses(v=4).map(str),
    fields.IPV6AddressField: st.ip_addresses(v=6).map(str),
    fields.DictOfStringsField: st.dictionaries(TEXT, TEXT, max_size=4),
    fields.DictOfNullableStringsField: st.dictionaries(TEXT, st.none() | TEXT, max_size=4),
    fields.ListOfStringsField: st.lists(TEXT, max_size=4),
    fields.ListOfDictOfNullableStringsField: st.lists(
        st.dictionaries(TEXT, st.none() | TEXT, max_size=3), max_size=3
    ),
    fields.SetOfIntegersField: st.sets(INTEGERS, max_size=4),
    fields.NetworkModelField: st.lists(
        st.dictionaries(TEXT, st.none() | TEXT | INTEGERS, max_size=3), max_size=3
    ),
}


def legal(field: Any, depth: int) -> st.SearchStrategy[Any]:
    if isinstance(field, fields.ObjectField):
        values = objects_of(field._type._obj_name, depth + 1)
    elif isinstance(field, fields.ListOfObjectsField):
        item = field._type._element_type._type._obj_name
        values = st.lists(objects_of(item, depth + 1), max_size=2)
    else:
        values = LEGAL[type(field)]
    return st.none() | values if field.nullable else values


@st.composite
def objects_of(draw: st.DrawFn, name: str, depth: int = 0) -> Any:
    """Any object of the class: some fields set, others not."""
    cls: Any = NovaObjectRegistry.obj_classes()[name][0]
    names = draw(st.lists(st.sampled_from(sorted(cls.fields)), unique=True, max_size=8))
    values = {}
    for field_name in names:
        field = cls.fields[field_name]
        if isinstance(field, fields.ListOfObjectsField) and depth > 2:
            values[field_name] = []
        elif not isinstance(field, fields.ObjectField) or depth < 2:
            values[field_name] = draw(legal(field, depth))
    return cls(**values)


def in_order(primitive: Any) -> Any:
    """The primitive with its sets in one order."""
    if isinstance(primitive, dict):
        return {
            key: sorted(value) if key == "cpuset" else in_order(value)
            for key, value in primitive.items()
        }
    return [in_order(item) for item in primitive] if isinstance(primitive, list) else primitive


FAST = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)


@pytest.mark.parametrize("name", sorted(versions.CURRENT))
@FAST
@given(data=st.data())
def test_object_to_primitive_to_json_and_back(name: str, data: st.DataObject) -> None:
    obj = data.draw(objects_of(name))
    primitive = json.loads(json.dumps(obj.obj_to_primitive()))
    again = NovaObject.obj_from_primitive(primitive)
    for field in obj.fields:
        assert again.obj_attr_is_set(field) == obj.obj_attr_is_set(field)
    assert again.obj_what_changed() == obj.obj_what_changed()
    assert in_order(json.loads(json.dumps(again.obj_to_primitive()))) == in_order(primitive)


@pytest.mark.parametrize("name", sorted(versions.JUNO))
@FAST
@given(data=st.data())
def test_any_object_has_a_form_for_juno(name: str, data: st.DataObject) -> None:
    obj = data.draw(objects_of(name))
    primitive = obj.obj_to_primitive(versions.JUNO[name], dict(versions.JUNO))
    assert NovaObject.obj_from_primitive(json.loads(json.dumps(primitive))) is not None


@st.composite
def _stored(draw: st.DrawFn, cls: Any, skip: tuple[str, ...]) -> dict[str, Any]:
    """Values for a new row: all that must be there, some of what may."""
    skip = (*skip, "id", "deleted", "created_at", "updated_at", "deleted_at")
    left = {name: field for name, field in cls.fields.items() if name not in skip}
    may = sorted(name for name, field in left.items() if field.nullable)
    names = draw(st.lists(st.sampled_from(may), unique=True, max_size=8))
    names += [name for name in left if name not in may]
    return {name: draw(legal(left[name], 9)) for name in names}


def same(made: Any, found: Any, names: Any) -> None:
    for name in names:
        assert getattr(made, name) == getattr(found, name), name


RELATED = (
    *("pci_devices", "fault", "numa_topology", "security_groups", "info_cache"),
    "pci_requests",
)


@pytest.mark.parametrize("way", ["direct"])
@FAST
@given(values=_stored(objects.Instance, (*RELATED, "uuid", "locked_by")))
def test_instance_to_row_and_back(ctx: Any, store: Any, values: Any) -> None:
    values = {k: v for k, v in values.items() if k not in ("metadata", "system_metadata")}
    made = objects.Instance(ctx, **values)
    expected = made.obj_clone()
    made.create()
    same(expected, objects.Instance.get_by_uuid(ctx, made.uuid), values)


KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)


@pytest.mark.parametrize("way", ["direct"])
@FAST
@given(first=st.dictionaries(KEYS, st.none() | TEXT), second=st.dictionaries(KEYS, TEXT))
def test_metadata_to_rows_and_back(ctx: Any, store: Any, first: Any, second: Any) -> None:
    made = samples.instance(ctx, system_metadata=first)
    assert objects.Instance.get_by_uuid(ctx, made.uuid).system_metadata == first
    made.system_metadata = second
    made.save()
    assert objects.Instance.get_by_uuid(ctx, made.uuid).system_metadata == second


@pytest.mark.parametrize("way", ["direct"])
@FAST
@given(
    values=_stored(
        objects.ComputeNode, ("service_id", "pci_stats", "pci_device_pools", "host", "cpu_info")
    )
)
def test_compute_node_to_row_and_back(ctx: Any, store: Any, values: Any) -> None:
    import uuid

    service = samples.service(ctx, host=str(uuid.uuid4()))
    made = objects.ComputeNode(ctx, service_id=service.id, cpu_info="?", **values)
    expected = made.obj_clone()
    made.create()
    same(expected, objects.ComputeNode.get_by_id(ctx, made.id), values)


@pytest.mark.parametrize("way", ["direct"])
@FAST
@given(values=_stored(objects.Migration, ("instance", "instance_uuid")))
def test_migration_to_row_and_back(ctx: Any, store: Any, values: Any) -> None:
    made = objects.Migration(ctx, **values)
    expected = made.obj_clone()
    made.create()
    same(expected, objects.Migration.get_by_id(ctx, made.id), values)


ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.lists(st.integers() | st.text(), max_size=3)
    | st.dictionaries(st.text() | st.integers(), st.none() | st.integers() | st.binary())
    | st.builds(object)
    | st.builds(ipaddress.IPv4Address, st.integers(0, 2**32 - 1))
)


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("name", sorted(versions.CURRENT))
@FAST
@given(data=st.data())
def test_an_illegal_value_is_refused_by_name(name: str, data: st.DataObject) -> None:
    """Either the value is taken and can be sent, or the error says which field."""
    cls: Any = NovaObjectRegistry.obj_classes()[name][0]
    field = data.draw(st.sampled_from(sorted(cls.fields)))
    value = data.draw(ANYTHING)
    obj = cls()
    before = obj.obj_what_changed()
    refusal = None
    try:
        setattr(obj, field, value)
    except ValueError as error:
        refusal = str(error)
    if refusal is None:
        json.dumps(obj.obj_to_primitive())
    else:
        assert refusal.startswith(f"{name}.{field}")
        assert obj.obj_what_changed() == before


@pytest.mark.parametrize(
    ("obj", "field", "value"),
    [
        (objects.ComputeNode, "vcpus", None),
        (objects.ComputeNode, "vcpus", "many"),
        (objects.ComputeNode, "stats", "{}"),
        (objects.ComputeNode, "stats", {"a": object()}),
        (objects.ComputeNode, "host_ip", "nonsense"),
        (objects.ComputeNode, "pci_stats", []),
        (objects.ComputeNode, "supported_instances", [["x86_64", "kvm", "hvm"]]),
        (objects.Instance, "access_ip_v4", "::1"),
        (objects.Instance, "launched_at", "yesterday"),
        (objects.Instance, "display_name", "\ud800"),
        (objects.Instance, "metadata", {"a": None}),
        (objects.Instance, "info_cache", objects.Flavor()),
        (objects.Migration, "status", ["migrating"]),
        (objects.Flavor, "projects", "p1"),
        (objects.Service, "disabled", None),
    ],
)
def test_illegal_values(obj: Any, field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=rf"^{obj.__name__}\.{field}"):
        setattr(obj(), field, value)
