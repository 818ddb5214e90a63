# SPDX-License-Identifier: Apache-2.0
"""What the objects cost, as ratios measured in one run: python benchmarks/shim_objects.py

Everything runs on SQLite files in a new folder; the remote calls go over the bus within the
process and, where SHIM_TEST_RABBITMQ_URL names a broker, over RabbitMQ to a conductor of their
own. Times are the best of several rounds: the machine may have other work.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import tempfile
import time
import tracemalloc
import uuid
from collections.abc import Callable
from typing import Any

import oslo_messaging
import sqlalchemy
from objects_workload import FLAVOR, HOST, INSTANCE, NODE
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import DeclarativeBase, Session

import shim  # noqa: F401  (chooses real threads before oslo.messaging is imported)
from shim import conductor, context, objects
from shim.conductor import api, server
from shim.conf import CONF
from shim.db import session, tables
from shim.objects import NovaObject

SIZES = (10, 100, 1_000, 10_000)


class Base(DeclarativeBase):
    metadata = tables.metadata


class PlainInstance(Base):
    """The rows of instances as plain SQLAlchemy's objects."""

    __table__ = tables.instances


class PlainPair(Base):
    """The rows of the system metadata as plain SQLAlchemy's objects."""

    __table__ = tables.instance_system_metadata


def best_of(rounds: int, work: Callable[[], Any]) -> float:
    """Seconds of the fastest round."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def fill(engine: sqlalchemy.Engine, size: int) -> None:
    """``size`` instances with a flavor in their system metadata, and as many migrations."""
    uuids = [str(uuid.uuid4()) for _ in range(size)]
    now = {"created_at": sqlalchemy.func.now(), "deleted": 0}
    with engine.begin() as connection:
        for table in (tables.migrations, tables.instance_system_metadata, tables.instances):
            connection.execute(table.delete())
        connection.execute(
            tables.instances.insert().values(now),
            [{**INSTANCE, "uuid": u} for u in uuids],
        )
        connection.execute(
            tables.instance_system_metadata.insert().values(now),
            [
                {"instance_uuid": u, "key": key, "value": value}
                for u in uuids
                for key, value in FLAVOR.items()
            ],
        )
        connection.execute(
            tables.migrations.insert().values(now),
            [
                {
                    "instance_uuid": u,
                    "status": "migrating",
                    "dest_compute": HOST,
                    "dest_node": NODE,
                    "source_compute": "b",
                    "source_node": "b",
                }
                for u in uuids
            ],
        )


def plain_instances(engine: sqlalchemy.Engine) -> int:
    """The node's instances and their system metadata, by plain SQLAlchemy's ORM."""
    with Session(engine) as orm:
        mine = (PlainInstance.host == HOST) & (PlainInstance.node == NODE)
        found = orm.scalars(sqlalchemy.select(PlainInstance).where(mine)).all()
        uuids = sqlalchemy.select(PlainInstance.uuid).where(mine)
        pairs = orm.scalars(
            sqlalchemy.select(PlainPair).where(PlainPair.instance_uuid.in_(uuids))
        ).all()
        return len(found) + len(pairs)


def plain_rows(engine: sqlalchemy.Engine) -> int:
    """The same as rows of plain SQLAlchemy's Core, no objects at all."""
    table, pairs = tables.instances, tables.instance_system_metadata
    mine = (table.c.host == HOST) & (table.c.node == NODE)
    with engine.connect() as connection:
        found = connection.execute(sqlalchemy.select(table).where(mine)).all()
        uuids = sqlalchemy.select(table.c.uuid).where(mine)
        query = sqlalchemy.select(pairs).where(pairs.c.instance_uuid.in_(uuids))
        return len(found) + len(connection.execute(query).all())


def audit(ctx: Any) -> int:
    """What a tracker reads in an audit: instances, migrations, their flavors."""
    found = objects.InstanceList.get_by_host_and_node(ctx, HOST, NODE, ["system_metadata"])
    used = sum(instance.memory_mb for instance in found)
    for move in objects.MigrationList.get_in_progress_by_host_and_node(ctx, HOST, NODE):
        used += move.instance.get_flavor().memory_mb
    return used


def queries_of(engine: sqlalchemy.Engine, work: Callable[[], Any]) -> int:
    count = [0]

    def seen(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        count[0] += statement.lstrip().upper().startswith("SELECT")

    sqlalchemy.event.listen(engine, "before_cursor_execute", seen)
    work()
    sqlalchemy.event.remove(engine, "before_cursor_execute", seen)
    return count[0]


def memory_of(work: Callable[[], Any]) -> float:
    """The peak in MiB of what Python allocates during the work."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def loads(ctx: Any, engine: sqlalchemy.Engine, report: Table) -> None:
    fill(engine, 1_000)

    def load() -> Any:
        return objects.InstanceList.get_by_host_and_node(ctx, HOST, NODE, ["system_metadata"])

    orm = best_of(5, lambda: plain_instances(engine))
    core = best_of(5, lambda: plain_rows(engine))
    ours = best_of(5, load)
    report.add_row("load 1,000 instances: plain ORM", f"{1000 / orm:,.0f}/s", "1.0")
    report.add_row("load 1,000 instances: plain rows", f"{1000 / core:,.0f}/s", f"{core / orm:.1f}")
    report.add_row("load 1,000 instances: objects", f"{1000 / ours:,.0f}/s", f"{ours / orm:.1f}")
    report.add_row("  objects to plain rows", "", f"{ours / core:.1f}")
    report.add_row(
        "  peak memory, plain ORM", f"{memory_of(lambda: plain_instances(engine)):.1f} MiB", ""
    )
    report.add_row("  peak memory, objects", f"{memory_of(load):.1f} MiB", "")
    made = best_of(3, lambda: [objects.Instance(ctx, host=HOST, vcpus=1) for _ in range(1000)])
    report.add_row("make 1,000 instances in memory", f"{1000 / made:,.0f}/s", "")


def writes(ctx: Any, engine: sqlalchemy.Engine, report: Table) -> None:
    number = 200

    def plain_create() -> None:
        for _ in range(number):
            with Session(engine) as orm, orm.begin():
                orm.add(PlainInstance(uuid=str(uuid.uuid4()), host="x", deleted=0))

    def create() -> None:
        for _ in range(number):
            objects.Instance(ctx, uuid=str(uuid.uuid4()), host="x").create()

    migrations = [objects.Migration(ctx, status="a") for _ in range(number)]
    for migration in migrations:
        migration.create()

    def plain_save() -> None:
        for migration in migrations:
            with engine.begin() as connection:
                connection.execute(
                    tables.migrations.update()
                    .where(tables.migrations.c.id == migration.id)
                    .values(status=uuid.uuid4().hex)
                )

    def save() -> None:
        for migration in migrations:
            migration.status = uuid.uuid4().hex
            migration.save()

    for name, plain, ours in (
        ("create an instance (four rows more than plain)", plain_create, create),
        ("save a migration", plain_save, save),
    ):
        theirs, mine = best_of(3, plain), best_of(3, ours)
        report.add_row(f"{name}: plain", f"{number / theirs:,.0f}/s", "1.0")
        report.add_row(f"{name}: objects", f"{number / mine:,.0f}/s", f"{mine / theirs:.1f}")


def audits(ctx: Any, engine: sqlalchemy.Engine, report: Table) -> None:
    for size in SIZES:
        fill(engine, size)
        count = queries_of(session.get_database().engine, lambda: audit(ctx))
        seconds = best_of(2, lambda: audit(ctx))
        each = seconds / size * 1e6
        peak = memory_of(lambda: audit(ctx))
        report.add_row(
            f"audit of {size:,} instances, {size:,} migrations",
            f"{seconds * 1000:,.1f} ms, {count} queries, {peak:.1f} MiB",
            f"{each:,.0f} µs each",
        )


def calls(ctx: Any, folder: pathlib.Path, report: Table) -> None:
    service = objects.Service(ctx, host="h", binary="b", topic="t")
    service.create()

    def get(number: int) -> float:
        def ask() -> None:
            for _ in range(number):
                objects.Service.get_by_id(ctx, service.id)

        return best_of(3, ask) / number

    local = get(100)
    report.add_row("get a service: in this process", f"{local * 1000:.2f} ms", "1.0")
    own = server.Conductor()
    own.start()
    conductor.use_indirection(own.transport)
    bus = get(20)
    report.add_row(
        "get a service: bus in the process", f"{bus * 1000:.2f} ms", f"{bus / local:.1f}"
    )
    own.stop()
    NovaObject.indirection_api = None
    broker = os.environ.get("SHIM_TEST_RABBITMQ_URL")
    if broker:
        rabbit = _over_rabbitmq(folder, broker, get, ctx)
        ratio = f"{rabbit / local:.1f}"
        report.add_row("get a service: RabbitMQ", f"{rabbit * 1000:.2f} ms", ratio)


def _over_rabbitmq(
    folder: pathlib.Path, broker: str, get: Callable[[int], float], ctx: Any
) -> float:
    config = folder / "conductor.conf"
    config.write_text(
        f"[DEFAULT]\ntransport_url = {broker}\n[database]\n"
        f"connection = sqlite:///{folder / 'nova.sqlite'}\n[conductor]\ntopic = {folder.name}\n"
    )
    CONF.set_override("topic", folder.name, group="conductor")
    process = subprocess.Popen(
        [sys.executable, "-m", "shim", "conductor", "--config-file", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    transport = oslo_messaging.get_rpc_transport(CONF, url=broker)
    api.API(conductor.use_indirection(transport)).wait_until_ready(ctx)
    seconds = get(100)
    NovaObject.indirection_api = None
    process.terminate()
    process.wait()
    transport.cleanup()
    return seconds


def main() -> None:
    ctx = context.get_admin_context()
    report = Table("what", "figure", "ratio")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        database = session.configure(f"sqlite:///{folder / 'nova.sqlite'}")
        plain = sqlalchemy.create_engine(database.engine.url)
        loads(ctx, plain, report)
        writes(ctx, plain, report)
        audits(ctx, plain, report)
        calls(ctx, folder, report)
        plain.dispose()
        database.dispose()
    Console(width=120).print(report)


if __name__ == "__main__":
    main()
