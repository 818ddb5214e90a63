"""Remove the attributes that hold the conductor and that nobody uses any more.

An attribute goes when no module that was read uses it on an instance of the
class, with an __init__ that did nothing else.
"""

import ast
from collections.abc import Iterator

from codemods.analysis.project import Class
from codemods.model import Edit, Evidence, Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.seen = 0

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
""",
        """\
from nova import objects


class Reader(object):
    def __init__(self):
        self.seen = 0

    def read(self, context, host):
        return objects.Service.get_by_compute_host(context, host)
""",
    ),
    LeftAlone(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)
""",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits that remove attributes without uses."""
    if Item.CONDUCTOR not in context.converted:
        return
    for node in context.nodes.get(ast.Assign, []):
        assert isinstance(node, ast.Assign)
        if len(node.targets) != 1 or not context.is_handle(node.value):
            continue
        target = node.targets[0]
        if isinstance(target, ast.Attribute):
            yield from _attribute(context, node, target)


def _attribute(context: FileContext, node: ast.Assign, target: ast.Attribute) -> Iterator[Finding]:
    owners = {v.name for v in context.values(target.value) if v.kind == "instance"}
    found = context.inference.project.find_class(next(iter(owners))) if len(owners) == 1 else None
    if found is None or not context.has_edits or _attribute_is_used(context, found, target.attr):
        return
    function = context.function(node)
    evidence = (context.step(node, f"nothing uses `{context.source.of(target)}` any more"),)
    alone = (
        function is not None
        and function.name.endswith(".__init__")
        and isinstance(function.node, ast.FunctionDef)
        and [s for s in function.node.body if not _is_docstring(s)] == [node]
        and not found.bases[1:]
        and all(base.endswith("object") for base in found.bases)
    )
    if not alone:
        yield context.replace_statement(node, [], Item.CONDUCTOR, evidence)
        return
    assert function is not None
    assert isinstance(function.node, ast.FunctionDef)
    yield _without_function(context, function.node, evidence)


def _without_function(context: FileContext, node: ast.FunctionDef, evidence: Evidence) -> Edit:
    """Without the function and the blank line on one side of it."""
    assert node.end_lineno is not None
    first = node.lineno
    if not context.source.line_text(first - 1).strip():
        first -= 1
    return context.replace_range(
        context.source.line_start(first),
        context.source.line_start(node.end_lineno + 1),
        "",
        Item.CONDUCTOR,
        evidence,
    )


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _attribute_is_used(context: FileContext, owner: Class, name: str) -> bool:
    """Whether any module still reads the attribute on an instance of the class."""
    family = set(context.inference.attribute_owners(owner.dotted))
    readers = context.inference.readers_of(owner.dotted, name)
    for other in context.all_contexts(readers):
        for node in other.nodes.get(ast.Attribute, []):
            assert isinstance(node, ast.Attribute)
            if node.attr != name or not isinstance(node.ctx, ast.Load):
                continue
            bases = other.values(node.value)
            mine = any(v.kind == "instance" and v.name in family for v in bases)
            if mine and other.remains(node):
                return True
    return False


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
