# SPDX-License-Identifier: Apache-2.0
"""Nova 2014.2 itself on the other side: of the database, and of RabbitMQ.

With NOVA_TREE, a checkout of it, and NOVA_PYTHON27, a Python 2.7 that has what it imports (for
MariaDB and PostgreSQL, PyMySQL and psycopg2 as well).
"""

import json
import os
import pathlib
import random
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import made_up_objects
import nova_peer_rows
import pytest
import samples
import sqlalchemy
import stores

from shim import conductor, exception, objects
from shim.conf import CONF
from shim.context import RequestContext
from shim.db import schema, session
from shim.objects import NovaObject

PROGRAM = pathlib.Path(__file__).with_name("nova_peer.py")
DRIVERS = {"sqlite": "sqlite3", "mariadb": "pymysql", "postgresql": "psycopg2"}
UUID = "00000000-0000-4000-8000-000000000001"


class Nova:
    """Nova 2014.2 on a configuration."""

    def __init__(self, folder: pathlib.Path) -> None:
        missing = [name for name in ("NOVA_TREE", "NOVA_PYTHON27") if not os.environ.get(name)]
        if missing:
            pytest.skip(f"{' and '.join(missing)} not set")
        self._folder = folder
        self._tree = os.environ["NOVA_TREE"]
        self._python = os.environ["NOVA_PYTHON27"]
        self._environment = {
            **os.environ,
            "PYTHONPATH": self._tree,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PBR_VERSION": "2014.2",
            "EVENTLET_NO_GREENDNS": "yes",
        }

    def require(self, module: str) -> None:
        if subprocess.run([self._python, "-c", f"import {module}"], capture_output=True).returncode:
            pytest.skip(f"NOVA_PYTHON27 has no {module}")

    def on_database(self, action: str, url: str) -> Any:
        if url.startswith("mysql"):
            url += "?charset=utf8"
        return self.run(action, f"[database]\nconnection = {url}\n")

    def run(self, action: str, config: str, *arguments: str) -> Any:
        """What the peer printed."""
        done = subprocess.run(
            self._command(action, config, *arguments),
            **self._options(),
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    def start(self, action: str, config: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{action}.log").open("wb") as log:
            return subprocess.Popen(
                self._command(action, config),
                **self._options(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _command(self, action: str, config: str, *arguments: str) -> list[str]:
        path = self._folder / f"nova-{action}.conf"
        path.write_text(config)
        return [self._python, "-W", "ignore", str(PROGRAM), action, str(path), *arguments]

    def _options(self) -> dict[str, Any]:
        return {"env": self._environment, "cwd": self._folder}


@pytest.fixture
def nova(tmp_path: pathlib.Path) -> Nova:
    return Nova(tmp_path)


@pytest.fixture
def url(nova: Nova, server: str, tmp_path: pathlib.Path) -> Iterator[str]:
    """An empty database that the shim made, and that it is on."""
    nova.require(DRIVERS[server])
    databases = stores.Databases(tmp_path)
    url = databases.url(server)
    database = session.configure(url)
    yield url
    database.dispose()
    databases.close()


def test_nova_deploys_on_a_database_of_the_shims(nova: Nova, url: str, ctx: RequestContext) -> None:
    """With quotas, groups, actions, ...; the shim reads what there is for it."""
    made = nova.on_database("deploy", url)
    assert (made["version"], made["usages"]) == (254, 1)
    nova_peer_rows.check(ctx, made)
    archived = nova.on_database("archive", url)["archived"]
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        shadows = [
            connection.execute(sqlalchemy.text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in sqlalchemy.inspect(connection).get_table_names()
            if table.startswith("shadow_")
        ]
        assert schema.check(engine) == []
    engine.dispose()
    assert archived == sum(shadows) > 0
    nova_peer_rows.check(ctx, made)


@pytest.mark.parametrize("server", ["sqlite"])
def test_novas_scheduler_reads_the_devices(nova: Nova, url: str, ctx: RequestContext) -> None:
    """Pools always; devices while the deployment is pinned, as the facts have it."""
    service = samples.service(ctx)
    pool = {"count": 2, "vendor_id": "8086", "product_id": "1520", "physical_network": "p"}
    pools = objects.PciDevicePoolList.from_dicts([pool])
    devices = objects.PciDeviceList(
        objects=[
            objects.PciDevice.create(
                {"address": f"0000:04:00.{n}", "vendor_id": "8086", "product_id": "1520"}
            )
            for n in range(2)
        ]
    )
    for pin in ("juno", None):
        CONF.set_override("compute", pin, group="upgrade_levels")
        for name, values in (
            ("pools", {"pci_device_pools": pools}),
            ("devices", {"pci_stats": devices}),
            ("nothing", {"pci_device_pools": objects.PciDevicePoolList(objects=[])}),
        ):
            samples.compute_node(
                ctx,
                service.id,
                hypervisor_hostname=f"{pin} {name}",
                free_disk_gb=400,
                free_ram_mb=8192,
                disk_available_least=400,
                **values,
            )
    seen = nova.on_database("scheduler", url)
    counted = {key: value for key, value in pool.items() if key != "physical_network"}
    assert seen == {
        "juno pools": {"pools": [pool], "fits": True},
        "juno devices": {"pools": [counted], "fits": True},
        "juno nothing": {"pools": [], "fits": False},
        "None pools": {"pools": [pool], "fits": True},
        # What the pin is for.
        "None devices": {"error": "AttributeError"},
        "None nothing": {"pools": [], "fits": False},
    }


def _bus(broker: str, topic: str, database: str) -> str:
    return (
        f"[DEFAULT]\nrpc_backend = rabbit\ntransport_url = {broker}\nrpc_response_timeout = 30\n"
        f"host = {topic}-host\n[conductor]\ntopic = {topic}\nuse_local = false\nworkers = 1\n"
        f"[database]\nconnection = {database}\n"
    )


@pytest.mark.parametrize("server", ["postgresql"])
@pytest.mark.parametrize("way", ["rabbitmq"])
def test_a_node_of_2014_2_works_with_the_shims_conductor(
    nova: Nova, url: str, ctx: RequestContext, way: str, tmp_path: pathlib.Path
) -> None:
    nova.on_database("deploy", url)
    broker = stores.configured("rabbitmq")
    there = stores.ConductorProcess(tmp_path, url, broker, upgrade_level="juno")
    there.wait_until_ready()
    try:
        seen = nova.run("node", _bus(broker, there.topic, "sqlite:////dev/null/none"), "cmp-new")
    finally:
        assert there.stop() == 0
    assert "Traceback" not in there.log.read_text()
    node_id, memory = seen.pop("tracked")
    assert seen == {
        "service": [seen["service"][0], "1.4", 1],
        "instance": ["1.15", "rebuilding", []],
        "flavor": 1024,
        "unexpected": "nova.exception_Remote.UnexpectedTaskStateError_Remote",
        "missing": "nova.exception_Remote.ServiceNotFound_Remote",
        "nodes": [["1.5", "node-a"]],
        "migrations": [["1.1", "finished", UUID]],
        "dicts": [None, [UUID], [UUID], 1],
    }
    tracked = objects.ComputeNode.get_by_host_and_nodename(ctx, "cmp-new", "node-of-cmp-new")
    assert (tracked.id, tracked.memory_mb) == (node_id, memory)
    assert tracked.pci_device_pools.objects == []
    instance = objects.Instance.get_by_uuid(ctx, UUID, expected_attrs=["metadata"])
    assert (instance.task_state, instance.metadata["over"]) == (None, "the bus")


@pytest.fixture
def novas_conductor(
    request: pytest.FixtureRequest,
    nova: Nova,
    url: str,
    way: str,
    ctx: RequestContext,
    tmp_path: pathlib.Path,
) -> Iterator[Any]:
    """The dict API, and the indirection of this process, on a conductor of 2014.2."""
    broker = stores.configured("rabbitmq")
    topic = f"nova-{tmp_path.name}"
    process = nova.start("conductor", _bus(broker, topic, url))
    beside = None
    try:
        conductor.use_indirection(stores.transport_of(broker, topic))
        CONF.set_override("conductor", "juno", group="upgrade_levels")
        api = conductor.api.API(NovaObject.indirection_api)
        api.wait_until_ready(ctx, early_timeout=1, early_attempts=60)
        if request.param == "and one of the shim's":
            beside = stores.ConductorProcess(tmp_path, url, broker, topic=topic)
            while "serving topic" not in beside.log.read_text():
                assert beside.process.poll() is None
                time.sleep(0.1)
        yield api
        if beside is not None:
            assert beside.stop() == 0
            assert "Traceback" not in beside.log.read_text()
    finally:
        NovaObject.indirection_api = None
        CONF.clear_override("topic", group="conductor")
        if beside is not None and beside.process.poll() is None:
            beside.process.kill()
        process.terminate()
        process.wait(timeout=30)
        # It ends before its worker does, which still has the database open.
        time.sleep(1)


@pytest.mark.parametrize("server", ["postgresql"])
@pytest.mark.parametrize("way", ["rabbitmq"])
@pytest.mark.parametrize("novas_conductor", ["alone", "and one of the shim's"], indirect=True)
def test_the_shim_works_with_a_conductor_of_2014_2(
    ctx: RequestContext, novas_conductor: Any
) -> None:
    """Its answers arrive: results, nothing, and errors. Beside one of the shim's, which takes
    every other call, nobody can tell which of them it was."""
    service = samples.service(ctx, host="cmp-x")
    service.report_count = 3
    service.save()
    assert objects.Service.get_by_id(ctx, service.id).report_count == 3
    node = samples.compute_node(ctx, service.id, hypervisor_hostname="node-x")
    node.stats = {"a": "1"}
    node.save()
    assert objects.ComputeNode.get_by_id(ctx, node.id).stats == {"a": "1"}
    instance = samples.instance(ctx, task_state="scheduling")
    instance.task_state = "spawning"
    instance.save(expected_task_state=["scheduling"])
    instance.task_state = None
    with pytest.raises(exception.UnexpectedTaskStateError):
        instance.save(expected_task_state=["deleting"])
    with pytest.raises(exception.ServiceNotFound):
        objects.Service.get_by_id(ctx, 999)
    assert len(objects.InstanceList.get_by_host(ctx, instance.host)) == 1
    assert novas_conductor.service_get_by_args(ctx, "cmp-x", "nova-compute")["report_count"] == 3
    updated = novas_conductor.instance_update(ctx, instance.uuid, task_state="deleting")
    assert updated["task_state"] == "deleting"
    assert node.destroy() is None
    assert novas_conductor.service_destroy(ctx, service.id) is None


def _settled(primitive: Any) -> Any:
    """The primitive without the order of changes, and without changes to what is not there."""
    if isinstance(primitive, dict):
        settled = {key: _settled(value) for key, value in primitive.items()}
        if settled.get("network_info"):
            settled["network_info"] = json.loads(settled["network_info"])
        if "nova_object.name" in settled:
            data = settled["nova_object.data"]
            changes = [n for n in settled.pop("nova_object.changes", ()) if n in data]
            # nova 2014.2 takes a flavor's specs for changed when they are there, and so its list.
            unsure = ("extra_specs", "projects", "objects")
            settled["changes"] = sorted(n for n in changes if n not in unsure)
        return settled
    if isinstance(primitive, list):
        return [_settled(item) for item in primitive]
    return primitive


def test_made_up_objects_become_what_nova_makes_of_them(
    nova: Nova, tmp_path: pathlib.Path, juno_objects: dict[str, Any]
) -> None:
    """Every object of nova's, as every version that it ever had, with contents of any kind."""
    choose = random.Random(2014)
    wanted = [
        (made_up_objects.primitive(juno_objects, name, choose), f"1.{minor}")
        for name, recorded in sorted(juno_objects.items())
        for minor in range(int(recorded["version"].split(".")[1]) + 1)
        for _ in range(20)
    ]
    (tmp_path / "wanted.json").write_text(json.dumps(wanted))
    theirs = nova.run("backport", "", str(tmp_path / "wanted.json"))
    compared = 0
    for (primitive, version), expected in zip(wanted, theirs, strict=True):
        made = NovaObject.obj_from_primitive(primitive).obj_to_primitive(target_version=version)
        if isinstance(expected, str):
            # It fails where a child is None.
            assert expected == "AttributeError"
            continue
        compared += 1
        assert _settled(json.loads(json.dumps(made))) == _settled(expected), (primitive, version)
    assert compared > len(wanted) * 0.9
