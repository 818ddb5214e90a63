# SPDX-License-Identifier: Apache-2.0
"""Real buses: oslo.messaging's own within the process, and RabbitMQ."""

import contextlib
import json
import os
import pathlib
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import oslo_messaging
import pytest
import samples
import stores
from oslo_messaging._drivers import impl_fake

from shim import conductor, exception, objects
from shim import context as shim_context
from shim.conductor import bus, patience, server
from shim.conductor.client import ConductorClient
from shim.conf import CONF
from shim.db import session
from shim.objects import NovaObject, Service


@pytest.fixture
def served(database: session.Database) -> Iterator[None]:
    """A conductor in this process, on the bus that needs no configuration."""
    running = server.Conductor()
    running.start()
    conductor.use_indirection(running.transport)
    yield
    NovaObject.indirection_api = None
    running.stop()


@pytest.mark.usefixtures("served")
def test_objects_over_the_default_bus(ctx: Any) -> None:
    made = samples.service(ctx)
    made.report_count = 5
    made.save()
    assert Service.get_by_id(ctx, made.id).report_count == 5
    with pytest.raises(exception.ServiceNotFound):
        Service.get_by_id(ctx, 999)
    with pytest.raises(exception.ServiceBinaryExists):
        samples.service(ctx)


@pytest.mark.usefixtures("served")
def test_the_dict_api_over_the_default_bus(ctx: Any) -> None:
    api = conductor.API(use_local=False)
    api.wait_until_ready(ctx)
    made = api.service_create(ctx, {"host": "h", "binary": "b", "topic": "t"})
    assert api.service_get_all(ctx)[0]["id"] == made["id"]


@pytest.mark.usefixtures("database")
def test_messages_of_the_librarys_own_transport_arrive(ctx: Any) -> None:
    """Whoever made the exchange first, and whether or not it wakes the conductor."""
    impl_fake.FakeExchangeManager.cleanup()
    theirs = oslo_messaging.get_rpc_transport(CONF)
    theirs._driver._exchange_manager.get_exchange("nova")
    running = server.Conductor()
    running.start()
    try:
        assert ConductorClient(theirs).ping(ctx, 1, timeout=30)["arg"] == 1
        assert ConductorClient().ping(ctx, 2, timeout=30)["arg"] == 2
    finally:
        running.stop()


@pytest.fixture
def process(tmp_path: pathlib.Path, way: str) -> Iterator[stores.ConductorProcess]:
    """A conductor of its own on RabbitMQ and a SQLite file."""
    database = f"sqlite:///{tmp_path / 'nova.sqlite'}"
    broker = stores.configured("rabbitmq")
    there = stores.ConductorProcess(tmp_path, database, broker, max_message_size="100000")
    there.wait_until_ready()
    conductor.use_indirection(stores.transport_of(broker, there.topic))
    yield there
    NovaObject.indirection_api = None
    CONF.clear_override("topic", group="conductor")
    if there.process.poll() is None:
        there.process.kill()
    there.process.wait()


#: How often a conductor is replaced while calls are under way.
ROUNDS = int(os.environ.get("SHIM_TEST_ROUNDS", "3"))

rabbitmq = pytest.mark.parametrize("way", ["rabbitmq"])


@rabbitmq
def test_a_call_under_way_is_finished(ctx: Any, process: stores.ConductorProcess) -> None:
    """Calls go on while the conductor is told to stop; each that it took is answered."""
    made = samples.service(ctx)
    answered, errors = [], []
    CONF.set_override("rpc_response_timeout", 5)
    stopped = threading.Event()

    def ask() -> None:
        while not stopped.is_set():
            try:
                answered.append(Service.get_by_id(ctx, made.id).host)
            except oslo_messaging.MessagingTimeout:
                errors.append("timeout")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    process.process.send_signal(signal.SIGTERM)
    assert process.process.wait(timeout=30) == 0
    before = len(answered)
    again = stores.ConductorProcess(
        process.config.parent,
        f"sqlite:///{process.config.parent / 'nova.sqlite'}",
        process.broker,
        topic=process.topic,
    )
    deadline = time.monotonic() + 30
    while len(answered) < before + 20 and time.monotonic() < deadline:
        time.sleep(0.05)
    stopped.set()
    for thread in threads:
        thread.join()
    CONF.clear_override("rpc_response_timeout")
    assert again.stop() == 0
    assert set(answered) == {"cmp-a"}
    assert len(answered) >= before + 20
    # What the first had taken it answered; what it had not waited for the second.
    assert errors == []


class _Callers:
    """Threads that write until they are told to end; what each asked for, and what went wrong."""

    def __init__(self, number: int) -> None:
        self.errors: list[str] = []
        self.counts = [0] * number
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._call, args=(n,)) for n in range(number)]
        for thread in self._threads:
            thread.start()

    def _call(self, number: int) -> None:
        ctx = shim_context.get_admin_context()
        service = samples.service(ctx, host=f"h{number}")
        while not self._ended.is_set():
            try:
                service.report_count = self.counts[number] + 1
                service.save()
            except Exception as error:
                self.errors.append(f"{type(error).__name__}: {error}")
            self.counts[number] += 1

    def end(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()


@rabbitmq
@pytest.mark.parametrize("server", ["postgresql"])
def test_no_call_is_lost_when_one_of_two_conductors_stops(
    ctx: Any, ways: stores.Ways, tmp_path: pathlib.Path, way: str, server: str
) -> None:
    """What the one that stops was sent it answers; the rest goes to the other."""
    broker = stores.configured("rabbitmq")
    topic = f"conductor-{tmp_path.name}"
    with ways.open("direct", server):
        url = ways.databases.url(server)
        running = [stores.ConductorProcess(tmp_path, url, broker, topic=topic) for _ in range(2)]
        conductor.use_indirection(stores.transport_of(broker, topic))
        CONF.set_override("rpc_response_timeout", 15)
        for there in running:
            there.wait_until_ready()
        callers = _Callers(16)
        try:
            for _ in range(ROUNDS):
                running.append(stores.ConductorProcess(tmp_path, url, broker, topic=topic))
                running[-1].wait_until_ready()
                assert running.pop(0).stop() == 0
        finally:
            callers.end()
            NovaObject.indirection_api = None
            CONF.clear_override("rpc_response_timeout")
            codes = [there.stop() for there in running]
        assert callers.errors == []
        assert codes == [0, 0]
        stored = [Service.get_by_args(ctx, f"h{n}", "nova-compute") for n in range(16)]
        assert [service.report_count for service in stored] == callers.counts
        assert all(callers.counts)


def _publish(topic: str, body: bytes, content_type: str) -> None:
    import kombu

    url = stores.configured("rabbitmq").replace("rabbit://", "amqp://", 1)
    with kombu.Connection(url) as connection:
        exchange = kombu.Exchange("nova", type="topic", durable=False, auto_delete=False)
        producer = connection.Producer(exchange=exchange, routing_key=topic, auto_declare=False)
        producer.publish(body, content_type=content_type, content_encoding="utf-8")


@rabbitmq
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"[1, 2]",
        b"{}",
        b'{"oslo.version": "2.0", "oslo.message": "no JSON"}',
        b'{"oslo.version": "9.0", "oslo.message": "{}"}',
        b'{"oslo.version": "2.0", "oslo.message": "{}"}',
        b'{"oslo.version": "2.0", "oslo.message": "{\\"method\\": 5, \\"args\\": []}"}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
    ids=[
        *("nothing", "no JSON", "a list", "an empty table", "no JSON inside", "another version"),
        *("no method", "a method that is no text", "too deep", "no UTF-8"),
    ],
)
def test_malformed_messages_do_no_harm(
    ctx: Any, process: stores.ConductorProcess, body: bytes
) -> None:
    for content_type in ("application/json", "application/x-python-serialize"):
        _publish(process.topic, body, content_type)
    assert samples.service(ctx).id == 1
    assert process.process.poll() is None


def _queue_name() -> str:
    return f"reply_{uuid.uuid4().hex}"


@contextlib.contextmanager
def _reply_queue(name: str) -> Iterator[Any]:
    import kombu

    url = stores.configured("rabbitmq").replace("rabbit://", "amqp://", 1)
    with kombu.Connection(url) as connection:
        queue = connection.SimpleQueue(kombu.Queue(name, durable=False, auto_delete=True))
        yield queue
        queue.close()


def _ask(topic: str, reply_queue: str, **call: Any) -> None:
    """Make a call whose answer goes to the queue, whether it is there or not."""
    ids = {"_msg_id": reply_queue, "_reply_q": reply_queue, "_unique_id": uuid.uuid4().hex}
    message = json.dumps({**call, **ids, "_context_is_admin": True})
    body = json.dumps({"oslo.version": "2.0", "oslo.message": message})
    _publish(topic, body.encode(), "application/json")


PING = {"method": "ping", "args": {"arg": 1}, "version": "2.0"}


def _answers(topic: str, version: str, namespace: str | None, method: str, **args: Any) -> Any:
    """The messages that come back to a client that asks for the version, but for their ids."""
    name = _queue_name()
    with _reply_queue(name) as queue:
        _ask(topic, name, version=version, namespace=namespace, method=method, args=args)
        found = []
        while not found or not found[-1]["ending"]:
            answer = queue.get(timeout=20)
            answer.ack()
            found.append(json.loads(answer.payload["oslo.message"]))
    return [(a["result"], bool(a["failure"]), a["ending"]) for a in found]


@rabbitmq
def test_a_client_of_2014_2_gets_the_two_messages_that_it_waits_for(
    ctx: Any, process: stores.ConductorProcess
) -> None:
    made = samples.service(ctx)
    pong = {"service": "conductor", "arg": 1}
    end = (None, False, True)
    topic = process.topic
    assert _answers(topic, "1.0", "baseapi", "ping", arg=1) == [(pong, False, False), end]
    assert _answers(topic, "2.0", None, "ping", arg=1) == [(pong, False, False), end]
    assert _answers(topic, "2.0", None, "service_destroy", service_id=made.id) == [end]
    failed = _answers(topic, "2.0", None, "service_destroy", service_id=made.id)
    assert failed == [(None, True, False), end]
    assert _answers(topic, "2.4", None, "ping", arg=1) == [(pong, False, True)]


@rabbitmq
def test_a_caller_that_is_gone_costs_others_little(
    ctx: Any, process: stores.ConductorProcess
) -> None:
    """As many of them as there are threads: those who wait for an answer get it in seconds."""
    made = samples.service(ctx)
    for _ in range(server.THREADS):
        _ask(process.topic, _queue_name(), **PING)
    CONF.set_override("rpc_response_timeout", 10)
    try:
        made.report_count = 1
        made.save()
    finally:
        CONF.clear_override("rpc_response_timeout")
    assert "Abandoning" in process.log.read_text()


@rabbitmq
def test_a_caller_that_was_gone_gets_answers_when_it_is_back(
    process: stores.ConductorProcess,
) -> None:
    """As after a restart of the broker, when the conductor has its connection first."""
    name = _queue_name()
    _ask(process.topic, name, **PING)
    deadline = time.monotonic() + 20
    while "Abandoning" not in process.log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    with _reply_queue(name) as queue:
        _ask(process.topic, name, **PING)
        queue.get(timeout=10).ack()


@rabbitmq
def test_what_could_not_be_answered_is_not_asked(
    ctx: Any, process: stores.ConductorProcess
) -> None:
    """As after a restart of the broker, when the caller can send before it can hear."""
    service_id = samples.service(ctx).id
    client = ConductorClient(bus.transport(process.broker))
    assert client.ping(ctx, 1)["arg"] == 1
    waiter = client._transport._driver._waiter
    waiter.stop()
    waiter.conn.connection.connection.close()
    CONF.set_override("rpc_response_timeout", 1)
    try:
        with pytest.raises(patience.NotTaken):
            client.service_destroy(ctx, service_id)
    finally:
        CONF.clear_override("rpc_response_timeout")
    assert Service.get_by_id(ctx, service_id).host == "cmp-a"


@rabbitmq
def test_refused_over_the_wire(ctx: Any, process: stores.ConductorProcess) -> None:
    """The errors are typed, and the conductor goes on."""
    api = NovaObject.indirection_api
    with pytest.raises(exception.RemoteMethodForbidden):
        api._call(
            ctx,
            "object_class_action",
            objname="Service",
            objmethod="_from_row",
            objver="1.4",
            args=[],
            kwargs={},
        )
    with pytest.raises(exception.UnsupportedObjectError):
        api._call(
            ctx,
            "object_class_action",
            objname="os",
            objmethod="system",
            objver="1.0",
            args=["true"],
            kwargs={},
        )
    with pytest.raises(exception.MessageTooLarge):
        objects.Service(ctx, host="x" * 200_000, binary="b", topic="t").create()
    # What was refused so far is the caller's trouble, not the conductor's.
    assert "Traceback" not in process.log.read_text()
    with pytest.raises(oslo_messaging.RemoteError, match=r"NoSuchMethod|UnsupportedVersion"):
        api._call(ctx, "__class__")
    assert samples.service(ctx).id == 1


@rabbitmq
def test_a_conductor_that_is_killed(ctx: Any, process: stores.ConductorProcess) -> None:
    """What was answered is stored; the next conductor goes on with the same rows."""
    ids = [samples.service(ctx, host=f"h{n}").id for n in range(5)]
    os.kill(process.process.pid, signal.SIGKILL)
    process.process.wait()
    again = stores.ConductorProcess(
        process.config.parent,
        f"sqlite:///{process.config.parent / 'nova.sqlite'}",
        process.broker,
        topic=process.topic,
    )
    again.wait_until_ready()
    assert [s.id for s in objects.ServiceList.get_all(ctx)] == ids
    assert again.stop() == 0
