# SPDX-License-Identifier: Apache-2.0
"""A tree without objects of its own takes them from the shim, and leaves the same rows."""

import json
import pathlib
import shutil
import subprocess
import sys

import pytest
import small_tree
from click.testing import CliRunner

from codemods.cli import main
from codemods.config import Config
from codemods.engine import run
from codemods.outputs.series import series

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "without_objects"
EVENTS = pathlib.Path(__file__).parent / "events.py"

READER = """\
from nova import conductor


def read(context, host):
    service = conductor.API().service_get_by_compute_host(context, host)
    return service['id']
"""
READ = """\
from shim import objects


def read(context, host):
    service = objects.Service.get_by_compute_host(context, host)
    return service.id
"""


@pytest.fixture
def program(tmp_path):
    """The example's program, where it may be rewritten."""
    root = tmp_path / "program"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def outcome(program, database):
    """What the program says of the events, and the rows that it leaves."""
    done = subprocess.run(
        [sys.executable, "-B", str(EVENTS), str(program), f"sqlite:///{database}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def small(tmp_path, files):
    for name, content in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return tmp_path


def after(result):
    return {change.path: change.after.decode() for change in result.changes}


def test_the_same_events_leave_the_same_rows(program, tmp_path):
    before = outcome(program, tmp_path / "before.sqlite")
    result = run(Config(program))
    assert result.target == "shim"
    for change in result.changes:
        (program / change.path).write_bytes(change.after)
    assert b"conductor" not in (program / "nova/compute/resource_tracker.py").read_bytes()
    assert outcome(program, tmp_path / "after.sqlite") == before
    assert before["said"] == [False, True, True, False, True, True, False]
    assert {table: len(rows) for table, rows in before["rows"].items()} == {
        "services": 2,
        "compute_nodes": 1,
        "instances": 3,
        "migrations": 2,
    }
    assert run(Config(program)).changes == ()


def test_the_series_is_the_reviewed_one(snapshot):
    snapshot.assert_match_dir({"series": series(run(Config(EXAMPLE)))}, "without_objects")


def test_an_option_overrules_what_the_tree_has(tmp_path):
    root = small(tmp_path, {**small_tree.files(), "nova/compute/example.py": READER})
    assert run(Config(root)).target == "nova"
    result = run(Config(root, target="shim"))
    assert result.target == "shim"
    assert after(result)["nova/compute/example.py"] == READ
    assert "shim_exception.adopt(globals())" in after(result)["nova/exception.py"]


def test_a_file_never_gets_objects_of_two_packages(tmp_path):
    text = "from nova import objects\n" + READER + "\n\nLIST = objects.ServiceList\n"
    root = small(tmp_path, {**small_tree.files(), "nova/compute/example.py": text})
    result = run(Config(root, target="shim"))
    assert result.changes == ()
    codes = {d.path: d.code for d in result.declined}
    assert codes["nova/compute/example.py"] == "import.other-package"


def test_without_objects_and_without_the_shim_nothing_changes(program):
    result = run(Config(program, target="nova"))
    assert result.changes == ()
    assert {d.code for d in result.declined} >= {"call.no-object"}


def test_unit_tests_of_the_database_are_named_for_a_person(program):
    tests = program / "nova" / "tests"
    tests.mkdir()
    (tests / "__init__.py").write_text("")
    (tests / "test_service.py").write_text(
        "from nova import db\n"
        "from nova import service\n\n\n"
        "class ServiceTest(object):\n"
        "    def test_start(self):\n"
        "        self.stubs.Set(db, 'service_get_by_args', lambda *args: {'id': 1})\n"
        "        service.Service('host', 'binary', 'topic').start(None)\n"
    )
    result = run(Config(program))
    (one,) = result.needs_person
    assert (one.path, one.line) == ("nova/tests/test_service.py", 7)
    assert one.test == "nova.tests.test_service.ServiceTest.test_start"
    assert "nova/tests/test_service.py" not in after(result)


# the shim needs Python 3

EXAMPLE_PATH = "nova/compute/example.py"

#: What the rewritten file imports, and what does not become readable for Python 3 by that.
TOO_OLD = [
    pytest.param({EXAMPLE_PATH: f"{READER}\n\nprint 'read'\n"}, EXAMPLE_PATH, id="itself"),
    pytest.param(
        {
            EXAMPLE_PATH: f"from nova.compute import claims\n{READER}",
            "nova/compute/claims.py": "print 'claimed'\n",
        },
        "nova/compute/claims.py",
        id="what it imports",
    ),
    pytest.param(
        {
            EXAMPLE_PATH: f"import nova.compute.claims\n{READER}",
            "nova/compute/claims.py": "def claim():\n    from . import limits\n",
            "nova/compute/limits.py": "try:\n    pass\nexcept A, b:\n    pass\n",
        },
        "nova/compute/limits.py",
        id="what that imports",
    ),
    pytest.param(
        {EXAMPLE_PATH: READER, "nova/__init__.py": "print 'nova'\n"},
        "nova/__init__.py",
        id="the package around",
    ),
]


@pytest.mark.parametrize(("files", "path"), TOO_OLD)
def test_nothing_is_rewritten_where_python3_is_too_new(files, path, tmp_path):
    tree = {n: text for n, text in small_tree.files().items() if not n.startswith("nova/objects/")}
    root = small(tmp_path, {**tree, "nova/compute/__init__.py": "", **files})
    result = run(Config(root))
    assert result.target == "shim"
    assert result.changes == ()
    (failure,) = result.failures
    assert (failure.path, failure.stage) == (path, "target")
    assert "rebase onto a release that has objects" in failure.remedy
    sites = {(one.path, one.code) for one in result.declined}
    assert (EXAMPLE_PATH, "call.old-python") in sites


def test_old_files_that_nothing_rewritten_imports_are_no_matter(tmp_path):
    tree = {n: text for n, text in small_tree.files().items() if not n.startswith("nova/objects/")}
    files = {EXAMPLE_PATH: READER, "nova/compute/claims.py": "print 'claimed'\n"}
    root = small(tmp_path, {**tree, "nova/compute/__init__.py": "", **files})
    result = run(Config(root))
    assert result.failures == ()
    assert after(result)[EXAMPLE_PATH] == READ


def test_it_is_said_first_and_tells_by_the_exit_status(tmp_path):
    tree = {n: text for n, text in small_tree.files().items() if not n.startswith("nova/objects/")}
    root = small(tmp_path, {**tree, EXAMPLE_PATH: f"{READER}\n\nprint 'read'\n"})
    done = CliRunner().invoke(main, ["run", str(root), "--check"])
    assert done.exit_code == 4
    assert done.output.startswith(f"codemods: {EXAMPLE_PATH}: target: line ")
    assert "call.old-python (1)" in done.output
