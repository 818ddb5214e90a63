# SPDX-License-Identifier: Apache-2.0
"""Which hunk of the series an edit is shown with."""

import pathlib
import shutil

import pytest
from conftest import SmallTree

from codemods.config import Config
from codemods.engine import run
from codemods.model import RunResult
from codemods.outputs.findings import findings
from codemods.outputs.page.hunks import ReviewedHunk, reviewed_hunks
from codemods.rules.example_sources import REPORTING_DRIVER as DRIVER

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "tracker"

CODE = """\
from nova import conductor


class Tracker(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def sync(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        nodes = service['compute_node']
        for node in nodes:
            if node['hypervisor_hostname'] == host:
                return node['vcpus']
        return service['id']
"""

TESTS = """\
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

    def test_other(self):
        self.assertTrue(self._host)


class OtherTestCase(test.TestCase):
    pass
"""


def _unshown(result: RunResult) -> list[str]:
    """The rules of edits that no hunk is shown with."""
    hunks: list[ReviewedHunk] = reviewed_hunks(result)
    shown = {edit for hunk in hunks for edit in hunk.edits}
    return [
        f"{one.path}:{one.line} {one.rule}"
        for one in findings(result).rewritten
        if one not in shown
    ]


def test_each_edit_of_the_example_has_a_hunk(tmp_path: pathlib.Path):
    shutil.copytree(EXAMPLE, tmp_path / "tracker")
    result = run(Config(tmp_path / "tracker"))
    assert len(findings(result).rewritten) > 40
    assert _unshown(result) == []


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"nova/compute/tracker.py": CODE}, id="a line that two patches rewrite"),
        pytest.param(
            {
                "nova/servicegroup/drivers/db.py": DRIVER,
                "nova/tests/servicegroup/test_db_servicegroup.py": TESTS,
            },
            id="behind a blank line",
        ),
    ],
)
def test_each_edit_has_a_hunk(files: dict[str, str], tree: SmallTree):
    for path, text in files.items():
        tree.put(path, text)
    result = run(Config(tree.root))
    assert {edit.path for edit in findings(result).rewritten} >= set(files)
    assert _unshown(result) == []


def test_what_stays_as_it_is_is_no_edit(tree: SmallTree):
    result = run(Config(tree.root))
    assert all(edit.before != edit.after for edit in findings(result).rewritten)
