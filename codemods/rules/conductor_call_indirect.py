"""List the calls that may reach the conductor, but not in a way that can be rewritten.

`self.virtapi.instance_update()` ends in a method of the compute manager and
only there in the conductor. Drivers outside the tree call it as well, so what
it takes and gives stays as it is. And what is only named like the conductor's
API, a parameter that no caller was seen to fill, is left to a person.
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
def read(conductor_api, context, host):
    return conductor_api.service_get_by_compute_host(context, host)
""",
        because="call.unknown-handle",
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

VIRT = ("virtapi", "_virtapi")

HANDLES = ("conductor", "conductor_api", "_conductor_api", "capi")


def check(context: FileContext) -> Iterator[Finding]:
    """Yield why every such call stays."""
    if context.inference.is_test(context.module):
        return
    known = conductor_calls()
    for node in context.calls():
        func = node.func
        if not isinstance(func, ast.Attribute):
            continue
        base, call = func.value, known.get(func.attr)
        name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
        if call is None or context.item_of(call.object) not in context.converted:
            continue
        item = context.item_of(call.object)
        if name in VIRT and not context.module.dotted_name(base).endswith(".virt.virtapi"):
            step = context.step(node, f"{func.attr}() of the API that virt drivers are given")
            yield context.declined(node, item, "call.indirect", (step,))
        elif name in HANDLES and not any(value.kind == "method" for value in context.values(func)):
            step = context.step(node, f"`{name}` may be the conductor's API")
            yield context.declined(node, item, "call.unknown-handle", (step,))


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
