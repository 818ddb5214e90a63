"""Hand `compute_node.update(values)` a copy, where the compute node is an object.

An object turns the values of a dict field into text in place and keeps the
dict itself, so the caller's own counters would become text. The keys that are
no fields become plain attributes, which nothing saves, as the database saved
no such column.
"""

import ast
from collections.abc import Iterator

from codemods.rules.base import Example, FileContext, Finding, Holding, LeftAlone, Rule

#: What a dict's update() takes besides a dict, and an object's does not.
_NO_DICTS = (ast.List, ast.Tuple, ast.Starred, ast.GeneratorExp, ast.ListComp)

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
        if not isinstance(func, ast.Attribute) or func.attr != "update":
            continue
        if not context.comes_from_conductor(func.value):
            continue
        holding = context.holding(func.value)
        if holding is None:
            continue
        item = context.item_of(holding.name)
        if len(node.args) != 1 or node.keywords or isinstance(node.args[0], _NO_DICTS):
            yield context.declined(node, item, "value.dict-only", holding.evidence, ".update()")
            continue
        if isinstance(node.args[0], ast.Dict) and not _hands_over(context, holding, node.args[0]):
            continue
        text = f"copy.deepcopy({context.text(node.args[0])})"
        yield context.replace(node.args[0], text, item, holding.evidence)
        yield context.wants_import("import copy", item)


def _hands_over(context: FileContext, holding: Holding, literal: ast.Dict) -> bool:
    """Whether a dict that somebody else has may be among the values."""
    for key, value in zip(literal.keys, literal.values, strict=True):
        if not isinstance(key, ast.Constant):
            return True
        kind = context.field_kind(holding.name, str(key.value))
        if "Dict" in kind and not isinstance(value, ast.Dict):
            return True
    return False


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, needles=(b".update",))
