# SPDX-License-Identifier: Apache-2.0
"""Add objects, getters and registrations that the tree's objects package lacks.

If the release has no Flavor object, one is added: its getters end in the same
queries of the database API as the conductor's methods, and every column is a
field. If the list object has no getter for the nodes of one service, one is added:
without it, each compute host would have to read the rows of all others. It uses
the dict API, which conductors of the neighbouring releases have too; it is not
remotable, because they would not have the method. Both come with unit tests, if
the tree has what these need. An object is known over RPC only if `register_all()`
imports its module, so missing imports are added there.
"""

from collections.abc import Iterator

import libcst as cst

from codemods.analysis.kept_rows import MODULE
from codemods.analysis.object_changes import GetterAdded, ObjectChange, Registered
from codemods.analysis.survey import Survey
from codemods.model import Item, NewFile
from codemods.rewriting.adding import Added, set_off
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.nodes import call, line, statements, string
from codemods.rules.example_sources import NODES_WITHOUT_GETTER, SERVICE_NODES_READER
from codemods.rules.objects.base import ObjectRule

_GETTER = """\
@classmethod
def get_by_service(cls, context, service):
    # Not remotable: conductors of other releases may lack this method.
    try:
        db_computes = {rows}.compute_nodes_of_host(context, service.host)
    except {exception}.ComputeHostNotFound:
        # A service deleted in the meantime has no nodes.
        db_computes = []
    return {base}.obj_make_list(context, ComputeNodeList(), ComputeNode,
                              db_computes)
"""

_BESIDE = (("nova/compute/reader.py", SERVICE_NODES_READER),)

EXAMPLES = (
    Example(
        NODES_WITHOUT_GETTER,
        """\
from nova import db
from nova import exception
from nova.objects import base
from nova.objects import compute_node_rows
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.5'

    fields = {
        'id': fields.IntegerField(),
        }


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }

    @base.remotable_classmethod
    def get_all(cls, context):
        return base.obj_make_list(context, ComputeNodeList(), ComputeNode,
                                  db.compute_node_get_all(context))

    @classmethod
    def get_by_service(cls, context, service):
        # Not remotable: conductors of other releases may lack this method.
        try:
            db_computes = compute_node_rows.compute_nodes_of_host(context,
                                                                  service.host)
        except exception.ComputeHostNotFound:
            # A service deleted in the meantime has no nodes.
            db_computes = []
        return base.obj_make_list(context, ComputeNodeList(), ComputeNode,
                                  db_computes)
""",
        path="nova/objects/compute_node.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova import db
from nova.objects import base
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.5'

    fields = {
        'id': fields.IntegerField(),
        }


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }

    @base.remotable_classmethod
    def get_all(cls, context):
        return base.obj_make_list(context, ComputeNodeList(), ComputeNode,
                                  db.compute_node_get_all(context))

    @classmethod
    def get_by_service(cls, context, service):
        return cls()
""",
        path="nova/objects/compute_node.py",
        beside=_BESIDE,
    ),
)


class AddObjects(ObjectRule):
    """See the module."""

    @classmethod
    def created(cls, survey: Survey, done: frozenset[Item]) -> Iterator[NewFile]:
        """The module of an object that the tree lacks, and its unit tests."""
        if Item.OBJECT_FIELDS in done and survey.tree.is_own:
            for path, data in survey.additions.files.items():
                if MODULE not in path:
                    yield NewFile(path, data, Item.OBJECT_FIELDS, cls.name())

    def added(self, original: cst.CSTNode, change: ObjectChange) -> Added | None:
        """The imports that register modules, or the getter."""
        if isinstance(change, Registered):
            lines = [line(call("__import__", string(module))) for module in change.modules]
            return Added(behind=lines, effect=Effect.IMPORTS_OBJECTS)
        if isinstance(change, GetterAdded):
            package = self.file.tree.package
            objects = self.file.tree.objects_path.replace("/", ".")
            names = {"exception": self.name_of("exception", package)}
            names |= {"base": self.name_of("base", objects), "rows": self.name_of(MODULE, objects)}
            getter = statements(_GETTER, **names)
            return Added(behind=set_off(getter), effect=Effect.GETS_NODES)
        return None
