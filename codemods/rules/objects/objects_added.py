"""Add what the tree's package of objects lacks as a whole.

A Flavor object, where the release has none: its getters end in the queries of
the database API that the conductor's methods end in, and every column is a
field. A getter of the nodes of one service, where the list object has none:
without it every node would read the rows of all others. Both come with unit
tests. And an object is only known over RPC when `register_all()` imports it.
"""

from collections.abc import Iterator

import libcst as cst

from codemods.analysis.object_changes import Change, GetterAdded, Registered
from codemods.analysis.survey import Survey
from codemods.model import Item, NewFile
from codemods.rewriting.adding import Added, set_off
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.nodes import call, line, statements, string
from codemods.rules.objects.base import ObjectRule

_GETTER = """\
@{base}.remotable_classmethod
def _get_by_host(cls, context, host):
    try:
        db_service = {db}.service_get_by_compute_host(context, host)
    except {exception}.ComputeHostNotFound:
        # a service that is gone by now has no nodes
        return {base}.obj_make_list(context, ComputeNodeList(), ComputeNode,
                                  [])
    return {base}.obj_make_list(context, ComputeNodeList(), ComputeNode,
                              db_service['compute_node'])

@classmethod
def get_by_service(cls, context, service):
    return cls._get_by_host(context, service.host)
"""

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def nodes(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        nodes = service['compute_node']
        return nodes
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
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
""",
        """\
from nova import db
from nova import exception
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

    @base.remotable_classmethod
    def _get_by_host(cls, context, host):
        try:
            db_service = db.service_get_by_compute_host(context, host)
        except exception.ComputeHostNotFound:
            # a service that is gone by now has no nodes
            return base.obj_make_list(context, ComputeNodeList(), ComputeNode,
                                      [])
        return base.obj_make_list(context, ComputeNodeList(), ComputeNode,
                                  db_service['compute_node'])

    @classmethod
    def get_by_service(cls, context, service):
        return cls._get_by_host(context, service.host)
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


class ObjectsAdded(ObjectRule):
    """See the module."""

    @classmethod
    def created(cls, survey: Survey, done: frozenset[Item]) -> Iterator[NewFile]:
        """The object that the tree lacks, and its unit tests."""
        if Item.OBJECT_FIELDS in done and survey.tree.is_own:
            for path, data in survey.additions.files.items():
                yield NewFile(path, data, Item.OBJECT_FIELDS, cls.name())

    def added(self, original: cst.CSTNode, change: Change) -> Added | None:
        """The imports that register modules, or the getter."""
        if isinstance(change, Registered):
            lines = [line(call("__import__", string(module))) for module in change.modules]
            return Added(behind=lines)
        if isinstance(change, GetterAdded):
            package = self.file.tree.package
            names = {name: self.name_of(name, package) for name in ("db", "exception")}
            names["base"] = self.name_of("base", f"{package}.objects")
            getter = statements(_GETTER, **names)
            return Added(behind=set_off(getter), effect=Effect.GETS_NODES)
        return None
