# SPDX-License-Identifier: Apache-2.0
"""The long tail of unit tests that read the PCI devices of a compute node as text."""

import pathlib
import textwrap
from collections.abc import Mapping

import pytest
from sources import crlf
from tables import PATH, outcome

from codemods.rules.example_sources import PCI_STATS_NODE

BESIDE = {"nova/objects/compute_node.py": PCI_STATS_NODE}

CODE = """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, values):
        values['pci_stats'] = None
        return self.conductor_api.compute_node_create(context, values)
"""

TEST_PATH = "nova/tests/compute/test_example.py"

START = """\
from nova.compute import example
from nova.openstack.common import jsonutils


class WriterTestCase(object):
    def test_write(self):
        node = example.Writer().write(None, {})
"""


def in_test(lines: str) -> str:
    """A module in which `lines` follow where a test has got a node of the code."""
    return START + textwrap.indent(lines, " " * 8)


def listed(root: pathlib.Path, text: str, beside: Mapping[str, str | None]) -> list[int]:
    """The lines of a module of unit tests that a person must look at."""
    found = outcome(root, text, TEST_PATH, beside)
    assert found.failures == ()
    left = [one for one in found.result.needs_person if one.path == TEST_PATH]
    assert {one.test for one in left} <= {
        "nova.tests.compute.test_example.WriterTestCase.test_write"
    }
    return [one.line for one in left]


#: The lines of a test, and the number of the one that is named.
LISTED = [
    pytest.param(
        """\
self.assertEqual([], jsonutils.loads(node['pci_stats']))
""",
        8,
        id="compared",
    ),
    pytest.param(
        """\
self.assertEqual([], jsonutils.loads(((node)["pci_stats"])))
""",
        8,
        id="double quotes, parentheses",
    ),
    pytest.param(
        """\
self.assertEqual([], jsonutils.loads(node.get('pci_stats')))
""",
        8,
        id="by get()",
    ),
    pytest.param(
        """\
self.assertEqual([], jsonutils.loads(node.get("pci_stats", '[]')))
""",
        8,
        id="by get(), with a default",
    ),
    pytest.param(
        """\
self.assertEqual([], jsonutils.loads(node['pci_stats'], 'utf-8'))
""",
        8,
        id="with an encoding",
    ),
    pytest.param(
        """\
self.assertEqual([], jsonutils.loads(node.pci_stats))
""",
        8,
        id="attribute",
    ),
    pytest.param(
        """\
from json import loads
self.assertEqual([], loads(node['pci_stats']))
""",
        9,
        id="imported function",
    ),
    pytest.param(
        """\
devices = jsonutils.loads(node['pci_stats'])
self.assertEqual([], devices)
""",
        8,
        id="under a name",
    ),
    pytest.param(
        """\
def check():
    return jsonutils.loads(node['pci_stats'])

self.assertEqual([], check())
""",
        9,
        id="in a function",
    ),
    pytest.param(
        """\
check = lambda: jsonutils.loads(node['pci_stats'])
self.assertEqual([], check())
""",
        8,
        id="in a lambda",
    ),
    pytest.param(
        """\
row = node
self.assertEqual([], jsonutils.loads(row['pci_stats']))
""",
        9,
        id="node by another name",
    ),
    pytest.param(
        """\
self.row = node
self.assertEqual([], jsonutils.loads(self.row['pci_stats']))
""",
        9,
        id="node in an attribute",
    ),
    pytest.param(
        """\
writer = example.Writer()
self.assertEqual([], jsonutils.loads(writer.write(None, {})['pci_stats']))
""",
        9,
        id="node without a name",
    ),
    pytest.param(
        """\
for one in [node]:
    self.assertEqual([], jsonutils.loads(one['pci_stats']))
""",
        9,
        id="node of a loop",
    ),
    pytest.param(
        """\
if self.row:
    node = {'pci_stats': '[]'}
self.assertEqual([], jsonutils.loads(node['pci_stats']))
""",
        10,
        id="node on one path only",
    ),
]

#: Lines that read no devices of a node as text.
NOT_LISTED = [
    pytest.param(
        """\
self.assertEqual([], jsonutils.loads(node['id']))
""",
        id="another field",
    ),
    pytest.param(
        """\
self.assertEqual([], jsonutils.dumps(node['pci_stats']))
self.assertEqual([], jsonutils.load(node['pci_stats']))
""",
        id="another function",
    ),
    pytest.param(
        """\
self.assertEqual([], jsonutils.loads(self.node['pci_stats']))
""",
        id="another row",
    ),
    pytest.param(
        """\
self.assertEqual([], jsonutils.loads(node.get('id')))
self.assertEqual([], jsonutils.loads(node.get(self.key)))
self.assertEqual([], jsonutils.loads(node.pci_stats.devices))
self.assertEqual([], jsonutils.loads())
self.assertEqual([], jsonutils.loads(*node['pci_stats']))
""",
        id="other ways to read",
    ),
    pytest.param(
        """\
self.assertIsNone(node['pci_stats'])
""",
        id="not read as text",
    ),
    pytest.param(
        """\
self.assertEqual([], jsonutils.loads(node[self.key]))
""",
        id="key that is a name",
    ),
    pytest.param(
        """\
self.assertEqual([], jsonutils.loads(node['metrics']['pci_stats']))
""",
        id="dict in the node",
    ),
    pytest.param(
        """\
node = {'pci_stats': '[]'}
self.assertEqual([], jsonutils.loads(node['pci_stats']))
""",
        id="name bound to a dict",
    ),
    pytest.param(
        """\
for node in self.rows:
    self.assertEqual([], jsonutils.loads(node['pci_stats']))
""",
        id="name of a loop",
    ),
    pytest.param(
        """\
del node
node = self.row
self.assertEqual([], jsonutils.loads(node['pci_stats']))
""",
        id="name that was deleted",
    ),
    pytest.param(
        """\
class Row(object):
    node = {'pci_stats': '[]'}
    devices = jsonutils.loads(node['pci_stats'])

self.assertEqual([], Row.devices)
""",
        id="name of a class",
    ),
    pytest.param(
        """\
def check(node):
    return jsonutils.loads(node['pci_stats'])

self.assertEqual([], check({'pci_stats': '[]'}))
""",
        id="parameter of a function",
    ),
    pytest.param(
        """\
check = lambda node: jsonutils.loads(node['pci_stats'])
self.assertEqual([], check({'pci_stats': '[]'}))
""",
        id="parameter of a lambda",
    ),
    pytest.param(
        """\
class Writer(object):
    def write(self):
        return {'pci_stats': '[]'}

self.assertEqual([], jsonutils.loads(Writer().write()['pci_stats']))
""",
        id="the test's own class",
    ),
    pytest.param(
        """\
# jsonutils.loads(node['pci_stats'])
self.assertTrue("jsonutils.loads(node['pci_stats'])")
""",
        id="comment and text",
    ),
]


@pytest.mark.parametrize(("lines", "number"), LISTED)
def test_unit_test_that_reads_text_needs_a_person(lines: str, number: int, tmp_path: pathlib.Path):
    assert listed(tmp_path, in_test(lines), {**BESIDE, PATH: CODE}) == [number]


def test_listed_with_any_line_endings(tmp_path: pathlib.Path):
    lines, number = LISTED[0].values
    assert listed(tmp_path, crlf(in_test(lines)), {**BESIDE, PATH: CODE}) == [number]


@pytest.mark.parametrize("lines", NOT_LISTED)
def test_other_unit_tests_need_none(lines: str, tmp_path: pathlib.Path):
    assert listed(tmp_path, in_test(lines), {**BESIDE, PATH: CODE}) == []


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param({PATH: CODE}, id="nodes that hold text"),
        pytest.param(
            {
                **BESIDE,
                PATH: CODE.replace(
                    "self.conductor_api.compute_node_create(context, values)", "values"
                ),
            },
            id="code that hands the values back",
        ),
    ],
)
def test_no_unit_test_needs_a_person_in_other_trees(
    beside: dict[str, str | None], tmp_path: pathlib.Path
):
    assert listed(tmp_path, in_test(LISTED[0].values[0]), beside) == []
