"""Walk a syntax tree; ast.walk and ast.iter_child_nodes cost twice as much."""

import ast
from collections.abc import Iterator

# operators and contexts have neither a position nor children
_LEAVES = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below `node`, without operators and contexts."""
    found: list[ast.AST] = []
    for field in node._fields:
        value = getattr(node, field, None)
        if value.__class__ is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST) and not isinstance(value, _LEAVES):
            found.append(value)
    return found


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node of the tree, in no particular order, without operators and contexts."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += children(node)
