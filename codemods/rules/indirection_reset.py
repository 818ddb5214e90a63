"""Take a unit test's remote objects back before its services are killed.

A service now removes its own record through the Service object. A test that
makes every object remote would have it ask the conductor for that, after the
conductor of the test was stopped. The clean-up added here runs before those of
the services that were started earlier.
"""

import ast
from collections.abc import Iterator

from codemods.model import Edit, Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def kill(self, context, service_id):
        self.conductor_api.service_destroy(context, service_id)
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader
from nova.conductor import rpcapi as conductor_rpcapi
from nova.objects import base
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_kill(self):
        self.start_service('conductor')
        base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI()
        self.reader.kill('context', 1)
""",
        """\
from nova.compute import reader
from nova.conductor import rpcapi as conductor_rpcapi
from nova.objects import base
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_kill(self):
        self.start_service('conductor')
        base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI()
        # the services remove their records when they are killed
        self.addCleanup(setattr, base.NovaObject, 'indirection_api', None)
        self.reader.kill('context', 1)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader
from nova.conductor import rpcapi as conductor_rpcapi
from nova.objects import base
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_kill(self):
        base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI()
        self.reader.kill('context', 1)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every place that makes objects remote."""
    if Item.SERVICE not in context.converted:
        return
    if b".start_service(" not in context.source.text or not _services_destroy(context):
        return
    for node in context.nodes.get(ast.Assign, []):
        assert isinstance(node, ast.Assign)
        target = node.targets[0]
        if not isinstance(target, ast.Attribute) or target.attr != "indirection_api":
            continue
        if not isinstance(node.value, ast.Call) or not _in_method(context, node):
            continue
        assert node.end_lineno is not None
        place = context.source.line_start(node.end_lineno + 1)
        indent, owner = context.source.indent(node), context.text(target.value)
        text = (
            f"{indent}# the services remove their records when they are killed\n"
            f"{indent}self.addCleanup(setattr, {owner}, 'indirection_api', None)\n"
        ).replace("\n", context.source.newline)
        evidence = (context.step(node, "objects are remote from here on"),)
        yield context.replace_range(place, place, text, Item.SERVICE, evidence)


def _services_destroy(context: FileContext) -> bool:
    """Whether a service's record is destroyed through the object from now on."""
    return any(
        isinstance(finding, Edit) and finding.rule == "conductor_destroy_to_object_destroy"
        for other in context.all_contexts()
        for finding in other.findings
    )


def _in_method(context: FileContext, node: ast.AST) -> bool:
    function = context.function(node)
    return function is not None and function.owner is not None


RULE = Rule.of(
    __name__, __doc__, check, EXAMPLES, tests=True, own_objects=True, needles=(b"indirection_api",)
)
