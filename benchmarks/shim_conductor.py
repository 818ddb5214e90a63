# SPDX-License-Identifier: Apache-2.0
"""A conductor under load: how many calls a second at 1, 2 and 4 processes, and its memory.

    eval "$(tests/shim/start-services)"; python benchmarks/shim_conductor.py

over RabbitMQ (SHIM_TEST_RABBITMQ_URL), on PostgreSQL (SHIM_TEST_POSTGRESQL_URL, a database that
``shim db init`` made or that is empty) or, without it, on a SQLite file. The callers are processes
of their own and share the machine's processors with the conductor. CALLS is how many calls its
memory is measured over.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from typing import Any

import sqlalchemy
from rich.console import Console
from rich.table import Table

import shim  # noqa: F401  (chooses real threads before oslo.messaging is imported)
from shim import conductor, conf, context, objects
from shim.db import schema

CALLERS, THREADS = 4, 4
SECONDS = float(os.environ.get("SECONDS", "10"))
CALLS = int(os.environ.get("CALLS", "20000"))


class Running:
    """``shim conductor`` with that many processes."""

    def __init__(self, folder: pathlib.Path, database: str, workers: int) -> None:
        self.status = folder / f"status-{workers}"
        self.config = folder / f"{workers}.conf"
        self.config.write_text(
            f"[DEFAULT]\ntransport_url = {os.environ['SHIM_TEST_RABBITMQ_URL']}\n"
            f"[database]\nconnection = {database}\n"
            f"[conductor]\ntopic = {uuid.uuid4().hex}\nworkers = {workers}\n"
            f"status_path = {self.status}\n"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shim", "conductor", "--config-file", str(self.config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while len(self.serving()) < workers:
            assert self.process.poll() is None
            time.sleep(0.1)

    def serving(self) -> list[int]:
        said = [json.loads(file.read_text()) for file in self.status.glob("*.json")]
        return [one["pid"] for one in said if one["state"] == "serving"]

    def memory(self) -> float:
        """MiB that its processes hold."""
        pages = 0
        for pid in self.serving():
            pages += int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def stop(self) -> float:
        """Seconds until it has ended."""
        began = time.perf_counter()
        self.process.terminate()
        self.process.wait()
        return time.perf_counter() - began


def call(config: str, kind: str, number: int, seconds: float, done: Any) -> None:
    """Call from threads, ``number`` times or for that long; puts the count into ``done``."""
    conf.configure(config_files=[config])
    conductor.use_indirection()
    ctx = context.get_admin_context()
    name = uuid.uuid4().hex
    service = objects.Service(ctx, host=name, binary="b", topic=name, report_count=0)
    service.create()
    counts = [0] * THREADS
    end = time.monotonic() + seconds

    def work(thread: int) -> None:
        mine = objects.Service.get_by_id(ctx, service.id)
        while counts[thread] < number and time.monotonic() < end:
            if kind == "read":
                objects.Service.get_by_id(ctx, service.id)
            else:
                mine.report_count += 1
                mine.save()
            counts[thread] += 1

    threads = [threading.Thread(target=work, args=(n,)) for n in range(THREADS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.put((sum(counts), time.monotonic() - began))


def load(running: Running, kind: str, number: int, seconds: float) -> float:
    """Calls a second, of all callers together."""
    spawn = multiprocessing.get_context("spawn")
    done = spawn.Queue()
    callers = [
        spawn.Process(target=call, args=(str(running.config), kind, number, seconds, done))
        for _ in range(CALLERS)
    ]
    for caller in callers:
        caller.start()
    rate: float = sum(count / took for count, took in (done.get() for _ in callers))
    for caller in callers:
        caller.join()
    return rate


def prepared(folder: pathlib.Path) -> str:
    url = os.environ.get("SHIM_TEST_POSTGRESQL_URL", f"sqlite:///{folder / 'nova.sqlite'}")
    engine = sqlalchemy.create_engine(url)
    if not sqlalchemy.inspect(engine).get_table_names():
        schema.create(engine)
    engine.dispose()
    return url


def main() -> None:
    report = Table("processes", "reads", "ratio", "writes", "ratio", "ended in")
    first: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        url = prepared(folder)
        for workers in (1, 2, 4):
            running = Running(folder, url, workers)
            cells = []
            for kind in ("read", "write"):
                rate = load(running, kind, sys.maxsize, SECONDS)
                cells += [f"{rate:,.0f}/s", f"{rate / first.setdefault(kind, rate):.1f}"]
            report.add_row(str(workers), *cells, f"{running.stop():.1f} s")
        running = Running(folder, url, 1)
        each = CALLS // CALLERS // THREADS // 2
        held = [running.memory()]
        for kind in ("read", "write", "read", "write"):
            load(running, kind, each // 2, 3600)
            held.append(running.memory())
        running.stop()
    Console(width=100).print(report)
    steps = " → ".join(f"{mib:.1f}" for mib in held)
    Console(width=100).print(f"memory over {CALLS:,} calls, a quarter each: {steps} MiB")


if __name__ == "__main__":
    main()
