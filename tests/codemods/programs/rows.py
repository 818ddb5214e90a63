# SPDX-License-Identifier: Apache-2.0
"""The rows that every program starts on, in a SQLite file that is copied for each run."""

import datetime
import json
import pathlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import sqlalchemy
from oslo_utils import timeutils

from shim import context, objects
from shim.db import schema, session

#: The only time there is: what is stored twice is stored at the same time.
NOON = datetime.datetime(2014, 10, 16, 12, 0, 0)

TABLES = ("services", "compute_nodes", "instances", "instance_system_metadata", "migrations")

_SERVICES = (
    ("host1", "nova-compute", "compute"),
    ("host2", "nova-compute", "compute"),
    ("host1", "nova-network", "network"),
)
_NODE = {
    "vcpus": 8,
    "vcpus_used": 1,
    "memory_mb": 4096,
    "memory_mb_used": 512,
    "free_ram_mb": 3584,
    "local_gb": 100,
    "local_gb_used": 10,
    "hypervisor_type": "fake",
    "hypervisor_version": 1,
    "cpu_info": "{}",
    "host_ip": "192.0.2.1",
    "supported_instances": "[]",
    "stats": {"num_instances": "1"},
}


@contextmanager
def stopped_clock() -> Iterator[None]:
    """It is noon, and stays so."""
    with mock.patch.object(timeutils, "utcnow", return_value=NOON):
        yield


def make(path: pathlib.Path) -> None:
    """Make the file: three services, two nodes, three instances, two migrations to the first node;
    the instance of the second of these is gone."""
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    schema.create(engine)
    engine.dispose()
    with stopped_clock():
        database = session.configure(f"sqlite:///{path}")
        _fill(context.get_admin_context())
        database.dispose()


def _fill(ctx: Any) -> None:
    for number, (host, binary, topic) in enumerate(_SERVICES, 1):
        service = objects.Service(ctx, host=host, binary=binary, topic=topic, report_count=number)
        service.create()
        if topic == "compute":
            name = f"node{number}"
            node = objects.ComputeNode(
                ctx, service_id=service.id, host=host, hypervisor_hostname=name, **_NODE
            )
            node.create()
    instances = [_instance(ctx, number) for number in (1, 2, 3)]
    for instance in instances[:2]:
        objects.Migration(
            ctx,
            instance_uuid=instance.uuid,
            source_compute="host2",
            source_node="node2",
            dest_compute="host1",
            dest_node="node1",
            status="migrating",
        ).create()
    instances[1].destroy()


def _instance(ctx: Any, number: int) -> Any:
    made = objects.Instance(
        ctx,
        uuid=str(uuid.UUID(int=number)),
        host="host1",
        node="node1",
        project_id="p",
        user_id="u",
        memory_mb=512 * number,
        vcpus=1,
        root_gb=10,
        ephemeral_gb=0,
        vm_state="active",
    )
    made.create()
    return made


def contents(engine: sqlalchemy.Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables; JSON as what it stands for, with the stats' values as text."""
    with engine.connect() as connection:
        return {
            table: [
                {name: _plain(name, value) for name, value in row._mapping.items()}
                for row in connection.execute(sqlalchemy.text(f"SELECT * FROM {table} ORDER BY id"))
            ]
            for table in TABLES
        }


def _plain(name: str, value: Any) -> Any:
    if name == "stats" and value:
        # an object's stats are text, a dict's may be numbers: every reader takes both
        return {key: str(one) for key, one in json.loads(value).items()}
    return json.loads(value) if name == "pci_stats" and value else value
