"""Remove the admin context that only a call of the conductor took.

save() takes no context where objects carry their own, so a local context may
lose its last use; getting one has no other effect.
"""

import ast
from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

EXAMPLES = (
    LeftAlone(
        """\
from nova import conductor
from nova import context


def wait():
    ctxt = context.get_admin_context()
    conductor.API().wait_until_ready(ctxt)
""",
    ),
    Example(
        """\
from nova import conductor
from nova import context


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, host):
        ctxt = context.get_admin_context()
        return self.conductor_api.service_get_by_compute_host(ctxt, host)
""",
        """\
from nova import context
from nova import objects


class Reader(object):

    def read(self, host):
        ctxt = context.get_admin_context()
        return objects.Service.get_by_compute_host(ctxt, host)
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every context without a use."""
    if not context.has_edits:
        return
    for node in context.nodes.get(ast.Assign, []):
        assert isinstance(node, ast.Assign)
        target, function = node.targets[0], context.function(node)
        if not isinstance(target, ast.Name) or not isinstance(node.value, ast.Call):
            continue
        name = context.module.dotted_name(node.value.func)
        if function is None or name != f"{context.tree.package}.context.get_admin_context":
            continue
        uses = [
            one
            for one in ast.walk(function.node)
            if isinstance(one, ast.Name) and one.id == target.id and isinstance(one.ctx, ast.Load)
        ]
        if uses and not any(context.remains(use) for use in uses):
            item = max(context.converted, key=list(Item).index)
            evidence = (context.step(node, f"nothing uses `{target.id}` any more"),)
            yield context.replace_statement(node, [], item, evidence)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
