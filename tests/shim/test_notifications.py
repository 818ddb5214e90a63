# SPDX-License-Identifier: Apache-2.0
"""``compute.instance.update``, against what nova 2014.2 sends.

``data/notifications.json`` is what nova sent. With NOVA_TREE and NOVA_PYTHON27 it is asked again;
``SHIM_TEST_RECORD`` writes the file anew.
"""

import datetime
import json
import os
import pathlib
from collections.abc import Iterator
from typing import Any

import behaviour_probes as probes
import deployment
import pytest
import samples
from oslo_messaging.notify import _impl_test
from test_nova_peers import Nova

from shim import notifications, objects
from shim.conductor import api
from shim.conf import CONF
from shim.db import session, tables
from shim.objects import Instance

RECORDED = pathlib.Path(__file__).parent / "data" / "notifications.json"
OPTIONS = {"notify_on_state_change": "vm_and_task_state", "host": "here"}


def _sent() -> list[Any]:
    found = [
        [m["publisher_id"], m["event_type"], m["priority"], m["payload"]]
        for _, m, _, _ in _impl_test.NOTIFICATIONS
    ]
    _impl_test.NOTIFICATIONS.clear()
    return found


@pytest.fixture
def told() -> Iterator[None]:
    """Notifications are on, and kept in this process."""
    for name, value in OPTIONS.items():
        CONF.set_override(name, value)
    CONF.set_override("host", "images", group="glance")
    # Registers the library's own options.
    notifications.notifier.cache_clear()
    notifications.notifier()
    CONF.set_override("driver", ["test"], group="oslo_messaging_notifications")
    notifications.notifier.cache_clear()
    _impl_test.NOTIFICATIONS.clear()
    yield
    CONF.clear_override("driver", group="oslo_messaging_notifications")
    CONF.clear_override("host", group="glance")
    for name in OPTIONS:
        CONF.clear_override(name)
    notifications.notifier.cache_clear()


@pytest.mark.usefixtures("told")
def test_what_is_told_is_what_nova_tells(filled: pathlib.Path, ctx: Any) -> None:
    there = probes.of_notifications(objects, api.LocalAPI(), ctx, _sent)
    with deployment.restoring(filled) as restore:
        found = probes.outcomes(there, str(filled), restore)
    expected = json.loads(RECORDED.read_text())
    assert set(found) == set(expected)
    assert list(deployment.places(json.loads(json.dumps(found)), expected)) == []


def test_nova_tells_what_was_recorded(filled: pathlib.Path, tmp_path: pathlib.Path) -> None:
    nova = Nova(tmp_path)
    options = {**OPTIONS, "rpc_backend": "fake", "notification_driver": "test"}
    lines = [f"{name} = {value}" for name, value in options.items()]
    sections = ["[glance]", "host = images", "[database]", f"connection = sqlite:///{filled}"]
    config = "\n".join(["[DEFAULT]", *lines, *sections, ""])
    found = nova.run("told", config, str(filled))
    if os.environ.get("SHIM_TEST_RECORD"):
        RECORDED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    assert found == json.loads(RECORDED.read_text())


@pytest.mark.usefixtures("told")
def test_bandwidth_is_told_by_network(database: session.Database, ctx: Any) -> None:
    vif = {"id": "v", "address": "mac", "network": {"label": "net"}}
    cache = objects.InstanceInfoCache(network_info=[vif])
    made = samples.instance(ctx, info_cache=cache)
    start = notifications.period_start("month", datetime.datetime.now(datetime.timezone.utc))
    with database.engine.begin() as connection:
        for mac in ("mac", "of nobody"):
            connection.execute(
                tables.bw_usage_cache.insert().values(
                    uuid=made.uuid,
                    mac=mac,
                    start_period=start.replace(tzinfo=None),
                    bw_in=1,
                    bw_out=2,
                    deleted=0,
                )
            )
    made.vm_state = "error"
    made.save()
    assert _sent()[0][3]["bandwidth"] == {"net": {"bw_in": 1, "bw_out": 2}}


@pytest.mark.usefixtures("database")
def test_nothing_is_told_unless_an_option_says_so(ctx: Any) -> None:
    _impl_test.NOTIFICATIONS.clear()
    made = samples.instance(ctx)
    made.vm_state = "error"
    made.save()
    assert _sent() == []


@pytest.mark.usefixtures("told", "database")
def test_what_cannot_be_told_is_stored(
    ctx: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = samples.instance(ctx)
    monkeypatch.setattr(notifications, "payload_of", lambda before, after: 1 / 0)
    made.vm_state = "error"
    made.save()
    assert Instance.get_by_uuid(ctx, made.uuid).vm_state == "error"
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [
        ZeroDivisionError
    ]


@pytest.mark.parametrize(
    ("unit", "start"),
    [
        ("hour", "2014-03-15 12:00"),
        ("hour@40", "2014-03-15 11:40"),
        ("day", "2014-03-15 00:00"),
        ("day@18", "2014-03-14 18:00"),
        ("month", "2014-03-01 00:00"),
        ("month@20", "2014-02-20 00:00"),
        ("year", "2014-01-01 00:00"),
        ("year@6", "2013-06-01 00:00"),
    ],
)
def test_where_a_period_begins(unit: str, start: str) -> None:
    now = datetime.datetime(2014, 3, 15, 12, 30)
    assert str(notifications.period_start(unit, now))[:16] == start


def test_a_period_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        notifications.period_start("fortnight", datetime.datetime(2014, 1, 1, 1))
    january = datetime.datetime(2014, 1, 1, 0, 0)
    assert notifications.period_start("month", january) == datetime.datetime(2013, 12, 1)
