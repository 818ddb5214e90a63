"""Let a unit test's stubs of the database answer what the objects ask.

An object passes keyword arguments that the conductor did not, so the stub
takes them. Where the object needs a second query, for the nodes of a service
or the instance of a migration, the stub of the first is given a companion that
answers from the same fixtures. A row made of an object's fields gets the
columns that the object never set.
"""

import ast
from collections.abc import Iterator

from codemods.analysis.stubs import Stub
from codemods.mappings import stub_keywords
from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule, literal_key

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def nodes(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        nodes = service['compute_node']
        return nodes

    def mark(self, context, uuid, host):
        self.conductor_api.instance_update(context, uuid, host=host)
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_nodes(self):
        self.stubs.Set(db, 'service_get_by_compute_host', self._service)
        self.reader.nodes('context', 'host1')

    def _service(self, context, host):
        return self.services[host]
""",
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_nodes(self):
        self.stubs.Set(db, 'service_get_by_compute_host', self._service)
        self.stubs.Set(db, 'service_get',
                       lambda ctx, service_id, **kwargs:
                       self._service(ctx, None))
        self.reader.nodes('context', 'host1')

    def _service(self, context, host):
        return self.services[host]
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    Example(
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_mark(self):
        self.stubs.Set(db, 'instance_update_and_get_original', self._update)
        self.reader.mark('context', 'uuid1', 'host1')

    def _update(self, context, uuid, values):
        return self.instances[uuid], self.instances[uuid]
""",
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_mark(self):
        self.stubs.Set(db, 'instance_update_and_get_original', self._update)
        self.reader.mark('context', 'uuid1', 'host1')

    def _update(self, context, uuid, values, **kwargs):
        return self.instances[uuid], self.instances[uuid]
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_mark(self):
        self.stubs.Set(db, 'instance_update_and_get_original', self._update)
        self.reader.mark('context', 'uuid1', 'host1')

    def _update(self, context, uuid, values, **kwargs):
        return self.instances[uuid], self.instances[uuid]
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every stub that an object could not use as it is."""
    nodes = context.tests_what("service_compute_node_to_list")
    instances = context.tests_what("migration_instance_to_get_by_uuid")
    if not (nodes or instances or context.tests_what("conductor_update_to_object_save")):
        return
    seen: set[ast.AST] = set()
    for stub in context.stubs():
        function = stub.function.node if stub.function is not None else None
        if function is not None and function not in seen:
            seen.add(function)
            yield from _keywords(context, stub)
            if instances:
                yield from _primitive_rows(context, stub)
        if nodes:
            yield from _nodes_of_service(context, stub)
        if instances:
            yield from _instance_of_migration(context, stub)


def _keywords(context: FileContext, stub: Stub) -> Iterator[Finding]:
    needed = stub_keywords().get(stub.name)
    if needed is None or Item.INSTANCE not in context.converted:
        return
    assert stub.function is not None
    node = stub.function.node
    if stub.function.module is not context.module or not isinstance(node, ast.FunctionDef):
        return
    names = set(stub.function.parameters)
    if node.args.kwarg is not None or set(needed) <= names:
        return
    last = (node.args.defaults or node.args.args)[-1]
    place = context.source.end(last)
    evidence = (context.step(node, f"the object passes {', '.join(needed)} too"),)
    line = context.source.line_at(place)
    separator = ", "
    if len(context.source.line_text(line)) + len(", **kwargs") > 79:
        text = context.source.line_text(line)
        is_first = line == node.lineno
        column = text.index("(") + 1 if is_first else len(text) - len(text.lstrip())
        separator = f",{context.source.newline}{' ' * column}"
    yield context.replace_range(place, place, f"{separator}**kwargs", Item.INSTANCE, evidence)


def _primitive_rows(context: FileContext, stub: Stub) -> Iterator[Finding]:
    """`row = obj_to_primitive(migration)` has only the columns that were set."""
    if Item.MIGRATION not in context.converted or not stub.name.startswith("migration_get"):
        return
    assert stub.function is not None
    if stub.function.module is not context.module:
        return
    fixture = f"{context.tree.tests}.objects.test_migration"
    for node in ast.walk(stub.function.node):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if not context.module.dotted_name(node.value.func).endswith(".obj_to_primitive"):
            continue
        text = context.text(node.value)
        indent = context.source.indent(node)
        target = context.text(node.targets[0])
        lines = [
            f"{indent}{target} = dict(test_migration.fake_db_migration(),",
            f"{indent}{' ' * (len(target) + 8)}**{text})",
        ]
        evidence = (context.step(node, "stands for a Migration row"),)
        yield context.replace_statement(node, lines, Item.MIGRATION, evidence)
        head, _, tail = fixture.rpartition(".")
        yield context.wants_import(f"from {head} import {tail}", Item.MIGRATION)


def _statement_of(context: FileContext, stub: Stub) -> ast.stmt | None:
    statement = context.source.statement(stub.node)
    return statement if isinstance(statement, ast.Expr) else None


def _after(
    context: FileContext, statement: ast.stmt, lines: list[str], item: Item, why: str
) -> Finding:
    assert statement.end_lineno is not None
    place = context.source.line_start(statement.end_lineno + 1)
    text = "".join(line + context.source.newline for line in lines)
    return context.replace_range(place, place, text, item, (context.step(statement, why),))


def _nodes_of_service(context: FileContext, stub: Stub) -> Iterator[Finding]:
    statement = _statement_of(context, stub)
    if stub.name != "service_get_by_compute_host" or stub.fake is None or statement is None:
        return
    if Item.SERVICE not in context.converted or not context.tree.has(
        "ComputeNodeList.get_by_service"
    ):
        return
    indent, fake = context.source.indent(statement), context.text(stub.fake)
    owner = context.text(stub.node.args[0])
    host = "self.host" if b"self.host = " in context.source.text else "None"
    lines = [
        f"{indent}self.stubs.Set({owner}, 'service_get',",
        f"{indent}               lambda ctx, service_id, **kwargs:",
        f"{indent}               {fake}(ctx, {host}))",
    ]
    if max(map(len, lines)) > 79:
        lines = [
            f"{indent}self.stubs.Set(",
            f"{indent}    {owner}, 'service_get',",
            f"{indent}    lambda ctx, service_id, **kwargs: {fake}(",
            f"{indent}        ctx, {host}))",
        ]
    yield _after(context, statement, lines, Item.SERVICE, "the nodes are a query of their own")


def _instance_of_migration(context: FileContext, stub: Stub) -> Iterator[Finding]:
    statement = _statement_of(context, stub)
    if not stub.name.startswith("migration_get_in_progress") or statement is None:
        return
    if Item.MIGRATION not in context.converted or stub.function is None:
        return
    store = None
    for node in ast.walk(stub.function.node):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            if literal_key(node.targets[0]) == "instance" and isinstance(node.value, ast.Subscript):
                store = context.text(node.value.value)
    if store is None:
        return
    indent, owner = context.source.indent(statement), context.text(stub.node.args[0])
    lines = [
        f"{indent}self.stubs.Set({owner}, 'instance_get_by_uuid',",
        f"{indent}               lambda ctx, uuid, *args, **kwargs:",
        f"{indent}               {store}[uuid])",
    ]
    why = "the instance is a query of its own"
    yield _after(context, statement, lines, Item.MIGRATION, why)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, tests=True, own_objects=True)
