"""Let code that treats rows as a list go on doing so, where they become a list object.

A list object is iterated, counted and indexed as a list is, but it cannot be
added to a list and is not equal to one. `list(rows)` can, and holds the same
objects. What changes the list in place stays, and is listed.
"""

import ast
from collections.abc import Iterator

from codemods.analysis.values import Value
from codemods.model import Evidence
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

CHANGING = {"append", "extend", "insert", "remove", "pop", "reverse", "sort", "clear"}

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def both(self, context, host, others):
        return self.conductor_api.service_get_all_by_host(context, host) + others
""",
        """\
from nova import objects


class Reader(object):

    def both(self, context, host, others):
        return list(objects.ServiceList.get_by_host(context, host)) + others
""",
    ),
    LeftAlone(
        """\
def both(services, others):
    return services + others
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every such use, or why it stays."""
    for node in context.nodes.get(ast.BinOp, []):
        assert isinstance(node, ast.BinOp)
        if isinstance(node.op, ast.Add | ast.Mult):
            yield from _as_list(context, [node.left, node.right])
    for compare in context.nodes.get(ast.Compare, []):
        assert isinstance(compare, ast.Compare)
        operands = [compare.left, *compare.comparators]
        if any(isinstance(op, ast.Eq | ast.NotEq) for op in compare.ops):
            if not any(isinstance(operand, ast.Constant) for operand in operands):
                yield from _as_list(context, operands)
    for augmented in context.nodes.get(ast.AugAssign, []):
        assert isinstance(augmented, ast.AugAssign)
        yield from _listed(context, augmented.target, "+=")
    for attribute in context.row_attributes():
        if attribute.attr in CHANGING:
            yield from _listed(context, attribute.value, f".{attribute.attr}()")
    for subscript in context.row_subscripts():
        if not isinstance(subscript.ctx, ast.Load):
            yield from _listed(context, subscript.value, "[...] =")


def _rows(context: FileContext, node: ast.expr) -> tuple[Value, Evidence] | None:
    for value, evidence in context.values(node).items():
        if value.kind == "rows" and value.needs <= context.converted:
            return value, evidence
    return None


def _as_list(context: FileContext, operands: list[ast.expr]) -> Iterator[Finding]:
    for operand in operands:
        found = _rows(context, operand)
        if found is not None:
            value, evidence = found
            text = f"list({context.text(operand)})"
            yield context.replace(operand, text, context.item_of(value.name), evidence)


def _listed(context: FileContext, node: ast.expr, detail: str) -> Iterator[Finding]:
    found = _rows(context, node)
    if found is not None:
        value, evidence = found
        item = context.item_of(value.name)
        yield context.declined(node, item, "value.list-only", evidence, detail)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
