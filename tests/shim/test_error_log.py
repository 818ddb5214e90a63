# SPDX-License-Identifier: Apache-2.0
"""What a conductor logs of calls that fail: once, with what an operator needs, and no data."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import samples
from loopback import Loopback
from oslo_context import context as oslo_context
from oslo_db import exception as db_exc

from shim import exception
from shim.conductor import server
from shim.db import api as db
from shim.metrics import Counters
from shim.objects import ComputeNode, FlavorList, NovaObject, Service
from shim.objects import service as service_module


@pytest.fixture(autouse=True)
def bus(database: Any, caplog: Any) -> Iterator[Loopback]:
    caplog.set_level(logging.DEBUG, logger="shim")
    loopback = Loopback()
    NovaObject.indirection_api = loopback
    yield loopback
    NovaObject.indirection_api = None


def test_answers_are_not_logged(ctx: Any, bus: Loopback, caplog: Any) -> None:
    made = samples.service(ctx)
    flavor = samples.flavor(ctx)
    instance = samples.instance(ctx, task_state="building")
    instance.task_state = None
    for error, call in (
        (exception.ServiceNotFound, lambda: Service.get_by_id(ctx, 999)),
        (exception.ServiceBinaryExists, lambda: samples.service(ctx)),
        (exception.FlavorAccessNotFound, lambda: flavor.remove_access("p")),
        (exception.UnexpectedTaskStateError, lambda: instance.save(expected_task_state=["gone"])),
        (db_exc.DBDuplicateEntry, lambda: samples.instance(ctx, uuid=instance.uuid)),
        (exception.ObjectActionError, lambda: bus.object_action(ctx, made, "create", [], {})),
        (exception.RemoteMethodForbidden, lambda: bus.object_action(ctx, made, "no", [], {})),
        (TypeError, lambda: bus.object_action(ctx, made, "save", [1, 2, 3], {})),
        (KeyError, lambda: bus.instance_update(ctx, instance.uuid, {"uuid": "x"}, "compute")),
        (KeyError, lambda: instance.delete_metadata_key("nonesuch")),
        (ValueError, lambda: FlavorList.get_all(ctx, sort_dir="sideways")),
    ):
        with pytest.raises(error):
            call()
    assert not caplog.records


def test_anything_else_is_logged_once(
    ctx: Any, bus: Loopback, caplog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In variables, because a traceback shows the lines of the code.
    stored, secret = "what a user stored", "password='hunter2'"

    def break_down(*_: Any) -> None:
        try:
            raise db_exc.DBError(_Driver(1406, stored))
        except db_exc.DBError as error:
            raise ZeroDivisionError(secret) from error

    monkeypatch.setattr(service_module.db, "service_get", break_down)
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        Service.get_by_id(ctx, 1)
    (record,) = caplog.records
    text = record.getMessage()
    assert text.startswith(f"Service.get_by_id, request {ctx.request_id}, failed\n")
    for part in ("in break_down", "ZeroDivisionError", "caused by", "_Driver 1406"):
        assert part in text
    assert stored not in text
    assert "hunter2" not in text


def test_no_line_of_a_traceback_looks_like_another_entry(
    ctx: Any, caplog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: Any) -> None:
        raise ZeroDivisionError("x\n2026-11-26 12:00:00.000 1 ERROR shim [-] forged")

    monkeypatch.setattr(service_module.db, "service_get", break_down)
    with pytest.raises(RuntimeError):
        Service.get_by_id(ctx, 1)
    (record,) = caplog.records
    _first, *others = record.getMessage().splitlines()
    assert any("forged" in line for line in others)
    assert all(line.startswith("  ") for line in others)


class _Driver(Exception):
    __module__ = "pymysql.err"


def test_a_database_that_does_not_serve_is_a_line(
    ctx: Any, caplog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise exception.DatabaseUnavailable(reason="the server is gone")

    monkeypatch.setattr(service_module.db, "service_get", refuse)
    with pytest.raises(exception.DatabaseUnavailable, match="the server is gone"):
        Service.get_by_id(ctx, 1)
    (record,) = caplog.records
    assert record.getMessage() == (
        f"Service.get_by_id, request {ctx.request_id}: "
        "The database does not serve: the server is gone"
    )


def test_what_users_stored_is_in_no_statement(ctx: Any, database: Any, caplog: Any) -> None:
    """Errors carry the statement, and SQLAlchemy's own add its values."""
    with pytest.raises(db_exc.DBError) as caught:
        db.compute_node_create(ctx, {"cpu_info": "what a user stored"})
    assert "INSERT INTO compute_nodes" in str(caught.value)
    assert "what a user stored" not in str(caught.value)
    assert "what a user stored" not in caplog.text


def test_what_is_logged_after_a_call_is_not_of_its_request(ctx: Any) -> None:
    samples.service(ctx)
    assert oslo_context.get_current() is None


def test_calls_are_counted_by_method(ctx: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(
        Counters, "call", staticmethod(lambda name, _seconds, error: seen.append((name, error)))
    )
    made = samples.service(ctx)
    made.report_count = 3
    made.save()
    with pytest.raises(exception.ComputeHostNotFound):
        ComputeNode.get_by_id(ctx, 999)
    assert seen == [
        ("Service.create", ""),
        ("Service.save", ""),
        ("ComputeNode.get_by_id", "ComputeHostNotFound"),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        {"objname": "Nonesuch", "objmethod": "get"},
        {"objname": "Service", "objmethod": "nonesuch"},
        {"objname": ["Service"], "objmethod": "save"},
        {"objinst": {"nova_object.name": {}}, "objmethod": "save"},
        {"objinst": 5, "objmethod": 7},
    ],
)
def test_names_that_callers_make_up_are_not_counted(arguments: dict[str, Any]) -> None:
    """Each would be a series of its own."""
    assert server._name_of(test_answers_are_not_logged, arguments) == "test_answers_are_not_logged"
