"""Let code that reads a row as a dict go on doing so, where it may be an object.

`row.copy()`, `row.keys()`, `dict(row)`, `**row` and a comparison of contents
do not work on objects. `obj_to_primitive` makes a dict of an object and hands
a dict back as it is, so the code works on both and sees the same keys.
"""

import ast
from collections.abc import Iterator

from codemods.mappings import relations
from codemods.model import Edit, Item
from codemods.rules.base import Example, FileContext, Finding, Holding, Rule

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
        if cmp(obj_base.obj_to_primitive(node),
               obj_base.obj_to_primitive(self.old)) != 0:
            self.old = node
            return True
        return False
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every such use, or why it stays."""
    for call in context.calls():
        yield from _call(context, call)
    for attribute in context.nodes.get(ast.Attribute, []):
        assert isinstance(attribute, ast.Attribute)
        yield from _bare_method(context, attribute)
    loops = context.nodes.get(ast.For, []) + context.nodes.get(ast.comprehension, [])
    for loop in loops:
        assert isinstance(loop, ast.For | ast.comprehension)
        yield from _wrapped(context, loop.iter, only_sure=True)
    for comparison in context.nodes.get(ast.Compare, []):
        assert isinstance(comparison, ast.Compare)
        yield from _comparison(context, comparison)


def _holding(context: FileContext, node: ast.expr) -> Holding | None:
    return context.holding(node) if context.comes_from_conductor(node) else None


def _call(context: FileContext, node: ast.Call) -> Iterator[Finding]:
    func = node.func
    if isinstance(func, ast.Attribute) and func.attr in READING:
        yield from _wrapped(context, func.value)
    name = context.module.dotted_name(func)
    if name.removeprefix(f"{context.module.dotted}.") in READERS:
        for argument in node.args:
            yield from _wrapped(context, argument, only_sure=name.rpartition(".")[2] != "dict")
    elif isinstance(func, ast.Name) and func.id == "isinstance" and node.args:
        if any(isinstance(one, ast.Name) and one.id == "dict" for one in ast.walk(node)):
            holding = _holding(context, node.args[0])
            if holding is not None and holding.sure:
                yield from _dict_only(context, node.args[0], "isinstance()")
    elif isinstance(func, ast.Name) and func.id == "cmp":
        yield from _compared(context, node, node.args)
    for keyword in node.keywords:
        if keyword.arg is None:
            yield from _wrapped(context, keyword.value)


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


def _wrapped(context: FileContext, node: ast.expr, only_sure: bool = False) -> Iterator[Finding]:
    holding = _holding(context, node)
    if holding is not None and (holding.sure or not only_sure):
        yield from _as_primitive(context, node, holding)


def _as_primitive(context: FileContext, node: ast.expr, holding: Holding) -> Iterator[Finding]:
    item = context.item_of(holding.name)
    text = f"obj_base.obj_to_primitive({context.text(node)})"
    yield context.replace(node, text, item, holding.evidence)
    yield _import(context, item)


def _import(context: FileContext, item: Item) -> Finding:
    package = context.tree.package
    return context.wants_import(f"from {package}.objects import base as obj_base", item)


def _comparison(context: FileContext, node: ast.Compare) -> Iterator[Finding]:
    operands = [node.left, *node.comparators]
    if any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
        held = [found for one in operands if (found := _holding(context, one)) is not None]
        if any(isinstance(operand, ast.Constant) for operand in operands) or not held:
            return
        if all(holding.sure for holding in held):
            yield from _compared(context, node, operands)
        else:
            item, evidence = context.item_of(held[0].name), held[0].evidence
            yield context.declined(node, item, "value.mixed", evidence, "==")
    elif isinstance(node.ops[0], ast.In | ast.NotIn) and isinstance(node.left, ast.Constant):
        holding = _holding(context, operands[1])
        key = str(node.left.value)
        # another rule sees to the service that a compute node came with
        if holding is not None and (holding.name, key) != ("ComputeNode", "service"):
            if (holding.name, key) in relations():
                yield from _dict_only(context, operands[1], f"'{key}' in")


def _compared(context: FileContext, node: ast.expr, operands: list[ast.expr]) -> Iterator[Finding]:
    """Two objects are never equal, what they hold may be."""
    held = [(one, found) for one in operands if (found := _holding(context, one)) is not None]
    if not held:
        return
    statement = context.source.statement(node)
    for operand, holding in held:
        if isinstance(operand, ast.Name) and _may_be_rebound(context, statement, operand, holding):
            yield from _rebound(context, statement, operand.id, holding)
            return
    for operand in operands:
        yield from _as_primitive(context, operand, held[0][1])


def _may_be_rebound(
    context: FileContext, statement: ast.stmt, node: ast.Name, holding: Holding
) -> bool:
    """Whether the name may hold a dict from here on: nobody takes it for an object."""
    first = context.source.line_text(statement.lineno)[: statement.col_offset]
    bound = [n for n in ast.walk(statement) if isinstance(n, ast.Name) and n.id == node.id]
    if holding.sure or first.strip() or isinstance(statement, ast.While):
        return False
    if context.function(node) is None or context.is_elif(statement):
        return False
    return all(isinstance(n.ctx, ast.Load) for n in bound)


def _rebound(
    context: FileContext, statement: ast.stmt, name: str, holding: Holding
) -> Iterator[Finding]:
    item, indent = context.item_of(holding.name), context.source.indent(statement)
    start = context.source.line_start(statement.lineno)
    text = (
        f"{indent}# two objects are never equal, what they hold may be\n"
        f"{indent}{name} = obj_base.obj_to_primitive({name})\n"
    ).replace("\n", context.source.newline)
    if any(isinstance(f, Edit) and (f.start, f.text) == (start, text) for f in context.findings):
        return
    yield context.replace_range(start, start, text, item, holding.evidence)
    yield _import(context, item)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
