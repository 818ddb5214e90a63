# SPDX-License-Identifier: Apache-2.0
"""The exchange recorded between a client and nova 2014.2's conductor, replayed on both sides."""

import datetime
import json
import pathlib
from typing import Any

import oslo_messaging
import pytest
from loopback import Loopback

from shim import exception
from shim.conductor import client, serializer
from shim.conf import CONF
from shim.db import session, tables
from shim.objects import Migration, MigrationList, NovaObject

EXCHANGE = json.loads((pathlib.Path(__file__).parent / "data" / "wire.json").read_text())
NOW = ("created_at", "updated_at")
#: The rows were made before this, the exchange was recorded after.
RECORDED_ROWS = datetime.datetime(2026, 11, 23, 23, 45, tzinfo=datetime.timezone.utc)


def comparable(value: Any) -> Any:
    """The reply with changes in one order, and one word for the times that the run itself made."""
    if isinstance(value, dict):
        return {
            key: "now"
            if key in NOW and is_new(item)
            else sorted(item)
            if key in ("nova_object.changes", "obj_what_changed")
            else comparable(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [comparable(item) for item in value]
    return value


def is_new(text: Any) -> bool:
    if not isinstance(text, str):
        return False
    when = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return when > RECORDED_ROWS


@pytest.fixture
def as_recorded(database: session.Database) -> None:
    """The rows that the recorded conductor had."""
    first = EXCHANGE[0]["reply"]["result"]["nova_object.data"]
    row = {
        **first,
        "deleted": 0,
        "created_at": datetime.datetime(2026, 11, 23, 23, 40, 51, 68020),
        "updated_at": None,
    }
    with database.engine.begin() as connection:
        connection.execute(tables.instances.insert().values(uuid=first["instance_uuid"], deleted=0))
        connection.execute(tables.migrations.insert().values(row))


@pytest.mark.usefixtures("as_recorded")
def test_the_server_answers_as_novas(ctx: Any) -> None:
    bus = Loopback()
    bus._sides = serializer.ContextSerializer(), serializer.ContextSerializer()
    for step in EXCHANGE:
        expected = step["reply"]
        try:
            found = {"result": bus.call(ctx, step["request"]["method"], **step["request"]["args"])}
        except oslo_messaging.RemoteError as error:
            # The message is our own.
            found = {"error": error.exc_type, "msg": expected.get("msg")}
        recorded = comparable(expected)
        # The instance comes along in 1.2; what was recorded is 1.1.
        assert comparable(found) == recorded, step["request"]


class Recorded(client.ConductorClient):
    """A bus on which the recorded conductor answers, if it is asked what was recorded."""

    def __init__(self) -> None:
        self._client = self
        self._side = serializer.ObjectSerializer()
        self.steps = list(EXCHANGE)

    def prepare(self, **options: Any) -> Any:
        assert options["version"] == "2.0"
        return self

    def call(self, context: Any, method: str, **arguments: Any) -> Any:
        sent = {k: self._side.serialize_entity(context, v) for k, v in arguments.items()}
        step = self.steps.pop(0)
        found = {"method": method, "args": json.loads(json.dumps(sent))}
        assert comparable(found) == comparable(step["request"])
        if "error" in step["reply"]:
            raise oslo_messaging.RemoteError(step["reply"]["error"], step["reply"]["msg"], [])
        return self._side.deserialize_entity(context, step["reply"]["result"])


def test_the_client_asks_as_novas(ctx: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    CONF.set_override("conductor", "juno", group="upgrade_levels")
    bus = Recorded()
    monkeypatch.setattr(NovaObject, "indirection_api", bus)
    migration = Migration.get_by_id(ctx, 1)
    migration.status = "post-migrating"
    migration.save()
    assert migration.updated_at is not None
    assert migration.obj_what_changed() == set()
    made = Migration(
        ctx,
        source_compute="hö",
        dest_compute="d",
        instance_uuid=migration.instance_uuid,
        status="error",
    )
    made.create()
    assert made.id == 2
    with pytest.raises(exception.MigrationNotFound):
        Migration.get_by_id(ctx, 999)
    found = MigrationList.get_in_progress_by_host_and_node(ctx, "cmp-a", "node-a")
    assert [m.id for m in found] == [1]
    with pytest.raises(exception.ObjectActionError):
        made.create()
    primitive = made.obj_to_primitive(target_version="1.1")
    older = bus.object_backport_versions(ctx, primitive, {"Migration": "1.0"})
    assert older.VERSION == "1.0"
    assert bus.steps == []
