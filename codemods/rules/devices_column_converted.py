"""Convert the column of the PCI devices from and to a list object, where its field is one.

The column keeps the text that it had, the serialized list. NULL, empty text
and text of any other form, such as the pools that an older node has written,
give None; what was only read is not written back, so that text stays until the
field is set. Devices that were read count as unchanged, whatever had changed
in them when they were written. (The example is a whole class, hence its length.)
"""

import functools
import importlib.resources
from collections.abc import Iterator

from codemods.analysis.conversions import Conversion, conversion_of
from codemods.analysis.pci_stats import NAME
from codemods.model import Evidence, Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule
from codemods.syntax.render import WIDTH

_TRACKER = """\
from nova import conductor
from nova import objects
from nova.openstack.common import jsonutils


def write(context, values):
    devices = objects.PciDeviceList.get_by_compute_node(context, 1)
    values['pci_stats'] = jsonutils.dumps(devices.obj_to_primitive())
    conductor.API().compute_node_create(context, values)
"""

_DEVICES = """\
from nova.objects import base
from nova.objects import fields


class PciDeviceList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('PciDevice'),
        }

    @base.remotable_classmethod
    def get_by_compute_node(cls, context, node_id):
        pass
"""

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
    ("nova/compute/tracker.py", _TRACKER),
    ("nova/db/sqlalchemy/models.py", _MODELS),
    ("nova/objects/pci_device.py", _DEVICES),
)

EXAMPLES = (
    Example(
        _BEFORE,
        """\
from nova import db
from nova import exception
from nova import objects
from nova.objects import base
from nova.objects import fields
from nova.openstack.common import jsonutils


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: Added pci_stats field
    VERSION = '1.1'

    fields = {
        'id': fields.IntegerField(),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        'pci_stats': fields.ObjectField('PciDeviceList', nullable=True),
        }

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
        # NOTE: text of another form, such as the flat list of pools that an
        # older node has written, stays in the column until the field is set
        try:
            primitive = jsonutils.loads(pci_stats) if pci_stats else None
            if (not isinstance(primitive, dict) or
                    primitive.get('nova_object.name') != 'PciDeviceList'):
                return None
            devices = objects.PciDeviceList.obj_from_primitive(
                primitive, context)
        except (ValueError, exception.IncompatibleObjectVersion):
            return None
        # what had changed when they were written has not changed since
        for obj in [devices] + devices.objects:
            obj.obj_reset_changes()
        return devices

    def _convert_pci_stats_to_db_format(self, updates):
        if updates.get('pci_stats') is not None:
            updates['pci_stats'] = jsonutils.dumps(
                updates['pci_stats'].obj_to_primitive())

    @base.remotable
    def create(self, context):
        if self.obj_attr_is_set('id'):
            raise exception.ObjectActionError(action='create')
        updates = self.obj_get_changes()
        self._convert_pci_stats_to_db_format(updates)
        self._from_db_object(context, self,
                             db.compute_node_create(context, updates))

    @base.remotable
    def save(self, context):
        updates = self.obj_get_changes()
        self._convert_pci_stats_to_db_format(updates)
        self._from_db_object(context, self,
                             db.compute_node_update(context, self.id, updates))
""",
        path="nova/objects/compute_node.py",
        beside=_BESIDE,
    ),
    LeftAlone(_BEFORE, path="nova/objects/compute_node.py", beside=_BESIDE[2:]),
)


@functools.cache
def _methods() -> str:
    """The methods that are added, as they are to be called in one tree or another."""
    folder = importlib.resources.files("codemods.mappings").joinpath("added")
    return folder.joinpath("compute_node_pci_stats.py.in").read_text(encoding="utf-8")


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of the class of the compute node."""
    if Item.OBJECT_FIELDS not in context.converted or "ComputeNode" not in context.module.classes:
        return
    if not context.path.startswith(context.tree.objects_path + "/"):
        return
    bump = context.plan.bumps.get("ComputeNode")
    added = [field for field in bump.fields if field.name == NAME] if bump is not None else []
    conversion = conversion_of(context.tree) if added and added[0].is_object else None
    if conversion is not None:
        yield from _read(context, conversion, added[0].evidence)
        yield from _stored(context, conversion, added[0].evidence)


def _read(context: FileContext, conversion: Conversion, evidence: Evidence) -> Iterator[Finding]:
    source, item = context.source, Item.OBJECT_FIELDS
    last = conversion.excluded.elts[-1]
    text = f", '{NAME}'"
    if len(source.line_text(last.lineno)) + len(text) > WIDTH:
        text = f",{source.newline}{' ' * (conversion.excluded.col_offset + 1)}'{NAME}'"
    yield context.replace_range(source.end(last), source.end(last), text, item, evidence)
    security, node, row = conversion.names
    indent = source.indent(conversion.read)
    lines = [
        f"{indent}{node}['{NAME}'] = {node}._{NAME}_from_db_format(",
        f"{indent}    {security}, {row}['{NAME}'])",
        "",
    ]
    place = source.line_start(conversion.read.lineno)
    yield _lines(context, place, lines, evidence)


def _stored(context: FileContext, conversion: Conversion, evidence: Evidence) -> Iterator[Finding]:
    source = context.source
    class_, line = _spelling(context)
    text = _methods().replace("@class@", class_)
    # before the first of the methods that write, with its decorators
    place = source.line_start(source.line_at(source.start(conversion.create)))
    yield _lines(context, place, text.splitlines(), evidence)
    yield context.wants_import(line, Item.OBJECT_FIELDS)
    for statement, name in conversion.stored:
        assert statement.end_lineno is not None
        call = f"{source.indent(statement)}self._convert_{NAME}_to_db_format({name})"
        yield _lines(context, source.line_start(statement.end_lineno + 1), [call], evidence)


def _lines(context: FileContext, place: int, lines: list[str], evidence: Evidence) -> Finding:
    text = "".join(line + context.source.newline for line in lines)
    return context.replace_range(place, place, text, Item.OBJECT_FIELDS, evidence)


def _spelling(context: FileContext) -> tuple[str, str]:
    """How objects name the list among themselves, and the import; that registers it, too."""
    tree = context.tree
    if tree.has_registry:
        return tree.spelling("PciDeviceList")
    found = tree.object("PciDeviceList")
    assert found is not None
    package, _, module = found.module.rpartition(".")
    return f"{module}.PciDeviceList", f"from {package} import {module}"


RULE = Rule.of(
    __name__, __doc__, check, EXAMPLES, own_objects=True, needles=(b"class ComputeNode(",)
)
