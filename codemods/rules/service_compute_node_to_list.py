"""Replace `nodes = service['compute_node']` by the list object of the service's nodes.

The conductor's row holds a list with every node of the service; the object's
`compute_node` is one node, so on a host with several the others would be lost.
`ComputeNodeList.get_by_service` reads them all. A service that is gone by then
has no nodes, as its row would have said.
"""

import ast
import dataclasses
from collections.abc import Iterator

from codemods.analysis.additions import NODES_GETTER
from codemods.model import Evidence, Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule
from codemods.syntax.render import assignment_lines, call_lines, split_arguments

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
            # the service has no compute nodes yet
            nodes = []
        return [node.id for node in nodes]
""",
    ),
    LeftAlone(
        """\
def nodes(context, service):
    nodes = service['compute_node']
    return nodes
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every reading of the relation, or why it stays."""
    if Item.SERVICE not in context.converted:
        return
    can_read = context.tree.has(NODES_GETTER) or context.adds_nodes_getter()
    for node in context.node_lists():
        owner = node.value if isinstance(node, ast.Subscript) else _receiver(node)
        holding = context.holding(owner)
        if holding is None or holding.name != "Service":
            continue
        statement = context.source.statement(node)
        security = _context_name(context, node)
        if not holding.sure:
            yield context.declined(node, Item.SERVICE, "value.mixed", holding.evidence)
        elif security is None:
            yield context.declined(node, Item.SERVICE, "call.position", holding.evidence)
        elif not can_read:
            detail = "ComputeNodeList.get_by_service"
            yield context.declined(node, Item.SERVICE, "call.no-object", holding.evidence, detail)
        else:
            reading = Reading(node, context.text(owner), security, holding.evidence)
            yield from _read(context, statement, reading)


@dataclasses.dataclass(frozen=True)
class Reading:
    """The place that reads the nodes of a service, its text, and the context it has."""

    node: ast.Subscript | ast.Call
    service: str
    security: str
    evidence: Evidence


def _receiver(node: ast.Call) -> ast.expr:
    assert isinstance(node.func, ast.Attribute)
    return node.func.value


def _context_name(context: FileContext, node: ast.AST) -> str | None:
    function = context.function(node)
    names = function.parameters if function is not None else []
    return next((name for name in names if name in ("context", "ctxt", "ctx")), None)


def _read(context: FileContext, statement: ast.stmt, reading: Reading) -> Iterator[Finding]:
    package = context.tree.package
    spelled, line = context.tree.spelling("ComputeNodeList")
    yield context.wants_import(line, Item.SERVICE)
    call = f"{spelled}.get_by_service({reading.security}, {reading.service})"
    raises = context.tree.has(NODES_GETTER)
    before = Item.COMPUTE_NODE not in context.converted
    if before:
        yield context.wants_import(context.tree.base_import, Item.SERVICE)
    target = _target(context, statement, reading.node)
    if target is None:
        # whoever takes these still wants dicts
        text = f"obj_base.obj_to_primitive({call})" if before else call
        yield _in_place(context, statement, reading, text)
        return
    indent = context.source.indent(statement)
    inner = indent + "    " if raises else indent
    lines = _lines(inner, target, call, before)
    if raises:
        yield context.wants_import(f"from {package} import exception", Item.SERVICE)
        empty = f"{inner}{target}[]" if target == "return " else f"{inner}{target} = []"
        why = f"{inner}# the service has no compute nodes yet"
        lines = [f"{indent}try:", *lines, f"{indent}except exception.ServiceNotFound:", why, empty]
    yield context.replace_statement(statement, lines, Item.SERVICE, reading.evidence)


def _target(context: FileContext, statement: ast.stmt, node: ast.expr) -> str | None:
    """The name that the whole list is assigned to, or "return "; None for any other place."""
    if isinstance(statement, ast.Return) and statement.value is node:
        return "return "
    is_plain = (
        isinstance(statement, ast.Assign)
        and statement.value is node
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
    )
    if not is_plain:
        return None
    assert isinstance(statement, ast.Assign)
    return context.text(statement.targets[0])


def _lines(indent: str, target: str, call: str, as_dicts: bool) -> list[str]:
    if target == "return ":
        text = f"obj_base.obj_to_primitive({call})" if as_dicts else call
        head, _, rest = text.partition("(")
        arguments = split_arguments(rest[:-1])
        return call_lines(f"{indent}return {head}", arguments, "", indent)
    lines = assignment_lines(indent, target, call)
    if as_dicts:
        # whoever takes these still wants dicts
        lines.append(f"{indent}{target} = obj_base.obj_to_primitive({target})")
    return lines


def _in_place(context: FileContext, statement: ast.stmt, reading: Reading, text: str) -> Finding:
    """`return service['compute_node'][0]`, and any other expression."""
    node, parent = reading.node, context.source.parent(reading.node)
    if not isinstance(statement, ast.Return) or statement.value is not parent:
        return context.replace(node, text, Item.SERVICE, reading.evidence)
    before = context.range_text(context.source.start(parent), context.source.start(node))
    after = context.range_text(context.source.end(node), context.source.end(parent))
    indent, (head, _, rest) = context.source.indent(statement), text.partition("(")
    arguments = split_arguments(rest[:-1])
    lines = call_lines(f"{indent}return {before}{head}", arguments, after, indent)
    return context.replace_statement(statement, lines, Item.SERVICE, reading.evidence)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, needles=(b"compute_node",))
