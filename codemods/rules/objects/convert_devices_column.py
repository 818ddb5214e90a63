# SPDX-License-Identifier: Apache-2.0
"""Convert the column of the PCI devices from and to a list object, if its field is one.

The column keeps the text that it had, the serialized list. NULL, empty text and
text of any other form, such as the pools that an older node has written, are read
as None; a value that was only read is not written back, so that text stays until
the field is set. Devices just read have no pending changes, even if they had some
when they were written. (The example is a whole class, hence its length.)
"""

import functools
import importlib.resources
import textwrap

import libcst as cst

from codemods.analysis.object_changes import (
    DevicesConverted,
    DevicesNotCopied,
    DevicesRead,
    DevicesStored,
    ObjectChange,
)
from codemods.model import Item
from codemods.rewriting.adding import Added, set_off
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.literals import with_element
from codemods.rewriting.nodes import expression, statements, string
from codemods.rules.example_sources import DEVICES_LIST, DEVICES_TRACKER
from codemods.rules.objects.base import ObjectRule

_MODELS = """\
class ComputeNode(object):
    id = Column(Integer)
    pci_stats = Column(Text)
"""

_BEFORE = """\
from nova import db
from nova import exception
from nova.objects import base
from nova.objects import fields
from nova.openstack.common import jsonutils


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        }

    @staticmethod
    def _from_db_object(context, compute, db_compute):
        fields = set(compute.fields) - set(['stats'])
        for key in fields:
            compute[key] = db_compute[key]
        compute['stats'] = jsonutils.loads(db_compute['stats'])
        compute._context = context
        compute.obj_reset_changes()
        return compute

    @base.remotable
    def create(self, context):
        if self.obj_attr_is_set('id'):
            raise exception.ObjectActionError(action='create')
        updates = self.obj_get_changes()
        self._from_db_object(context, self,
                             db.compute_node_create(context, updates))

    @base.remotable
    def save(self, context):
        updates = self.obj_get_changes()
        self._from_db_object(context, self,
                             db.compute_node_update(context, self.id, updates))
"""

_BESIDE = (
    ("nova/compute/tracker.py", DEVICES_TRACKER),
    ("nova/db/sqlalchemy/models.py", _MODELS),
    ("nova/objects/pci_device.py", DEVICES_LIST),
)

EXAMPLES = (
    Example(
        _BEFORE,
        """\
from nova import exception
from nova import objects
from nova.objects import base
from nova.objects import compute_node_rows
from nova.objects import fields
from nova.openstack.common import jsonutils


class ComputeNode(compute_node_rows.KeptColumns,
                  base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        'pci_stats': fields.ObjectField('PciDeviceList', nullable=True),
        }
    # Not part of this object version, so not sent over RPC.
    unversioned = ('pci_stats',)
    fields = compute_node_rows.kept(fields)

    @staticmethod
    def _from_db_object(context, compute, db_compute):
        fields = set(compute.fields) - set(['stats', 'pci_stats'])
        for key in fields:
            compute[key] = db_compute[key]
        compute['stats'] = jsonutils.loads(db_compute['stats'])
        compute['pci_stats'] = compute._pci_stats_from_db_format(
            context, db_compute['pci_stats'])

        compute._context = context
        compute.obj_reset_changes()
        return compute

    @staticmethod
    def _pci_stats_from_db_format(context, pci_stats):
        # NOTE: Text of another form, such as the flat list of pools written by
        # an older node, stays in the column until the field is set.
        try:
            primitive = jsonutils.loads(pci_stats) if pci_stats else None
            if (not isinstance(primitive, dict) or
                    primitive.get('nova_object.name') != 'PciDeviceList'):
                return None
            devices = objects.PciDeviceList.obj_from_primitive(primitive,
                                                               context)
        except (ValueError, exception.IncompatibleObjectVersion):
            return None
        # Devices just read have no pending changes.
        for obj in [devices] + devices.objects:
            obj.obj_reset_changes()
        return devices

    def _convert_pci_stats_to_db_format(self, updates):
        if updates.get('pci_stats') is not None:
            updates['pci_stats'] = jsonutils.dumps(
                updates['pci_stats'].obj_to_primitive())

    @compute_node_rows.remotable
    def create(self, context):
        if self.obj_attr_is_set('id'):
            raise exception.ObjectActionError(action='create')
        updates = self.obj_get_changes()
        self._convert_pci_stats_to_db_format(updates)
        self._from_db_object(
            context, self,
            compute_node_rows.compute_node_create(context, updates))

    @compute_node_rows.remotable
    def save(self, context):
        updates = self.obj_get_changes()
        self._convert_pci_stats_to_db_format(updates)
        self._from_db_object(
            context, self,
            compute_node_rows.compute_node_update(context, self.id, updates))
""",
        path="nova/objects/compute_node.py",
        beside=_BESIDE,
    ),
    LeftAlone(_BEFORE, path="nova/objects/compute_node.py", beside=_BESIDE[2:]),
)


_READ = """\
{node}['pci_stats'] = {node}._pci_stats_from_db_format({context}, {row}['pci_stats'])
"""

_STORED = """\
self._convert_pci_stats_to_db_format({updates})
"""


@functools.cache
def _methods() -> str:
    """The source of the added methods; `{devices}` is the class of the list."""
    folder = importlib.resources.files("codemods.mappings").joinpath("added")
    text = folder.joinpath("compute_node_pci_stats.py.in").read_text(encoding="utf-8")
    return textwrap.dedent(text)


class ConvertDevicesColumn(ObjectRule):
    """See the module."""

    def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> cst.Assign:
        """`fields = set(compute.fields) - set(['stats'])`."""
        for change in self.changes(original, DevicesNotCopied):
            value = cst.ensure_type(updated.value, cst.BinaryOperation)
            call = cst.ensure_type(value.right, cst.Call)
            listed = cst.ensure_type(call.args[0].value, cst.List)
            listed = with_element(listed, cst.Element(string("pci_stats")))
            call = call.with_changes(args=[call.args[0].with_changes(value=listed)])
            new = updated.with_changes(value=value.with_changes(right=call))
            updated = self.edited(original, new, Item.OBJECT_FIELDS, change.evidence)
        return updated

    def added(self, original: cst.CSTNode, change: ObjectChange) -> Added | None:
        """The methods that convert the column, and the lines that call them."""
        if isinstance(change, DevicesRead):
            names = {"context": change.context, "node": change.node, "row": change.row}
            values = {key: cst.Name(name) for key, name in names.items()}
            return Added(before=statements(_READ, **values), sets_off=True)
        if isinstance(change, DevicesConverted):
            self.wants_import(change.line, Item.OBJECT_FIELDS)
            first, *others = statements(_methods(), devices=expression(change.spelled))
            return Added(before=[first, *set_off(others)], sets_off=True)
        if isinstance(change, DevicesStored):
            lines = statements(_STORED, updates=cst.Name(change.updates))
            return Added(behind=lines, at_once=True)
        return None
