# SPDX-License-Identifier: Apache-2.0
"""Where the tests of an object run: three ways to three database servers."""

import contextlib
import os
import pathlib
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

import oslo_messaging
import pytest
import sqlalchemy
from loopback import Loopback

from shim import conductor, context
from shim.conductor.client import ConductorClient
from shim.conf import CONF
from shim.db import schema, schema_tables, session, tables
from shim.objects import NovaObject

WAYS = ("direct", "in-process", "rabbitmq")
SERVERS = ("sqlite", "mariadb", "postgresql")
VARIABLES = {
    "mariadb": "SHIM_TEST_MARIADB_URL",
    "postgresql": "SHIM_TEST_POSTGRESQL_URL",
    "rabbitmq": "SHIM_TEST_RABBITMQ_URL",
}


#: How many tests were left out for want of a server.
LEFT_OUT: dict[str, int] = {}


def is_configured(name: str) -> bool:
    """Whether the server has a URL."""
    return bool(os.environ.get(VARIABLES.get(name, "HOME")))


def configured(name: str) -> str:
    """The URL of the server, or a skip that says why there is none."""
    url = os.environ.get(VARIABLES[name])
    if not url:
        pytest.skip(f"{VARIABLES[name]} names no {name} server")
    return url


def empty(engine: sqlalchemy.Engine) -> None:
    """Delete every row, but for the schema's version."""
    with engine.begin() as connection:
        # The order is that of the foreign keys.
        for table in reversed(schema_tables.metadata_of("postgresql").sorted_tables):
            if table.name in tables.metadata.tables and table.name != "migrate_version":
                connection.execute(table.delete())


class Databases:
    """A database a server, made when it is first asked for."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._engines: dict[str, sqlalchemy.Engine] = {}
        self._undo = contextlib.ExitStack()

    def engine(self, server: str) -> sqlalchemy.Engine:
        if server not in self._engines:
            self._engines[server] = engine = sqlalchemy.create_engine(
                self._make(server), connect_args={"timeout": 60} if server == "sqlite" else {}
            )
            self._undo.callback(engine.dispose)
            schema.create(engine)
        return self._engines[server]

    def url(self, server: str) -> str:
        return self.engine(server).url.render_as_string(hide_password=False)

    def _make(self, server: str) -> sqlalchemy.URL:
        if server == "sqlite":
            return sqlalchemy.make_url(f"sqlite:///{self._folder / 'nova.sqlite'}")
        url = sqlalchemy.make_url(configured(server))
        name = f"shim_{uuid.uuid4().hex[:12]}"
        admin = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
        self._undo.callback(self._drop, admin, name)
        return url.set(database=name)

    @staticmethod
    def _drop(admin: sqlalchemy.Engine, name: str) -> None:
        force = " WITH (FORCE)" if admin.dialect.name == "postgresql" else ""
        with admin.connect() as connection:
            connection.execute(sqlalchemy.text(f"DROP DATABASE {name}{force}"))
        admin.dispose()

    def close(self) -> None:
        self._undo.close()


class ConductorProcess:
    """``shim conductor`` in a process of its own, on its own topic."""

    def __init__(self, folder: pathlib.Path, database: str, broker: str, **options: str) -> None:
        self.topic = options.pop("topic", None) or f"conductor-{uuid.uuid4().hex[:8]}"
        self.broker = broker
        self.host = uuid.uuid4().hex[:8]
        self.config = folder / f"{uuid.uuid4().hex[:8]}.conf"
        upgrade = options.pop("upgrade_level", None)
        options = {"workers": "1", "status_path": str(folder / "conductors"), **options}
        lines = [f"{name} = {value}" for name, value in options.items()]
        self.config.write_text(
            "\n".join(
                [
                    "[DEFAULT]",
                    f"transport_url = {broker}",
                    f"host = {self.host}",
                    "[database]",
                    f"connection = {database}",
                    "[conductor]",
                    f"topic = {self.topic}",
                    *lines,
                    *(["[upgrade_levels]", f"compute = {upgrade}"] if upgrade else []),
                ]
            )
        )
        self.log = folder / f"{self.config.stem}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "shim", "conductor", "--config-file", str(self.config)],
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self) -> None:
        client = ConductorClient(transport_of(self.broker, self.topic))
        ctx = context.get_admin_context()
        for _ in range(60):
            assert self.process.poll() is None, self.log.read_text()
            try:
                # this one, not another on the topic
                client._prepare("2.0", server=self.host, timeout=1).call(ctx, "ping", arg="ready?")
                return
            except oslo_messaging.MessagingTimeout:
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=60)


_transports: dict[str, Any] = {}


def transport_of(broker: str, topic: str) -> Any:
    """The transport to the broker; calls go to the topic from now on."""
    CONF.set_override("topic", topic, group="conductor")
    if broker not in _transports:
        _transports[broker] = oslo_messaging.get_rpc_transport(CONF, url=broker)
    return _transports[broker]


class Ways:
    """The three ways, each set up when it is first asked for."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self.databases = Databases(folder)
        self._conductors: dict[str, ConductorProcess] = {}

    @contextlib.contextmanager
    def open(self, way: str, server: str) -> Iterator[sqlalchemy.Engine]:
        """Run the tests this way: an empty database, and the objects told where it is."""
        broker = configured("rabbitmq") if way == "rabbitmq" else ""
        engine = self.databases.engine(server)
        empty(engine)
        database = None
        if way == "rabbitmq":
            there = self._conductor(server, broker)
            conductor.use_indirection(transport_of(broker, there.topic))
        else:
            database = session.configure(self.databases.url(server))
            if way == "in-process":
                NovaObject.indirection_api = Loopback()
        try:
            yield engine
        finally:
            NovaObject.indirection_api = None
            CONF.clear_override("topic", group="conductor")
            if database is not None:
                database.dispose()

    def _conductor(self, server: str, broker: str) -> ConductorProcess:
        if server not in self._conductors:
            there = ConductorProcess(self._folder, self.databases.url(server), broker)
            there.wait_until_ready()
            self._conductors[server] = there
        return self._conductors[server]

    def close(self) -> None:
        codes = [there.stop() for there in self._conductors.values()]
        for transport in _transports.values():
            transport.cleanup()
        _transports.clear()
        self.databases.close()
        assert not any(codes), codes
