"""Replace a unit test's stub of the conductor's instance_update() by one of the database.

The tracker saves an object of its own, so a stub of `save` on the test's
instance would not be reached, and one on the class would swallow the saves of
every instance. What both had in common is the function of the database that
they end in: it is stubbed, with the same uuid expected, and returns a whole
row twice, the old and the new one.
"""

import ast
from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule
from codemods.syntax.render import call_lines

_NAME = "instance_update"
_DATABASE = "instance_update_and_get_original"


_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def mark(self, context, uuid, host):
        self.conductor_api.instance_update(context, uuid, host=host)
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
from mox3 import mox

from nova.compute import reader
from nova.conductor import rpcapi as conductor_rpcapi
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_mark(self):
        self.mox.StubOutWithMock(conductor_rpcapi.ConductorAPI,
                                 'instance_update')
        conductor_rpcapi.ConductorAPI.instance_update(
            'context', 'uuid1', mox.IgnoreArg(), 'conductor')
        self.mox.ReplayAll()
        self.reader.mark('context', 'uuid1', 'host1')
""",
        """\
from mox3 import mox

from nova.compute import reader
from nova import db
from nova import test
from nova.tests import fake_instance


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_mark(self):
        self.mox.StubOutWithMock(db, 'instance_update_and_get_original')
        row = fake_instance.fake_db_instance(uuid='uuid1')
        db.instance_update_and_get_original(
            'context', 'uuid1', mox.IgnoreArg(), update_cells=False,
            columns_to_join=mox.IgnoreArg()).AndReturn((row, row))
        self.mox.ReplayAll()
        self.reader.mark('context', 'uuid1', 'host1')
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    Example(
        """\
import mock

from nova.compute import reader
from nova.conductor import rpcapi as conductor_rpcapi
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch.object(conductor_rpcapi.ConductorAPI, 'instance_update')
    def test_mark(self, mock_update):
        self.reader.mark('context', 'uuid1', 'host1')
        self.assertTrue(mock_update.called)
""",
        """\
import mock

from nova.compute import reader
from nova import db
from nova import test
from nova.tests import fake_instance


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch.object(db, 'instance_update_and_get_original',
                       return_value=[fake_instance.fake_db_instance()] * 2)
    def test_mark(self, mock_update):
        self.reader.mark('context', 'uuid1', 'host1')
        self.assertTrue(mock_update.called)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
import mock

from nova.compute import reader
from nova.conductor import rpcapi as conductor_rpcapi
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch.object(conductor_rpcapi.ConductorAPI, 'service_update')
    def test_mark(self, mock_update):
        self.reader.mark('context', 'uuid1', 'host1')
        self.assertFalse(mock_update.called)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every such stub."""
    if Item.INSTANCE not in context.converted or not context.tracker_saves_instances():
        return
    for node in context.calls():
        func = node.func
        if not isinstance(func, ast.Attribute):
            continue
        name = context.module.dotted_name(func)
        if func.attr == "StubOutWithMock" and _is_target(context, node.args):
            yield from _replaced(context, node, ["db", f"'{_DATABASE}'"])
        elif name == "mock.patch.object" and _is_target(context, node.args):
            row = "[fake_instance.fake_db_instance()] * 2"
            yield from _replaced(context, node, ["db", f"'{_DATABASE}'", f"return_value={row}"])
            yield _fixture(context)
        elif name.endswith(f"ConductorAPI.{_NAME}") and len(node.args) == 4:
            yield from _recorded(context, node)
        elif name == "mock.call" and _is_expected(node):
            keywords = ["update_cells=False", "columns_to_join=mock.ANY"]
            arguments = [context.text(argument) for argument in node.args[:3]] + keywords
            yield from _replaced(context, node, arguments)


def _is_target(context: FileContext, arguments: list[ast.expr]) -> bool:
    if len(arguments) != 2 or not isinstance(arguments[1], ast.Constant):
        return False
    owner = context.module.dotted_name(arguments[0])
    return arguments[1].value == _NAME and owner.endswith("rpcapi.ConductorAPI")


def _is_expected(node: ast.Call) -> bool:
    last = node.args[-1] if len(node.args) == 4 else None
    return isinstance(last, ast.Constant) and last.value == "conductor"


def _replaced(context: FileContext, node: ast.Call, arguments: list[str]) -> Iterator[Finding]:
    evidence = (context.step(node, "stubs the conductor's instance_update()"),)
    start = context.source.end(node.func)
    text = f"({', '.join(arguments)})"
    yield context.replace_range(start, context.source.end(node), text, Item.INSTANCE, evidence)
    yield context.wants_import(f"from {context.tree.package} import db", Item.INSTANCE)


def _recorded(context: FileContext, node: ast.Call) -> Iterator[Finding]:
    statement = context.source.statement(node)
    if not isinstance(statement, ast.Expr) or statement.value is not node:
        yield context.declined(node, Item.INSTANCE, "test.stub")
        return
    indent = context.source.indent(statement)
    uuid = context.text(node.args[1])
    arguments = [context.text(argument) for argument in node.args[:3]]
    arguments += ["update_cells=False", "columns_to_join=mox.IgnoreArg()"]
    lines = [
        *call_lines(f"{indent}row = fake_instance.fake_db_instance", [f"uuid={uuid}"], "", indent),
        *call_lines(f"{indent}db.{_DATABASE}", arguments, ".AndReturn((row, row))", indent),
    ]
    evidence = (context.step(node, "expects the conductor's instance_update()"),)
    yield context.replace_statement(statement, lines, Item.INSTANCE, evidence)
    yield context.wants_import(f"from {context.tree.package} import db", Item.INSTANCE)
    yield _fixture(context)


def _fixture(context: FileContext) -> Finding:
    line = f"from {context.tree.tests} import fake_instance"
    return context.wants_import(line, Item.INSTANCE)


RULE = Rule.of(
    __name__, __doc__, check, EXAMPLES, tests=True, own_objects=True, needles=(b"ConductorAPI",)
)
