# SPDX-License-Identifier: Apache-2.0
"""A deployment of one of everything, that nova 2014.2 and the shim are asked the same about."""

import contextlib
import pathlib
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import samples
import who_may_probes as probes

from shim import objects
from shim.context import RequestContext
from shim.db import api as db
from shim.db import session


def fill(path: pathlib.Path, ctx: RequestContext) -> None:
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
    # Its connections would keep the journal as it is.
    session.get_database().dispose()
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


@contextlib.contextmanager
def restoring(path: pathlib.Path) -> Iterator[Callable[[], None]]:
    """What makes the database again what it is now."""
    with contextlib.closing(sqlite3.connect(":memory:")) as original:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.backup(original)

        def restore() -> None:
            with contextlib.closing(sqlite3.connect(path)) as connection:
                original.backup(connection)

        yield restore


def places(ours: Any, novas: Any, where: str = "") -> Iterator[str]:
    """Where two answers differ, a line each."""
    if isinstance(ours, dict) and isinstance(novas, dict):
        for name in sorted({*ours, *novas}):
            yield from places(
                ours.get(name, "absent"), novas.get(name, "absent"), f"{where}.{name}"
            )
    elif isinstance(ours, list) and isinstance(novas, list) and len(ours) == len(novas):
        for place, (one, other) in enumerate(zip(ours, novas, strict=True)):
            yield from places(one, other, f"{where}[{place}]")
    elif ours != novas:
        yield f"{where}: {ours!r}, nova: {novas!r}"
