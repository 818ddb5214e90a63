"""Remove a unit test that asserts nothing but that the conductor's handle is there.

With the attribute gone there is nothing left to test.
"""

import ast
from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_constructor(self):
        self.assertIsNotNone(self.reader.conductor_api)

    def test_read(self):
        self.assertIsNotNone(self.reader.read(None, 'host1'))
""",
        """\
from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_read(self):
        self.assertIsNotNone(self.reader.read(None, 'host1'))
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_constructor(self):
        self.assertIsNotNone(self.reader.conductor_api)

    def test_wait(self):
        self.reader.conductor_api.wait_until_ready(None)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every such test."""
    if Item.CONDUCTOR not in context.converted:
        return
    for node in context.nodes.get(ast.FunctionDef, []):
        assert isinstance(node, ast.FunctionDef)
        if not node.name.startswith("test") or len(node.body) != 1:
            continue
        statement = node.body[0]
        if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
            continue
        call = statement.value
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "assertIsNotNone":
            continue
        handle = call.args[0]
        if isinstance(handle, ast.Attribute) and context.is_handle(handle):
            yield from _removed(context, node, handle)


def _removed(
    context: FileContext, node: ast.FunctionDef, handle: ast.Attribute
) -> Iterator[Finding]:
    owners = {v.name for v in context.values(handle.value) if v.kind == "instance"}
    readers = {
        path for owner in owners for path in context.inference.readers_of(owner, handle.attr)
    }
    for other in context.all_contexts(readers):
        for use in other.nodes.get(ast.Attribute, []):
            assert isinstance(use, ast.Attribute)
            if use is handle or use.attr != handle.attr or not isinstance(use.ctx, ast.Load):
                continue
            bases = other.values(use.value)
            if any(v.name in owners for v in bases) and other.remains(use):
                return
    assert node.end_lineno is not None
    first = node.lineno
    if not context.source.line_text(first - 1).strip():
        first -= 1
    evidence = (context.step(node, "tests only that the handle is there"),)
    yield context.replace_range(
        context.source.line_start(first),
        context.source.line_start(node.end_lineno + 1),
        "",
        Item.CONDUCTOR,
        evidence,
    )


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, tests=True, needles=(b"assertIsNotNone",))
