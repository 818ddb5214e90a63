# SPDX-License-Identifier: Apache-2.0
"""Let a service be read if a conductor of the next release answers.

If the versions of Service do not say which version of ComputeNode it contains,
such a conductor sends its own version, whatever version of Service was asked for,
and the reply cannot be deserialized. The dict API had no versions. So a compute
node newer than the one here is left out, because the service loads it when it is
accessed. In a release whose conductors never backport objects, it is read as far
as its fields are known here.
"""

from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.analysis.object_changes import NewerLeftOut, NewerRead, ObjectChange
from codemods.model import Item
from codemods.rewriting.adding import Added, set_off
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.nodes import attribute, statements
from codemods.rules.objects.base import ObjectRule

_BASE = """\
class NovaObject(object):
    @classmethod
    def _obj_from_primitive(cls, context, objver, primitive):
        return cls()
"""

_BEFORE = """\
from nova.objects import base
from nova.objects import fields


class Service(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.2'

    fields = {
        'id': fields.IntegerField(),
        'compute_node': fields.ObjectField('ComputeNode'),
        }
"""

EXAMPLES = (
    Example(
        _BEFORE,
        """\
from nova import exception
from nova.objects import base
from nova.objects import fields


class Service(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.2'

    fields = {
        'id': fields.IntegerField(),
        'compute_node': fields.ObjectField('ComputeNode'),
        }

    @classmethod
    def _obj_from_primitive(cls, context, objver, primitive):
        read = super(Service, cls)._obj_from_primitive
        try:
            return read(context, objver, primitive)
        except exception.IncompatibleObjectVersion:
            # A newer conductor may nest a newer ComputeNode; drop it and let
            # it be lazy-loaded.
            data = dict(primitive['nova_object.data'])
            if data.pop('compute_node', None) is None:
                raise
            known = dict(primitive, **{'nova_object.data': data})
            return read(context, objver, known)
""",
        path="nova/objects/service.py",
        beside=(("nova/objects/base.py", _BASE),),
    ),
    LeftAlone(
        """\
from nova.objects import base
from nova.objects import fields


class Service(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.3'

    fields = {
        'id': fields.IntegerField(),
        'compute_node': fields.ObjectField('ComputeNode'),
        }

    def obj_make_compatible(self, primitive, target_version):
        pass
""",
        path="nova/objects/service.py",
        beside=(("nova/objects/base.py", _BASE),),
    ),
)

_READER = """\
@classmethod
def _obj_from_primitive(cls, context, objver, primitive):
    read = super({owner}, cls)._obj_from_primitive
    try:
        return read(context, objver, primitive)
    except {exception}.IncompatibleObjectVersion:
        # A newer conductor may nest a newer ComputeNode; drop it and let
        # it be lazy-loaded.
        data = dict(primitive['nova_object.data'])
        if data.pop('compute_node', None) is None:
            raise
        known = dict(primitive, **{'nova_object.data': data})
        return read(context, objver, known)
"""

_ANY_OBJECT = m.Attribute(value=m.Name(), attr=m.Name("NovaObject"))


class ReadNewerNodes(ObjectRule):
    """See the module."""

    def added(self, original: cst.CSTNode, change: ObjectChange) -> Added | None:
        """The method that leaves out a newer compute node."""
        if not isinstance(change, NewerLeftOut):
            return None
        names = {"owner": cst.Name(change.owner)}
        names["exception"] = self.name_of("exception", self.file.tree.package)
        return Added(behind=set_off(statements(_READER, **names)), effect=Effect.LEAVES_NODE_OUT)

    def leave_Return(self, original: cst.Return, updated: cst.Return) -> cst.Return:
        """`return base.NovaObject.obj_from_primitive(val)`."""
        for change in self.changes(original, NewerRead):
            objects = self.file.tree.objects_path.replace("/", ".")
            node = attribute(self.name_of("compute_node", objects), "ComputeNode")
            new: Any = m.replace(updated, _ANY_OBJECT, node)
            updated = self.edited(original, new, Item.OBJECT_FIELDS, change.evidence)
        return updated
