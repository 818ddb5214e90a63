"""Replace `row['host']` by `row.host`, read or written.

Only where the value is an object on every path that was found, and the key is
one of the object's fields as the tree declares them. A key that is a relation,
or no field at all, is not this rule's.
"""

import ast
from collections.abc import Iterator

from codemods.mappings import relations
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule, literal_key

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def hosts(self, context, topic):
        services = self.conductor_api.service_get_all_by_topic(context, topic)
        return [service['host'] for service in services]
""",
        """\
from nova import objects


class Reader(object):

    def hosts(self, context, topic):
        services = objects.ServiceList.get_by_topic(context, topic)
        return [service.host for service in services]
""",
    ),
    LeftAlone(
        """\
def host(service):
    return service['host']
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every such subscript, or why it stays."""
    for node in context.row_subscripts():
        holding = context.holding(node.value)
        if holding is None:
            continue
        item = context.item_of(holding.name)
        key = literal_key(node)
        if key is None:
            if not isinstance(node.slice, ast.Slice):
                yield context.declined(node, item, "key.not-literal", holding.evidence)
            continue
        if (holding.name, key) in relations():
            continue
        if isinstance(node.ctx, ast.Del):
            yield context.declined(node, item, "value.dict-only", holding.evidence, "del")
        elif not holding.sure:
            yield context.declined(
                node, item, "value.mixed", (*holding.evidence, *holding.contrary), f"'{key}'"
            )
        elif not context.field_kind(holding.name, key):
            yield context.declined(node, item, "key.no-such-field", holding.evidence, key)
        else:
            start, end = context.source.behind(node.value), context.source.end(node)
            if "#" in context.source.slice(start, end):
                yield context.declined(node, item, "place.comment", holding.evidence)
                continue
            yield context.replace_range(start, end, f".{key}", item, holding.evidence)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, tests=True)
