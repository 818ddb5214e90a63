"""Who may call what: each remotable method and dict call, by four callers, against nova's answers.

``data/who_may.json`` is what nova 2014.2 answered. With NOVA_TREE and NOVA_PYTHON27 it is asked
again; ``SHIM_TEST_RECORD`` writes the file anew.
"""

import contextlib
import functools
import json
import os
import pathlib
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import samples
import who_may_probes as probes
from loopback import Loopback
from test_nova_peers import Nova

from shim import exception, objects
from shim.conductor import api
from shim.context import RequestContext
from shim.db import api as db
from shim.db import session
from shim.objects import NovaObject
from shim.objects.base import NovaObjectRegistry

RECORDED = pathlib.Path(__file__).parent / "data" / "who_may.json"
Table = dict[str, dict[str, Any]]


def _fill(path: pathlib.Path, ctx: RequestContext) -> None:
    """One of everything, of the project ``proj``, and an instance of another."""
    for project in ("proj", "other", "ops"):
        values = {"name": "default", "project_id": project, "user_id": "u", "description": "d"}
        db.security_group_create(ctx, values)
    service = samples.service(ctx)
    node = samples.compute_node(ctx, service.id)
    samples.service(ctx, binary="nova-scheduler", topic="scheduler")
    samples.flavor(ctx, name="a public one", flavorid="public")
    samples.flavor(
        ctx,
        name="a private one",
        flavorid="private",
        is_public=False,
        projects=["proj"],
        extra_specs={"old": "1"},
    )
    owner = RequestContext("user", "proj", is_admin=True)
    groups = objects.SecurityGroupList(objects=[objects.SecurityGroup.get(ctx, 1)])
    for uuid, context, project, more in (
        (probes.INSTANCE, owner, "proj", {"security_groups": groups}),
        (probes.OTHERS_INSTANCE, ctx, "other", {}),
    ):
        made = {"task_state": "rebooting", "metadata": {"role": "web"}, "instance_type_id": 1}
        samples.instance(context, uuid=uuid, project_id=project, **made, **more)
    _fill_parts(ctx, node)
    _make_old(path)


def _fill_parts(ctx: RequestContext, node: objects.ComputeNode) -> None:
    uuid = probes.INSTANCE
    objects.InstanceFault(ctx, instance_uuid=uuid, code=1, message="m").create()
    cell = objects.InstanceNUMACell(id=0, cpuset={0}, memory=512)
    objects.InstanceNUMATopology(ctx, instance_uuid=uuid, cells=[cell]).create()
    request = {"count": 1, "spec": [], "alias_name": "a", "is_new": False, "request_id": None}
    requests = [objects.InstancePCIRequest(**request)]
    objects.InstancePCIRequests(ctx, instance_uuid=uuid, requests=requests).save()
    samples.migration(ctx, **probes.MIGRATION_VALUES)
    samples.migration(ctx, **{**probes.MIGRATION_VALUES, "status": "finished"})
    device = objects.PciDevice(
        ctx,
        compute_node_id=node.id,
        address="0000:04:00.1",
        vendor_id="8086",
        product_id="1520",
        dev_type="VF",
        label="old",
        status="allocated",
        instance_uuid=uuid,
    )
    device.save()


def _make_old(path: pathlib.Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for table in ("instances", "migrations"):
            connection.execute(f"UPDATE {table} SET updated_at = '2000-01-01 00:00:00.000000'")
        connection.commit()
        # nova's copies of it are files of their own.
        assert connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)


@pytest.fixture
def filled(tmp_path: pathlib.Path, database: session.Database, ctx: RequestContext) -> pathlib.Path:
    path = tmp_path / "nova.sqlite"
    _fill(path, ctx)
    database.dispose()
    return path


@pytest.fixture(params=["direct", "over the bus"])
def dict_api(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The dict calls; the objects go the same way."""
    NovaObject.indirection_api = Loopback() if request.param == "over the bus" else None
    yield api.API(Loopback()) if request.param == "over the bus" else api.LocalAPI()
    NovaObject.indirection_api = None


def _contexts() -> dict[str, RequestContext]:
    return {
        name: RequestContext(user, project, is_admin=is_admin)
        for name, (user, project, is_admin) in probes.CALLERS.items()
    }


def _restoring(path: pathlib.Path) -> Callable[[], None]:
    original = sqlite3.connect(":memory:")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.backup(original)

    def restore() -> None:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            original.backup(connection)

    return restore


def _table(path: pathlib.Path, probes_for: Callable[[RequestContext], Any]) -> Table:
    found: Table = probes.table(str(path), _contexts(), probes_for, _restoring(path))
    return found


def _differences(found: Table, expected: Table) -> list[str]:
    return [
        f"{name} by {caller}: {found[name].get(caller)}, nova: {answer}"
        for name, answers in expected.items()
        for caller, answer in answers.items()
        if found[name].get(caller) != answer
    ]


def test_every_cell_is_novas(filled: pathlib.Path, ctx: RequestContext, dict_api: Any) -> None:
    expected = json.loads(RECORDED.read_text())

    def probes_for(context: RequestContext) -> Any:
        there = probes.of_objects(objects, context, ctx)
        return {**there, **probes.of_dicts(dict_api, context)}

    found = _table(filled, probes_for)
    assert set(found) == set(expected)
    assert _differences(found, expected) == []


#: What came after 2014.2; there each asks for an administrator, as 2015.1.0 does.
LATER = {
    "ComputeNode.get_by_host_and_nodename": ("cmp-a", "node-a"),
    "ComputeNodeList.get_all_by_host": ("cmp-a",),
    "Service.get_by_host_and_binary": ("cmp-a", "nova-compute"),
}


@pytest.mark.parametrize("name", sorted(LATER))
@pytest.mark.usefixtures("filled", "dict_api")
def test_what_came_later(name: str) -> None:
    cls, method = name.split(".")
    for caller, context in _contexts().items():
        call = functools.partial(getattr(getattr(objects, cls), method), context, *LATER[name])
        if caller == "admin":
            assert call()
        else:
            with pytest.raises(exception.AdminRequired):
                call()


def test_every_method_is_in_the_table() -> None:
    methods = {
        f"{name}.{method}"
        for name, (cls, *_) in NovaObjectRegistry.obj_classes().items()
        for method in dir(cls)
        if getattr(getattr(cls, method), "remotable", False)
    }
    calls = {name for name in vars(api.LocalAPI) if not name.startswith("_")}
    asked = {name.split()[0] for name in json.loads(RECORDED.read_text())}
    assert methods | calls - {"wait_until_ready"} == asked | set(LATER)


def test_an_error_of_who_may_is_one_of_novas() -> None:
    assert issubclass(exception.AdminRequired, exception.Forbidden)
    assert exception.Forbidden.code == exception.AdminRequired.code == 403


def test_novas_answers_are_those_that_were_recorded(
    filled: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    nova = Nova(tmp_path)
    config = f"[database]\nconnection = sqlite:///{filled}\n"
    found = nova.run("who_may", config, str(filled))
    if os.environ.get("SHIM_TEST_RECORD"):
        RECORDED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    assert found == json.loads(RECORDED.read_text())
