# SPDX-License-Identifier: Apache-2.0
"""List the unit tests that read the PCI devices of a compute node as text.

The dict API returned the column's text; the object has the list itself, and
`loads` does not take a list. A person has to decide what such a test should check
instead. Nothing is changed.
"""

import libcst as cst
import libcst.matchers as m

from codemods.analysis.pci_stats import NAME
from codemods.model import Item
from codemods.rewriting.examples import LeftAlone
from codemods.rewriting.file import File
from codemods.rewriting.metadata import HoldsProvider
from codemods.rewriting.nodes import literal_key, literal_text
from codemods.rules.example_sources import PCI_STATS_NODE
from codemods.rules.tests.base import TestRule

LOADS = m.Name("loads") | m.Attribute(attr=m.Name("loads"))
READ = m.Call(func=LOADS, args=[m.Arg(keyword=None, star=""), m.ZeroOrMore()])
GOT = m.Call(
    func=m.Attribute(attr=m.Name("get")),
    args=[m.Arg(m.SimpleString(), keyword=None, star=""), m.ZeroOrMore()],
)

_WRITER = """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, values):
        return self.conductor_api.compute_node_create(context, values)
"""

_BESIDE = (
    ("nova/objects/compute_node.py", PCI_STATS_NODE),
    ("nova/compute/writer.py", _WRITER),
)

EXAMPLES = (
    LeftAlone(
        """\
from nova.compute import writer
from nova.openstack.common import jsonutils
from nova import test


class WriterTestCase(test.NoDBTestCase):
    def test_write(self):
        node = writer.Writer().write('context', {'pci_stats': None}) or {}
        self.assertEqual([], jsonutils.loads(node['pci_stats']))
""",
        because="needs-person",
        path="nova/tests/compute/test_writer.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import writer
from nova.openstack.common import jsonutils
from nova import test


class WriterTestCase(test.NoDBTestCase):
    def test_write(self):
        node = writer.Writer().write('context', {'pci_stats': None})
        self.assertEqual(jsonutils.dumps([]), node.pci_stats)
""",
        path="nova/tests/compute/test_writer.py",
        beside=_BESIDE,
    ),
)


class PciStatsTextToPerson(TestRule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider,)
    NEEDLES = (NAME.encode(),)
    OWN_OBJECTS = True

    @classmethod
    def applies(cls, file: File) -> bool:
        """Whether compute nodes hold their devices as an object so far."""
        return super().applies(file) and file.nodes_hold_devices

    def visit_Call(self, node: cst.Call) -> None:
        """`loads(node['pci_stats'])`."""
        if not m.matches(node, READ):
            return
        owner = _whose_devices(node.args[0].value)
        held = self.held(owner) if owner is not None else None
        row = held.object if held is not None else None
        if row is not None and row.name == "ComputeNode":
            reason = f"reads {NAME} as text; the compute node holds a PciDeviceList"
            self.left_to_person(node, Item.COMPUTE_NODE, reason)


def _whose_devices(read: cst.BaseExpression) -> cst.BaseExpression | None:
    """`node` of `node['pci_stats']`, `node.get('pci_stats')` or `node.pci_stats`."""
    if isinstance(read, cst.Subscript):
        return read.value if literal_key(read) == NAME else None
    if isinstance(read, cst.Attribute):
        return read.value if read.attr.value == NAME else None
    if m.matches(read, GOT):
        got = cst.ensure_type(read, cst.Call)
        is_it = literal_text(got.args[0].value) == NAME
        return cst.ensure_type(got.func, cst.Attribute).value if is_it else None
    return None
