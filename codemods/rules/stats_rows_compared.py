"""Let a unit test compare a compute node with a row that was read without its stats.

Where the stats are rows of their own table they are not always read with the
node, and the field then stays unset: the comparison with such a row says so.
"""

import ast
from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import FileContext, Finding, Rule
from codemods.syntax.render import call_lines

MISSING = "allow_missing"


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every comparison with the fixture of a compute node."""
    if Item.OBJECT_FIELDS not in context.converted or not context.plan.stats_are_rows:
        return
    for node in context.calls():
        func = node.func
        if not isinstance(func, ast.Attribute) or func.attr != "compare_obj":
            continue
        words = {word.arg: word.value for word in node.keywords}
        if len(node.args) != 2 or set(words) - {MISSING} or not _is_fixture(node.args[1]):
            continue
        statement, indent = context.source.statement(node), context.source.indent(node)
        before = f"{context.text(words[MISSING])} + " if words else ""
        arguments = [*map(context.text, node.args), f"{MISSING}={before}['stats']"]
        lines = call_lines(f"{indent}{context.text(func)}", arguments, "", indent)
        evidence = (context.step(node, "the row has no stats"),)
        yield context.replace_statement(statement, lines, Item.OBJECT_FIELDS, evidence)


def _is_fixture(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name == "fake_compute_node"


RULE = Rule.of(__name__, __doc__, check, (), tests=True)
