"""What the shim's tests stand on: fresh databases, the recorded data, row builders."""

import json
import os
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

from shim import context as shim_context
from shim.conf import CONF
from shim.db import session

DATA = pathlib.Path(__file__).parent / "data"


@pytest.fixture
def ctx() -> shim_context.RequestContext:
    return shim_context.get_admin_context()


@pytest.fixture
def database(tmp_path: pathlib.Path) -> Iterator[session.Database]:
    """A fresh SQLite file."""
    database = session.configure(f"sqlite:///{tmp_path / 'nova.sqlite'}")
    yield database
    database.dispose()


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
    CONF.clear_override("compute", group="upgrade_levels")
