# SPDX-License-Identifier: Apache-2.0
"""Sources that several tables of cases stand on, and how a case changes one of them."""

import older_tree

#: Beside a case: the older tree in the place of the small one.
OLDER: dict[str, str | None] = {"nova/": None, **older_tree.files()}

#: Beside a case: a tree that has no objects of its own, so that the shim's are used.
WITHOUT_OBJECTS: dict[str, str | None] = {"nova/objects/": None}

READER_PATH = "nova/compute/reader.py"

#: Code that asks the conductor for one row of a service.
READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
"""

#: Code that reads the nodes of a service.
NODES_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def nodes(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        nodes = service['compute_node']
        return nodes
"""

#: Code that fills a column for which the small tree's compute node has no field.
FILLER = """\
from nova import conductor


class Filler(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def create(self, context, values):
        values['pci_stats'] = '[]'
        return self.conductor_api.compute_node_create(context, values)
"""


def changed(text: str, *pairs: tuple[str, str]) -> str:
    """The text with each pair's first part, which is there once, replaced by its second."""
    for old, new in pairs:
        assert text.count(old) == 1, f"{text.count(old)} times in the text: {old}"
        text = text.replace(old, new)
    return text


def crlf(text: str) -> str:
    """The text with the line endings of Windows."""
    return text.replace("\n", "\r\n")


#: An object whose PCI devices are a list object.
DEVICES_NODE = """\
from nova import db
from nova.objects import base
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'pci_stats': fields.ObjectField('PciDeviceList', nullable=True),
        }

    @base.remotable
    def create(self, context):
        db.compute_node_create(context, self.obj_get_changes())
"""
