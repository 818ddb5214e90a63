# SPDX-License-Identifier: Apache-2.0
"""A tree whose tracker hands over PCI devices, in the shape of nova's of late 2014.

Its objects really run, under Python 3 as well: fields that refuse what they do
not take, nested changes, serialization, and a database that is a dict of rows.
"""

import small_tree

JSONUTILS = '''\
"""JSON."""

import json


def dumps(value):
    return json.dumps(value, sort_keys=True)


def loads(text):
    return json.loads(text)
'''

EXCEPTION = (
    small_tree.EXCEPTION
    + """\


class ObjectActionError(NovaException):
    pass


class IncompatibleObjectVersion(NovaException):
    pass
"""
)

UTILS = '''\
"""What has no better place."""


def convert_version_to_tuple(version):
    return tuple(int(part) for part in version.split('.'))
'''

DB = '''\
"""The rows of the compute nodes, by id; what is written is counted."""

ROWS = {}
WRITTEN = []


def compute_node_create(context, values):
    row = dict(dict.fromkeys(('service_id', 'vcpus', 'stats', 'pci_stats')),
               id=len(ROWS) + 1, **values)
    assert not isinstance(row['pci_stats'], (dict, list)), row
    ROWS[row['id']] = row
    return row


def compute_node_update(context, compute_id, values):
    WRITTEN.append(dict(values))
    ROWS[compute_id].update(values)
    return ROWS[compute_id]


def compute_node_get(context, compute_id):
    return ROWS[compute_id]
'''

MODELS = '''\
"""The tables."""

from sqlalchemy import Column, Integer, Text


class ComputeNode(object):
    id = Column(Integer)
    service_id = Column(Integer)
    vcpus = Column(Integer)
    stats = Column(Text)
    pci_stats = Column(Text)
'''

BASE = '''\
"""What the objects have in common."""

from nova import exception
from nova import objects

CLASSES = {}


class NovaObjectMetaclass(type):
    def __init__(cls, names, bases, dict_):
        super(NovaObjectMetaclass, cls).__init__(names, bases, dict_)
        setattr(objects, cls.__name__, cls)
        CLASSES[cls.__name__] = cls


class NovaObject(NovaObjectMetaclass('Root', (object,), {})):
    VERSION = '1.0'
    fields = {}
    indirection_api = None

    def __init__(self, context=None, **kwargs):
        self._context = context
        self._changed_fields = set()
        for key in kwargs:
            setattr(self, key, kwargs[key])

    def __setattr__(self, name, value):
        if name in self.fields:
            if value is not None:
                value = self.fields[name].coerce(self, name, value)
            self._changed_fields.add(name)
        object.__setattr__(self, name, value)

    def __getitem__(self, name):
        return getattr(self, name)

    def __setitem__(self, name, value):
        setattr(self, name, value)

    def __contains__(self, name):
        return self.obj_attr_is_set(name)

    def items(self):
        return [(key, self[key]) for key in self.fields if key in self]

    def update(self, values):
        for key in values:
            setattr(self, key, values[key])

    def obj_attr_is_set(self, name):
        return name in self.__dict__

    def obj_make_compatible(self, primitive, target_version):
        pass

    @classmethod
    def obj_name(cls):
        return cls.__name__

    def obj_what_changed(self):
        changes = set(self._changed_fields)
        for name, value in self.items():
            if isinstance(value, NovaObject) and value.obj_what_changed():
                changes.add(name)
        return changes

    def obj_get_changes(self):
        return dict((key, self[key]) for key in self.obj_what_changed())

    def obj_reset_changes(self, fields=None):
        self._changed_fields.clear()

    def obj_to_primitive(self, target_version=None):
        data = dict((key, self.fields[key].to_primitive(self, key, value))
                    for key, value in self.items())
        if target_version:
            self.obj_make_compatible(data, target_version)
        primitive = {'nova_object.name': self.obj_name(),
                     'nova_object.version': target_version or self.VERSION,
                     'nova_object.data': data}
        if self.obj_what_changed():
            primitive['nova_object.changes'] = sorted(self.obj_what_changed())
        return primitive

    @classmethod
    def obj_from_primitive(cls, primitive, context=None):
        found = CLASSES[primitive['nova_object.name']]
        if primitive['nova_object.version'] > found.VERSION:
            raise exception.IncompatibleObjectVersion()
        obj = found(context)
        for key, value in primitive['nova_object.data'].items():
            obj[key] = found.fields[key].from_primitive(obj, key, value)
        obj._changed_fields = set(primitive.get('nova_object.changes', []))
        return obj


class NovaPersistentObject(object):
    pass


class ObjectListBase(object):
    def __iter__(self):
        return iter(self.objects)

    def __len__(self):
        return len(self.objects)

    def obj_what_changed(self):
        changes = set(self._changed_fields)
        if any(child.obj_what_changed() for child in self.objects):
            changes.add('objects')
        return changes


def remotable(function):
    return function


def remotable_classmethod(function):
    return classmethod(function)


def obj_to_primitive(obj):
    if isinstance(obj, ObjectListBase):
        return [obj_to_primitive(one) for one in obj]
    if isinstance(obj, NovaObject):
        return dict((key, obj_to_primitive(value))
                    for key, value in obj.items())
    return obj
'''

FIELDS = '''\
"""The types of the fields."""


class Object(object):
    def __init__(self, name):
        self.name = name


class List(object):
    def __init__(self, inner):
        self.inner = inner


class Dict(object):
    pass


class Field(object):
    AUTO_TYPE = None

    def __init__(self, nullable=False, default=None):
        self.nullable = nullable
        self._type = self.AUTO_TYPE

    def coerce(self, obj, attr, value):
        return value

    def to_primitive(self, obj, attr, value):
        return value

    def from_primitive(self, obj, attr, value):
        return value


class IntegerField(Field):
    pass


class BooleanField(Field):
    pass


class UUIDField(Field):
    pass


class DictOfStringsField(Field):
    pass


class DictOfNullableStringsField(Field):
    pass


class StringField(Field):
    def coerce(self, obj, attr, value):
        if not isinstance(value, str):
            raise ValueError('A string is required here')
        return value


class ObjectField(Field):
    def __init__(self, objtype, **kwargs):
        self.AUTO_TYPE = Object(objtype)
        super(ObjectField, self).__init__(**kwargs)

    def coerce(self, obj, attr, value):
        name = value.obj_name() if hasattr(value, 'obj_name') else ''
        if name != self.AUTO_TYPE.name:
            raise ValueError('A %s is required here' % self.AUTO_TYPE.name)
        return value

    def to_primitive(self, obj, attr, value):
        return value.obj_to_primitive() if value is not None else None


class ListOfObjectsField(Field):
    def __init__(self, objtype, **kwargs):
        self.AUTO_TYPE = List(Object(objtype))
        super(ListOfObjectsField, self).__init__(**kwargs)

    def to_primitive(self, obj, attr, value):
        return [one.obj_to_primitive() for one in value]

    def from_primitive(self, obj, attr, value):
        from nova.objects import base
        return [base.NovaObject.obj_from_primitive(one, obj._context)
                for one in value]
'''

PCI_DEVICE = '''\
"""PCI devices."""

from nova.objects import base
from nova.objects import fields


class PciDevice(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.2'

    fields = {
        'address': fields.StringField(),
        'status': fields.StringField(nullable=True),
        }


class PciDeviceList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('PciDevice'),
        }

    def __init__(self, *args, **kwargs):
        super(PciDeviceList, self).__init__(*args, **kwargs)
        if 'objects' not in self:
            self.objects = []
        self.obj_reset_changes()

    @base.remotable_classmethod
    def get_by_compute_node(cls, context, node_id):
        return cls(context)
'''

COMPUTE_NODE = '''\
"""A compute node."""

from nova import db
from nova import exception
from nova import objects
from nova.objects import base
from nova.objects import fields
from nova.openstack.common import jsonutils
from nova import utils


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: Added stats field
    VERSION = '1.1'

    fields = {
        'id': fields.IntegerField(),
        'service_id': fields.IntegerField(),
        'vcpus': fields.IntegerField(),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        }

    def obj_make_compatible(self, primitive, target_version):
        target_version = utils.convert_version_to_tuple(target_version)
        if target_version < (1, 1) and 'stats' in primitive:
            del primitive['stats']

    @staticmethod
    def _from_db_object(context, compute, db_compute):

        fields = set(compute.fields) - set(['stats'])
        for key in fields:
            compute[key] = db_compute[key]

        stats = db_compute['stats']
        if stats:
            compute['stats'] = jsonutils.loads(stats)

        compute._context = context
        compute.obj_reset_changes()
        return compute

    @base.remotable_classmethod
    def get_by_id(cls, context, compute_id):
        db_compute = db.compute_node_get(context, compute_id)
        return cls._from_db_object(context, cls(), db_compute)

    def _convert_stats_to_db_format(self, updates):
        stats = updates.pop('stats', None)
        if stats is not None:
            updates['stats'] = jsonutils.dumps(stats)

    @base.remotable
    def create(self, context):
        if self.obj_attr_is_set('id'):
            raise exception.ObjectActionError()
        updates = self.obj_get_changes()
        self._convert_stats_to_db_format(updates)

        db_compute = db.compute_node_create(context, updates)
        self._from_db_object(context, self, db_compute)

    @base.remotable
    def save(self, context, prune_stats=False):
        updates = self.obj_get_changes()
        updates.pop('id', None)
        self._convert_stats_to_db_format(updates)

        db_compute = db.compute_node_update(context, self.id, updates)
        self._from_db_object(context, self, db_compute)


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    # Version 1.0: Initial version
    #              ComputeNode <= version 1.1
    VERSION = '1.0'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }
    child_versions = {
        '1.0': '1.1',
        }

    @base.remotable_classmethod
    def get_by_service(cls, context, service):
        pass
'''

PCI_MANAGER = '''\
"""Keep track of the PCI devices of a node."""

from nova import objects


class PciDevTracker(object):
    def __init__(self, node_id=None):
        if node_id:
            self.pci_devs = objects.PciDeviceList.get_by_compute_node(
                None, node_id)
        else:
            self.pci_devs = objects.PciDeviceList()
'''

TRACKER = '''\
"""Keep track of what a node has."""

from nova import conductor
from nova.openstack.common import jsonutils
from nova.pci import pci_manager


class ResourceTracker(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.pci_tracker = None

    def init(self):
        self.pci_tracker = pci_manager.PciDevTracker()

    def audit(self, context, resources):
        if self.pci_tracker:
            resources['pci_stats'] = jsonutils.dumps(
                self.pci_tracker.pci_devs.obj_to_primitive())
        else:
            resources['pci_stats'] = None
        self.compute_node = self.conductor_api.compute_node_create(context,
                                                                   resources)
'''


def files() -> dict[str, str]:
    """The tree's files: path, relative to the tree and with slashes, to text."""
    changed = {
        "nova/compute/resource_tracker.py": TRACKER,
        "nova/db/__init__.py": DB,
        "nova/db/sqlalchemy/__init__.py": small_tree.PACKAGE,
        "nova/db/sqlalchemy/models.py": MODELS,
        "nova/exception.py": EXCEPTION,
        "nova/objects/base.py": BASE,
        "nova/objects/compute_node.py": COMPUTE_NODE,
        "nova/objects/fields.py": FIELDS,
        "nova/objects/pci_device.py": PCI_DEVICE,
        "nova/openstack/__init__.py": small_tree.PACKAGE,
        "nova/openstack/common/__init__.py": small_tree.PACKAGE,
        "nova/openstack/common/jsonutils.py": JSONUTILS,
        "nova/pci/__init__.py": small_tree.PACKAGE,
        "nova/pci/pci_manager.py": PCI_MANAGER,
        "nova/utils.py": UTILS,
    }
    left_out = ("nova/compute/example.py", "nova/compute/left.py")
    return {
        path: text
        for path, text in {**small_tree.files(), **changed}.items()
        if path not in left_out
    }
