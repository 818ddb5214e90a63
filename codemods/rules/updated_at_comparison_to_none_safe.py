"""Let `a['updated_at'] >= b['updated_at']` survive rows that were never updated.

The conductor gives times as text, and Python 2 orders None before any text;
the objects give datetimes, which cannot be compared with None at all. The new
comparison says in words what the old one did by accident.
"""

import ast
from collections.abc import Iterator

from codemods.rules.base import Example, FileContext, Finding, Holding, Rule, literal_key

TIMES = ("created_at", "updated_at", "deleted_at", "launched_at", "terminated_at", "scheduled_at")

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def last(self, context, host, node):
        last = None
        for one in self.conductor_api.migration_get_in_progress_by_host_and_node(
                context, host, node):
            if not last or one['updated_at'] >= last['updated_at']:
                last = one
        return last
""",
        """\
from nova import objects


class Reader(object):

    def last(self, context, host, node):
        last = None
        for one in objects.MigrationList.get_in_progress_by_host_and_node(
                context, host, node):
            if (not last or last.updated_at is None or
                    (one.updated_at is not None and
                     one.updated_at >= last.updated_at)):
                last = one
        return last
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every comparison of two times, or why it stays."""
    for node in context.nodes.get(ast.Compare, []):
        assert isinstance(node, ast.Compare)
        if len(node.ops) != 1 or not isinstance(node.ops[0], ast.GtE | ast.Gt):
            continue
        left, right = _time(context, node.left), _time(context, node.comparators[0])
        if left is None or right is None or left.name != right.name:
            continue
        if left.sure and right.sure:
            yield from _safe(context, node, left)


def _time(context: FileContext, node: ast.expr) -> Holding | None:
    if not isinstance(node, ast.Subscript) or literal_key(node) not in TIMES:
        return None
    if not context.comes_from_conductor(node.value):
        return None
    return context.holding(node.value)


def _safe(context: FileContext, node: ast.Compare, holding: Holding) -> Iterator[Finding]:
    assert isinstance(node.left, ast.Subscript)
    assert isinstance(node.comparators[0], ast.Subscript)
    left = f"{context.text(node.left.value)}.{literal_key(node.left)}"
    right = f"{context.text(node.comparators[0].value)}.{literal_key(node.comparators[0])}"
    item = context.item_of(holding.name)
    sign = ">=" if isinstance(node.ops[0], ast.GtE) else ">"
    before = f"{right} is None" if sign == ">=" else f"({right} is None and {left} is not None)"
    both = f"({left} is not None and {right} is not None and {left} > {right})"
    after = f"({left} is not None and {left} >= {right})" if sign == ">=" else both
    parent, statement = context.source.parent(node), context.source.statement(node)
    indent = context.source.indent(statement)
    whole = (
        isinstance(statement, ast.If)
        and isinstance(parent, ast.BoolOp)
        and isinstance(parent.op, ast.Or)
        and parent is statement.test
        and parent.values[-1] is node
    )
    if not whole or sign != ">=":
        yield context.replace(node, f"({before} or {after})", item, holding.evidence)
        return
    assert isinstance(parent, ast.BoolOp)
    others = " or ".join(context.text(value) for value in parent.values[:-1])
    text = (
        f"({others} or {before} or\n"
        f"{indent}        ({left} is not None and\n"
        f"{indent}         {left} >= {right}))"
    ).replace("\n", context.source.newline)
    yield context.replace(parent, text, item, holding.evidence)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
