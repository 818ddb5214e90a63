# SPDX-License-Identifier: Apache-2.0
"""A tree in the shape of nova's of late 2014, as small as the rewriter can be run on.

Only what the rewriter reads is there: the registry of the objects, their
versions, fields and remotable methods, and one caller of the conductor.
"""

PACKAGE = '"""The package."""\n'

CONDUCTOR = '''\
"""The conductor's API."""

from nova.conductor import api as conductor_api


def API():
    return conductor_api.API()
'''

CONDUCTOR_API = '''\
"""What the conductor does for whoever has no database."""


class LocalAPI(object):
    def wait_until_ready(self, context):
        pass


class API(LocalAPI):
    pass
'''

EXCEPTION = '''\
"""The errors."""


class NovaException(Exception):
    pass


class ComputeHostNotFound(NovaException):
    pass


class IncompatibleObjectVersion(NovaException):
    pass


class InstanceNotFound(NovaException):
    pass


class ObjectActionError(NovaException):
    pass


class ServiceNotFound(NovaException):
    pass
'''

DB = '''\
"""The queries; only their names matter."""

from nova.db.sqlalchemy.api import *
'''

OBJECTS = '''\
"""The objects; they are attributes of this package once they are registered."""


def register_all():
    __import__('nova.objects.compute_node')
    __import__('nova.objects.flavor')
    __import__('nova.objects.instance')
    __import__('nova.objects.migration')
    __import__('nova.objects.service')
'''

BASE = '''\
"""What the objects have in common."""

from nova import objects


class NovaObjectMetaclass(type):
    def __init__(cls, names, bases, dict_):
        setattr(objects, cls.__name__, cls)


class NovaObject(object):
    VERSION = '1.0'
    fields = {}

    def __init__(self, context=None, **kwargs):
        self._context = context
        for key in kwargs:
            setattr(self, key, kwargs[key])

    def obj_reset_changes(self, fields=None):
        pass

    def __getitem__(self, name):
        return getattr(self, name)

    def __setitem__(self, name, value):
        setattr(self, name, value)

    def __contains__(self, name):
        return hasattr(self, name)

    def iteritems(self):
        for name in self.fields:
            yield name, getattr(self, name)

    items = lambda self: list(self.iteritems())

    def get(self, name, default=None):
        return getattr(self, name, default)

    def update(self, values):
        for name in values:
            setattr(self, name, values[name])


class NovaPersistentObject(object):
    pass


class ObjectListBase(object):
    pass


def remotable(function):
    return function


def remotable_classmethod(function):
    return classmethod(function)


def obj_make_list(context, list_obj, item_cls, db_list):
    return list_obj


def obj_to_primitive(obj):
    return obj
'''

FIELDS = '''\
"""The types of the fields."""


class Field(object):
    def __init__(self, nullable=False, default=None):
        self.nullable = nullable


class IntegerField(Field):
    pass


class BooleanField(Field):
    pass


class FloatField(Field):
    pass


class StringField(Field):
    pass


class UUIDField(Field):
    pass


class DateTimeField(Field):
    pass


class DictOfNullableStringsField(Field):
    pass


class DictOfStringsField(Field):
    pass


class ObjectField(Field):
    def __init__(self, name, **kwargs):
        super(ObjectField, self).__init__(**kwargs)


class ListOfObjectsField(Field):
    def __init__(self, name, **kwargs):
        super(ListOfObjectsField, self).__init__(**kwargs)
'''

_OBJECT_HEAD = '''\
"""{doc}"""

from nova.objects import base
from nova.objects import fields


'''

_WRITING = """\

    @base.remotable
    def create(self, context):
        pass

    @base.remotable
    def save(self, context, prune_stats=False):
        pass

    @base.remotable
    def destroy(self, context):
        pass
"""

COMPUTE_NODE = (
    _OBJECT_HEAD.format(doc="A compute node.").replace(
        "from nova.objects import base\n", "from nova import db\nfrom nova.objects import base\n"
    )
    + """\
class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.5'

    fields = {
        'id': fields.IntegerField(),
        'service_id': fields.IntegerField(),
        'vcpus': fields.IntegerField(),
        'memory_mb': fields.IntegerField(),
        'vcpus_used': fields.IntegerField(),
        'memory_mb_used': fields.IntegerField(),
        'hypervisor_hostname': fields.StringField(nullable=True),
        'cpu_info': fields.StringField(nullable=True),
        'metrics': fields.StringField(nullable=True),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        }

    @base.remotable_classmethod
    def get_by_id(cls, context, compute_id):
        pass

    @base.remotable_classmethod
    def get_by_service_id(cls, context, service_id):
        pass
"""
    + _WRITING.replace(
        "create(self, context):\n        pass\n",
        "create(self, context):\n        db.compute_node_create(context, self.obj_get_changes())\n",
    ).replace(
        "prune_stats=False):\n        pass\n",
        "prune_stats=False):\n"
        "        db.compute_node_update(context, self.id, self.obj_get_changes())\n",
    )
    + """\

    @property
    def service(self):
        pass


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.5'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }

    @base.remotable_classmethod
    def get_all(cls, context):
        pass

    @base.remotable_classmethod
    def get_by_service(cls, context, service):
        pass
"""
)

SERVICE = (
    _OBJECT_HEAD.format(doc="A service.")
    + """\
class Service(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.4'

    fields = {
        'id': fields.IntegerField(),
        'host': fields.StringField(nullable=True),
        'binary': fields.StringField(nullable=True),
        'topic': fields.StringField(nullable=True),
        'report_count': fields.IntegerField(),
        'disabled': fields.BooleanField(),
        'disabled_reason': fields.StringField(nullable=True),
        'compute_node': fields.ObjectField('ComputeNode'),
        }

    @base.remotable_classmethod
    def get_by_id(cls, context, service_id):
        pass

    @base.remotable_classmethod
    def get_by_compute_host(cls, context, host):
        pass

    @base.remotable_classmethod
    def get_by_args(cls, context, host, binary):
        pass
"""
    + _WRITING.replace(", prune_stats=False", "")
    + """\


class ServiceList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.2'

    fields = {
        'objects': fields.ListOfObjectsField('Service'),
        }

    @base.remotable_classmethod
    def get_all(cls, context, disabled=None):
        pass

    @base.remotable_classmethod
    def get_by_host(cls, context, host):
        pass

    @base.remotable_classmethod
    def get_by_topic(cls, context, topic):
        pass
"""
)

MIGRATION = (
    _OBJECT_HEAD.format(doc="A migration.")
    + """\
class Migration(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'id': fields.IntegerField(),
        'source_compute': fields.StringField(nullable=True),
        'dest_compute': fields.StringField(nullable=True),
        'old_instance_type_id': fields.IntegerField(nullable=True),
        'new_instance_type_id': fields.IntegerField(nullable=True),
        'instance_uuid': fields.StringField(nullable=True),
        'status': fields.StringField(nullable=True),
        }

    @base.remotable_classmethod
    def get_by_id(cls, context, migration_id):
        pass
"""
    + _WRITING.replace(", prune_stats=False", "")
    + """\

    @property
    def instance(self):
        pass


class MigrationList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('Migration'),
        }

    @base.remotable_classmethod
    def get_unconfirmed_by_dest_compute(cls, context, confirm_window, dest_compute):
        pass

    @base.remotable_classmethod
    def get_in_progress_by_host_and_node(cls, context, host, node):
        pass
"""
)

INSTANCE = (
    _OBJECT_HEAD.format(doc="An instance.")
    + """\
class Instance(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.16'

    fields = {
        'id': fields.IntegerField(),
        'uuid': fields.UUIDField(),
        'host': fields.StringField(nullable=True),
        'node': fields.StringField(nullable=True),
        'vm_state': fields.StringField(nullable=True),
        'task_state': fields.StringField(nullable=True),
        'instance_type_id': fields.IntegerField(nullable=True),
        'launched_on': fields.StringField(nullable=True),
        'system_metadata': fields.DictOfNullableStringsField(),
        }

    @base.remotable_classmethod
    def get_by_uuid(cls, context, uuid, expected_attrs=None):
        pass

    @base.remotable
    def create(self, context):
        pass

    @base.remotable
    def save(self, context, expected_vm_state=None, expected_task_state=None):
        pass

    @base.remotable
    def destroy(self, context):
        pass


class InstanceList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.10'

    fields = {
        'objects': fields.ListOfObjectsField('Instance'),
        }

    @base.remotable_classmethod
    def get_by_host(cls, context, host, expected_attrs=None):
        pass
"""
)

FLAVOR = (
    _OBJECT_HEAD.format(doc="A flavor.")
    + """\
class Flavor(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'id': fields.IntegerField(),
        'name': fields.StringField(nullable=True),
        'memory_mb': fields.IntegerField(),
        'vcpus': fields.IntegerField(),
        'flavorid': fields.StringField(),
        'extra_specs': fields.DictOfStringsField(),
        }

    @base.remotable_classmethod
    def get_by_id(cls, context, id):
        pass
"""
    + _WRITING.replace(", prune_stats=False", "")
)

DB_API = '''\
"""The queries."""


def instance_update_and_get_original(context, uuid, values):
    pass


def service_get_by_compute_host(context, host):
    pass
'''

MODELS = '''\
"""The tables."""

from sqlalchemy import Column, Integer, Text


class ComputeNode(object):
    id = Column(Integer)
    service_id = Column(Integer)
    vcpus = Column(Integer)
    memory_mb = Column(Integer)
    vcpus_used = Column(Integer)
    memory_mb_used = Column(Integer)
    hypervisor_hostname = Column(Text)
    cpu_info = Column(Text)
    metrics = Column(Text)
    stats = Column(Text)
    pci_stats = Column(Text)
    extra_resources = Column(Text)
'''

CALLER = '''\
"""Whoever is asked for the services of a host."""

from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.seen = 0

    def host(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        self.seen += 1
        return service['host']

    def flavor(self, context, flavor_id):
        return self.conductor_api.instance_type_get(context, flavor_id)['name']
'''

CALLER_LEFT = '''\
"""Whoever asks for what no object gives."""

from nova import conductor


def service(context, host, topic):
    capi = conductor.API()
    return capi.service_get_by_host_and_topic(context, host, topic)
'''

CONTEXT = '''\
"""Who asks."""


class RequestContext(object):
    pass


def get_admin_context():
    pass
'''

FAKE_INSTANCE = '''\
"""A row of an instance for unit tests."""


def fake_db_instance(**updates):
    return dict({'id': 1}, **updates)
'''

FAKE_COMPUTE_NODE = '''\
"""The row that the unit tests of the compute node use."""

fake_compute_node = {'id': 1}
'''

FAKE_MIGRATION = '''\
"""The row that the unit tests of the migration use."""


def fake_db_migration(**updates):
    return dict({'id': 1}, **updates)
'''

BYSTANDER = '''\
"""Nothing that has to do with rows."""


def double(number):
    return 2 * number
'''


def unit_tests(folder: str) -> dict[str, str]:
    """The package of unit tests at `folder`, with the fixtures that those of the objects use."""
    return {
        f"{folder}/__init__.py": PACKAGE,
        f"{folder}/fake_instance.py": FAKE_INSTANCE,
        f"{folder}/objects/__init__.py": PACKAGE,
        f"{folder}/objects/test_compute_node.py": FAKE_COMPUTE_NODE,
        f"{folder}/objects/test_migration.py": FAKE_MIGRATION,
    }


def files() -> dict[str, str]:
    """The tree's files: path, relative to the tree and with slashes, to text."""
    return {
        "nova/__init__.py": PACKAGE,
        "nova/context.py": CONTEXT,
        "nova/exception.py": EXCEPTION,
        "nova/conductor/__init__.py": CONDUCTOR,
        "nova/conductor/api.py": CONDUCTOR_API,
        "nova/db/__init__.py": DB,
        "nova/db/sqlalchemy/__init__.py": PACKAGE,
        "nova/db/sqlalchemy/api.py": DB_API,
        "nova/db/sqlalchemy/models.py": MODELS,
        "nova/objects/__init__.py": OBJECTS,
        "nova/objects/base.py": BASE,
        "nova/objects/fields.py": FIELDS,
        "nova/objects/compute_node.py": COMPUTE_NODE,
        "nova/objects/service.py": SERVICE,
        "nova/objects/migration.py": MIGRATION,
        "nova/objects/instance.py": INSTANCE,
        "nova/objects/flavor.py": FLAVOR,
        "nova/compute/__init__.py": PACKAGE,
        "nova/compute/example.py": CALLER,
        "nova/compute/left.py": CALLER_LEFT,
        "nova/compute/bystander.py": BYSTANDER,
        **unit_tests("nova/tests"),
    }
