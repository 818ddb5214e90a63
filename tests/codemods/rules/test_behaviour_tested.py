# SPDX-License-Identifier: Apache-2.0
"""The long tail of the unit tests that come with what rewritten code does anew."""

import ast
import pathlib
import re

import pytest
from tables import outcome

from codemods.mappings import NewTest, new_tests
from codemods.rewriting.findings import Effect
from codemods.rules.example_sources import REPORTING_DRIVER as DRIVER

PATH = "nova/tests/servicegroup/test_db_servicegroup.py"

DRIVER_PATH = "nova/servicegroup/drivers/db.py"

TESTS = """\
from nova import objects
from nova.servicegroup.drivers import db
from nova import test


class ServiceFixture(object):
    pass


class DBServiceGroupTestCase(test.TestCase):
    def setUp(self):
        super(DBServiceGroupTestCase, self).setUp()
        self.servicegroup_api = db.DbDriver()
        self._host, self._binary, self._topic = 'foo', 'nova-fake', 'fake'

    def test_DB_driver(self):
        serv = self.useFixture(ServiceFixture(self._host))
        self.assertTrue(serv)
"""

ADDED = "    def test_report_state(self):\n"


def _texts(root: pathlib.Path, text: str, driver: str = DRIVER, path: str = PATH) -> str:
    found = outcome(root, text, path, {DRIVER_PATH: driver})
    assert found.failures == ()
    return found.text


ADDED_TO = [
    pytest.param(TESTS, id="last of its class"),
    pytest.param(f"{TESTS}\n    def test_other(self):\n        pass\n", id="one among others"),
    pytest.param(
        TESTS.replace("    def test_DB", "    @test.skip\n    def test_DB"), id="decorated"
    ),
    pytest.param(
        TESTS.replace("self._topic = 'foo', 'nova-fake', 'fake'", "self._topic = [None] * 3"),
        id="fixtures made in some other way",
    ),
]


@pytest.mark.parametrize("text", ADDED_TO)
def test_added(tmp_path: pathlib.Path, text: str) -> None:
    found = _texts(tmp_path, text)
    assert found.count(ADDED) == 1
    assert found.index("def test_DB_driver") < found.index(ADDED)
    assert ast.parse(found)


NOT_ADDED_TO = [
    pytest.param(TESTS.replace("ServiceFixture", "Fixture"), id="no fixture of that name"),
    pytest.param(TESTS.replace("self._topic", "self.topic"), id="no attribute of that name"),
    pytest.param(TESTS.replace("test_DB_driver", "test_driver"), id="nothing to stand behind"),
    pytest.param(
        TESTS.replace("DBServiceGroupTestCase", "DriverTestCase"), id="class of another name"
    ),
    pytest.param(
        f"{TESTS}\n    def test_report_state(self):\n        pass\n", id="there is such a test"
    ),
]


@pytest.mark.parametrize("text", NOT_ADDED_TO)
def test_not_added(tmp_path: pathlib.Path, text: str) -> None:
    assert _texts(tmp_path, text) == text


def test_nothing_is_added_for_code_that_stays(tmp_path: pathlib.Path) -> None:
    code = DRIVER.replace("service_update", "wait_until_ready").replace(
        ", service.service_ref, catalog", ""
    )
    assert _texts(tmp_path, TESTS, code) == TESTS


def test_nothing_is_added_to_another_module(tmp_path: pathlib.Path) -> None:
    path = PATH.replace("test_db", "test_mc")
    assert _texts(tmp_path, TESTS, path=path) == TESTS


@pytest.mark.parametrize("new", new_tests(), ids=lambda new: new.text.split()[1])
def test_the_table_is_sound(new: NewTest) -> None:
    named = set(re.findall(r"\{([a-z]\w*)\}", new.text)) - {"tests"}
    given = {name for name, _ in new.imports}
    plain = {name for name, inside in new.imports if inside == "-"}
    assert named == given - plain
    assert all(re.search(rf"\b{name}\.", new.text) for name in plain)
    (test,) = ast.parse(re.sub(r"\{(\w+)\}", r"\1", new.text)).body
    assert isinstance(test, ast.FunctionDef)
    assert all(new.names)
    assert {name for name in (new.does, new.unless) if name} <= {one.name.lower() for one in Effect}
