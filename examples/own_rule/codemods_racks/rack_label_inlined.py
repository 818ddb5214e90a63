# SPDX-License-Identifier: Apache-2.0
"""Replace `racks.label(service)` by `service.rack or service.host`.

It is what the function returns, of a Service; it is not called for anything
else, and only where the service has a name, so that it is evaluated once.
"""

import libcst as cst

from codemods.api import CodeRule, Example, HoldsProvider, LeftAlone, nodes

RACKS = '''\
"""The racks of the fork."""


def label(service):
    return service['rack'] or service['host']
'''

BESIDE = (
    ("nova/racks.py", RACKS),
    (
        "nova/objects/service.py",
        '''\
from nova.objects import base
from nova.objects import fields


class Service(base.NovaPersistentObject, base.NovaObject):
    fields = {
        'id': fields.IntegerField(),
        'host': fields.StringField(nullable=True),
        }


class ServiceList(base.ObjectListBase, base.NovaObject):
    fields = {
        'objects': fields.ListOfObjectsField('Service'),
        }

    @base.remotable_classmethod
    def get_by_rack(cls, context, rack):
        pass
''',
    ),
)

EXAMPLES = (
    Example(
        """\
from nova import conductor
from nova import racks


class Printer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def labels(self, context, rack):
        services = self.conductor_api.service_get_all_by_rack(context, rack)
        return [racks.label(service).upper() for service in services]
""",
        """\
from nova import objects


class Printer(object):

    def labels(self, context, rack):
        services = objects.ServiceList.get_by_rack(context, rack)
        return [(service.rack or service.host).upper() for service in services]
""",
        path="nova/compute/printer.py",
        beside=BESIDE,
    ),
    LeftAlone(
        """\
from nova import racks


def label(service):
    return racks.label(service)
""",
        path="nova/compute/printer.py",
        beside=BESIDE,
    ),
)


class RackLabelInlined(CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider,)

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.BaseExpression:
        """A call of label()."""
        if self.file.dotted_name(original.func) != "nova.racks.label" or len(original.args) != 1:
            return updated
        row = self.holding(original.args[0].value)
        if row is None or row.name != "Service" or not row.sure:
            return updated
        item, service = self.file.item_of(row.name), updated.args[0].value
        if not isinstance(service, cst.Name):
            self.declined(original, item, "racks.evaluated-twice", row.evidence)
            return updated
        rack, host = nodes.attribute(service, "rack"), nodes.attribute(service, "host")
        return self.edited(original, nodes.either(rack, host), item, row.evidence)
