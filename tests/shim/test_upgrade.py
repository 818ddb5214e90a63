# SPDX-License-Identifier: Apache-2.0
"""An upgrade without downtime: one process after the other, under load, some of them killed."""

import contextlib
import functools
import json
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import compute_process
import pytest
import samples
import sqlalchemy
import stores

from shim import context
from shim.conf import CONF
from shim.db import session, tables
from shim.objects import NovaObject

PROGRAM = pathlib.Path(compute_process.__file__)


class Deployment:
    """The processes of a deployment, their journals, and what happened to them."""

    def __init__(self, folder: pathlib.Path, database: str, broker: str, hosts: int, size: int):
        self.folder, self.database, self.broker = folder, database, broker
        self.hosts, self.instances = hosts, size
        self.topic = f"upgrade-{folder.name}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.ready: dict[str, pathlib.Path] = {}
        self.conductors: list[stores.ConductorProcess] = []
        self.started = self.replaced = self.killed = 0
        self.conductors_replaced = self.conductors_killed = 0
        self.failures: list[str] = []

    def fill(self) -> None:
        """Services, nodes and instances, as a scheduler leaves them."""
        ctx = context.get_admin_context()
        for number in range(self.hosts):
            host = compute_process.host_of(number, self.hosts)
            service = samples.service(ctx, host=host)
            name = f"node-{host}"
            samples.compute_node(ctx, service.id, hypervisor_hostname=name)
        for number in range(self.instances):
            samples.instance(
                ctx,
                uuid=compute_process.uuid_of(number),
                host=None,
                node=None,
                vm_state="building",
                task_state="scheduling",
            )

    def start_conductor(self, pinned: bool) -> stores.ConductorProcess:
        there = stores.ConductorProcess(
            self.folder,
            self.database,
            self.broker,
            topic=self.topic,
            **({"upgrade_level": "juno"} if pinned else {}),
        )
        self.conductors.append(there)
        return there

    def replace_conductor(self, pinned: bool, kill: bool = False) -> None:
        """End the one that has run longest, with another in its place."""
        old = next(there for there in self.conductors if there.process.poll() is None)
        self.start_conductor(pinned).wait_until_ready()
        self.conductors_replaced += 1
        if kill:
            old.process.kill()
            old.process.wait()
            self.conductors_killed += 1
        elif old.stop() != 0:
            self.failures.append(old.log.read_text()[-3000:])

    def start(self, host: str, release: str, pinned: bool) -> None:
        parameters = {
            "host": host,
            "hosts": self.hosts,
            "instances": self.instances,
            "release": release,
            "pinned": pinned,
            "database": self.database,
            "broker": self.broker,
            "topic": self.topic,
            "journal": str(self.folder / f"{host}.journal"),
        }
        self.started += 1
        path = self.folder / f"{host}-{self.started}.json"
        self.ready[host] = path.with_suffix(".ready")
        parameters["ready"] = str(self.ready[host])
        path.write_text(json.dumps(parameters))
        with (self.folder / f"{host}.log").open("a") as log:
            self.running[host] = subprocess.Popen(
                [sys.executable, str(PROGRAM), str(path)], stdout=log, stderr=subprocess.STDOUT
            )

    def replace(self, host: str, release: str, pinned: bool, kill: bool = False) -> None:
        process = self.running[host]
        # Before that it would not know what SIGTERM asks of it.
        while not self.ready[host].exists() and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        code = process.wait(timeout=120)
        if kill:
            self.killed += 1
        elif code != 0:
            self.failures.append(f"{host}: exit code {code}: {self.log_of(host)}")
        self.replaced += 1
        self.start(host, release, pinned)

    def log_of(self, host: str) -> str:
        return (self.folder / f"{host}.log").read_text()[-3000:]

    def steps(self) -> list[str]:
        lines = []
        for journal in self.folder.glob("*.journal"):
            lines += journal.read_text().splitlines()
        return lines

    def wait_for(self, steps: int) -> None:
        deadline = time.monotonic() + 240
        while len(self.steps()) < steps:
            assert time.monotonic() < deadline, [self.log_of(host) for host in self.running]
            for host, process in self.running.items():
                assert process.poll() in (None, 0), self.log_of(host)
            time.sleep(0.02)

    def finish(self) -> None:
        for host, process in self.running.items():
            code = process.wait(timeout=300)
            if code != 0:
                self.failures.append(f"{host}: exit code {code}: {self.log_of(host)}")

    def stop_conductors(self) -> None:
        for there in self.conductors:
            if there.process.poll() is None and there.stop() != 0:
                self.failures.append(there.log.read_text()[-3000:])

    @property
    def expected_steps(self) -> int:
        """Two for each claim and abort, five for each resize, and a last line a host."""
        ends = [compute_process.ENDS[n % 3] for n in range(self.instances)]
        return sum(5 if end == "resized" else 2 for end in ends) + self.hosts


COMPARED = {
    tables.instances: (
        *("uuid", "host", "node", "vm_state", "task_state", "memory_mb", "vcpus", "root_gb"),
        *("deleted", "project_id"),
    ),
    tables.migrations: (
        *("instance_uuid", "status", "source_compute", "source_node", "dest_compute"),
        *("dest_node", "deleted"),
    ),
    tables.compute_nodes: (
        *("hypervisor_hostname", "vcpus_used", "memory_mb_used", "running_vms", "stats"),
        *("pci_stats", "vcpus", "deleted"),
    ),
    tables.services: ("host", "binary", "topic", "disabled", "deleted"),
    tables.instance_metadata: ("instance_uuid", "key", "value", "deleted"),
    tables.instance_info_caches: ("instance_uuid", "network_info", "deleted"),
    tables.instance_extra: ("instance_uuid", "numa_topology", "pci_requests", "deleted"),
}


def contents(engine: sqlalchemy.Engine) -> dict[str, list[Any]]:
    """What the tables hold, but for ids and times."""
    found = {}
    with engine.connect() as connection:
        for table, names in COMPARED.items():
            query = sqlalchemy.select(*(table.c[name] for name in names))
            found[table.name] = sorted((tuple(row) for row in connection.execute(query)), key=repr)
    return found


def alone(folder: pathlib.Path, hosts: int, size: int) -> dict[str, list[Any]]:
    """What the same work comes to in one process that nobody disturbs."""
    database = session.configure(f"sqlite:///{folder / 'alone.sqlite'}")
    deployment = Deployment(folder, "", "", hosts, size)
    deployment.fill()
    stop = signal.getsignal(signal.SIGTERM)
    # Twice: a host's last audit must see what the others moved to it.
    for _ in range(2):
        for number in range(hosts):
            compute_process.ComputeProcess(
                {
                    "host": compute_process.host_of(number, hosts),
                    "hosts": hosts,
                    "instances": size,
                    "release": "current",
                    "journal": str(folder / "alone.txt"),
                    "ready": str(folder / "alone.ready"),
                }
            ).run()
    signal.signal(signal.SIGTERM, stop)
    found = contents(database.engine)
    database.dispose()
    return found


def upgrade(deployment: Deployment) -> None:
    """Replace every process under load: to the new release while pinned, then without the pin."""
    hosts = [compute_process.host_of(n, deployment.hosts) for n in range(deployment.hosts)]
    for _ in range(2 if deployment.broker else 0):
        deployment.start_conductor(pinned=True).wait_until_ready()
    for host in hosts:
        deployment.start(host, "juno", pinned=True)
    changes: list[Callable[[], None]] = [
        functools.partial(deployment.replace, host, "current", pinned=True, kill=number == 1)
        for number, host in enumerate(hosts)
    ]
    if deployment.broker:
        changes += [
            functools.partial(deployment.replace_conductor, pinned=True),
            functools.partial(deployment.replace_conductor, pinned=True, kill=True),
        ]
    changes += [functools.partial(deployment.replace, h, "current", pinned=False) for h in hosts]
    if deployment.broker:
        changes += [functools.partial(deployment.replace_conductor, pinned=False)] * 2
    for number, change in enumerate(changes, start=1):
        deployment.wait_for(deployment.expected_steps * number // (len(changes) + 2))
        change()
    deployment.finish()
    # What the hosts came to know last: an audit each, of a deployment at rest.
    for host in hosts:
        deployment.start(host, "current", pinned=False)
    deployment.finish()
    deployment.stop_conductors()


@contextlib.contextmanager
def deployed(tmp_path: pathlib.Path, url: str, broker: str, hosts: int, size: int) -> Iterator[Any]:
    database = session.configure(url)
    deployment = Deployment(tmp_path, url, broker, hosts, size)
    try:
        deployment.fill()
        yield deployment
    finally:
        for process in deployment.running.values():
            process.kill()
            process.wait()
        for there in deployment.conductors:
            there.process.kill()
            there.process.wait()
        database.dispose()
        NovaObject.indirection_api = None
        CONF.clear_override("topic", group="conductor")


def check(deployment: Deployment, expected: dict[str, list[Any]], capsys: Any) -> None:
    steps = deployment.steps()
    errors = [line for line in steps if line.startswith("error")]
    engine = sqlalchemy.create_engine(deployment.database)
    found = contents(engine)
    engine.dispose()
    rows = sum(len(table) for table in found.values())
    counts = [
        [int(word) for word in line.split()]
        for file in deployment.folder.glob("*.calls")
        for line in file.read_text().splitlines()
    ]
    calls, unanswered = (sum(column) for column in zip(*counts, strict=True))
    with capsys.disabled():
        print(
            f"\nupgrade: {deployment.started} compute processes and "
            f"{len(deployment.conductors)} conductors started, {len(steps)} steps, "
            f"{calls} calls (but for the killed one's); "
            f"{deployment.replaced} compute processes replaced, {deployment.killed} killed; "
            f"{deployment.conductors_replaced} conductors replaced, "
            f"{deployment.conductors_killed} killed; {unanswered} writes unanswered, "
            f"{len(errors) + len(deployment.failures)} errors, {rows} rows compared"
        )
    # A process has one call under way: no more than that can be lost with a conductor.
    assert unanswered <= deployment.hosts * deployment.conductors_killed
    assert deployment.failures == []
    assert errors == []
    for name, table in expected.items():
        assert found[name] == table, name


def test_on_sqlite_with_a_conductor_in_each_process(tmp_path: pathlib.Path, capsys: Any) -> None:
    expected = alone(tmp_path, hosts=3, size=15)
    url = f"sqlite:///{tmp_path / 'nova.sqlite'}"
    with deployed(tmp_path, url, "", hosts=3, size=15) as deployment:
        upgrade(deployment)
        check(deployment, expected, capsys)


@pytest.mark.parametrize("way", ["rabbitmq"])
@pytest.mark.parametrize("server", ["postgresql"])
def test_on_postgresql_with_conductors_on_rabbitmq(
    tmp_path: pathlib.Path, capsys: Any, way: str, server: str
) -> None:
    expected = alone(tmp_path, hosts=4, size=60)
    databases = stores.Databases(tmp_path)
    try:
        url = databases.url("postgresql")
        broker = stores.configured("rabbitmq")
        with deployed(tmp_path, url, broker, hosts=4, size=60) as deployment:
            upgrade(deployment)
            check(deployment, expected, capsys)
    finally:
        databases.close()
