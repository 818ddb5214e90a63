"""Let code that reads a row as a dict go on doing so, where it may be an object.

`row.copy()`, `row.keys()`, `dict(row)` and `**row` do not work on objects.
`obj_to_primitive` makes a dict of an object and hands a dict back as it is, so
the code works on both and sees the same keys. Where an object stands in a field
of the compute node it has to be one in a copy as well, so the copy is made of
the node's items as they are.
"""

import ast
from collections.abc import Iterator

from codemods.mappings import relations
from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, Holding, LeftAlone, Rule

READING = {"copy", "keys", "values", "iterkeys", "itervalues", "has_key"}
CHANGING = {"pop", "popitem", "setdefault", "clear"}

#: Functions that read their argument as a dict.
READERS = {"dict", "len", "list", "sorted", "set", "tuple", "iter", "json.dumps", "copy.copy"}

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
    LeftAlone(
        """\
def copied(node):
    return node.copy(), dict(node), list(node)
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every such use, or why it stays."""
    for call in context.row_calls():
        yield from _call(context, call)
    for attribute in context.row_attributes():
        yield from _bare_method(context, attribute)
    loops = context.nodes.get(ast.For, []) + context.nodes.get(ast.comprehension, [])
    for loop in loops:
        assert isinstance(loop, ast.For | ast.comprehension)
        yield from _wrapped(context, loop.iter, only_sure=True)
    for comparison in context.nodes.get(ast.Compare, []):
        assert isinstance(comparison, ast.Compare)
        yield from _membership(context, comparison)


def _holding(context: FileContext, node: ast.expr) -> Holding | None:
    return context.holding(node) if context.comes_from_conductor(node) else None


def _call(context: FileContext, node: ast.Call) -> Iterator[Finding]:
    func = node.func
    if isinstance(func, ast.Attribute) and func.attr in READING:
        holding = _holding(context, func.value)
        if func.attr == "copy" and holding is not None and _as_it_is(context, holding):
            # what is made of the items is a copy already
            text = f"dict({context.text(func.value)}.items())"
            yield context.replace(node, text, context.item_of(holding.name), holding.evidence)
        else:
            yield from _wrapped(context, func.value)
    if any(context.comes_from_conductor(argument) for argument in node.args):
        yield from _read(context, node)
    for keyword in node.keywords:
        if keyword.arg is None:
            yield from _wrapped(context, keyword.value, is_copy=True)


def _as_it_is(context: FileContext, holding: Holding) -> bool:
    return holding.name == "ComputeNode" and context.nodes_hold_devices


def _read(context: FileContext, node: ast.Call) -> Iterator[Finding]:
    """A function that is given a row and takes it for a dict."""
    name = context.module.dotted_name(node.func).removeprefix(f"{context.module.dotted}.")
    if name in READERS:
        for argument in node.args:
            is_copy = name in ("dict", "copy.copy")
            yield from _wrapped(context, argument, only_sure=name != "dict", is_copy=is_copy)
    elif name == "isinstance":
        if any(isinstance(one, ast.Name) and one.id == "dict" for one in ast.walk(node)):
            holding = _holding(context, node.args[0])
            if holding is not None and holding.sure:
                yield from _dict_only(context, node.args[0], "isinstance()")


def _bare_method(context: FileContext, node: ast.Attribute) -> Iterator[Finding]:
    """A method of dicts that changes the row, or that is not called here."""
    if node.attr in CHANGING:
        yield from _dict_only(context, node.value, f".{node.attr}()")
    elif node.attr in READING:
        parent = context.source.parent(node)
        if not (isinstance(parent, ast.Call) and parent.func is node):
            yield from _dict_only(context, node.value, f".{node.attr}")


def _dict_only(context: FileContext, node: ast.expr, detail: str) -> Iterator[Finding]:
    holding = _holding(context, node)
    if holding is not None:
        item = context.item_of(holding.name)
        yield context.declined(node, item, "value.dict-only", holding.evidence, detail)


def _wrapped(
    context: FileContext, node: ast.expr, only_sure: bool = False, is_copy: bool = False
) -> Iterator[Finding]:
    holding = _holding(context, node)
    if holding is None or (only_sure and not holding.sure):
        return
    if is_copy and _as_it_is(context, holding):
        text = f"dict({context.text(node)}.items())"
        yield context.replace(node, text, context.item_of(holding.name), holding.evidence)
    else:
        yield from _as_primitive(context, node, holding)


def _as_primitive(context: FileContext, node: ast.expr, holding: Holding) -> Iterator[Finding]:
    item = context.item_of(holding.name)
    text = f"obj_base.obj_to_primitive({context.text(node)})"
    yield context.replace(node, text, item, holding.evidence)
    yield _import(context, item)


def _import(context: FileContext, item: Item) -> Finding:
    return context.wants_import(context.tree.base_import, item)


def _membership(context: FileContext, node: ast.Compare) -> Iterator[Finding]:
    """A relation is a key of the row, and no field of the object that is set."""
    if not isinstance(node.ops[0], ast.In | ast.NotIn) or not isinstance(node.left, ast.Constant):
        return
    holding, key = _holding(context, node.comparators[0]), str(node.left.value)
    # another rule sees to the service that a compute node came with
    if holding is not None and (holding.name, key) != ("ComputeNode", "service"):
        if (holding.name, key) in relations():
            yield from _dict_only(context, node.comparators[0], f"'{key}' in")


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
