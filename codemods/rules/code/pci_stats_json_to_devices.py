# SPDX-License-Identifier: Apache-2.0
"""Pass the list of PCI devices as the object that it is, if its field takes one.

The column holds the serialized list, and the dict API expected that text. The
object takes the list, writes the same text itself, and rejects text. An empty
list that was passed as text becomes None, which every reader of the column
treats the same; if one of them did not, the field would be text.
"""

import libcst as cst
import libcst.matchers as m

from codemods.analysis.columns import WRITERS
from codemods.analysis.json_texts import is_dumps
from codemods.analysis.pci_stats import NAME
from codemods.model import Item
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.file import File
from codemods.rewriting.nodes import changed, expression, freed, literal_key, literal_text
from codemods.rules.code.base import CodeRule
from codemods.rules.example_sources import PCI_STATS_NODE

SERIALIZED = m.Call(func=m.Attribute(attr=m.Name("obj_to_primitive")), args=[])
EMPTY = m.List(elements=[]) | m.Tuple(elements=[])
NOTHING = EMPTY | m.Name("None")
ONE_VALUE = m.Call(args=[m.Arg(star="", keyword=None)])

_BESIDE = (("nova/objects/compute_node.py", PCI_STATS_NODE),)

EXAMPLES = (
    Example(
        """\
from nova import conductor
from nova.openstack.common import jsonutils


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, devices, values):
        if devices is not None:
            values['pci_stats'] = jsonutils.dumps(
                devices.obj_to_primitive())
        else:
            values['pci_stats'] = jsonutils.dumps([])
        self.conductor_api.compute_node_create(context, values)
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, devices, values):
        if devices is not None:
            values['pci_stats'] = devices
        else:
            values['pci_stats'] = None
        compute_node = objects.ComputeNode()
        compute_node.update(copy.deepcopy(values))
        compute_node.create(context)
""",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.openstack.common import jsonutils


def fill(values, devices):
    values['pci_stats'] = jsonutils.dumps(devices.obj_to_primitive())
""",
    ),
    LeftAlone(
        """\
from nova.openstack.common import jsonutils


def fill(values, devices):
    values['devices'] = jsonutils.dumps(devices.obj_to_primitive())
    values['pci_stats'] = devices
""",
        beside=_BESIDE,
    ),
)


class PciStatsJsonToDevices(CodeRule):
    """See the module."""

    NEEDLES = (NAME.encode(),)
    OWN_OBJECTS = True

    @classmethod
    def applies(cls, file: File) -> bool:
        """Whether the file fills compute nodes, and these hold their devices as an object."""
        path = file.path.removeprefix(f"{file.tree.package}/")
        return super().applies(file) and path.startswith(WRITERS) and file.nodes_hold_devices

    def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> cst.Assign:
        """`values['pci_stats'] = dumps(...)`, or an attribute of that name."""
        if not any(_is_place(one.target) for one in original.targets):
            return updated
        return changed(updated, value=self._object(original.value, updated.value))

    def leave_DictElement(
        self, original: cst.DictElement, updated: cst.DictElement
    ) -> cst.DictElement:
        """`{'pci_stats': dumps(...)}`."""
        if literal_text(original.key) != NAME:
            return updated
        return changed(updated, value=self._object(original.value, updated.value))

    def leave_Arg(self, original: cst.Arg, updated: cst.Arg) -> cst.Arg:
        """`f(pci_stats=dumps(...))`."""
        if original.keyword is None or original.keyword.value != NAME:
            return updated
        return changed(updated, value=self._object(original.value, updated.value))

    def _object(
        self, original: cst.BaseExpression, updated: cst.BaseExpression
    ) -> cst.BaseExpression:
        """What the object takes instead of text."""
        if isinstance(original, cst.IfExp):
            choice = cst.ensure_type(updated, cst.IfExp)
            return changed(
                choice,
                body=self._object(original.body, choice.body),
                orelse=self._object(original.orelse, choice.orelse),
            )
        if m.matches(original, EMPTY):
            return self._handed_over(original, expression("None"))
        if isinstance(original, cst.Call) and is_dumps(self.file.dotted_name(original.func)):
            made_of = original.args[0].value if m.matches(original, ONE_VALUE) else None
            if made_of is not None and m.matches(made_of, NOTHING):
                return self._handed_over(original, expression("None"))
            if made_of is not None and m.matches(made_of, SERIALIZED):
                argument = cst.ensure_type(updated, cst.Call).args[0].value
                function = cst.ensure_type(cst.ensure_type(argument, cst.Call).func, cst.Attribute)
                return self._handed_over(original, freed(function.value))
        elif literal_text(original) is None:
            return updated
        self.declined(original, Item.COMPUTE_NODE, "value.text", self.file.devices_evidence)
        return updated

    def _handed_over(
        self, original: cst.BaseExpression, new: cst.BaseExpression
    ) -> cst.BaseExpression:
        step = self.step(original, "the object takes the list itself")
        return self.edited(original, new, Item.COMPUTE_NODE, (*self.file.devices_evidence, step))


def _is_place(target: cst.BaseExpression) -> bool:
    if isinstance(target, cst.Attribute):
        return target.attr.value == NAME
    return isinstance(target, cst.Subscript) and literal_key(target) == NAME
