"""Replace a conductor call that destroys a row by the object's destroy().

Both end in the same function of the database API, with the same id, and raise
the same exception when the row is gone.
"""

from collections.abc import Iterator

from codemods.rules.base import ConductorSite, Example, FileContext, Finding, LeftAlone, Rule
from codemods.rules.writing import imports, operand
from codemods.syntax.render import call_lines

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def kill(self, context):
        self.conductor_api.service_destroy(context, self.service_id)
""",
        """\
from nova import objects


class Writer(object):

    def kill(self, context):
        objects.Service(id=self.service_id).destroy(context)
""",
    ),
    LeftAlone(
        """\
from nova import conductor


def kill(context, instance):
    conductor.API().instance_destroy(context, instance)
""",
        because="call.constraint",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every call that destroys, or why it stays."""
    for site in context.sites():
        item = context.item_of(site.call.object)
        if site.call.kind != "destroy" or item not in context.converted:
            continue
        if site.left is not None:
            yield context.declined(site.node, item, site.left.code, site.evidence, site.left.detail)
        else:
            yield from _replaced(context, site)


def _replaced(context: FileContext, site: ConductorSite) -> Iterator[Finding]:
    assert site.arguments is not None
    name, item = site.call.object, context.item_of(site.call.object)
    statement = context.source.statement(site.node)
    security = context.text(site.arguments["context"])
    found = context.tree.object(name)
    takes = found is not None and found.takes_context
    row = site.arguments.get("row")
    holding = context.holding(row) if row is not None else None
    indent = context.source.indent(statement)
    if row is not None and holding is not None and holding.sure:
        head = f"{indent}{context.text(row)}.destroy"
    else:
        id_text = (
            f"{operand(row, context.text(row))}['id']"
            if row is not None
            else context.text(site.arguments["id"])
        )
        spelled, _ = context.tree.spelling(name)
        if not context.tree.constructor_takes_fields:
            variable = "gone"
            lines = [f"{indent}{variable} = {spelled}()", f"{indent}{variable}.id = {id_text}"]
            lines += call_lines(f"{indent}{variable}.destroy", [security], "", indent)
            yield context.replace_statement(statement, lines, item, site.evidence)
            yield from imports(context, name, item, False)
            return
        yield from imports(context, name, item, False)
        if not takes:
            made = [security, f"id={id_text}"]
            lines = call_lines(f"{indent}{spelled}", made, ".destroy()", indent)
            yield context.replace_statement(statement, lines, item, site.evidence)
            return
        head = f"{indent}{spelled}(id={id_text}).destroy"
    lines = call_lines(head, [security] if takes else [], "", indent)
    yield context.replace_statement(statement, lines, item, site.evidence)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
