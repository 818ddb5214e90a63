# SPDX-License-Identifier: Apache-2.0
"""A tree in the shape of nova's in late 2014, as small as the rewriter can run on.

It has only what the rewriter reads: the registry of the objects, their versions, fields
and remotable methods, and a few modules, two of which call the conductor.
"""

from codemods.testing.small_object_base import BASE, FIELDS, OBJECTS
from codemods.testing.small_objects import COMPUTE_NODE, FLAVOR, INSTANCE, MIGRATION, SERVICE

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
    """The package of unit tests at `folder`, with the fixtures for the objects' unit tests."""
    return {
        f"{folder}/__init__.py": PACKAGE,
        f"{folder}/fake_instance.py": FAKE_INSTANCE,
        f"{folder}/objects/__init__.py": PACKAGE,
        f"{folder}/objects/test_compute_node.py": FAKE_COMPUTE_NODE,
        f"{folder}/objects/test_migration.py": FAKE_MIGRATION,
    }


def files() -> dict[str, str]:
    """The text of each of the tree's files by path, relative to the tree and with slashes."""
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
