# SPDX-License-Identifier: Apache-2.0
"""Many at once: exactly one winner where there must be one, and nothing is lost."""

import multiprocessing
import threading
from collections.abc import Callable
from typing import Any

import pytest
import samples

from shim import context, exception
from shim.db import session
from shim.objects import ComputeNode, Flavor, Instance, PciDevice, PciDeviceList, Service

WORKERS = 8


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What each of ``count`` threads came to: a result or an error."""
    results: list[Any] = [None] * count
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = work(number)
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_wins_the_task_state(ctx: Any, store: Any) -> None:
    uuid = samples.instance(ctx).uuid

    def claim(number: int) -> int:
        mine = context.get_admin_context()
        instance = Instance.get_by_uuid(mine, uuid)
        instance.task_state = f"worker-{number}"
        instance.save(expected_task_state=[None])
        return number

    results = at_once(WORKERS, claim)
    winners = [r for r in results if isinstance(r, int)]
    losers = [r for r in results if isinstance(r, exception.UnexpectedTaskStateError)]
    assert (len(winners), len(losers)) == (1, WORKERS - 1), results
    assert Instance.get_by_uuid(ctx, uuid).task_state == f"worker-{winners[0]}"


def test_rounds_of_compare_and_swap_lose_nothing(ctx: Any, store: Any) -> None:
    """Each worker advances a counter in the task state; every step happens once."""
    uuid = samples.instance(ctx, task_state="0").uuid
    steps = 5

    def advance(_number: int) -> int:
        mine = context.get_admin_context()
        retries = 0
        for _ in range(steps):
            while True:
                instance = Instance.get_by_uuid(mine, uuid)
                seen = instance.task_state
                instance.task_state = str(int(seen) + 1)
                try:
                    instance.save(expected_task_state=seen)
                    break
                except exception.UnexpectedTaskStateError:
                    retries += 1
        return retries

    results = at_once(4, advance)
    assert all(isinstance(result, int) for result in results), results
    assert Instance.get_by_uuid(ctx, uuid).task_state == str(4 * steps)


FIELDS = (
    *("vcpus", "memory_mb", "local_gb", "vcpus_used", "memory_mb_used", "local_gb_used"),
    *("free_ram_mb", "running_vms"),
)


def test_different_fields_of_one_node(ctx: Any, store: Any) -> None:
    node_id = samples.compute_node(ctx, samples.service(ctx).id).id
    rounds = 5

    def save(number: int) -> str:
        mine = context.get_admin_context()
        node = ComputeNode.get_by_id(mine, node_id)
        for value in range(1, rounds + 1):
            setattr(node, FIELDS[number], 1000 * number + value)
            node.save()
        return "saved"

    assert at_once(len(FIELDS), save) == ["saved"] * len(FIELDS)
    found = ComputeNode.get_by_id(ctx, node_id)
    expected = [1000 * number + rounds for number in range(len(FIELDS))]
    assert [getattr(found, name) for name in FIELDS] == expected


def test_different_fields_of_one_instance(ctx: Any, store: Any) -> None:
    uuid = samples.instance(ctx).uuid
    names = ("display_name", "vm_state", "power_state", "progress", "launched_on", "key_name")
    numbers = ("power_state", "progress")

    def save(number: int) -> str:
        mine = context.get_admin_context()
        instance = Instance.get_by_uuid(mine, uuid)
        setattr(instance, names[number], number if names[number] in numbers else f"v{number}")
        instance.save()
        return "saved"

    assert at_once(len(names), save) == ["saved"] * len(names)
    found = Instance.get_by_uuid(ctx, uuid)
    assert [str(getattr(found, name)).lstrip("v") for name in names] == list("012345")


def test_one_creates_the_service(ctx: Any, store: Any) -> None:
    results = at_once(WORKERS, lambda _n: samples.service(context.get_admin_context()).id)
    made = [r for r in results if isinstance(r, int)]
    refused = [r for r in results if isinstance(r, exception.ServiceBinaryExists)]
    topic = [r for r in results if isinstance(r, exception.ServiceTopicExists)]
    assert (len(made), len(refused) + len(topic)) == (1, WORKERS - 1), results
    assert Service.get_by_args(ctx, "cmp-a", "nova-compute").id == made[0]


def test_grants_of_one_flavor(ctx: Any, store: Any) -> None:
    flavor_id = samples.flavor(ctx, is_public=False).id

    def grant(number: int) -> str:
        Flavor.get_by_id(context.get_admin_context(), flavor_id).add_access(f"p{number}")
        return "granted"

    assert at_once(WORKERS, grant) == ["granted"] * WORKERS
    expected = {f"p{n}" for n in range(WORKERS)}
    assert set(Flavor.get_by_id(ctx, flavor_id).projects) == expected


def test_extra_specs_of_one_flavor(ctx: Any, store: Any) -> None:
    """Each sets the same two, which were not there, and one of its own."""
    flavor_id = samples.flavor(ctx, extra_specs={}).id

    def set_specs(number: int) -> str:
        flavor = Flavor.get_by_id(context.get_admin_context(), flavor_id)
        flavor.save_extra_specs({"one": f"{number}", "two": "same", f"of {number}": "own"})
        return "set"

    assert at_once(WORKERS, set_specs) == ["set"] * WORKERS
    found = Flavor.get_by_id(ctx, flavor_id).extra_specs
    assert len(found) == 2 + WORKERS
    assert found["two"] == "same"


def test_devices_at_one_address(ctx: Any, store: Any) -> None:
    node_id = samples.compute_node(ctx, samples.service(ctx).id).id

    def save(number: int) -> str:
        found = {"address": "0000:04:00.1", "vendor_id": "8086", "product_id": f"{number}"}
        device = PciDevice.create({**found, "dev_type": "VF", "label": "l", "dev_id": "d"})
        device.compute_node_id = node_id
        device.save(context.get_admin_context())
        return "saved"

    assert at_once(WORKERS, save) == ["saved"] * WORKERS
    assert len(PciDeviceList.get_by_compute_node(ctx, node_id)) == 1


def test_threads_of_one_database_in_memory(ctx: Any) -> None:
    database = session.configure("sqlite://")
    uuid = samples.instance(ctx, progress=0).uuid

    def save(number: int) -> str:
        mine = context.get_admin_context()
        for _ in range(10):
            instance = Instance.get_by_uuid(mine, uuid)
            instance.display_name = f"n{number}"
            instance.save()
        return "saved"

    assert at_once(WORKERS, save) == ["saved"] * WORKERS
    database.dispose()


def _process(url: str, uuid: str, number: int) -> None:
    session.configure(url)
    ctx = context.get_admin_context()
    for step in range(10):
        samples.instance(ctx, display_name=f"{number}-{step}")
        instance = Instance.get_by_uuid(ctx, uuid)
        instance.metadata[f"{number}"] = str(step)
        try:
            instance.save(expected_task_state=[None])
        except exception.UnexpectedTaskStateError as error:
            raise SystemExit(1) from error


def test_processes_of_one_file(ctx: Any, tmp_path: Any) -> None:
    """Started at once on a file that is not there yet: one makes the tables, none fails."""
    url = f"sqlite:///{tmp_path / 'new' / 'nova.sqlite'}"
    spawn = multiprocessing.get_context("spawn")
    uuid = samples.UUID
    first = [spawn.Process(target=_make, args=(url, n)) for n in range(4)]
    for process in first:
        process.start()
    for process in first:
        process.join(60)
    assert [process.exitcode for process in first] == [0] * 4
    database = session.configure(url)
    samples.instance(ctx, uuid=uuid)
    workers = [spawn.Process(target=_process, args=(url, uuid, n)) for n in range(4)]
    for process in workers:
        process.start()
    for process in workers:
        process.join(120)
    assert [process.exitcode for process in workers] == [0] * 4
    from shim.objects import InstanceList

    assert len(InstanceList.get_by_host(ctx, "cmp-a")) == 41
    database.dispose()


def _make(url: str, number: int) -> None:
    session.configure(url)
    samples.service(context.get_admin_context(), host=f"h{number}")


@pytest.mark.parametrize("way", ["direct"])
@pytest.mark.parametrize("server", ["mariadb", "postgresql"])
def test_a_lost_connection_is_made_again(ctx: Any, store: Any, server: str) -> None:
    """The server drops every connection between two calls; no caller notices."""
    import sqlalchemy

    made = samples.service(ctx)
    engine = session.get_database().engine
    with store.connect() as admin:
        if server == "postgresql":
            admin.execute(
                sqlalchemy.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        else:
            own = admin.execute(sqlalchemy.text("SELECT connection_id()")).scalar_one()
            for row in admin.execute(sqlalchemy.text("SHOW PROCESSLIST")).mappings():
                if row["Id"] != own and row["db"] == engine.url.database:
                    admin.execute(sqlalchemy.text(f"KILL {row['Id']}"))
    made.report_count = 5
    made.save()
    assert Service.get_by_id(ctx, made.id).report_count == 5


@pytest.mark.parametrize("way", ["direct"])
@pytest.mark.parametrize("server", ["mariadb", "postgresql"])
def test_deadlocks_are_retried(
    ctx: Any, store: Any, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two transactions that lock two rows in opposite orders: both end as if alone."""
    from shim.db import rows, tables, who_may
    from shim.db.session import writer

    first, second = samples.service(ctx, host="a"), samples.service(ctx, host="b")
    attempts: list[int] = []
    meet = threading.Barrier(2)
    monkeypatch.setitem(who_may.REQUIRED, "touch_both", who_may.anybody)

    @writer
    def touch_both(context: Any, ids: tuple[int, int], number: int) -> None:
        attempts.append(number)
        for step, service_id in enumerate(ids):
            table = tables.services
            row = rows.lock_row(context.session, table, table.c.id == service_id)
            assert row is not None
            count = {"report_count": row["report_count"] + 1}
            rows.update_row(context.session, table, row, count)
            if step == 0 and attempts.count(number) == 1:
                meet.wait(timeout=30)

    orders = ((first.id, second.id), (second.id, first.id))
    results = at_once(2, lambda n: touch_both(context.get_admin_context(), orders[n], n) or "done")
    assert results == ["done", "done"]
    assert len(attempts) > 2
    counts = [Service.get_by_id(ctx, s.id).report_count for s in (first, second)]
    assert counts == [2, 2]
