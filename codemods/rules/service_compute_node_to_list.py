"""Replace `nodes = service['compute_node']` by the list object of the service's nodes.

The conductor's row holds a list with every node of the service; the object's
`compute_node` is one node, so on a host with several the others would be lost.
`ComputeNodeList.get_by_service` reads them all. A service that is gone by then
has no nodes, as its row would have said.
"""

import ast
from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, Holding, Rule, literal_key
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
    """Yield an edit for every assignment of the relation, or why it stays."""
    if Item.SERVICE not in context.converted:
        return
    for node in context.subscripts():
        if literal_key(node) != "compute_node" or not context.comes_from_conductor(node.value):
            continue
        holding = context.holding(node.value)
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
        elif not is_plain or security is None:
            yield context.declined(node, Item.SERVICE, "call.position", holding.evidence)
        elif not (context.tree.has("ComputeNodeList.get_by_service")):
            yield from _filtered(context, statement, node, holding, security)
        else:
            yield from _replaced(context, statement, node, holding, security)


def _context_name(context: FileContext, node: ast.AST) -> str | None:
    function = context.function(node)
    names = function.parameters if function is not None else []
    return next((name for name in names if name in ("context", "ctxt", "ctx")), None)


def _replaced(
    context: FileContext, statement: ast.stmt, node: ast.Subscript, holding: Holding, security: str
) -> Iterator[Finding]:
    assert isinstance(statement, ast.Assign)
    target = context.text(statement.targets[0])
    indent = context.source.indent(statement)
    spelled, line = context.tree.spelling("ComputeNodeList")
    call = f"{spelled}.get_by_service({security}, {context.text(node.value)})"
    yield context.wants_import(line, Item.SERVICE)
    lines = assignment_lines(indent + "    ", target, call)
    empty = f"{indent}    {target} = []"
    if Item.COMPUTE_NODE not in context.converted:
        # whoever takes these still wants dicts
        lines = _as_dicts(context, indent, target, lines)
        yield context.wants_import(context.tree.base_import, Item.SERVICE)
    yield context.wants_import(f"from {context.tree.package} import exception", Item.SERVICE)
    text = [f"{indent}try:", *lines, f"{indent}except exception.ServiceNotFound:", empty]
    yield context.replace_statement(statement, text, Item.SERVICE, holding.evidence)


def _as_dicts(context: FileContext, indent: str, target: str, lines: list[str]) -> list[str]:
    return [*lines, f"{indent}    {target} = obj_base.obj_to_primitive({target})"]


def _filtered(
    context: FileContext, statement: ast.stmt, node: ast.Subscript, holding: Holding, security: str
) -> Iterator[Finding]:
    """Without get_by_service() the service's nodes are picked out of all of them."""
    assert isinstance(statement, ast.Assign)
    target = context.text(statement.targets[0])
    indent = context.source.indent(statement)
    spelled, line = context.tree.spelling("ComputeNodeList")
    yield context.wants_import(line, Item.SERVICE)
    service = context.text(node.value)
    lines = [
        *assignment_lines(indent, target, f"{spelled}.get_all({security})"),
        f"{indent}{target} = [cn for cn in {target}",
        f"{indent}{' ' * len(target)}    if cn.service_id == {service}.id]",
    ]
    if Item.COMPUTE_NODE not in context.converted:
        lines[1:] = [
            f"{indent}{target} = [obj_base.obj_to_primitive(cn) for cn in {target}",
            *lines[2:],
        ]
        yield context.wants_import(context.tree.base_import, Item.SERVICE)
    yield context.replace_statement(statement, lines, Item.SERVICE, holding.evidence)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
