"""Replace a conductor call that updates a row by assignments and save().

save() writes what was set since the object was read, so the same columns are
written. Where the call has only an id, an object that stands for that row is
made, with nothing set but the id: other changes that the caller's own object
may carry are not written, as they were not before. The result, a fresh row,
becomes the object itself, which save() reads back in place.
"""

import ast
from collections.abc import Iterator

from codemods.analysis.sites import passes_keywords_on
from codemods.model import Item
from codemods.rules.base import (
    ConductorSite,
    Example,
    FileContext,
    Finding,
    LeftAlone,
    Rule,
)
from codemods.rules.values_of_row import LiteralValues, checked, is_still, literal_values
from codemods.rules.writing import (
    attribute_lines,
    free_name,
    imports,
    method_lines,
    operand,
    row_by_id,
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
        service = self.conductor_api.service_get_by_compute_host(context, host)
        values = {}
        values['report_count'] = service['report_count'] + 1
        service = self.conductor_api.service_update(context, service, values)
        return service
""",
        """\
from nova import objects


class Writer(object):

    def write(self, context, host):
        service = objects.Service.get_by_compute_host(context, host)
        service.report_count = service.report_count + 1
        service.save(context)
        return service
""",
    ),
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, node_id, values):
        self.conductor_api.compute_node_update(context, {'id': node_id}, values)
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, node_id, values):
        compute_node = objects.ComputeNode(id=node_id)
        # the id only says which row: save() writes what is set from here on
        compute_node.obj_reset_changes()
        compute_node.update(copy.deepcopy(values))
        compute_node.save(context)
""",
    ),
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, service):
        values = {}
        try:
            values['report_count'] = 1
            self.conductor_api.service_update(context, service, values)
        except Exception:
            pass
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, service):
        values = {}
        try:
            values['report_count'] = 1
            service_obj = objects.Service(id=service['id'])
            # the id only says which row: save() writes what is set from here
            # on
            service_obj.obj_reset_changes()
            service_obj.update(copy.deepcopy(values))
            service_obj.save(context)
        except Exception:
            pass
""",
    ),
    LeftAlone(
        """\
from nova import conductor


def write(context, uuid, **values):
    conductor.API().instance_update(context, uuid, **values)
""",
        because="call.open-values",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every call that updates, or why it stays."""
    for site in context.sites():
        item = context.item_of(site.call.object)
        if site.call.kind != "update" or item not in context.converted:
            continue
        statement = context.source.statement(site.node)
        if site.left is not None:
            yield context.declined(site.node, item, site.left.code, site.evidence, site.left.detail)
        elif site.call.named_values:
            yield from _named(context, site, statement)
        else:
            yield from _row(context, site, statement)


def _named(context: FileContext, site: ConductorSite, statement: ast.stmt) -> Iterator[Finding]:
    """`instance_update(context, uuid, **values)`, or with the values named."""
    assert site.arguments is not None
    item = context.item_of(site.call.object)
    given = {k: v for k, v in site.arguments.items() if k not in ("context", "uuid")}
    if "**" in given:
        literal = (
            literal_values(context, given["**"], site.call.object, True)
            if len(given) == 1
            else None
        )
    else:
        literal = checked(context, site.call.object, LiteralValues(tuple(given.items()), ()), True)
    if literal is None or literal.stores or not is_still(context, literal, statement):
        open_ended = passes_keywords_on(site.node, context.source)
        code = "call.open-values" if open_ended else "call.arguments"
        yield context.declined(site.node, item, code, site.evidence)
        return
    indent = context.source.indent(statement)
    name = free_name(context, statement, site.call.object)
    security = context.text(site.arguments["context"])
    uuid = context.text(site.arguments["uuid"])
    lines = row_by_id(context, indent, name, site.call.object, "uuid", uuid, security)
    lines += attribute_lines(context, indent, name, literal.pairs, site.call.object)
    lines += method_lines(context, indent, name, "save", security, site.call.object)
    for built in literal.statements:
        yield context.replace_statement(built, [], item, site.evidence)
    yield context.replace_statement(statement, lines, item, site.evidence)
    needs_copy = any("copy.deepcopy(" in line for line in lines)
    yield from imports(context, site.call.object, item, needs_copy)


def _row(context: FileContext, site: ConductorSite, statement: ast.stmt) -> Iterator[Finding]:
    """`service_update(context, row, values)`; a migration's values are its status."""
    assert site.arguments is not None
    item = context.item_of(site.call.object)
    row = site.arguments["row"]
    values = site.arguments.get("values") or site.arguments["status"]
    indent, security = context.source.indent(statement), context.text(site.arguments["context"])
    if site.call.elevated and not security.endswith("elevated()"):
        security = f"{operand(site.arguments['context'], security)}.elevated()"
    made, name = _object_of(context, site, statement, indent, security)
    literal: LiteralValues | None = None
    if "status" in site.arguments:
        literal = LiteralValues((("status", values),), ())
    else:
        literal = literal_values(context, values, site.call.object)
        if literal is not None and literal.stores and made:
            # the object is made at the call, behind where the dict is filled
            literal = None
        elif literal is not None and not is_still(context, literal, statement):
            literal = None
    extra = _extra(context, site)
    saved = method_lines(context, indent, name, "save", security, site.call.object, extra)
    saved += _rebound(context, statement, row, name, indent)
    yield from _filled(context, site, statement, name, values, literal, made, saved)
    yield from imports(context, site.call.object, item, literal is None)


def _extra(context: FileContext, site: ConductorSite) -> list[str]:
    """What save() is told beside the context: whether stats that are gone are pruned."""
    assert site.arguments is not None
    found = context.tree.object(site.call.object)
    given = site.arguments.get("prune_stats")
    if given is None or found is None or "prune_stats" not in found.methods.get("save", ()):
        return []
    return [f"prune_stats={context.text(given)}"]


def _object_of(
    context: FileContext,
    site: ConductorSite,
    statement: ast.stmt,
    indent: str,
    security: str,
) -> tuple[list[str], str]:
    """The lines that make the object, none if the row is one, and its name."""
    assert site.arguments is not None
    name, row, values = site.call.object, site.arguments["row"], site.arguments.get("values")
    variable = free_name(context, statement, name)
    if isinstance(row, ast.Dict) and len(row.keys) == 1:
        key, value = row.keys[0], row.values[0]
        if isinstance(key, ast.Constant) and key.value == "id":
            text = context.text(value)
            return row_by_id(context, indent, variable, name, "id", text, security), variable
    holding = context.holding(row)
    is_one = holding is not None and holding.sure and holding.name == name
    if is_one and isinstance(row, ast.Name | ast.Attribute):
        # a row that is handed over as its own values was written with all that was set on it
        given = context.holding(values) if values is not None else None
        if (given is not None and given.name == name) or not _may_be_pending(context, name):
            return [], context.text(row)
    text = operand(row, context.text(row)) + (".id" if is_one else "['id']")
    return row_by_id(context, indent, variable, name, "id", text, security), variable


def _may_be_pending(context: FileContext, name: str) -> bool:
    """Whether any code sets fields of such a row without writing them: save() would."""
    for other in context.all_contexts():
        if other.inference.is_test(other.module):
            continue
        targets = [node.value for node in other.subscripts() if isinstance(node.ctx, ast.Store)]
        for call in other.calls():
            if isinstance(call.func, ast.Attribute) and call.func.attr == "update":
                targets.append(call.func.value)
        for target in targets:
            if any(v.kind == "row" and v.name == name for v in other.values(target)):
                return True
    return False


def _rebound(
    context: FileContext, statement: ast.stmt, row: ast.expr, name: str, indent: str
) -> list[str]:
    """The result's new name, where it had another one than the row."""
    if not isinstance(statement, ast.Assign):
        return []
    target = context.text(statement.targets[0])
    return [] if target == name else [f"{indent}{target} = {name}"]


def _filled(
    context: FileContext,
    site: ConductorSite,
    statement: ast.stmt,
    name: str,
    values: ast.expr,
    literal: LiteralValues | None,
    made: list[str],
    saved: list[str],
) -> Iterator[Finding]:
    item: Item = context.item_of(site.call.object)
    indent = context.source.indent(statement)
    if literal is None:
        filled = _from_dict(context, indent, name, values, site)
        yield context.replace_statement(statement, made + filled + saved, item, site.evidence)
        return
    for built in literal.statements:
        yield context.replace_statement(built, made if literal.stores else [], item, site.evidence)
    for store, key, value in literal.stores:
        inner, pairs = context.source.indent(store), ((key, value),)
        lines = attribute_lines(context, inner, name, pairs, site.call.object)
        yield context.replace_statement(store, lines, item, site.evidence)
    filled = attribute_lines(context, indent, name, literal.pairs, site.call.object)
    start = [] if literal.stores else made
    yield context.replace_statement(statement, start + filled + saved, item, site.evidence)


def _from_dict(
    context: FileContext, indent: str, name: str, values: ast.expr, site: ConductorSite
) -> list[str]:
    """The lines that fill the object from a dict, unless the dict is the object itself.

    What was set on the object is written anyway; setting all of it once more
    would write columns that nobody touched, in forms that the row never had.
    """
    text, holding = context.text(values), context.holding(values)
    if holding is None or holding.name != site.call.object or text == name:
        return update_lines(context, indent, name, text, True)
    guard = f"{indent}if {text} is not {name}:"
    return [guard, *update_lines(context, f"{indent}    ", name, text, True)]


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
