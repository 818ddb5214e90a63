"""Remove a local alias of the conductor as soon as its last use is gone.

The alias is a name and nothing else: without a use the assignment does
nothing.
"""

import ast
from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        capi = self.conductor_api
        return capi.service_get_by_compute_host(context, host)
""",
        """\
from nova import objects


class Reader(object):

    def read(self, context, host):
        return objects.Service.get_by_compute_host(context, host)
""",
    ),
    LeftAlone(
        """\
from nova import conductor


def wait(context):
    capi = conductor.API()
    capi.wait_until_ready(context)
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every alias without a use."""
    for node in context.nodes.get(ast.Assign, []):
        assert isinstance(node, ast.Assign)
        target = node.targets[0]
        if len(node.targets) != 1 or not isinstance(target, ast.Name):
            continue
        if not context.is_handle(node.value) and not _is_method(context, node.value):
            continue
        if _was_used(context, target) and not _is_used(context, target):
            yield context.replace_statement(node, [], _item(context))


def _is_method(context: FileContext, node: ast.expr) -> bool:
    values = context.values(node)
    return bool(values) and all(value.kind == "method" for value in values)


def _item(context: FileContext) -> Item:
    """The last item that is done: it took the last use away."""
    return max(context.converted, key=list(Item).index)


def _uses(context: FileContext, target: ast.Name) -> list[ast.Name]:
    function = context.function(target)
    root: ast.AST = function.node if function is not None else context.source.tree
    return [
        node
        for node in ast.walk(root)
        if isinstance(node, ast.Name) and node.id == target.id and isinstance(node.ctx, ast.Load)
    ]


def _was_used(context: FileContext, target: ast.Name) -> bool:
    return bool(_uses(context, target))


def _is_used(context: FileContext, target: ast.Name) -> bool:
    return any(context.remains(node) for node in _uses(context, target))


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
