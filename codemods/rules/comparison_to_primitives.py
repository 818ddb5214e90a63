"""Compare what objects hold, where dicts were compared.

`==`, `!=` and `cmp()` look at the contents of two dicts; of two objects they
ask whether they are one. `obj_to_primitive` makes a dict of an object and
hands a dict back as it is. Where the rest of the function only reads the
variable, it stands for the dict from the comparison on, so what is kept of it
for the next time is a dict too; elsewhere the comparison alone gets the dicts.
"""

import ast
from collections.abc import Iterator

from codemods.rules.base import Example, FileContext, Finding, Holding, LeftAlone, Rule

#: Where a dict does as well as the object that it was made of.
_COPIES = ("copy.copy", "copy.deepcopy")
_READING = ("get", "items", "iteritems", "copy", "keys", "values")

EXAMPLES = (
    Example(
        """\
import copy

from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.old = {}

    def write(self, context, values):
        node = self.conductor_api.compute_node_create(context, values)
        return self.changed(node)

    def changed(self, node):
        if cmp(node, self.old) != 0:
            self.old = copy.deepcopy(node)
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
        return self.changed(node)

    def changed(self, node):
        # two objects are never equal, what they hold may be
        node = obj_base.obj_to_primitive(node)
        if cmp(node, self.old) != 0:
            self.old = copy.deepcopy(node)
            return True
        return False
""",
    ),
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def is_same(self, context, host, other):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        same = service == other
        service['disabled'] = same
        return same
""",
        """\
from nova import objects
from nova.objects import base as obj_base


class Writer(object):

    def is_same(self, context, host, other):
        service = objects.Service.get_by_compute_host(context, host)
        same = obj_base.obj_to_primitive(service) == other
        service.disabled = same
        return same
""",
    ),
    LeftAlone(
        """\
from nova import db


def is_same(context, host, other):
    return db.service_get_by_compute_host(context, host) == other
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every comparison of what may be an object."""
    done: set[tuple[ast.AST, str]] = set()
    for node, operands in _compared(context):
        held = [(o, h) for o in operands if (h := _holding(context, o)) is not None]
        if not held:
            continue
        names = [
            (o, h) for o, h in held if isinstance(o, ast.Name) and _is_read_on(context, o, h.sure)
        ]
        if not names:
            for operand, holding in held:
                yield from _wrapped(context, operand, holding)
        for name, holding in names:
            function = context.function(node)
            if function is not None and (function.node, name.id) not in done:
                done.add((function.node, name.id))
                yield from _rebound(context, name, holding)


def _compared(context: FileContext) -> Iterator[tuple[ast.expr, list[ast.expr]]]:
    """The comparisons of contents, with what they compare."""
    for call in context.calls():
        if isinstance(call.func, ast.Name) and call.func.id == "cmp":
            yield call, call.args
    for node in context.nodes.get(ast.Compare, []):
        assert isinstance(node, ast.Compare)
        if all(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops):
            yield node, [node.left, *node.comparators]


def _holding(context: FileContext, node: ast.expr) -> Holding | None:
    return context.holding(node) if context.comes_from_conductor(node) else None


def _is_read_on(context: FileContext, name: ast.Name, sure: bool) -> bool:
    """Whether the function, from the comparison on, does no more than read the variable.

    Where it is an object for `sure`, what reads a field of it reads an attribute by now.
    """
    function = context.function(name)
    statement = context.source.statement(name)
    if function is None or context.source.block(statement) is not function.node.body:
        return False
    return all(
        _only_reads(context, node, sure)
        for node in ast.walk(function.node)
        if isinstance(node, ast.Name) and node.id == name.id and node.lineno >= statement.lineno
    )


def _only_reads(context: FileContext, node: ast.Name, sure: bool) -> bool:
    parent = context.source.parent(node)
    if isinstance(parent, ast.Subscript):
        return parent.value is node and isinstance(parent.ctx, ast.Load) and not sure
    if isinstance(parent, ast.Attribute):
        return parent.attr in _READING and not (sure and parent.attr == "get")
    if isinstance(parent, ast.Call):
        func = parent.func
        is_cmp = isinstance(func, ast.Name) and func.id == "cmp"
        # a row that the conductor is called with is only read
        is_site = not sure and any(site.node is parent for site in context.sites())
        return is_cmp or is_site or context.module.dotted_name(func) in _COPIES
    return isinstance(parent, ast.Compare)


def _wrapped(context: FileContext, node: ast.expr, holding: Holding) -> Iterator[Finding]:
    item = context.item_of(holding.name)
    text = f"obj_base.obj_to_primitive({context.text(node)})"
    yield context.replace(node, text, item, holding.evidence)
    yield context.wants_import(context.tree.base_import, item)


def _rebound(context: FileContext, name: ast.Name, holding: Holding) -> Iterator[Finding]:
    item = context.item_of(holding.name)
    statement = context.source.statement(name)
    indent = context.source.indent(statement)
    start = context.source.line_start(statement.lineno)
    text = (
        f"{indent}# two objects are never equal, what they hold may be\n"
        f"{indent}{name.id} = obj_base.obj_to_primitive({name.id})\n"
    ).replace("\n", context.source.newline)
    yield context.replace_range(start, start, text, item, holding.evidence)
    yield context.wants_import(context.tree.base_import, item)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, needles=(b"cmp", b"==", b"!=", b"<>"))
