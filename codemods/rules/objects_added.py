"""Add what the tree's package of objects lacks as a whole.

A Flavor object, where the release has none: its getters end in the queries of
the database API that the conductor's methods end in, and every column is a
field. A getter of the nodes of one service, where the list object has none:
without it every node would read the rows of all others. Both come with unit
tests. And an object is only known over RPC when `register_all()` imports it.
"""

import ast
from collections.abc import Iterator

from codemods.model import Evidence, Item, NewFile
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

_GETTER = """
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


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the new files, and the edits that add a getter or register a module."""
    if Item.OBJECT_FIELDS not in context.converted:
        return
    additions = context.additions
    if context.path == f"{context.tree.objects_path}/__init__.py":
        for path, data in additions.files.items():
            yield NewFile(path, data, Item.OBJECT_FIELDS, context.rule)
        yield from _registered(context)
    elif "ComputeNodeList" in context.module.classes and context.adds_nodes_getter():
        yield from _getter(context)


def _registered(context: FileContext) -> Iterator[Finding]:
    imports = [
        context.source.statement(call)
        for call in context.calls()
        if isinstance(call.func, ast.Name) and call.func.id == "__import__"
    ]
    missing = context.additions.unregistered
    if not imports or not missing:
        return
    last = imports[-1]
    assert last.end_lineno is not None
    place, indent = context.source.line_start(last.end_lineno + 1), context.source.indent(last)
    lines = "".join(f"{indent}__import__('{one}'){context.source.newline}" for one in missing)
    evidence = (context.step(last, "the objects that RPC knows are imported here"),)
    yield context.replace_range(place, place, lines, Item.OBJECT_FIELDS, evidence)


def _getter(context: FileContext) -> Iterator[Finding]:
    found = context.module.classes["ComputeNodeList"]
    assert found.node.end_lineno is not None
    place = context.source.line_start(found.node.end_lineno + 1)
    evidence = _readers(context)
    text = _GETTER.replace("\n", context.source.newline)
    yield context.replace_range(place, place, text, Item.OBJECT_FIELDS, evidence)
    package = context.tree.package
    yield context.wants_import(f"from {package} import exception", Item.OBJECT_FIELDS)


def _readers(context: FileContext) -> Evidence:
    return tuple(
        other.step(node, "the nodes of one service are read")
        for other in context.all_contexts()
        for node in other.node_lists()
    )


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
