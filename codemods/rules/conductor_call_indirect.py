"""List the calls that reach the conductor through the API which virt drivers are given.

`self.virtapi.instance_update()` ends in a method of the compute manager and
only there in the conductor. Drivers outside the tree call it as well, so what
it takes and gives stays as it is.
"""

import ast
from collections.abc import Iterator

from codemods.mappings import conductor_calls
from codemods.rules.base import FileContext, Finding, LeftAlone, Rule

EXAMPLES = (
    LeftAlone(
        """\
from nova import conductor


class Driver(object):
    def __init__(self, virtapi):
        self.virtapi = virtapi
        self.conductor_api = conductor.API()

    def progress(self, context, uuid):
        service = self.conductor_api.wait_until_ready(context)
        self.virtapi.instance_update(context, uuid, {'progress': 50})
""",
        because="call.indirect",
        path="nova/virt/example.py",
    ),
    LeftAlone(
        """\
class Driver(object):
    def __init__(self, virtapi):
        self.virtapi = virtapi

    def progress(self, context, uuid):
        self.virtapi.provider_fw_rule_get_all(context)
""",
        path="nova/virt/example.py",
    ),
)

NAMES = ("virtapi", "_virtapi")


def check(context: FileContext) -> Iterator[Finding]:
    """Yield why every such call stays."""
    if b"virtapi." not in context.source.text or context.inference.is_test(context.module):
        return
    known = conductor_calls()
    for node in context.nodes.get(ast.Attribute, []):
        assert isinstance(node, ast.Attribute)
        base = node.value
        name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
        call = known.get(node.attr)
        if name not in NAMES or call is None:
            continue
        if context.module.dotted_name(base).startswith(f"{context.tree.package}.virt.virtapi"):
            continue
        item = context.item_of(call.object)
        if item in context.converted:
            step = context.step(node, f"{node.attr}() of the API that virt drivers are given")
            yield context.declined(node, item, "call.indirect", (step,))


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
