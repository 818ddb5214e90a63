# SPDX-License-Identifier: Apache-2.0
"""A tree in the shape of nova's of late 2013: fields are functions, objects lack a registry.

It has no Flavor, keeps the stats of a node in a table of their own, cannot
read the nodes of one service as objects, and has drivers whose version is text.
"""

import small_tree

OBJECTS = """\
def register_all():
    __import__('nova.objects.instance')
    __import__('nova.objects.migration')
"""

BASE = """\
class NovaObject(object):
    version = '1.0'
    fields = {}

    def __init__(self):
        self._changed_fields = set()
        self._context = None

    def __getitem__(self, name):
        return getattr(self, name)

    def update(self, updates):
        for key, value in updates.items():
            self[key] = value


class NovaPersistentObject(object):
    fields = {}


class ObjectListBase(object):
    fields = {'objects': list}


def remotable(fn):
    return fn


def remotable_classmethod(fn):
    return classmethod(fn)


def obj_to_primitive(obj):
    return obj


def obj_make_list(context, list_obj, item_cls, db_list):
    return list_obj
"""

UTILS = """\
def str_value(val):
    if val is None:
        raise ValueError
    return unicode(val)


def str_or_none(val):
    return None if val is None else unicode(val)


def int_or_none(val):
    return None if val is None else int(val)
"""

DB = """\
from nova.db.api import *
"""

DB_API = """\
def compute_node_create(context, values):
    pass


def compute_node_update(context, compute_id, values, prune_stats=False):
    pass


def compute_node_delete(context, compute_id):
    pass


def compute_node_get_all(context):
    pass


def flavor_get(context, id):
    pass


def flavor_get_by_name(context, name):
    pass


def flavor_get_by_flavor_id(context, id, read_deleted=None):
    pass


def service_get_by_compute_host(context, host):
    pass
"""

EXCEPTION = """\
class NovaException(Exception):
    pass


class ComputeHostNotFound(NovaException):
    pass


class InstanceNotFound(NovaException):
    pass


class InstanceTypeNotFound(NovaException):
    pass


class ServiceNotFound(NovaException):
    pass
"""

TIMEUTILS = """\
def utcnow():
    pass
"""

TEST_OBJECTS = """\
class _LocalTest(object):
    def compare_obj(self, obj, db_obj):
        pass


class _RemoteTest(_LocalTest):
    pass
"""

COMPUTE_NODE = """\
from nova import db
from nova.objects import base
from nova.objects import utils


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': int,
        'service_id': int,
        'memory_mb': int,
        'hypervisor_hostname': utils.str_or_none,
        'hypervisor_version': int,
        }

    @staticmethod
    def _from_db_object(context, compute, db_compute):
        for key in compute.fields:
            compute[key] = db_compute[key]
        compute._context = context
        compute.obj_reset_changes()
        return compute

    @base.remotable
    def create(self, context):
        updates = self.obj_get_changes()
        db_compute = db.compute_node_create(context, updates)
        self._from_db_object(context, self, db_compute)

    @base.remotable
    def save(self, context, prune_stats=False):
        updates = self.obj_get_changes()
        db_compute = db.compute_node_update(context, self.id, updates,
                                            prune_stats=prune_stats)
        self._from_db_object(context, self, db_compute)

    @base.remotable
    def destroy(self, context):
        db.compute_node_delete(context, self.id)


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    @base.remotable_classmethod
    def get_all(cls, context):
        return base.obj_make_list(context, ComputeNodeList(), ComputeNode,
                                  db.compute_node_get_all(context))
"""

SERVICE = """\
from nova import db
from nova.objects import base
from nova.objects import utils


class Service(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': int,
        'host': utils.str_or_none,
        }

    @base.remotable_classmethod
    def get_by_compute_host(cls, context, host):
        return db.service_get_by_compute_host(context, host)

    @base.remotable
    def save(self, context):
        pass
"""

MODELS = """\
class ComputeNode(BASE, NovaBase):
    id = Column(Integer, primary_key=True)
    service_id = Column(Integer, nullable=False)
    memory_mb = Column(Integer, nullable=False)
    hypervisor_hostname = Column(String(255))
    hypervisor_version = Column(Integer, nullable=False)
    pci_stats = Column(Text)


class ComputeNodeStat(BASE, NovaBase):
    id = Column(Integer, primary_key=True)
    stats = relationship("ComputeNode", backref="stats",
            primaryjoin=primary_join)
"""

TRACKER = """\
from nova import conductor


class Tracker(object):
    def __init__(self, host):
        self.host = host
        self.conductor_api = conductor.API()
        self.compute_node = None
        self.stats = {}

    def nodes(self, context):
        service = self.conductor_api.service_get_by_compute_host(context,
                                                                 self.host)
        return service['compute_node']

    def first(self, context):
        service = self.conductor_api.service_get_by_compute_host(context,
                                                                 self.host)
        return service['compute_node'][0]

    def create(self, context, values):
        values['stats'] = self.stats
        values['pci_stats'] = '[]'
        self.compute_node = self.conductor_api.compute_node_create(context,
                                                                   values)

    def again(self, context):
        self.update(context, self.compute_node)

    def audit(self, context, values):
        self.update(context, values, prune_stats=True)

    def update(self, context, values, prune_stats=False):
        self.compute_node = self.conductor_api.compute_node_update(
            context, self.compute_node, values, prune_stats)

    def flavor(self, context, flavor_id):
        return self.conductor_api.instance_type_get(context, flavor_id)

    def rename(self, context, uuid, name):
        row = self.conductor_api.instance_update(context, uuid,
                                                 display_name=name)
        return row['display_name']
"""

VIRT = """\
class Driver(object):
    def __init__(self, virtapi):
        self.virtapi = virtapi

    def get_available_resource(self):
        return {'hypervisor_version': '5.1.0'}

    def spawn(self, context, uuid):
        self.virtapi.instance_update(context, uuid, {'progress': 50})
"""


def files() -> dict[str, str]:
    """The tree's files: path, relative to the tree and with slashes, to text."""
    kept = (
        "nova/__init__.py",
        "nova/conductor/__init__.py",
        "nova/conductor/api.py",
    )
    return {
        **{path: text for path, text in small_tree.files().items() if path in kept},
        "nova/db/__init__.py": DB,
        "nova/db/api.py": DB_API,
        "nova/exception.py": EXCEPTION,
        "nova/openstack/__init__.py": "",
        "nova/openstack/common/__init__.py": "",
        "nova/openstack/common/timeutils.py": TIMEUTILS,
        "nova/tests/__init__.py": "",
        "nova/tests/objects/__init__.py": "",
        "nova/tests/objects/test_objects.py": TEST_OBJECTS,
        "nova/objects/__init__.py": OBJECTS,
        "nova/objects/base.py": BASE,
        "nova/objects/utils.py": UTILS,
        "nova/objects/compute_node.py": COMPUTE_NODE,
        "nova/objects/service.py": SERVICE,
        "nova/db/sqlalchemy/models.py": MODELS,
        "nova/compute/__init__.py": "",
        "nova/compute/tracker.py": TRACKER,
        "nova/virt/driver.py": VIRT,
    }
