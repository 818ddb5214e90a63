# SPDX-License-Identifier: Apache-2.0
"""The long tail of unit tests that read the PCI devices of a compute node as text."""

import pathlib

import pytest
from sources import DEVICES_NODE
from tables import PATH, outcome

BESIDE = {"nova/objects/compute_node.py": DEVICES_NODE}

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

TEST = """\
from nova.compute import example
from nova.openstack.common import jsonutils


class WriterTestCase(object):
    def test_write(self):
        node = example.Writer().write(None, {{}})
        {line}
"""


@pytest.mark.parametrize(
    ("line", "listed"),
    [
        ("self.assertEqual([], jsonutils.loads(node['pci_stats']))", True),
        ("self.assertEqual([], jsonutils.loads(node['stats']))", False),
        ("self.assertEqual([], jsonutils.dumps(node['pci_stats']))", False),
        ("self.assertEqual([], jsonutils.loads(self.node['pci_stats']))", False),
        ("self.assertIsNone(node['pci_stats'])", False),
    ],
)
def test_unit_test_that_reads_text_needs_a_person(line: str, listed: bool, tmp_path: pathlib.Path):
    found = outcome(tmp_path, TEST.format(line=line), TEST_PATH, {**BESIDE, PATH: CODE})
    assert found.failures == ()
    reads = [(one.line, one.test) for one in found.result.needs_person if one.path == TEST_PATH]
    assert reads == (
        [(8, "nova.tests.compute.test_example.WriterTestCase.test_write")] if listed else []
    )
