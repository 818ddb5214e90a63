"""Remove `if 'service' in compute_node: del compute_node['service']`.

The conductor's answer to an update carried the joined service, which had to go
before the row was sent again. An object has no such key: `'service' in` it is
always false, and so the whole statement does nothing.
"""

import ast
from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule, literal_key

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
    """Yield an edit for every such statement."""
    for node in context.nodes.get(ast.If, []):
        assert isinstance(node, ast.If)
        test = node.test
        if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.In):
            continue
        owner = test.comparators[0]
        if not isinstance(test.left, ast.Constant) or test.left.value != "service":
            continue
        holding = context.holding(owner)
        if holding is None or not holding.sure or holding.name != "ComputeNode":
            continue
        if node.orelse or len(node.body) != 1 or not _is_deletion(context, node.body[0], owner):
            continue
        yield context.replace_statement(node, [], Item.COMPUTE_NODE, holding.evidence)


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
