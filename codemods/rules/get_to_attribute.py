"""Replace `row.get('host')` by `row.host`.

A row that the conductor gives has every column as a key, so its `get` never
falls back on a default; the attribute of the object read from the same row
gives the same, None included. Only where the value is an object on every path.
"""

import ast
from collections.abc import Iterator

from codemods.mappings import relations
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def topic(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return service.get('topic', 'compute')
""",
        """\
from nova import objects


class Reader(object):

    def topic(self, context, host):
        service = objects.Service.get_by_compute_host(context, host)
        return service.topic
""",
    ),
    LeftAlone(
        """\
def topic(service):
    return service.get('topic', 'compute')
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every such call, or why it stays."""
    for node, func in context.row_methods():
        if func.attr != "get" or not node.args:
            continue
        holding = context.holding(func.value)
        if holding is None:
            continue
        item, key = context.item_of(holding.name), node.args[0]
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            yield context.declined(node, item, "key.not-literal", holding.evidence)
        elif (holding.name, key.value) in relations():
            continue
        elif not holding.sure:
            yield context.declined(
                node, item, "value.mixed", (*holding.evidence, *holding.contrary), f"'{key.value}'"
            )
        elif not context.field_kind(holding.name, key.value):
            yield context.declined(node, item, "key.no-such-field", holding.evidence, key.value)
        elif node.keywords or len(node.args) > 2 or not all(map(_is_still, node.args)):
            yield context.declined(node, item, "call.arguments", holding.evidence)
        else:
            end = context.source.end(node)
            start = context.source.end(func) - len(func.attr)
            if "#" in context.source.slice(start, end):
                yield context.declined(node, item, "place.comment", holding.evidence)
                continue
            # parentheses may stand around the method's name, too
            after = context.source.slice(start + len(func.attr), end)
            closing = ")" * after[: after.index("(")].count(")")
            yield context.replace_range(start, end, key.value + closing, item, holding.evidence)


def _is_still(node: ast.expr) -> bool:
    """Whether nothing is lost when the expression is not evaluated."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Constant | ast.Name)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, tests=True, needles=(b"get",))
