"""Leave a dict field of the compute node a dict; the object makes JSON of it.

The column holds JSON text, and the dict API wanted it ready made. The object
takes the dict and writes the text itself, and refuses text. So the statement
that made the text goes, with the comment that announced its end, and a dict
that was filled in place is assigned whole, for an object keeps what it is
given and would not see the change.
"""

import ast
from collections.abc import Iterator

from codemods.model import Evidence, Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule, literal_key
from codemods.rules.values_of_row import literal_values
from codemods.syntax.render import assignment_lines

EXAMPLES = (
    Example(
        """\
from nova import conductor
from nova.openstack.common import jsonutils


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, values):
        values['stats'] = jsonutils.dumps(values['stats'])
        self.conductor_api.compute_node_create(context, values)
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, values):
        compute_node = objects.ComputeNode()
        compute_node.update(copy.deepcopy(values))
        compute_node.create(context)
""",
    ),
    LeftAlone(
        """\
from nova.openstack.common import jsonutils


def write(context, values):
    values['stats'] = jsonutils.dumps(values['stats'])
    return values
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every such statement."""
    if Item.COMPUTE_NODE not in context.converted:
        return
    for node in context.nodes.get(ast.Assign, []):
        assert isinstance(node, ast.Assign)
        target = node.targets[0]
        if not isinstance(target, ast.Subscript) or len(node.targets) != 1:
            continue
        key = literal_key(target)
        if key is None or "Dict" not in context.tree.field_kind("ComputeNode", key):
            continue
        evidence = _evidence(context, target.value)
        if evidence is None:
            continue
        if _is_json(context, node.value):
            yield from _without_json(context, node, target, evidence)
        elif isinstance(node.value, ast.Dict) and not node.value.keys:
            yield from _assigned_whole(context, node, target, evidence)
    for literal, evidence in _literals(context):
        yield from _in_literal(context, literal, evidence)


def _literals(context: FileContext) -> Iterator[tuple[ast.Dict, Evidence]]:
    """The dict literals that a call of the conductor makes a compute node of."""
    for site in context.sites():
        values = (site.arguments or {}).get("values")
        if site.call.object != "ComputeNode" or site.left is not None:
            continue
        if isinstance(values, ast.Dict):
            yield values, site.evidence
        elif isinstance(values, ast.Name):
            found = literal_values(context, values, "ComputeNode", copied=True)
            for statement in found.statements if found is not None else ():
                if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
                    yield statement.value, site.evidence


def _in_literal(context: FileContext, literal: ast.Dict, evidence: Evidence) -> Iterator[Finding]:
    for key, value in zip(literal.keys, literal.values, strict=True):
        field = str(key.value) if isinstance(key, ast.Constant) else ""
        if "Dict" in context.tree.field_kind("ComputeNode", field) and _is_json(context, value):
            assert isinstance(value, ast.Call)
            text = f"dict({context.text(value.args[0])})"
            yield context.replace(value, text, Item.COMPUTE_NODE, evidence)


def _evidence(context: FileContext, node: ast.expr) -> Evidence | None:
    """Why the value is, or becomes, what a compute node is made of."""
    holding = context.holding(node)
    if holding is not None and holding.name == "ComputeNode":
        return holding.evidence
    function = context.function(node)
    for site in context.sites():
        if site.call.object != "ComputeNode" or site.arguments is None:
            continue
        values = site.arguments.get("values")
        if values is None or context.function(site.node) is not function:
            continue
        before = context.source.start(node) < context.source.start(site.node)
        if before and context.source.of(values) == context.source.of(node):
            return site.evidence
    return None


def _is_json(context: FileContext, node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or len(node.args) != 1:
        return False
    name = context.module.dotted_name(node.func)
    return name.endswith("jsonutils.dumps") or name == "json.dumps"


def _without_json(
    context: FileContext, node: ast.Assign, target: ast.Subscript, evidence: Evidence
) -> Iterator[Finding]:
    assert isinstance(node.value, ast.Call)
    argument = node.value.args[0]
    if context.source.of(argument) != context.source.of(target):
        yield context.replace(
            node.value, f"dict({context.text(argument)})", Item.COMPUTE_NODE, evidence
        )
        return
    line = context.source.line_text(node.lineno)
    shares = line[: node.col_offset].strip() or ";" in line or len(context.source.block(node)) == 1
    if shares:
        yield context.replace_statement(node, [], Item.COMPUTE_NODE, evidence)
        return
    first = node.lineno
    while first > 1 and context.source.line_text(first - 1).lstrip().startswith("#"):
        first -= 1
    assert node.end_lineno is not None
    last = node.end_lineno
    # a blank line on both sides would leave two
    if not context.source.line_text(last + 1).strip() and not (
        context.source.line_text(first - 1).strip()
    ):
        last += 1
    yield context.replace_range(
        context.source.line_start(first),
        context.source.line_start(last + 1),
        "",
        Item.COMPUTE_NODE,
        evidence,
    )


def _assigned_whole(
    context: FileContext, node: ast.Assign, target: ast.Subscript, evidence: Evidence
) -> Iterator[Finding]:
    block = context.source.block(node)
    following = block[block.index(node) + 1 : block.index(node) + 2]
    if not following or not isinstance(following[0], ast.Expr):
        return
    call = following[0].value
    if (
        not isinstance(call, ast.Call)
        or not isinstance(call.func, ast.Attribute)
        or call.func.attr != "update"
        or len(call.args) != 1
        or context.source.of(call.func.value) != context.source.of(target)
    ):
        return
    indent = context.source.indent(node)
    value = f"dict({context.text(call.args[0])})"
    lines = assignment_lines(indent, context.text(target), value)
    yield context.replace_statement(node, lines, Item.COMPUTE_NODE, evidence)
    yield context.replace_statement(following[0], [], Item.COMPUTE_NODE, evidence)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, needles=(b"stats",))
