"""Let code that reads a row as a dict go on doing so, where it may be an object.

`row.copy()`, `row.keys()`, `dict(row)` and `**row` do not work on objects.
`obj_to_primitive` makes a dict of an object and hands a dict back as it is, so
the code works on both and sees the same keys. Where an object stands in a field
of the compute node, it has to be one in the dict as well, so the dict is made
of the node's items as they are.
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
    elif func.attr == "copy" and _as_it_is(context, holding):
        # what is made of the items is a copy already
        text = f"dict({context.text(func.value)}.items())"
        yield context.replace(node, text, context.item_of(holding.name), holding.evidence)
    else:
        yield from _wrapped(context, func.value)


def _as_it_is(context: FileContext, holding: Holding) -> bool:
    return holding.name == "ComputeNode" and context.nodes_hold_devices


def _wrapped(context: FileContext, node: ast.expr) -> Iterator[Finding]:
    holding = _holding(context, node)
    if holding is None:
        return
    item = context.item_of(holding.name)
    if _as_it_is(context, holding):
        text = f"dict({context.text(node)}.items())"
        yield context.replace(node, text, item, holding.evidence)
        return
    text = f"obj_base.obj_to_primitive({context.text(node)})"
    yield context.replace(node, text, item, holding.evidence)
    yield _import(context, item)


def _import(context: FileContext, item: Item) -> Finding:
    return context.wants_import(context.tree.base_import, item)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
