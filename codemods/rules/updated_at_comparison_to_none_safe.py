"""Let `a['updated_at'] >= b['updated_at']` survive rows that were never updated.

The conductor gives times as text, and Python 2 orders None before any text;
the objects give datetimes, which cannot be compared with None at all. The new
comparison says in words what the old one did by accident.
"""

import ast
from collections.abc import Iterator

from codemods.rules.base import (
    Example,
    FileContext,
    Finding,
    Holding,
    LeftAlone,
    Rule,
    literal_key,
)
from codemods.syntax.render import WIDTH

_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)

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
    LeftAlone(
        """\
def is_newer(one, other):
    return one['updated_at'] >= other['updated_at']
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every comparison of two times, or why it stays."""
    found = []
    for node in context.nodes.get(ast.Compare, []):
        assert isinstance(node, ast.Compare)
        if not any(isinstance(op, _ORDER) for op in node.ops):
            continue
        times = [_time(context, operand) for operand in (node.left, *node.comparators)]
        holdings = [time[1] for time in times if time is not None]
        if not holdings:
            continue
        alike = len(times) == len(holdings) == 2 and holdings[0].name == holdings[1].name
        # the new comparison names both twice
        called = any(isinstance(n, ast.Call) for t in times if t for n in ast.walk(t[0]))
        if alike and not called and all(holding.sure for holding in holdings):
            found.append(node)
        else:
            item = context.item_of(holdings[0].name)
            yield context.declined(node, item, "value.time", holdings[0].evidence)
    for node in found:
        yield _safe(context, node, found)


def _time(context: FileContext, node: ast.expr) -> tuple[ast.expr, Holding, str] | None:
    """Whose time it is, what that holds, and which time; None if it is no time of a row."""
    if isinstance(node, ast.Subscript):
        owner, key = node.value, literal_key(node)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        owner, first = node.func.value, node.args[0]
        is_get = node.func.attr == "get" and isinstance(first, ast.Constant)
        key = str(first.value) if is_get and isinstance(first, ast.Constant) else None
    else:
        return None
    if key not in TIMES or key is None or not context.comes_from_conductor(owner):
        return None
    holding = context.holding(owner)
    return (owner, holding, key) if holding is not None else None


def _safe(context: FileContext, node: ast.Compare, found: list[ast.Compare]) -> Finding:
    left, holding = _spelled(context, node.left)
    right, _ = _spelled(context, node.comparators[0])
    if isinstance(node.ops[0], ast.Lt | ast.LtE):
        left, right = right, left
    item = context.item_of(holding.name)
    parent = context.source.parent(node)
    if _is_last_of_test(context, node) and not any(
        other is not node and other in ast.walk(parent) for other in found
    ):
        assert isinstance(parent, ast.BoolOp)
        indent = context.source.indent(context.source.statement(node))
        others = " or ".join(context.text(value) for value in parent.values[:-1])
        text = (
            f"({others} or {right} is None or\n"
            f"{indent}        ({left} is not None and\n"
            f"{indent}         {left} >= {right}))"
        ).replace("\n", context.source.newline)
        return context.replace(parent, text, item, holding.evidence)
    parts = [f"({right} is None or", f"({left} is not None and", f"{left} >= {right}))"]
    if isinstance(node.ops[0], ast.Gt | ast.Lt):
        parts = [f"({left} is not None and", f"({right} is None or", f"{left} > {right}))"]
    return context.replace(node, _joined(context, node, parts), item, holding.evidence)


def _joined(context: FileContext, node: ast.Compare, parts: list[str]) -> str:
    """The parts on one line, or each on its own where that is too long."""
    source = context.source
    line = source.line_at(source.start(node))
    column = source.start(node) - source.line_start(line)
    behind = len(source.line_text(source.line_at(source.end(node)))) - (node.end_col_offset or 0)
    single = " ".join(parts)
    if column + len(single) + behind <= WIDTH:
        return single
    return "".join(
        f"{source.newline}{' ' * (column + depth)}{part}" if depth else part
        for depth, part in enumerate(parts)
    )


def _spelled(context: FileContext, node: ast.expr) -> tuple[str, Holding]:
    found = _time(context, node)
    assert found is not None
    owner, holding, key = found
    return f"{context.text(owner)}.{key}", holding


def _is_last_of_test(context: FileContext, node: ast.Compare) -> bool:
    """Whether it is the last of the conditions, one of which an `if` asks for."""
    parent, statement = context.source.parent(node), context.source.statement(node)
    return (
        isinstance(node.ops[0], ast.GtE | ast.LtE)
        and isinstance(statement, ast.If)
        and isinstance(parent, ast.BoolOp)
        and isinstance(parent.op, ast.Or)
        and parent is statement.test
        and parent.values[-1] is node
        and not context.source.comments(context.source.start(parent), context.source.end(parent))
    )


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
