# SPDX-License-Identifier: Apache-2.0
"""What the cases of the rules of unit tests share: code under test, and the module around a test.

A case is the methods of one test case, before the rewrite and after it. The
module around them has every import already, so that a case shows no more than
what it is for; how imports come and go, the examples of the rules show.
"""

import textwrap
from collections.abc import Mapping

from codemods.rules import example_sources

#: Where the unit tests stand.
PATH = "nova/tests/compute/test_reader.py"

#: Other files of the tree; a directory with None is gone.
Beside = Mapping[str, str | None]

HEAD = """\
import copy

import mock
from mox3 import mox
import six

from nova.compute import reader
from nova import conductor
from nova.conductor import api as conductor_api
from nova.conductor import rpcapi as conductor_rpcapi
from nova import db
from nova import exception
from nova import objects
from nova.objects import base
from nova.openstack.common import jsonutils
from nova import test
from nova.tests import fake_instance
from nova.tests.objects import test_compute_node
from nova.tests.objects import test_migration

MODULES = (copy, six, db, exception, conductor, conductor_api,
           conductor_rpcapi, objects, base, jsonutils, mox, mock,
           fake_instance, test_compute_node, test_migration)
"""

CASE = """\


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

"""


def in_module(text: str) -> str:
    """A module of unit tests of which `text` is what follows the imports."""
    return HEAD + "\n\n" + text


def in_test_case(methods: str) -> str:
    """A module of unit tests in which `methods` are those of a test case of the reader."""
    return HEAD + CASE + textwrap.indent(methods.strip("\n") + "\n", " " * 4)


MOCKED_CASE = """\


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        api = mock.Mock()
        with mock.patch('nova.conductor.API', return_value=api):
            self.rt = reader.Reader()
        self.cond_api_mock = self.rt.conductor_api

"""


def in_mocked_case(methods: str, case: str = MOCKED_CASE) -> str:
    """A module in which `methods` are those of a test case that mocks the whole conductor."""
    return HEAD + case + textwrap.indent(methods.strip("\n") + "\n", " " * 4)


_READER = """\


class Reader(object):
    def __init__(self, client=None):
        self.client = client
        self.conductor_api = conductor.API()
"""


def reader(*methods: str) -> dict[str, str | None]:
    """The file of a class under test that has `methods`."""
    text = "".join("\n" + textwrap.indent(method, " " * 4) for method in methods)
    head = "from nova import conductor\n"
    if "jsonutils." in text:
        head += "from nova.openstack.common import jsonutils\n"
    return {"nova/compute/reader.py": head + _READER + text}


READ = """\
def read(self, context, host):
    return self.conductor_api.service_get_by_compute_host(context, host)
"""

READ_ALL = """\
def read_all(self, context, topic):
    return self.conductor_api.service_get_all_by_topic(context, topic)
"""

NODES = """\
def nodes(self, context, host):
    service = self.conductor_api.service_get_by_compute_host(context, host)
    nodes = service['compute_node']
    return nodes
"""

TELL = """\
def tell(self, context, node_id, values):
    self.conductor_api.compute_node_update(context, {'id': node_id}, values)
"""

REPORT = """\
def report(self, context, service):
    self.conductor_api.service_update(context, service, {'report_count': 1})
"""

CREATE = """\
def create(self, context, values):
    self.node = self.conductor_api.compute_node_create(context, values)
"""

TRACK = """\
def track(self, context, values):
    self.compute_node = self.conductor_api.compute_node_create(context, values)
"""

MARK = """\
def mark(self, context, uuid, host):
    self.conductor_api.instance_update(context, uuid, host=host)
"""

KILL = """\
def kill(self, context, service_id):
    self.conductor_api.service_destroy(context, service_id)
"""

WAIT = """\
def wait(self, context):
    self.conductor_api.wait_until_ready(context)
"""

MIGRATIONS = """\
def uuids(self, context, host, node):
    capi = self.conductor_api
    migrations = capi.migration_get_in_progress_by_host_and_node(context,
            host, node)
    uuids = []
    for migration in migrations:
        instance = migration['instance']
        if instance:
            uuids.append(instance['uuid'])
    return uuids
"""

#: A list of compute nodes that cannot be read by their service.
NODES_WITHOUT_GETTER = example_sources.NODES_WITHOUT_GETTER.replace(
    "        }\n", "        'vcpus': fields.IntegerField(),\n        }\n", 1
)
