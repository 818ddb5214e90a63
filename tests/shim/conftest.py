# SPDX-License-Identifier: Apache-2.0
"""What the shim's tests stand on: fresh databases, the recorded data, row builders."""

# The shim chooses real threads, which it can only do before oslo.messaging is imported.
import shim  # noqa: F401, I001

import json
import os
import pathlib
import shutil
from collections.abc import Iterator
from typing import Any

import deployment
import pytest
import sqlalchemy
import stores
from loopback import Loopback

from shim import context as shim_context
from shim.conductor import api
from shim.conf import CONF
from shim.db import schema, session
from shim.objects import NovaObject

DATA = pathlib.Path(__file__).parent / "data"


@pytest.fixture
def ctx() -> shim_context.RequestContext:
    return shim_context.get_admin_context()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A SQLite file with the tables and no rows, to be copied: making one takes ten times that."""
    path = tmp_path_factory.mktemp("empty") / "nova.sqlite"
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    schema.create(engine)
    engine.dispose()
    return path


@pytest.fixture
def database(tmp_path: pathlib.Path, empty_database: pathlib.Path) -> Iterator[session.Database]:
    """A fresh SQLite file."""
    path = shutil.copy(empty_database, tmp_path / "nova.sqlite")
    database = session.configure(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture
def filled(
    tmp_path: pathlib.Path, database: session.Database, ctx: shim_context.RequestContext
) -> pathlib.Path:
    """The SQLite file, with one of everything in it."""
    path = tmp_path / "nova.sqlite"
    deployment.fill(path, ctx)
    database.dispose()
    return path


@pytest.fixture(params=["direct", "over the bus"])
def dict_api(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The dict calls; the objects go the same way."""
    NovaObject.indirection_api = Loopback() if request.param == "over the bus" else None
    yield api.API(Loopback()) if request.param == "over the bus" else api.LocalAPI()
    NovaObject.indirection_api = None


@pytest.fixture(scope="session")
def facts() -> pathlib.Path:
    """The folder of SHIM_TEST_FACTS, which has nova 2014.2's own database."""
    folder = os.environ.get("SHIM_TEST_FACTS")
    if not folder:
        pytest.skip("SHIM_TEST_FACTS names no folder with nova.sqlite and rows.txt")
    return pathlib.Path(folder)


@pytest.fixture(scope="session")
def juno_objects() -> Any:
    """What nova 2014.2 says of its objects: versions, fields, methods, fingerprints."""
    return json.loads((DATA / "objects.json").read_text())


@pytest.fixture(autouse=True)
def default_options() -> Iterator[None]:
    yield
    for service in ("compute", "conductor"):
        CONF.clear_override(service, group="upgrade_levels")


@pytest.fixture(scope="session")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stores.Ways]:
    ways = stores.Ways(tmp_path_factory.mktemp("stores"))
    yield ways
    ways.close()


@pytest.fixture(params=stores.SERVERS)
def server(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=stores.WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store(ways: stores.Ways, way: str, server: str) -> Iterator[sqlalchemy.Engine]:
    """An empty database that the objects reach in one of the three ways."""
    with ways.open(way, server) as engine:
        yield engine


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a server that is not configured; test_servers.py says how many."""
    kept, left_out = [], []
    for item in items:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        wanted = {parameters.get("way"), parameters.get("server")} & set(stores.VARIABLES)
        if wanted:
            # there is one of each, with one database
            item.add_marker(pytest.mark.xdist_group("servers"))
        if "report" in parameters or all(stores.is_configured(name) for name in wanted):
            kept.append(item)
        else:
            left_out.append(item)
            for name in wanted:
                stores.LEFT_OUT[name] = stores.LEFT_OUT.get(name, 0) + 1
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)
