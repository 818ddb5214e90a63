"""Replace `nodes = service['compute_node']` by the list object of the service's nodes.

The conductor's row holds a list with every node of the service; the object's
`compute_node` is one node, so on a host with several the others would be lost.
`ComputeNodeList.get_by_service` reads them all. A service that is gone by then
has no nodes, as its row would have said.
"""

import ast
from collections.abc import Generator, Iterator
from itertools import takewhile

from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, Rule, literal_key
from codemods.rules.writing import free_name
from codemods.syntax.render import assignment_lines

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def ids(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        nodes = service['compute_node']
        return [node['id'] for node in nodes]
""",
        """\
from nova import exception
from nova import objects


class Reader(object):

    def ids(self, context, host):
        service = objects.Service.get_by_compute_host(context, host)
        try:
            nodes = objects.ComputeNodeList.get_by_service(context, service)
        except exception.ServiceNotFound:
            nodes = []
        return [node.id for node in nodes]
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every reading of the relation, or why it stays."""
    if Item.SERVICE not in context.converted:
        return
    for node, owner in _readings(context):
        holding = context.holding(owner)
        if holding is None or holding.name != "Service":
            continue
        statement = context.source.statement(node)
        is_plain = (
            isinstance(statement, ast.Assign)
            and statement.value is node
            and len(statement.targets) == 1
            and isinstance(statement.targets[0], ast.Name)
        )
        security = _context_name(context, node)
        if not holding.sure:
            yield context.declined(node, Item.SERVICE, "value.mixed", holding.evidence)
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield context.declined(node, Item.SERVICE, "value.dict-only", holding.evidence)
        elif security is None:
            yield context.declined(node, Item.SERVICE, "call.position", holding.evidence)
        elif is_plain:
            assert isinstance(statement, ast.Assign)
            target = context.text(statement.targets[0])
            lines = yield from _lines(context, statement, target, owner, security)
            yield context.replace_statement(statement, lines, Item.SERVICE, holding.evidence)
        elif _is_evaluated_once(context, statement, node):
            target = free_name(context, statement, "ComputeNodes")
            lines = yield from _lines(context, statement, target, owner, security)
            place = context.source.line_start(statement.lineno)
            text = "".join(line + context.source.newline for line in lines)
            yield context.replace_range(place, place, text, Item.SERVICE, holding.evidence)
            yield context.replace(node, target, Item.SERVICE, holding.evidence)
        else:
            yield context.declined(node, Item.SERVICE, "call.position", holding.evidence)


def _readings(context: FileContext) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The places that read the relation, each with whose it is."""
    for node in context.subscripts():
        if literal_key(node) == "compute_node" and context.comes_from_conductor(node.value):
            yield node, node.value
    for call in context.calls():
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "get" and call.args:
            key = call.args[0]
            if isinstance(key, ast.Constant) and key.value == "compute_node":
                if context.comes_from_conductor(func.value):
                    yield call, func.value


def _context_name(context: FileContext, node: ast.AST) -> str | None:
    function = context.function(node)
    names = function.parameters if function is not None else []
    return next((name for name in names if name in ("context", "ctxt", "ctx")), None)


def _is_evaluated_once(context: FileContext, statement: ast.stmt, node: ast.expr) -> bool:
    """Whether what the statement reads may as well be read right before it."""
    simple = isinstance(statement, ast.Return | ast.Assign | ast.Expr | ast.AugAssign)
    head = isinstance(statement, ast.If) and not context.is_elif(statement)
    loop = isinstance(statement, ast.For) and node in ast.walk(statement.iter)
    before = context.source.line_text(statement.lineno)[: statement.col_offset]
    inside = (ast.Lambda, ast.comprehension, ast.ListComp, ast.GeneratorExp, ast.DictComp)
    around = takewhile(lambda one: one is not statement, context.source.parents(node))
    within = any(isinstance(parent, (*inside, ast.BoolOp, ast.IfExp)) for parent in around)
    return (simple or head or loop) and not before.strip() and not within


def _lines(
    context: FileContext, statement: ast.stmt, target: str, owner: ast.expr, security: str
) -> Generator[Finding, None, list[str]]:
    """The lines that put the nodes into `target`; yields the imports that they need."""
    indent, service = context.source.indent(statement), context.text(owner)
    spelled, line = context.tree.spelling("ComputeNodeList")
    yield context.wants_import(line, Item.SERVICE)
    # whoever takes these may still want dicts
    as_dicts = Item.COMPUTE_NODE not in context.converted
    if as_dicts:
        yield context.wants_import(
            f"from {context.tree.package}.objects import base as obj_base", Item.SERVICE
        )
    if not context.tree.has("ComputeNodeList.get_by_service"):
        # the service's nodes are picked out of all of them
        one = "obj_base.obj_to_primitive(cn)" if as_dicts else "cn"
        return [
            *assignment_lines(indent, target, f"{spelled}.get_all({security})"),
            f"{indent}{target} = [{one}",
            f"{indent}{' ' * len(target)}    for cn in {target} if cn.service_id == {service}.id]",
        ]
    yield context.wants_import(f"from {context.tree.package} import exception", Item.SERVICE)
    call = f"{spelled}.get_by_service({security}, {service})"
    lines = [f"{indent}try:", *assignment_lines(indent + "    ", target, call)]
    if as_dicts:
        lines.append(f"{indent}    {target} = obj_base.obj_to_primitive({target})")
    missing = f"{indent}except exception.ServiceNotFound:"
    return [*lines, missing, f"{indent}    {target} = []"]


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
