"""Replace a unit test's mock of a conductor call by a mock of the object's method.

A mocked getter becomes the class method, and the dict that it was to return an
object of the same values, or a Mock that carries them where they are not legal
for the object. A mocked update becomes save() with the object as its first
argument, and the expectation is put to the object. A mocked create becomes a
stub that gives the object what the dict had.
"""

import ast
from collections.abc import Iterator

from codemods.mappings import ConductorCall, conductor_calls
from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule, variable_for
from codemods.rules.rows_in_tests import bound_literal, object_for
from codemods.rules.update_mocks import update_mock
from codemods.syntax.render import call_lines

_CLASSES = ("conductor.api.LocalAPI", "conductor.api.API")


_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)

    def tell(self, context, node_id, values):
        self.conductor_api.compute_node_update(context, {'id': node_id}, values)
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
import mock

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
    def test_read(self, mock_get):
        mock_get.return_value = {'id': 1, 'host': 'host1', 'compute_node': []}
        service = self.reader.read(None, 'host1')
        self.assertEqual('host1', service['host'])
""",
        """\
import mock

from nova.compute import reader
from nova import objects
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch('nova.objects.Service.get_by_compute_host')
    def test_read(self, mock_get):
        mock_get.return_value = objects.Service(id=1, host='host1')
        service = self.reader.read(None, 'host1')
        self.assertEqual('host1', service.host)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    Example(
        """\
import mock

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
    def test_tell(self, mock_update):
        self.reader.tell('context', 1, {'vcpus': 2})
        mock_update.assert_called_once_with('context', {'id': 1}, {'vcpus': 2})
""",
        """\
import mock

from nova.compute import reader
from nova import objects
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch.object(objects.ComputeNode, 'save', autospec=True)
    def test_tell(self, mock_update):
        self.reader.tell('context', 1, {'vcpus': 2})
        mock_update.assert_called_once_with(mock.ANY, 'context')
        compute_node = mock_update.call_args[0][0]
        self.assertEqual(1, compute_node.id)
        self.assertEqual(2, compute_node.vcpus)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
import mock

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
    def test_tell(self, mock_update):
        values = {'vcpus': 2}
        self.reader.tell('context', 1, values)
        mock_update.assert_called_once_with('context', {'id': 1}, values)
""",
        because="test.stub",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
import mock

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch('nova.conductor.api.LocalAPI.wait_until_ready')
    def test_wait(self, mock_wait):
        self.reader.wait(None)
        self.assertTrue(mock_wait.called)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every such mock, or why it stays."""
    for node in context.nodes.get(ast.FunctionDef, []):
        assert isinstance(node, ast.FunctionDef)
        yield from _decorated(context, node)
    for node in context.nodes.get(ast.Assign, []):
        assert isinstance(node, ast.Assign)
        yield from _assigned_mock(context, node)


def _decorated(context: FileContext, node: ast.FunctionDef) -> Iterator[Finding]:
    mocks = [d for d in node.decorator_list if isinstance(d, ast.Call) and _patches(context, d)]
    parameters = [arg.arg for arg in node.args.args if arg.arg != "self"]
    for decorator, parameter in zip(reversed(mocks), parameters, strict=False):
        call = _target(context, decorator)
        if call is None or context.item_of(call.object) not in context.converted:
            continue
        item = context.item_of(call.object)
        evidence = (context.step(decorator, f"mocks the conductor's {call.name}()"),)
        if call.kind in ("get", "list") and call.call and context.tree.has(call.call):
            text = f"'{_home(context, call.call)}.{call.call}'"
            yield context.replace(_spelled(decorator), text, item, evidence)
            if len(decorator.args) == 2:
                yield context.replace(decorator.func, "mock.patch", item, evidence)
            yield from _returned(context, node, parameter, call, item)
        elif call.kind == "update" and not call.named_values:
            yield from update_mock(context, node, decorator, parameter, call)
        elif not call.named_values:
            yield context.declined(decorator, item, "test.stub", evidence)


def _home(context: FileContext, method: str) -> str:
    """Where a mock finds the class: in the package of objects, or in its own module."""
    found = context.tree.object(method.partition(".")[0])
    if context.tree.has_registry or found is None:
        return f"{context.tree.target}.objects"
    return found.module


def _patches(context: FileContext, decorator: ast.Call) -> bool:
    name = context.module.dotted_name(decorator.func)
    replaced = len(decorator.args) > (2 if name.endswith("patch.object") else 1)
    return name in ("mock.patch", "mock.patch.object") and not replaced


def _target(context: FileContext, decorator: ast.Call) -> ConductorCall | None:
    package = context.tree.package
    first = decorator.args[0] if decorator.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        owner, _, name = first.value.rpartition(".")
    elif first is not None and len(decorator.args) == 2:
        owner = context.module.dotted_name(first)
        second = decorator.args[1]
        name = str(second.value) if isinstance(second, ast.Constant) else ""
    else:
        return None
    if owner not in [f"{package}.{known}" for known in _CLASSES]:
        return None
    return conductor_calls().get(name)


def _spelled(decorator: ast.Call) -> ast.expr:
    return decorator.args[0]


def _returned(
    context: FileContext, node: ast.FunctionDef, parameter: str, call: ConductorCall, item: Item
) -> Iterator[Finding]:
    for inner in ast.walk(node):
        if not isinstance(inner, ast.Assign) or not isinstance(inner.targets[0], ast.Attribute):
            continue
        target = inner.targets[0]
        if target.attr != "return_value" or not isinstance(target.value, ast.Name):
            continue
        if target.value.id != parameter:
            continue
        value = bound_literal(context, node, inner.value)
        rows = value.elts if isinstance(value, ast.List) else [value]
        for row in rows:
            if isinstance(row, ast.Dict):
                text, line = object_for(context, call.object, row)
                evidence = (context.step(row, f"stands for a {call.object} row"),)
                yield context.replace(row, text, item, evidence)
                yield context.wants_import(line, item)


def _assigned_mock(context: FileContext, node: ast.Assign) -> Iterator[Finding]:
    """`tracker.conductor_api.compute_node_create = mock.Mock(return_value=dict(id=1))`."""
    target = node.targets[0]
    if not isinstance(target, ast.Attribute) or not context.is_handle(target.value):
        return
    call = conductor_calls().get(target.attr)
    if call is None or context.item_of(call.object) not in context.converted:
        return
    item = context.item_of(call.object)
    evidence = (context.step(node, f"stubs the conductor's {call.name}()"),)
    returned = _return_value(node.value)
    if call.kind != "create" or returned is None or not _has_stubs(context, node):
        yield context.declined(node, item, "test.stub", evidence)
        return
    indent, variable = context.source.indent(node), variable_for(call.object)
    spelled, line = context.tree.spelling(call.object)
    found = context.tree.object(call.object)
    extra = ", context=None" if found is not None and found.takes_context else ""
    fake = f"fake_{call.name}"
    lines = [
        f"{indent}def {fake}({variable}{extra}):",
        *call_lines(f"{indent}    {variable}.update", [returned], "", f"{indent}    "),
        "",
        *call_lines(f"{indent}self.stubs.Set", [spelled, "'create'", fake], "", indent),
    ]
    if context.source.line_text(node.lineno - 1).strip():
        lines.insert(0, "")
    yield context.replace_statement(node, lines, item, evidence)
    yield context.wants_import(line, item)


def _return_value(node: ast.expr) -> str | None:
    if not isinstance(node, ast.Call) or len(node.keywords) != 1 or node.args:
        return None
    word = node.keywords[0]
    return ast.unparse(word.value) if word.arg == "return_value" else None


def _has_stubs(context: FileContext, node: ast.AST) -> bool:
    return b"self.stubs.Set(" in context.source.text


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, tests=True, needles=(b"onductor",))
