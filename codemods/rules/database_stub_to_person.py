"""Name the unit tests that replace the database under objects that are not over it.

A test that replaces functions of the tree's database API governed what the
conductor answered. The shim's objects have a database of their own, so such a
test does not reach them: what it should do instead, a person must say. Nothing
is changed.
"""

import ast
from collections.abc import Iterator

from codemods.mappings import conductor_calls, conductor_name
from codemods.model import ITEM_OF_OBJECT, NeedsPerson
from codemods.rules.base import FileContext, Finding, LeftAlone, Rule

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
"""

_BESIDE = (
    ("nova/compute/reader.py", _READER),
    ("nova/objects/", None),
)

EXAMPLES = (
    LeftAlone(
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_read(self):
        self.stubs.Set(db, 'service_get_by_compute_host', self._service)
        self.assertTrue(self.reader.read('context', 'host1'))

    def _service(self, context, host):
        return self.services[host]
""",
        because="needs-person",
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

    def test_read(self):
        self.stubs.Set(db, 'network_get', self._network)
        self.assertTrue(self.reader.read('context', 'host1'))

    def _network(self, context, network_id):
        return self.networks[network_id]
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield a record for each test, or set-up, that replaces such a function."""
    if context.tree.is_own or not context.tests_what():
        return
    seen: set[tuple[str, str]] = set()
    for stub in context.stubs():
        call = conductor_calls().get(conductor_name(stub.name))
        if call is None or call.declined is not None:
            continue
        if ITEM_OF_OBJECT[call.object] not in context.converted:
            continue
        test = _name(context, stub.node)
        if (test, stub.name) in seen:
            continue
        seen.add((test, stub.name))
        reason = (
            f"replaces the database's {stub.name}(), which the shim's {call.object} never calls"
        )
        item = ITEM_OF_OBJECT[call.object]
        yield NeedsPerson(context.path, stub.node.lineno, test, item, reason)


def _name(context: FileContext, node: ast.AST) -> str:
    function = context.function(node)
    return f"{context.module.dotted}.{function.name}" if function else context.module.dotted


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, tests=True)
