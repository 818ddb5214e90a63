# SPDX-License-Identifier: Apache-2.0
"""What comes over the wire is data: anything else is refused, and the server goes on."""

import json
import threading
import types
from typing import Any

import oslo_messaging
import pytest
import samples
from loopback import Loopback

from shim import exception, objects
from shim.conductor import patience, replies, serializer, server
from shim.conf import CONF

SERVICE = {
    "nova_object.name": "Service",
    "nova_object.namespace": "nova",
    "nova_object.version": "1.4",
    "nova_object.data": {"host": "h", "binary": "b", "topic": "t"},
    "nova_object.changes": ["host", "binary", "topic"],
}


def service(**changes: Any) -> Any:
    return {**SERVICE, **{f"nova_object.{k}": v for k, v in changes.items()}}


def action(objinst: Any, objmethod: Any = "create", args: Any = (), kwargs: Any = None) -> Any:
    return "object_action", {
        "objinst": objinst,
        "objmethod": objmethod,
        "args": list(args) if isinstance(args, tuple) else args,
        "kwargs": {} if kwargs is None else kwargs,
    }


def class_action(objname: Any, objmethod: Any, objver: Any = "1.1", args: Any = ()) -> Any:
    return "object_class_action", {
        "objname": objname,
        "objmethod": objmethod,
        "objver": objver,
        "args": list(args),
        "kwargs": {},
    }


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


REFUSED = {
    "an unknown object": (class_action("Nonesuch", "get"), "UnsupportedObjectError"),
    "a name that is no text": (class_action(["Service"], "get"), "TypeError"),
    "a method of Python": (class_action("Service", "__init__"), "RemoteMethodForbidden"),
    "a method that is not remotable": (
        class_action("Service", "obj_from_primitive", args=[{}]),
        "RemoteMethodForbidden",
    ),
    "a helper": (class_action("Service", "_from_row"), "RemoteMethodForbidden"),
    "an unknown method": (class_action("Service", "nonesuch"), "RemoteMethodForbidden"),
    "an instance method on the class": (class_action("Service", "save"), "RemoteMethodForbidden"),
    "a property": (action(service(), "compute_node"), "RemoteMethodForbidden"),
    "a plain method of the object": (action(service(), "obj_clone"), "RemoteMethodForbidden"),
    "a method that is no text": (action(service(), 5), "RemoteMethodForbidden"),
    "a newer version": (class_action("Service", "get_by_id", "1.99"), "IncompatibleObjectVersion"),
    "another major": (class_action("Service", "get_by_id", "2.0"), "IncompatibleObjectVersion"),
    "no version": (class_action("Service", "get_by_id", "x"), "ValueError"),
    "a newer object": (action(service(version="1.99")), "IncompatibleObjectVersion"),
    "another namespace": (action(service(namespace="x")), "UnsupportedObjectError"),
    "no object": (action({"a": 1}), "MalformedMessage"),
    "no data": (action({"nova_object.name": "Service"}), "MalformedMessage"),
    "data that are no table": (action(service(data=[1])), "ValueError"),
    "changes that are no list": (action(service(changes=5)), "ValueError"),
    "a field of the wrong type": (
        action(service(data={"report_count": "many"})),
        "ValueError",
    ),
    "a field that must not be null": (action(service(data={"report_count": None})), "ValueError"),
    "a child that is no object": (action(service(data={"compute_node": 5})), "ValueError"),
    "a child of another class": (
        action(service(data={"compute_node": service()})),
        "ValueError",
    ),
    "too few arguments": (class_action("Service", "get_by_id"), "TypeError"),
    "too many arguments": (class_action("Service", "get_by_id", args=[1, 2]), "TypeError"),
    "an unknown keyword": (action(service(), kwargs={"x": 1}), "TypeError"),
    "a context among the keywords": (action(service(), kwargs={"context": 1}), "MalformedMessage"),
    "arguments that are no list": (action(service(), args="abc"), "MalformedMessage"),
    "actions that are no list": (
        ("object_actions", {"objinst": service(), "actions": {"create": []}}),
        "MalformedMessage",
    ),
    "an action without arguments": (
        ("object_actions", {"objinst": service(), "actions": [["create"]]}),
        "MalformedMessage",
    ),
    "an action that is not remotable": (
        ("object_actions", {"objinst": service(), "actions": [["create", []], ["obj_clone", []]]}),
        "RemoteMethodForbidden",
    ),
    "versions that are no table": (
        (
            "object_backport_versions",
            {"objinst": service(), "object_versions": {"Service": 1}},
        ),
        "MalformedMessage",
    ),
    "a backport to a newer version": (
        ("object_backport", {"objinst": service(), "target_version": "1.99"}),
        "InvalidTargetVersion",
    ),
    "a backport without its version": (
        ("object_backport_versions", {"objinst": service(), "object_versions": {}}),
        "MalformedMessage",
    ),
    "too deep": (action(service(), args=nested(100)), "MalformedMessage"),
    "too large": (action(service(data={"host": "x" * 2_000_000})), "MessageTooLarge"),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
@pytest.mark.usefixtures("database")
def test_refused(ctx: Any, case: str) -> None:
    (method, arguments), error = REFUSED[case]
    CONF.set_override("max_message_size", 1_000_000, group="conductor")
    bus = Loopback()
    bus._sides = serializer.ContextSerializer(), serializer.ContextSerializer()
    try:
        with pytest.raises((oslo_messaging.RemoteError, ValueError, TypeError)) as caught:
            bus.call(ctx, method, **arguments)
    finally:
        CONF.clear_override("max_message_size", group="conductor")
    name = getattr(caught.value, "exc_type", None) or type(caught.value).__name__
    assert name.removesuffix("_Remote") == error
    assert len(objects.ServiceList.get_all(ctx)) == 0
    assert bus.ping(ctx, 1) == {"service": "conductor", "arg": 1}


class Incoming:
    """A message as the driver hands it over."""

    client_timeout = None
    msg_id: str | None = ""
    message: dict[str, Any]

    def __init__(self, context: dict[str, Any], **message: Any) -> None:
        self.ctxt = context
        self.message = {"version": "2.4", "method": "ping", "args": {"arg": 1}, **message}


class Delivered(dict[str, Any]):
    """The library's message, with that of the broker."""

    def __init__(self, message: dict[str, Any], redelivered: bool) -> None:
        super().__init__(message)
        self._raw_message = types.SimpleNamespace(delivery_info={"redelivered": redelivered})


def _there() -> replies.Dispatcher:
    policy = oslo_messaging.DefaultRPCAccessPolicy
    return replies.Dispatcher(server.endpoints(), serializer.ContextSerializer(), policy)


@pytest.mark.usefixtures("database")
def test_a_write_that_comes_a_second_time_is_not_done_again(ctx: Any, caplog: Any) -> None:
    """The broker hands on what it has not heard to be taken; the first may have done it."""
    create, arguments = action(service())
    values = {"host": "i", "binary": "b", "topic": "t"}
    for method, args in ((create, arguments), ("service_create", {"values": values})):
        for redelivered, number in ((True, 0), (False, 1)):
            caplog.clear()
            there = Incoming({"is_admin": True}, method=method, args=args)
            there.message = Delivered(there.message, redelivered)
            there.msg_id = "a caller"
            before = len(objects.ServiceList.get_all(ctx))
            _there().dispatch(there)
            assert len(objects.ServiceList.get_all(ctx)) == before + number
            assert (there.msg_id is None) == redelivered
            assert (f"{method} came a second time" in caplog.text) == redelivered


@pytest.mark.usefixtures("database")
def test_a_read_that_comes_a_second_time_is_answered(ctx: Any) -> None:
    for method, args in (
        ("service_get_all_by", {"host": "h"}),
        class_action("ServiceList", "get_all", "1.2"),
    ):
        there = Incoming({"is_admin": True}, method=method, args=args)
        there.message = Delivered(there.message, redelivered=True)
        assert _there().dispatch(there) is not None
        assert there.msg_id == ""


FORGED = "x\n2026-11-26 12:00:00.000 1 ERROR shim [-] forged"


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (Incoming({"request_id": FORGED}), "ValueError"),
        (Incoming({"user_id": "x" * 10_000}), "ValueError"),
        (Incoming({"project_id": {"a": 1}}), "ValueError"),
        (Incoming({"roles": 5}), "ValueError"),
        (Incoming({"read_deleted": "all"}), "ValueError"),
        (Incoming({}, method="target"), "TypeError"),
        (Incoming({}, method=FORGED), "NoSuchMethod"),
        (Incoming({}, version="2.9"), "UnsupportedVersion"),
        (Incoming({}, args={"arg": 1, "context": 2}), "TypeError"),
        (Incoming({}, args=[1]), "AttributeError"),
    ],
)
def test_a_message_that_comes_to_no_endpoint(
    message: Incoming, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Its caller is told, the log has a line of it, in which nothing can be forged."""
    there = _there()
    assert there.dispatch(Incoming({})) == {"service": "conductor", "arg": 1}
    with pytest.raises(oslo_messaging.ExpectedException) as caught:
        there.dispatch(message)
    assert caught.value.exc_info[0].__name__ == error
    (record,) = caplog.records
    assert record.exc_info is None
    assert record.getMessage().startswith(f"a message is refused, {error}: '")
    assert len(record.getMessage().splitlines()) == 1


def test_a_field_that_is_refused_is_named(ctx: Any, database: Any) -> None:
    bus = Loopback()
    bus._sides = serializer.ContextSerializer(), serializer.ContextSerializer()
    method, arguments = action(service(data={"report_count": "many"}))
    with pytest.raises(ValueError, match=r"Service\.report_count"):
        bus.call(ctx, method, **arguments)


def test_only_calls_are_served() -> None:
    """No name of a library or of Python is among what the bus can ask for."""
    names = {name for endpoint in server.endpoints() for name in vars(endpoint) if name != "target"}
    assert names == {
        *("object_action", "object_actions", "object_class_action"),
        *("object_class_action_versions", "object_backport", "object_backport_versions"),
        *("ping", "instance_update"),
        *("instance_get_by_uuid", "instance_get_all_by_host", "service_get_all_by"),
        *("migration_get_in_progress_by_host_and_node", "service_create", "service_update"),
        *("service_destroy", "compute_node_create", "compute_node_update"),
        *("compute_node_delete", "instance_get", "instance_get_all", "instance_destroy"),
        *("instance_get_all_by_filters", "instance_get_all_hung_in_rebooting"),
        *("instance_get_active_by_window_joined", "instance_info_cache_update"),
        *("instance_info_cache_delete", "instance_fault_create", "instance_type_get"),
        *("migration_get", "migration_get_unconfirmed_by_dest_compute", "migration_create"),
        "migration_update",
    }


def test_a_newer_object_is_asked_back_as_an_older_one(
    ctx: Any, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an old client does with an object that it cannot read."""
    made = samples.service(ctx)
    newer = json.loads(json.dumps(made.obj_to_primitive()))
    bus = Loopback()
    monkeypatch.setattr(objects.NovaObject, "indirection_api", bus)
    monkeypatch.setattr(
        bus,
        "object_backport_versions",
        lambda context, objinst, versions: {**objinst, "nova_object.version": versions["Service"]},
    )
    newer["nova_object.version"] = "1.50"
    assert serializer.hydrated(ctx, newer).VERSION == "1.9"


def test_juno_gets_what_juno_knows(ctx: Any, database: Any) -> None:
    """A request of 2014.2: names, versions and fields of the answer are its own."""
    made = samples.service(ctx)
    samples.compute_node(ctx, made.id)
    bus = Loopback()
    bus._sides = serializer.ContextSerializer(), serializer.ContextSerializer()
    method, arguments = class_action("Service", "get_by_compute_host", "1.4", ["cmp-a"])
    found = bus.call(ctx, method, **arguments)
    child = found["nova_object.data"]["compute_node"]
    assert (found["nova_object.version"], child["nova_object.version"]) == ("1.4", "1.5")
    child["nova_object.data"]["vcpus"] = 99
    child["nova_object.changes"] = ["vcpus"]
    method, arguments = action(child, "save")
    updates, result = bus.call(ctx, method, **arguments)
    assert result is None
    known = set(json.loads(_juno_fields())) | {"obj_what_changed"}
    assert set(updates) <= known
    assert objects.ComputeNode.get_by_id(ctx, child["nova_object.data"]["id"]).vcpus == 99


def _juno_fields() -> str:
    import pathlib

    recorded = json.loads((pathlib.Path(__file__).parent / "data" / "objects.json").read_text())
    return json.dumps(list(recorded["ComputeNode"]["fields"]))


@pytest.mark.parametrize(
    ("release", "calls"), [("juno", {"object_action": 2}), (None, {"object_actions": 1})]
)
def test_a_flavor_is_saved_in_one_call_unless_a_conductor_of_2014_2_is_left(
    ctx: Any, database: Any, monkeypatch: pytest.MonkeyPatch, release: Any, calls: dict[str, int]
) -> None:
    flavor = samples.flavor(ctx, extra_specs={}, projects=[])
    flavor.extra_specs["a"] = "1"
    flavor.projects.append("p")
    bus = Loopback()
    monkeypatch.setattr(objects.NovaObject, "indirection_api", bus)
    CONF.set_override("conductor", release, group="upgrade_levels")
    flavor.save()
    assert bus.calls == calls
    assert flavor.obj_what_changed() == set()
    monkeypatch.undo()
    found = objects.Flavor.get_by_id(ctx, flavor.id)
    assert (found.extra_specs, found.projects) == ({"a": "1"}, ["p"])


def test_no_answer(ctx: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads is asked again, what writes is not."""
    asked: list[str] = []

    class Silent(Loopback):
        def call(self, context: Any, method: str, **arguments: Any) -> Any:
            asked.append(method)
            raise oslo_messaging.MessagingTimeout

    monkeypatch.setattr(objects.NovaObject, "indirection_api", Silent())
    with pytest.raises(oslo_messaging.MessagingTimeout):
        objects.Service.get_by_id(ctx, 1)
    assert asked == ["object_class_action_versions"] * 3
    asked.clear()
    with pytest.raises(oslo_messaging.MessagingTimeout):
        objects.Service(ctx, host="h").create()
    assert asked == ["object_action"]


def _yes() -> bool:
    return True


def test_what_nobody_waits_for_any_more_is_not_sent() -> None:
    """A broker that is back would take what a caller has been told was not taken."""
    sent: list[str] = []
    publish = patience._punctual(sent.append)
    assert patience.in_time(lambda: publish("in time") or "answer", 10, _yes) == "answer"
    back = threading.Event()
    refused = threading.Event()

    def wait_for_the_broker() -> None:
        back.wait()
        try:
            publish("late")
        except patience.NotTaken:
            refused.set()

    with pytest.raises(patience.NotTaken):
        patience.in_time(wait_for_the_broker, 0.1, _yes)
    back.set()
    assert refused.wait(10)
    # Of no call: a conductor's answer, say.
    publish("an answer")
    assert sent == ["in time", "an answer"]


def test_a_call_is_sent_once_its_answer_would_be_heard() -> None:
    sent: list[str] = []
    publish = patience._punctual(sent.append)
    looks = iter([False, False, True])
    assert patience.in_time(lambda: publish("a call") or sent, 10, lambda: next(looks)) == sent
    assert list(looks) == []
    with pytest.raises(patience.NotTaken):
        patience.in_time(lambda: publish("another"), 0.1, lambda: False)
    assert sent == ["a call"]


def test_error_names_that_nova_knows() -> None:
    from shim.conductor import wire_errors

    sent = wire_errors.as_sent(exception.MigrationNotFound(migration_id=5))
    assert (type(sent).__module__, type(sent).__name__) == ("nova.exception", "MigrationNotFound")
    assert sent.kwargs == {"migration_id": 5, "code": 404}  # type: ignore[attr-defined]
    sent = wire_errors.as_sent(KeyError("x"))
    assert (type(sent).__module__, type(sent).__name__) == ("exceptions", "KeyError")
