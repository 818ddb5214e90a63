"""Let code that reads a row as a dict go on doing so, where it may be an object.

`row.copy()`, `row.keys()`, `dict(row)`, `**row` and a comparison of contents
do not work on objects. `obj_to_primitive` makes a dict of an object and hands
a dict back as it is, so the code works on both and sees the same keys.
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
        self.old = {}

    def write(self, context, values):
        node = self.conductor_api.compute_node_create(context, values)
        self.changed(node)
        return node.copy()

    def changed(self, node):
        if cmp(node, self.old) != 0:
            self.old = node
            return True
        return False
""",
        """\
import copy

from nova import objects
from nova.objects import base as obj_base


class Writer(object):
    def __init__(self):
        self.old = {}

    def write(self, context, values):
        node = objects.ComputeNode()
        node.update(copy.deepcopy(values))
        node.create(context)
        self.changed(node)
        return obj_base.obj_to_primitive(node).copy()

    def changed(self, node):
        # two objects are never equal, what they hold may be
        node = obj_base.obj_to_primitive(node)
        if cmp(node, self.old) != 0:
            self.old = node
            return True
        return False
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
    yield from _comparisons(context)


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
    package = context.tree.package
    return context.wants_import(f"from {package}.objects import base as obj_base", item)


def _comparisons(context: FileContext) -> Iterator[Finding]:
    seen: set[tuple[int, str]] = set()
    for node in context.calls():
        if not isinstance(node.func, ast.Name) or node.func.id != "cmp":
            continue
        rebound = [a for a in node.args if isinstance(a, ast.Name) and _holding(context, a)]
        for argument in rebound or node.args:
            holding = _holding(context, argument)
            if holding is None:
                continue
            item, function = context.item_of(holding.name), context.function(node)
            if function is None or not isinstance(argument, ast.Name):
                yield from _wrapped(context, argument)
                continue
            if (id(function.node), argument.id) in seen:
                continue
            seen.add((id(function.node), argument.id))
            statement = context.source.statement(node)
            indent = context.source.indent(statement)
            start = context.source.line_start(statement.lineno)
            name = argument.id
            text = (
                f"{indent}# two objects are never equal, what they hold may be\n"
                f"{indent}{name} = obj_base.obj_to_primitive({name})\n"
            ).replace("\n", context.source.newline)
            yield context.replace_range(start, start, text, item, holding.evidence)
            yield _import(context, item)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
