# SPDX-License-Identifier: Apache-2.0
"""The long tail of the unit tests that come with what rewritten code does anew."""

import ast
import pathlib
import re

import pytest
from tables import assert_same_text, outcome

from codemods.mappings import NewTest, new_tests
from codemods.rewriting.findings import Effect
from codemods.rules.example_sources import REPORTING_DRIVER as DRIVER
from codemods.testing import small_tree

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
    assert_same_text(_texts(tmp_path, text), text)


def test_nothing_is_added_for_code_that_stays(tmp_path: pathlib.Path) -> None:
    code = DRIVER.replace("service_update", "wait_until_ready").replace(
        ", service.service_ref, catalog", ""
    )
    assert_same_text(_texts(tmp_path, TESTS, code), TESTS)


def test_nothing_is_added_to_another_module(tmp_path: pathlib.Path) -> None:
    path = PATH.replace("test_db", "test_mc")
    assert_same_text(_texts(tmp_path, TESTS, path=path), TESTS)


COMMAND = """\
import sys

from nova import config
from nova import service


def main():
    config.parse_args(sys.argv)
    service.serve(service.Service.create(binary='nova-cert'))
"""

#: What the unit tests of commands are made of besides.
PIECES = {
    "nova/config.py": "def parse_args(argv):\n    pass\n",
    "nova/service.py": """\
from nova import conductor
from nova import context


class Service(object):
    @classmethod
    def create(cls, **kwargs):
        return cls()

    def kill(self):
        conductor.API().service_destroy(context.get_admin_context(), 1)
""",
    "nova/test.py": "class TestingException(Exception):\n    pass\n",
}

SERVICE_TESTS = """\
from nova import service
from nova import test


class TestLauncher(test.TestCase):
    def test_launch_app(self):
        service.Service.create()
"""


def _of_commands(root: pathlib.Path, beside: dict[str, str]) -> str:
    around = {**PIECES, **beside}
    found = outcome(root, SERVICE_TESTS, "nova/tests/test_service.py", around)
    assert found.failures == ()
    return found.text


@pytest.mark.parametrize("name", ["cert", "console"])
def test_added_for_a_command(tmp_path: pathlib.Path, name: str) -> None:
    found = _of_commands(tmp_path, {f"nova/cmd/{name}.py": COMMAND})
    assert f"from nova.cmd import {name}\n" in found
    assert found.count("    def test_") == 2
    assert f"    def test_{name}_registers_objects(self):\n" in found


def test_each_command_has_its_own(tmp_path: pathlib.Path) -> None:
    commands = {f"nova/cmd/{name}.py": COMMAND for name in ("cert", "console")}
    found = _of_commands(tmp_path, commands)
    assert re.findall(r"def (test_\w+_registers_objects)", found) == [
        "test_cert_registers_objects",
        "test_console_registers_objects",
    ]


NOT_TESTED = [
    pytest.param(COMMAND.replace("main():", "main(argv):"), id="main() wants something"),
    pytest.param(COMMAND.replace("def main", "def start"), id="no main()"),
    pytest.param(COMMAND.replace("    config", "    print\n    config"), id="something before"),
    pytest.param(COMMAND.replace("    config", "    args = config"), id="the result has a name"),
    pytest.param(
        COMMAND.replace("    config.parse_args(sys.argv)", "    if config.parse_args([]): pass"),
        id="in a condition",
    ),
    pytest.param(COMMAND.replace("def main", "@retried\ndef main"), id="main() is decorated"),
    pytest.param(
        COMMAND.replace("import config", "import config as options").replace(
            " config.", " options."
        ),
        id="the options by another name",
    ),
    pytest.param(
        COMMAND.replace("def main", "class Main(object):\n  def main"), id="main() of a class"
    ),
    pytest.param(
        COMMAND.replace("    config", "    objects.register_all()\n    config").replace(
            "import config", "import config, objects"
        ),
        id="registered already",
    ),
]


@pytest.mark.parametrize("command", NOT_TESTED)
def test_not_added_for_a_command(tmp_path: pathlib.Path, command: str) -> None:
    assert_same_text(_of_commands(tmp_path, {"nova/cmd/cert.py": command}), SERVICE_TESTS)


def test_not_added_where_the_tree_lacks_what_it_names(tmp_path: pathlib.Path) -> None:
    beside = {"nova/cmd/cert.py": COMMAND, "nova/test.py": "class TestCase(object):\n    pass\n"}
    assert_same_text(_of_commands(tmp_path, beside), SERVICE_TESTS)


OBJECT_TESTS = """\
from nova.objects import base
from nova import test


class TestMetaclass(test.TestCase):
    def test_obj_tracking(self):
        self.assertTrue(base.NovaObject)


class _RemoteTest(test.TestCase):
    def setUp(self):
        super(_RemoteTest, self).setUp()
        base.NovaObject.indirection_api = self.start_service('conductor')
"""


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        (("service",), "('nova.objects.service',)"),
        (("flavor", "service"), "('nova.objects.flavor', 'nova.objects.service')"),
    ],
)
def test_registered_modules_are_named(
    tmp_path: pathlib.Path, gone: tuple[str, ...], expected: str
) -> None:
    lines = small_tree.files()["nova/objects/__init__.py"].splitlines(keepends=True)
    kept = "".join(line for line in lines if not any(f".{one}'" in line for one in gone))
    beside = {"nova/objects/__init__.py": kept, DRIVER_PATH: DRIVER}
    found = outcome(tmp_path, OBJECT_TESTS, "nova/tests/objects/test_objects.py", beside)
    assert found.failures == ()
    assert "    def test_register_all(self):\n" in found.text
    assert f"        for module in {expected}:\n" in found.text


def test_nothing_is_added_where_all_are_registered(tmp_path: pathlib.Path) -> None:
    beside = {DRIVER_PATH: DRIVER}
    found = outcome(tmp_path, OBJECT_TESTS, "nova/tests/objects/test_objects.py", beside)
    assert "test_register_all" not in found.text


HOST = """\
from nova import conductor
from nova import context


class Host(object):
    def set_host_enabled(self, host, enabled):
        ctxt = context.get_admin_context()
        api = conductor.API()
        service = api.service_get_by_args(ctxt, host, 'nova-compute')
        api.service_update(ctxt, service, {'disabled': not enabled})
"""

HOST_TESTS = """\
from nova import db
from nova import test
from nova.virt.xenapi import host


class XenAPIHostTestCase(test.TestCase):
    def setUp(self):
        super(XenAPIHostTestCase, self).setUp()
        self.conn = host.Host()

    def test_set_enable_host_disable(self):
        self.conn.set_host_enabled('host', False)


def _create_service_entries(context, values):
    return values
"""


def _of_host(root: pathlib.Path, text: str) -> str:
    queries = "def service_get_by_args(context, host, binary):\n    pass\n"
    beside = {"nova/virt/xenapi/host.py": HOST, "nova/db/__init__.py": queries}
    found = outcome(root, text, "nova/tests/virt/xenapi/test_xenapi.py", beside)
    assert found.failures == ()
    return found.text


def test_added_where_nothing_but_its_place_is_known(tmp_path: pathlib.Path) -> None:
    text = HOST_TESTS.replace("from nova.virt.xenapi import host\n", "").replace(
        "host.Host()", "None"
    )
    assert text.count("    def test_set_enable_host_disable") == 1
    assert _of_host(tmp_path, text).count("    def test_set_enable_host_disable") == 2


@pytest.mark.parametrize(("name", "count"), [("_create_service_entries", 2), ("entries", 1)])
def test_a_function_of_the_file_is_a_piece(tmp_path: pathlib.Path, name: str, count: int) -> None:
    text = HOST_TESTS.replace("_create_service_entries", name)
    assert _of_host(tmp_path, text).count("    def test_set_enable_host_disable") == count


def _known_by(new: NewTest) -> str:
    return next(word for word in new.text.split() if word.startswith("test_"))


@pytest.mark.parametrize("new", new_tests(), ids=_known_by)
def test_the_table_is_sound(new: NewTest) -> None:
    named = set(re.findall(r"\{([a-z]\w*)\}", new.text)) - {"tests", "unregistered"}
    given = {name for name, _ in new.imports}
    plain = {name for name, inside in new.imports if inside == "-"}
    assert named == given - plain
    assert all(re.search(rf"\b{name}\.", new.text) for name in plain)
    (test,) = ast.parse(re.sub(r"\{(\w+)\}", r"\1", new.text)).body
    assert isinstance(test, ast.FunctionDef)
    assert all(new.names)
    assert {name for name in (new.does, new.unless) if name} <= {one.name.lower() for one in Effect}
