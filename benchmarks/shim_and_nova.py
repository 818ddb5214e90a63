# SPDX-License-Identifier: Apache-2.0
"""The objects next to nova 2014.2's own and to plain SQLAlchemy: the same rows, in one run.

    NOVA_TREE=... NOVA_PYTHON27=... python benchmarks/shim_and_nova.py

on SQLite in memory. Nova's run on its own Python; without NOVA_TREE, a checkout of 2014.2, and
NOVA_PYTHON27, a Python 2.7 that has what it imports, its column stays empty. SQLAlchemy's Core
writes and reads the same rows in as many transactions, and makes no objects of them.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import tempfile
from typing import Any

import objects_workload
import sqlalchemy
from objects_workload import FLAVOR, HOST, INSTANCE, LISTED, NODE, new_uuid
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

import shim  # noqa: F401  (chooses real threads before oslo.messaging is imported)
from shim import context, objects
from shim.db import session, tables

#: Rounds of all three; in each round they take turns, as the machine may have other work.
ROUNDS = int(os.environ.get("ROUNDS", "3"))


class Core:
    """The workload with SQLAlchemy's Core, on an engine without anything of the shim's."""

    def __init__(self, engine: sqlalchemy.Engine) -> None:
        self.engine = engine
        self.service = self.insert(tables.services, self.a_service())
        self.instance = self.new_instance(HOST)
        for _ in range(LISTED - 1):
            self.new_instance(HOST)
        self.migration = self.insert(tables.migrations, self.a_migration())

    @staticmethod
    def a_service() -> dict[str, Any]:
        return {
            "host": new_uuid(),
            "binary": "nova-compute",
            "topic": "compute",
            "report_count": 0,
            "disabled": False,
            "deleted": 0,
        }

    def a_migration(self) -> dict[str, Any]:
        return {
            "instance_uuid": self.instance,
            "status": "done",
            "source_compute": HOST,
            "source_node": NODE,
            "dest_compute": "cmp-b",
            "dest_node": "node-b",
            "deleted": 0,
        }

    def insert(self, table: sqlalchemy.Table, row: dict[str, Any]) -> int:
        with self.engine.begin() as connection:
            made: int = connection.execute(table.insert(), row).inserted_primary_key[0]
            return made

    def update(self, table: sqlalchemy.Table, row_id: int, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(table.update().where(table.c.id == row_id), values)

    def new_instance(self, host: str) -> str:
        uuid = new_uuid()
        row = {**INSTANCE, "uuid": uuid, "host": host, "deleted": 0}
        mine = {"instance_uuid": uuid, "deleted": 0}
        with self.engine.begin() as connection:
            connection.execute(tables.instances.insert(), row)
            for table, pairs in (
                (tables.instance_metadata, {"role": "web"}),
                (tables.instance_system_metadata, FLAVOR),
            ):
                rows = [{**mine, "key": key, "value": value} for key, value in pairs.items()]
                connection.execute(table.insert(), rows)
            connection.execute(tables.instance_info_caches.insert(), mine)
            connection.execute(tables.instance_extra.insert(), mine)
            connection.execute(tables.instance_id_mappings.insert(), {"uuid": uuid, "deleted": 0})
        return str(uuid)

    def create_a_service(self, number: int) -> None:
        for _ in range(number):
            self.insert(tables.services, self.a_service())

    def save_a_service(self, number: int) -> None:
        for count in range(number):
            self.update(tables.services, self.service, report_count=count)

    def get_a_service(self, number: int) -> None:
        table = tables.services
        for _ in range(number):
            with self.engine.connect() as connection:
                connection.execute(select(table).where(table.c.id == self.service)).one()

    def create_an_instance(self, number: int) -> None:
        for _ in range(number):
            self.new_instance("cmp-z")

    def create_a_migration(self, number: int) -> None:
        for _ in range(number):
            self.insert(tables.migrations, self.a_migration())

    def save_a_migration(self, number: int) -> None:
        for _ in range(number):
            self.update(tables.migrations, self.migration, status=new_uuid())

    def list_300_instances(self, number: int) -> None:
        mine = tables.instances.c.host == HOST
        uuids = select(tables.instances.c.uuid).where(mine)
        for _ in range(number):
            with self.engine.connect() as connection:
                found = connection.execute(select(tables.instances).where(mine)).all()
                for table in (tables.instance_metadata, tables.instance_system_metadata):
                    pairs = select(table).where(table.c.instance_uuid.in_(uuids))
                    connection.execute(pairs).all()
            assert len(found) == LISTED


def nova_rates(folder: pathlib.Path, engine: sqlalchemy.Engine) -> dict[str, float]:
    """Nova's own, under its Python; nothing where it is not there."""
    tree, python = os.environ.get("NOVA_TREE"), os.environ.get("NOVA_PYTHON27")
    if not tree or not python:
        return {}
    statement = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    with engine.connect() as connection:
        schema = connection.execute(sqlalchemy.text(statement)).scalars().all()
    tables_file, config = folder / "schema.sql", folder / "nova.conf"
    tables_file.write_text(";\n".join(schema))
    config.write_text("[database]\nconnection = sqlite://\n")
    program = pathlib.Path(objects_workload.__file__)
    done = subprocess.run(
        [
            *(python, "-W", "ignore"),
            *(str(program), str(config), str(tables_file)),
        ],
        env={
            **os.environ,
            "PYTHONPATH": tree,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PBR_VERSION": "2014.2",
            "EVENTLET_NO_GREENDNS": "yes",
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    rates: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return rates


def core_rates(engine: sqlalchemy.Engine) -> dict[str, float]:
    plain = sqlalchemy.create_engine("sqlite://")
    metadata = sqlalchemy.MetaData()
    metadata.reflect(engine)
    metadata.create_all(plain)
    rates: dict[str, float] = objects_workload.rates(Core(plain))
    plain.dispose()
    return rates


def best(old: dict[str, float], new: dict[str, float]) -> dict[str, float]:
    return {name: max(rate, old.get(name, 0)) for name, rate in new.items()}


def main() -> None:
    ours: dict[str, float] = {}
    theirs: dict[str, float] = {}
    core: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            database = session.configure("sqlite://")
            workload = objects_workload.Workload(objects, context.get_admin_context())
            ours = best(ours, objects_workload.rates(workload))
            theirs = best(theirs, nova_rates(pathlib.Path(folder), database.engine))
            core = best(core, core_rates(database.engine))
            database.dispose()
    report = Table("what", "shim", "nova 2014.2", "Core", "shim ÷ nova", "Core ÷ shim")
    for name, rate in ours.items():
        nova, plain = theirs.get(name), core.get(name)
        report.add_row(
            name,
            f"{rate:,.0f}/s",
            f"{nova:,.0f}/s" if nova else "",
            f"{plain:,.0f}/s" if plain else "",
            f"{rate / nova:.1f}" if nova else "",
            f"{plain / rate:.1f}" if plain else "",
        )
    Console(width=120).print(report)


if __name__ == "__main__":
    main()
