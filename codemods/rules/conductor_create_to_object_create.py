"""Replace a conductor call that creates a row by an object that is filled and created.

The same columns are written: a literal dict becomes one assignment a key; of
any other dict the keys that are fields are taken, and what is no field was no
column either, for the fields that were missing are added by a patch before.
The object reads the new row back, as the call's result did.
"""

import ast
from collections.abc import Iterator

from codemods.analysis.sites import keeps_dict
from codemods.rules.base import ConductorSite, Example, FileContext, Finding, LeftAlone, Rule
from codemods.rules.values_of_row import LiteralValues, literal_values
from codemods.rules.writing import (
    attribute_lines,
    constructor,
    free_name,
    imports,
    method_lines,
    update_lines,
)

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, host):
        values = {'host': host, 'binary': 'nova-compute', 'report_count': 0}
        service = self.conductor_api.service_create(context, values)
        return service['id']
""",
        """\
from nova import objects


class Writer(object):

    def write(self, context, host):
        service = objects.Service()
        service.host = host
        service.binary = 'nova-compute'
        service.report_count = 0
        service.create(context)
        return service.id
""",
    ),
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, values):
        self.compute_node = self.conductor_api.compute_node_create(context,
                                                                   values)
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, values):
        compute_node = objects.ComputeNode()
        compute_node.update(copy.deepcopy(values))
        compute_node.create(context)
        self.compute_node = compute_node
""",
    ),
    LeftAlone(
        """\
from nova import conductor


def write(context, **values):
    return str(conductor.API().service_create(context, values))
""",
        because="call.position",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every call that creates, or why it stays."""
    for site in context.sites():
        item = context.item_of(site.call.object)
        if site.call.kind != "create" or item not in context.converted:
            continue
        statement = context.source.statement(site.node)
        if site.left is not None:
            yield context.declined(site.node, item, site.left.code, site.evidence, site.left.detail)
        else:
            yield from _replaced(context, site, statement, _target(statement))


def _target(statement: ast.stmt) -> ast.expr | str:
    """What the result is assigned to, "return", or "" where it is not used."""
    if isinstance(statement, ast.Return):
        return "return"
    return statement.targets[0] if isinstance(statement, ast.Assign) else ""


def _replaced(
    context: FileContext, site: ConductorSite, statement: ast.stmt, target: ast.expr | str
) -> Iterator[Finding]:
    assert site.arguments is not None
    name, item = site.call.object, context.item_of(site.call.object)
    security, values = context.text(site.arguments["context"]), site.arguments["values"]
    literal = literal_values(context, values, name)
    variable = free_name(context, statement, name)
    if isinstance(target, ast.Name) and target.id not in _names(context, literal, statement):
        variable = target.id
    indent = context.source.indent(statement)
    if literal is not None and literal.stores:
        literal = None
    made = [f"{indent}{variable} = {constructor(context, name, security)}"]
    if literal is None:
        made += update_lines(context, indent, variable, context.text(values), True)
    else:
        made += attribute_lines(context, indent, variable, literal.pairs, name)
    saved = method_lines(context, indent, variable, "create", security, name)
    if target == "return":
        saved.append(f"{indent}return {variable}")
    elif isinstance(target, ast.expr) and context.text(target) != variable:
        kept = variable
        if keeps_dict(site.node, context.source):
            kept = f"obj_base.obj_to_primitive({variable})"
            yield context.wants_import(context.tree.base_import, item)
        saved.append(f"{indent}{context.text(target)} = {kept}")
    if literal is None:
        made += _other_names(context, indent, variable, name, context.text(values))
    yield from _statements(context, site, statement, literal, made, saved)
    yield from imports(context, name, item, literal is None)


def _names(context: FileContext, literal: LiteralValues | None, statement: ast.stmt) -> set[str]:
    """The names that are read between the making of the object and its creation."""
    first = literal.statements[0] if literal is not None and literal.statements else statement
    start, end = context.source.start(first), context.source.end(statement)
    return {
        node.id
        for node in context.nodes.get(ast.Name, [])
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Load)
        and start <= context.source.start(node) < end
    }


def _other_names(
    context: FileContext, indent: str, variable: str, name: str, values: str
) -> list[str]:
    """What the row calls `supported_instances`, JSON text, is a field of another name."""
    if name != "ComputeNode" or not context.tree.field_kind(name, "supported_hv_specs"):
        return []
    spelled = context.tree.spelling("HVSpec")[0]
    return [
        f"{indent}if {values}.get('supported_instances'):",
        f"{indent}    {variable}.supported_hv_specs = [",
        f"{indent}        {spelled}.from_list(spec) for spec in",
        f"{indent}        jsonutils.loads({values}['supported_instances'])]",
    ]


def _statements(
    context: FileContext,
    site: ConductorSite,
    statement: ast.stmt,
    literal: LiteralValues | None,
    made: list[str],
    saved: list[str],
) -> Iterator[Finding]:
    item = context.item_of(site.call.object)
    if literal is not None and literal.statements:
        yield context.replace_statement(literal.statements[0], made, item, site.evidence)
        yield context.replace_statement(statement, saved, item, site.evidence)
    else:
        yield context.replace_statement(statement, made + saved, item, site.evidence)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
