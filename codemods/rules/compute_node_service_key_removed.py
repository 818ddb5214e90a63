"""Remove `if 'service' in compute_node: del compute_node['service']`.

The conductor's answer to an update carried the joined service, which had to go
before the row was sent again. An object has no such key: `'service' in` it is
always false, and so the whole statement does nothing.
"""

import ast
from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, Holding, LeftAlone, Rule, literal_key

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, values):
        node = self.conductor_api.compute_node_create(context, values)
        if 'service' in node:
            del node['service']
        return node
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, values):
        node = objects.ComputeNode()
        node.update(copy.deepcopy(values))
        node.create(context)
        return node
""",
    ),
    LeftAlone(
        """\
def write(node):
    if 'service' in node:
        del node['service']
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every such statement, and what else only a dict can do."""
    gone: set[ast.AST] = set()
    for node in context.nodes.get(ast.If, []):
        assert isinstance(node, ast.If)
        test = node.test
        if not isinstance(test, ast.Compare) or not _asks(test):
            continue
        owner = test.comparators[0]
        holding = _holding(context, owner)
        if holding is None or not holding.sure or not isinstance(test.ops[0], ast.In):
            continue
        if node.orelse or len(node.body) != 1 or not _is_deletion(context, node.body[0], owner):
            continue
        gone.update(ast.walk(node))
        yield context.replace_statement(node, [], Item.COMPUTE_NODE, holding.evidence)
    for other in (*context.nodes.get(ast.Compare, []), *context.nodes.get(ast.Subscript, [])):
        if other not in gone:
            yield from _left(context, other)


def _asks(node: ast.Compare) -> bool:
    """Whether it is `'service' in something`, or its contrary."""
    if len(node.ops) != 1 or not isinstance(node.ops[0], ast.In | ast.NotIn):
        return False
    return isinstance(node.left, ast.Constant) and node.left.value == "service"


def _holding(context: FileContext, node: ast.expr) -> Holding | None:
    holding = context.holding(node) if context.comes_from_conductor(node) else None
    return holding if holding is not None and holding.name == "ComputeNode" else None


def _left(context: FileContext, node: ast.AST) -> Iterator[Finding]:
    if isinstance(node, ast.Compare) and _asks(node):
        holding, detail = _holding(context, node.comparators[0]), "'service' in"
    elif isinstance(node, ast.Subscript) and literal_key(node) == "service":
        holding, detail = _holding(context, node.value), "'service'"
        if isinstance(node.ctx, ast.Load):
            return
    else:
        return
    if holding is not None:
        code = "value.dict-only"
        yield context.declined(node, Item.COMPUTE_NODE, code, holding.evidence, detail)


def _is_deletion(context: FileContext, statement: ast.stmt, owner: ast.expr) -> bool:
    if not isinstance(statement, ast.Delete) or len(statement.targets) != 1:
        return False
    target = statement.targets[0]
    return (
        isinstance(target, ast.Subscript)
        and literal_key(target) == "service"
        and context.source.of(target.value) == context.source.of(owner)
    )


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
