"""Expect of the compute node's stats what the object makes of them.

The row held JSON text, the object a dict whose values are text. So
`jsonutils.loads(node['stats'])` becomes the dict itself, what it is compared
with is compared as text, and JSON text that was expected of the stats handed
to the scheduler's client becomes the dict that is handed over now.
"""

import ast
import json
from collections.abc import Iterator

from codemods.analysis.values import Value
from codemods.model import Edit, Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule
from codemods.syntax.render import call_lines

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def create(self, context, values):
        self.node = self.conductor_api.compute_node_create(context, values)
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader
from nova.openstack.common import jsonutils
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_create(self):
        self.reader.create('context', {})
        self.assertEqual({'a': 1}, jsonutils.loads(self.reader.node['stats']))
""",
        """\
import six

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_create(self):
        self.reader.create('context', {})
        self.assertEqual(
            dict((k, six.text_type(v)) for k, v in {'a': 1}.items()),
            self.reader.node.stats)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    Example(
        """\
from nova.compute import reader
from nova.openstack.common import jsonutils
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_told(self):
        expected = {'vcpus': 1, 'stats': '{}'}
        self.reader.create('context', expected)
        self.reader.client.update_resource_stats.assert_called_once_with(
            'context', expected)
""",
        """\
from nova.compute import reader
from nova.openstack.common import jsonutils
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_told(self):
        expected = {'vcpus': 1, 'stats': {}}
        self.reader.create('context', expected)
        self.reader.client.update_resource_stats.assert_called_once_with(
            'context', expected)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader
from nova.openstack.common import jsonutils
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_create(self):
        self.reader.create('context', {})
        self.assertEqual({'a': 1}, jsonutils.loads(self.reader.metrics))
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every such expectation."""
    if Item.COMPUTE_NODE not in context.converted:
        return
    for node in context.calls():
        if _is_json_of_field(context, node) and len(node.args) == 1:
            argument = node.args[0]
            evidence = (context.step(node, "the object's field is the dict already"),)
            if isinstance(argument, ast.Subscript):
                yield context.replace(node, context.text(argument), Item.COMPUTE_NODE, evidence)
        elif _is_equality(node):
            yield from _as_text(context, node)
    yield from _handed_over(context)


def _is_json_of_field(context: FileContext, node: ast.expr) -> bool:
    return any(_is_dict_field(context, value) for value in context.values(node))


def _is_dict_field(context: FileContext, value: Value) -> bool:
    if value.kind != "json":
        return False
    name, _, field = value.name.partition(".")
    return "Dict" in context.tree.field_kind(name, field)


def _is_equality(node: ast.Call) -> bool:
    func = node.func
    return isinstance(func, ast.Attribute) and func.attr == "assertEqual" and len(node.args) == 2


def _as_text(context: FileContext, node: ast.Call) -> Iterator[Finding]:
    flags = [
        any(_is_dict_field(context, value) for value in context.values(argument))
        for argument in node.args
    ]
    if sum(flags) != 1:
        return
    expected = node.args[flags.index(False)]
    statement = context.source.statement(node)
    indent = context.source.indent(statement)
    text = context.text(expected)
    shown = f"dict((k, six.text_type(v)) for k, v in {text}.items())"
    arguments = [
        shown if argument is expected else _unwrapped(context, argument) for argument in node.args
    ]
    lines = call_lines(f"{indent}self.assertEqual", arguments, "", indent)
    evidence = (context.step(node, "the object's values are text"),)
    yield context.replace_statement(statement, lines, Item.COMPUTE_NODE, evidence)
    yield context.wants_import("import six", Item.COMPUTE_NODE)


def _unwrapped(context: FileContext, node: ast.expr) -> str:
    """The text of the field that the JSON was loaded from, which is the dict by now."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and _is_json_of_field(context, node):
        if isinstance(node.args[0], ast.Subscript):
            return context.text(node.args[0])
    return context.text(node)


def _handed_over(context: FileContext) -> Iterator[Finding]:
    """`expected = {'stats': '{}', ...}` where the code dumped the stats before."""
    if b"update_resource_stats" not in context.source.text or not _hands_over_dict(context):
        return
    for node in context.nodes.get(ast.Dict, []):
        assert isinstance(node, ast.Dict)
        statement = context.source.statement(node)
        if not isinstance(statement, ast.Assign) or not _is_expected(context, statement):
            continue
        for key, value in zip(node.keys, node.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(value, ast.Constant):
                continue
            if "Dict" not in context.tree.field_kind("ComputeNode", str(key.value)):
                continue
            try:
                loaded = json.loads(str(value.value))
            except ValueError:
                continue
            evidence = (context.step(value, "the stats are handed over as a dict"),)
            yield context.replace(value, repr(loaded), Item.COMPUTE_NODE, evidence)


def _hands_over_dict(context: FileContext) -> bool:
    """Whether some code hands the stats over as the dict that it dumped before."""
    return any(
        isinstance(finding, Edit)
        and finding.rule == "stats_json_to_dict"
        and b"update_resource_stats(" in _function_text(other, finding)
        for other in context.all_contexts()
        for finding in other.findings
    )


def _function_text(context: FileContext, edit: Edit) -> bytes:
    function = context.module.function_at(edit.start)
    if function is None:
        return b""
    return context.source.text[
        context.source.start(function.node) : context.source.end(function.node)
    ]


def _is_expected(context: FileContext, statement: ast.Assign) -> bool:
    """Whether the name is what a mocked update_resource_stats() is to be called with."""
    target = statement.targets[0]
    if not isinstance(target, ast.Name):
        return False
    function = context.function(statement)
    for node in ast.walk(function.node) if function is not None else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            text = context.source.of(node.func)
            asserted = node.func.attr.startswith("assert_called")
            if asserted and "update_resource_stats" in text:
                if any(isinstance(a, ast.Name) and a.id == target.id for a in node.args):
                    return True
    return False


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, tests=True, needles=(b"stats",))
