# SPDX-License-Identifier: Apache-2.0
"""The dict API, against what nova 2014.2's answered on its own database."""

import json
import os
import pathlib
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import samples
from loopback import Loopback
from who_may_probes import error_name

from shim import conductor, exception
from shim.conductor import api
from shim.conf import CONF
from shim.db import session

DATA = pathlib.Path(__file__).parent / "data"
RECORDED = json.loads((DATA / "conductor.json").read_text())


@pytest.fixture(params=["local", "over the bus"])
def dict_api(request: pytest.FixtureRequest) -> Any:
    return api.LocalAPI() if request.param == "local" else api.API(Loopback())


@pytest.fixture
def juno(tmp_path: pathlib.Path, facts: pathlib.Path) -> Iterator[None]:
    copy = tmp_path / "nova.sqlite"
    shutil.copy(facts / "nova.sqlite", copy)
    os.chmod(copy, 0o644)
    database = session.configure(f"sqlite:///{copy}")
    yield
    database.dispose()


def comparable(value: Any) -> Any:
    """The answer without the times of the run, its lists of rows in one order."""
    if isinstance(value, dict):
        return {
            k: comparable(v)
            for k, v in value.items()
            if not (isinstance(v, str) and v >= "2026-11-24" and k.endswith("_at"))
        }
    if isinstance(value, list):
        return sorted((comparable(item) for item in value), key=_text)
    return value


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def without_leftovers(row: Any) -> Any:
    """Nova's answer to an update that replaces metadata still lists the rows it deleted."""
    if isinstance(row, dict) and isinstance(row.get("system_metadata"), list):
        live = [p for p in row["system_metadata"] if isinstance(p, dict) and not p.get("deleted")]
        kept = [{k: v for k, v in pair.items() if k != "instance"} for pair in live]
        return {**row, "system_metadata": kept}
    return row


@pytest.mark.usefixtures("juno")
def test_every_answer_is_novas(ctx: Any, dict_api: Any) -> None:
    for step in RECORDED:
        method, expected = step["method"], step["reply"]
        try:
            found = {"result": getattr(dict_api, method)(ctx, *step["args"], **step["kwargs"])}
        except Exception as error:
            found = {"error": error_name(error)}
        expected = {k: without_leftovers(v) for k, v in expected.items()}
        assert comparable(found) == comparable(expected), (method, step["args"], step["kwargs"])


@pytest.mark.usefixtures("database")
def test_instance_update_sets_only_what_is_allowed(ctx: Any, dict_api: Any) -> None:
    made = samples.instance(ctx)
    with pytest.raises(KeyError):
        dict_api.instance_update(ctx, made.uuid, task_state="x", display_name="no")
    assert dict_api.instance_get_all_by_host(ctx, "cmp-a")[0]["task_state"] is None


@pytest.mark.usefixtures("database")
def test_values_are_not_changed(ctx: Any, dict_api: Any) -> None:
    values = {"host": "h", "binary": "b", "topic": "t"}
    made = dict_api.service_create(ctx, values)
    dict_api.service_update(ctx, made, {"report_count": 1})
    assert values == {"host": "h", "binary": "b", "topic": "t"}


@pytest.mark.usefixtures("database")
def test_migrations_bring_their_instances(ctx: Any, dict_api: Any) -> None:
    made = samples.instance(ctx, system_metadata={"a": "1"})
    samples.migration(ctx, instance_uuid=made.uuid)
    get = dict_api.migration_get_in_progress_by_host_and_node
    (found,) = get(ctx, "cmp-a", "node-a")
    assert [p["key"] for p in found["instance"]["system_metadata"]] == ["a"]
    made.destroy()
    assert [m["instance"] for m in get(ctx, "cmp-a", "node-a")] == [None]


@pytest.mark.usefixtures("database")
def test_errors_have_their_types(ctx: Any, dict_api: Any) -> None:
    for call, error in (
        (lambda: dict_api.service_get_by_compute_host(ctx, "x"), exception.ComputeHostNotFound),
        (lambda: dict_api.compute_node_delete(ctx, {"id": 9}), exception.ComputeHostNotFound),
        (lambda: dict_api.service_destroy(ctx, 9), exception.ServiceNotFound),
        (lambda: dict_api.instance_update(ctx, "x", host="h"), exception.InvalidUUID),
    ):
        with pytest.raises(error):
            call()


def test_which_api() -> None:
    assert type(conductor.API()) is api.LocalAPI
    assert type(conductor.API(use_local=False)) is api.API
    CONF.set_override("use_local", False, group="conductor")
    try:
        assert type(conductor.API()) is api.API
        assert type(conductor.API(use_local=True)) is api.LocalAPI
    finally:
        CONF.clear_override("use_local", group="conductor")


@pytest.mark.usefixtures("database")
def test_wait_until_ready(ctx: Any, dict_api: Any) -> None:
    dict_api.wait_until_ready(ctx)
