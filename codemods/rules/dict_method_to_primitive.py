"""Let code that reads a row as a dict go on doing so, where it may be an object.

`row.copy()`, `row.keys()`, `dict(row)` and `**row` do not work on objects.
`obj_to_primitive` makes a dict of an object and hands a dict back as it is, so
the code works on both and sees the same keys.
"""

import ast
from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, Holding, Rule

READING = {"copy", "keys", "values", "iterkeys", "itervalues", "has_key"}
CHANGING = {"pop", "popitem", "setdefault", "clear"}

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, values):
        node = self.conductor_api.compute_node_create(context, values)
        return node.copy()
""",
        """\
import copy

from nova import objects
from nova.objects import base as obj_base


class Writer(object):

    def write(self, context, values):
        node = objects.ComputeNode()
        node.update(copy.deepcopy(values))
        node.create(context)
        return obj_base.obj_to_primitive(node).copy()
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every such use, or why it stays."""
    for node in context.calls():
        yield from _method(context, node)
        if isinstance(node.func, ast.Name) and node.func.id == "dict":
            for argument in node.args:
                yield from _wrapped(context, argument)
        for keyword in node.keywords:
            if keyword.arg is None:
                yield from _wrapped(context, keyword.value)


def _holding(context: FileContext, node: ast.expr) -> Holding | None:
    return context.holding(node) if context.comes_from_conductor(node) else None


def _method(context: FileContext, node: ast.Call) -> Iterator[Finding]:
    func = node.func
    if not isinstance(func, ast.Attribute) or func.attr not in READING | CHANGING:
        return
    holding = _holding(context, func.value)
    if holding is None:
        return
    if func.attr in CHANGING:
        item = context.item_of(holding.name)
        yield context.declined(node, item, "value.dict-only", holding.evidence, f".{func.attr}()")
    else:
        yield from _wrapped(context, func.value)


def _wrapped(context: FileContext, node: ast.expr) -> Iterator[Finding]:
    holding = _holding(context, node)
    if holding is None:
        return
    item = context.item_of(holding.name)
    text = f"obj_base.obj_to_primitive({context.text(node)})"
    yield context.replace(node, text, item, holding.evidence)
    yield _import(context, item)


def _import(context: FileContext, item: Item) -> Finding:
    return context.wants_import(context.tree.base_import, item)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
