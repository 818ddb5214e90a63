"""Hand `compute_node.update(values)` a copy, where the compute node is an object.

An object turns the values of a dict field into text in place and keeps the
dict itself, so the caller's own counters would become text. The keys that are
no fields become plain attributes, which nothing saves, as the database saved
no such column.
"""

import ast
from collections.abc import Iterator

from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, topic, values):
        for service in self.conductor_api.service_get_all_by_topic(context, topic):
            service.update(values)
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, topic, values):
        for service in objects.ServiceList.get_by_topic(context, topic):
            service.update(copy.deepcopy(values))
""",
    ),
    LeftAlone(
        """\
def write(service, values):
    service.update(values)
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every such update."""
    for node in context.calls():
        func = node.func
        if not isinstance(func, ast.Attribute) or func.attr != "update" or len(node.args) != 1:
            continue
        if not context.comes_from_conductor(func.value):
            continue
        holding = context.holding(func.value)
        if holding is None or isinstance(node.args[0], ast.Dict):
            continue
        item = context.item_of(holding.name)
        text = f"copy.deepcopy({context.text(node.args[0])})"
        yield context.replace(node.args[0], text, item, holding.evidence)
        yield context.wants_import("import copy", item)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, needles=(b".update",))
