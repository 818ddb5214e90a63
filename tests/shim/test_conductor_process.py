# SPDX-License-Identifier: Apache-2.0
"""The life of ``shim conductor``: how it starts, says how it is, and ends in time."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import oslo_messaging
import pytest
import samples
import sqlalchemy
import stores
from proxy import Proxy
from test_concurrency import at_once

from shim import conductor, exception
from shim.conductor import patience, status
from shim.conductor.server import THREADS
from shim.conductor.worker import Worker
from shim.conf import CONF
from shim.db import attempts, health, session
from shim.objects import NovaObject, Service

NOWHERE = 1
#: Seconds within which it has to end; what it gives the calls under way is two of them.
IN_TIME = 15
#: Seconds that a call of these conductors waits for the database.
CALL_TIMEOUT = 4


class Started:
    """A conductor with the options of a test."""

    def __init__(self, folder: pathlib.Path, **options: Any) -> None:
        self.folder = folder
        self.broker = str(options.get("DEFAULT__transport_url"))
        self.topic = f"conductor-{uuid.uuid4().hex[:8]}"
        values: dict[str, dict[str, Any]] = {
            "DEFAULT": {},
            "conductor": {
                "topic": self.topic,
                "workers": 1,
                "status_path": folder / "status",
                "shutdown_timeout": 2,
                "check_interval": 1,
            },
            "database": {
                "connection": f"sqlite:///{folder / 'nova.sqlite'}",
                "retry_interval": 1,
                "call_timeout": CALL_TIMEOUT,
            },
        }
        shell = options.pop("shell", 'exec "$@"')
        for name, value in options.items():
            group, _, option = name.partition("__")
            values[group][option] = value
        self.config = folder / f"{self.topic}.conf"
        lines: list[str] = []
        for group, those in values.items():
            lines += [f"[{group}]", *(f"{option} = {value}" for option, value in those.items())]
        self.config.write_text("\n".join(lines))
        self.log = folder / f"{self.topic}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["sh", "-c", shell, "sh", *self._command()],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _command(self, *more: str) -> list[str]:
        arguments = ["conductor", *more, "--config-file", str(self.config)]
        return [sys.executable, "-P", "-m", "shim", *arguments]

    def status(self) -> tuple[int, str]:
        done = subprocess.run(self._command("status"), capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout

    def pids(self) -> set[int]:
        """The processes that ever said something and did not take it back."""
        return {int(file.stem) for file in (self.folder / "status").glob("*.json")}

    def states(self) -> list[str]:
        """The state that each process says."""
        files = (self.folder / "status").glob("*.json")
        return [json.loads(file.read_text())["state"] for file in files]

    def wait_for(self, is_so: Callable[[], Any]) -> None:
        deadline = time.monotonic() + 60
        while not is_so():
            assert time.monotonic() < deadline, self.log.read_text()
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)

    def end(self, sign: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(sign)
        return self.process.wait(timeout=IN_TIME)


@pytest.fixture
def start(tmp_path: pathlib.Path) -> Iterator[Callable[..., Started]]:
    started = []

    def start(**options: Any) -> Started:
        started.append(Started(tmp_path, **options))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_on_the_bus_within_the_process(start: Any, sign: signal.Signals) -> None:
    there = start()
    there.wait_for(lambda: there.states() == ["serving"])
    code, said = there.status()
    assert code == 0
    assert said.startswith(f"{there.process.pid} on ")
    assert f"topic {there.topic}: serving since" in said
    assert there.end(sign) == 0
    assert "nobody can reach it" in there.log.read_text()
    assert there.states() == []
    assert there.status()[0] == 1


def test_what_it_logs_of_its_bus_has_no_password(start: Any) -> None:
    there = start(DEFAULT__transport_url="fake://user:secret@host/")
    there.wait_for(lambda: there.states() == ["serving"])
    assert there.end() == 0
    log = there.log.read_text()
    assert "fake://user:***@host/: this conductor is on a bus of its own" in log
    assert f"from sqlite:///{there.folder / 'nova.sqlite'}" in log
    assert "secret" not in log


def test_a_hangup_ends_no_conductor(start: Any) -> None:
    there = start()
    there.wait_for(lambda: there.states() == ["serving"])
    for _ in range(3):
        there.process.send_signal(signal.SIGHUP)
    there.wait_for(lambda: "SIGHUP" in there.log.read_text())
    assert there.states() == ["serving"]
    assert there.end() == 0


def test_without_any_output(start: Any) -> None:
    there = start(shell='exec "$@" <&- >&- 2>&-')
    there.wait_for(lambda: there.states() == ["serving"])
    assert there.end() == 0


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_while_there_is_no_broker(start: Any, sign: signal.Signals) -> None:
    there = start(DEFAULT__transport_url=f"rabbit://u:secret@127.0.0.1:{NOWHERE}/")
    there.wait_for(lambda: there.states() == ["waiting for the broker"])
    assert there.status()[0] == 1
    assert there.end(sign) == 0
    assert "serving" not in there.log.read_text()
    assert "secret" not in there.log.read_text()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_while_there_is_no_database(start: Any, tmp_path: Any, sign: signal.Signals) -> None:
    (tmp_path / "folder").mkdir()
    there = start(database__connection=f"sqlite:///{tmp_path / 'folder'}")
    there.wait_for(lambda: there.states() == ["waiting for the database"])
    there.wait_for(lambda: "asked again in 1 s" in there.log.read_text())
    code, said = there.status()
    assert (code, "unable to open database file" in said) == (1, True)
    assert there.end(sign) == 0
    assert "serving" not in there.log.read_text()


def test_a_database_that_comes_late(start: Any, tmp_path: Any) -> None:
    (tmp_path / "folder").mkdir()
    there = start(database__connection=f"sqlite:///{tmp_path / 'folder'}")
    there.wait_for(lambda: there.states() == ["waiting for the database"])
    (tmp_path / "folder").rmdir()
    there.wait_for(lambda: there.states() == ["serving"])
    assert there.end() == 0


@pytest.fixture
def worker(tmp_path: pathlib.Path) -> Iterator[Worker]:
    """What a conductor's process runs, on the bus within this one; its database is a folder."""
    (tmp_path / "nova.sqlite").mkdir()
    database = session.configure(f"sqlite:///{tmp_path / 'nova.sqlite'}")
    overrides = [("status_path", str(tmp_path / "status"), "conductor")]
    overrides += [("retry_interval", 1, "database")]
    for name, value, group in overrides:
        CONF.set_override(name, value, group=group)
    worker = Worker(pytest.fail)
    worker.start()
    conductor.use_indirection()
    yield worker
    NovaObject.indirection_api = None
    worker.stop()
    attempts.is_ending.clear()
    health.note_success()
    database.dispose()
    for name, _value, group in overrides:
        CONF.clear_override(name, group=group)


@pytest.mark.usefixtures("worker")
def test_callers_are_told_that_there_is_no_database_yet(ctx: Any, tmp_path: pathlib.Path) -> None:
    for call in (lambda: Service.get_by_id(ctx, 1), lambda: samples.service(ctx)):
        with pytest.raises(exception.DatabaseUnavailable, match="unable to open database file"):
            call()
    (said,) = status.of_all()
    assert said.state == status.WAITING_FOR_DATABASE
    assert said.reason == "unable to open database file"
    (tmp_path / "nova.sqlite").rmdir()
    assert samples.service(ctx).id == 1
    deadline = time.monotonic() + 30
    while not next(status.of_all()).is_serving:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_asks_as_often_as_it_is_told(start: Any, tmp_path: Any) -> None:
    (tmp_path / "folder").mkdir()
    there = start(database__connection=f"sqlite:///{tmp_path / 'folder'}", database__max_retries=2)
    assert there.process.wait(timeout=60) == 1
    log = there.log.read_text()
    assert log.count("asked again in 1 s") == 2
    assert "the conductor ends: the database does not serve: unable to open database" in log
    assert "Traceback" not in log


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_over_http(start: Any, tmp_path: Any) -> None:
    port = _free_port()
    there = start(conductor__http_port=port)
    there.wait_for(lambda: there.states() == ["serving"])
    code, health = _get(port, "/health")
    assert (code, json.loads(health)[0]["state"]) == (200, "serving")
    assert _get(port, "/metrics")[0] == 200
    assert _get(port, "/nothing")[0] == 404
    (tmp_path / "nova.sqlite").rename(tmp_path / "away.sqlite")
    (tmp_path / "nova.sqlite").mkdir()
    assert there.end() == 0


def test_a_port_that_is_taken(start: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        there = start(conductor__http_port=taken.getsockname()[1])
        assert there.process.wait(timeout=60) == 1
    assert "already in use" in there.log.read_text()


def test_several_that_cannot_start(start: Any, tmp_path: Any) -> None:
    (tmp_path / "folder").mkdir()
    there = start(
        DEFAULT__transport_url=f"rabbit://u:secret@127.0.0.1:{NOWHERE}/",
        database__connection=f"sqlite:///{tmp_path / 'folder'}",
        database__max_retries=1,
        conductor__workers=2,
    )
    assert there.process.wait(timeout=60) == 1
    assert "the process ends: the database does not serve" in there.log.read_text()


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_processes_that_are_killed(start: Any) -> None:
    """One of several is replaced; without their supervisor all end."""
    there = start(
        DEFAULT__transport_url=f"rabbit://u:secret@127.0.0.1:{NOWHERE}/", conductor__workers=2
    )
    there.wait_for(lambda: there.states() == ["waiting for the broker"] * 2)
    killed = min(there.pids())
    os.kill(killed, signal.SIGKILL)
    there.wait_for(lambda: len(there.pids() - {killed}) == 2)
    others = there.pids() - {killed}
    there.process.kill()
    there.process.wait()
    deadline = time.monotonic() + IN_TIME
    while any(_is_there(pid) for pid in others):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_database_in_memory_has_one_process(start: Any) -> None:
    """Each would have rows of its own."""
    there = start(
        DEFAULT__transport_url=f"rabbit://u:secret@127.0.0.1:{NOWHERE}/",
        database__connection="sqlite://",
        conductor__workers=3,
    )
    there.wait_for(lambda: there.states() == ["waiting for the broker"])
    assert there.end() == 0
    assert "the database is in memory" in there.log.read_text()


rabbitmq = pytest.mark.parametrize("way", ["rabbitmq"])
servers = pytest.mark.parametrize("server", ["mariadb", "postgresql"])


@pytest.fixture
def client(way: str) -> Iterator[Callable[[Started, str], None]]:
    """Sends the objects' calls to a conductor; an answer has ten seconds."""

    def use(there: Started, broker: str) -> None:
        conductor.use_indirection(stores.transport_of(broker, there.topic))
        CONF.set_override("rpc_response_timeout", 10)

    yield use
    NovaObject.indirection_api = None
    CONF.clear_override("topic", group="conductor")
    CONF.clear_override("rpc_response_timeout")


@rabbitmq
def test_several_processes(start: Any, ctx: Any, client: Any) -> None:
    broker, port = stores.configured("rabbitmq"), _free_port()
    there = start(DEFAULT__transport_url=broker, conductor__workers=3, conductor__http_port=port)
    there.wait_for(lambda: there.states() == ["serving"] * 3)
    client(there, broker)
    made = samples.service(ctx)
    for _ in range(30):
        assert Service.get_by_id(ctx, made.id).host == "cmp-a"
    with pytest.raises(exception.ServiceNotFound):
        Service.get_by_id(ctx, 999)
    metrics = _get(port, "/metrics")[1]
    assert 'shim_call_seconds_count{method="Service.get_by_id"} 31.0' in metrics
    assert (
        'shim_call_errors_total{method="Service.get_by_id",type="ServiceNotFound"} 1.0' in metrics
    )
    assert there.end() == 0
    assert there.states() == []


@rabbitmq
@servers
def test_a_database_that_is_down_at_the_start(
    start: Any, ctx: Any, client: Any, ways: stores.Ways, server: str, way: str
) -> None:
    """More callers than a process has threads: each is told, and none has to wait for the others
    any more once it has been down for as long as a call waits."""
    broker = stores.configured("rabbitmq")
    with ways.open("direct", server):
        url = sqlalchemy.make_url(ways.databases.url(server))
    with Proxy(str(url.host), url.port or 0) as leash:
        leash.close()
        at = url.set(host="127.0.0.1", port=leash.port).render_as_string(hide_password=False)
        there = start(DEFAULT__transport_url=broker, database__connection=at)
        there.wait_for(lambda: there.states() == ["waiting for the database"])
        client(there, broker)
        for call, bound in (
            (lambda _n: Service.get_by_id(ctx, 1), 2 * CALL_TIMEOUT + 1),
            (lambda n: samples.service(ctx, host=f"h{n}"), CALL_TIMEOUT),
        ):
            began = time.monotonic()
            errors = at_once(2 * THREADS, call)
            assert {type(error) for error in errors} == {exception.DatabaseUnavailable}
            assert time.monotonic() - began < bound
        code, said = there.status()
        assert (code, "waiting for the database" in said) == (1, True)
        assert "ERROR shim.db.health" in there.log.read_text()
        leash.open()
        there.wait_for(lambda: there.states() == ["serving"])
        assert Service.get_by_id(ctx, samples.service(ctx).id).host == "cmp-a"
        assert there.end() == 0


@rabbitmq
@servers
def test_a_database_that_stops_freezes_and_comes_back(
    start: Any, ctx: Any, client: Any, ways: stores.Ways, server: str, way: str
) -> None:
    broker = stores.configured("rabbitmq")
    with ways.open("direct", server):
        url = sqlalchemy.make_url(ways.databases.url(server))
    with Proxy(str(url.host), url.port or 0) as leash:
        at = url.set(host="127.0.0.1", port=leash.port).render_as_string(hide_password=False)
        there = start(DEFAULT__transport_url=broker, database__connection=at)
        there.wait_for(lambda: there.states() == ["serving"])
        client(there, broker)
        made = samples.service(ctx)
        leash.cut()
        assert Service.get_by_id(ctx, made.id).host == "cmp-a"
        for stop, go_on in ((leash.close, leash.open), (leash.freeze, leash.thaw)):
            stop()
            for call in (lambda: Service.get_by_id(ctx, made.id), lambda: _save(made)):
                with pytest.raises(exception.DatabaseUnavailable):
                    call()
            there.wait_for(lambda: there.states() == ["the database does not serve"])
            go_on()
            there.wait_for(lambda: there.states() == ["serving"])
            assert Service.get_by_id(ctx, made.id).report_count == 0
        log = there.log.read_text()
        assert "ERROR shim.db.health" in log
        assert "the database serves again" in log
        assert url.password not in log.replace(str(url.username), "")
        leash.freeze()
        assert there.end() == 0


def _save(service: Any) -> None:
    service.report_count = service.report_count + 1
    try:
        service.save()
    finally:
        service.report_count -= 1


@rabbitmq
def test_a_broker_that_freezes(start: Any, ctx: Any, client: Any) -> None:
    """Its clients get an error in time, and it ends in time."""
    url = sqlalchemy.make_url(stores.configured("rabbitmq"))
    with Proxy(str(url.host), url.port or 0) as leash:
        broker = url.set(port=leash.port).render_as_string(hide_password=False)
        there = start(DEFAULT__transport_url=broker)
        there.wait_for(lambda: there.states() == ["serving"])
        client(there, stores.configured("rabbitmq"))
        # One of its own, which will be of no use to anybody afterwards.
        conductor.use_indirection(oslo_messaging.get_rpc_transport(CONF, url=broker))
        made = samples.service(ctx)
        CONF.set_override("rpc_response_timeout", 2)
        leash.freeze()
        began = time.monotonic()
        with pytest.raises(oslo_messaging.MessagingTimeout):
            made.save()
        assert time.monotonic() - began < 2 + patience._GRACE + 1
        assert there.end() == 0
