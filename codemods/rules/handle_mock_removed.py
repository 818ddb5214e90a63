"""Remove the mock of the whole conductor that no unit test looks at any more.

It goes with the handle of the code under test: the local alias of the mock,
the attribute that held it, and the patch that put it in place.
"""

import ast
from collections.abc import Iterator

from codemods.model import Evidence, Item
from codemods.rules.base import FileContext, Finding, Rule
from codemods.rules.handle_mock_to_object_mocks import held_mocks


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits that take the mock out, where nothing uses it."""
    if b".API', return_value=" not in context.source.text:
        return
    held = held_mocks(context)
    gone: list[ast.AST] = []
    for alias in _aliases(context, held):
        gone.append(alias.value)
        item = max(context.converted, key=list(Item).index)
        first, last = _lines(context, alias)
        start, end = context.source.line_start(first), context.source.line_start(last + 1)
        yield context.replace_range(start, end, "", item)
    if Item.CONDUCTOR not in context.converted:
        return
    for name, statement in held.items():
        uses = [
            node
            for node in context.nodes.get(ast.Attribute, [])
            if isinstance(node, ast.Attribute)
            and node.attr == name
            and isinstance(node.ctx, ast.Load)
        ]
        if any(use not in gone and context.remains(use) for use in uses):
            continue
        if not _code_uses(context, statement):
            evidence = (context.step(statement, "no test looks at the mocked conductor"),)
            yield context.replace_statement(statement, [], Item.CONDUCTOR, evidence)
            yield from _patches(context, evidence)


def _aliases(context: FileContext, held: dict[str, ast.Assign]) -> Iterator[ast.Assign]:
    """`capi = self.cond_api_mock`, where all that used `capi` is gone."""
    for node in context.nodes.get(ast.Assign, []):
        assert isinstance(node, ast.Assign)
        target, value, function = node.targets[0], node.value, context.function(node)
        if not isinstance(target, ast.Name) or not isinstance(value, ast.Attribute):
            continue
        if value.attr not in held or function is None:
            continue
        uses = [
            one
            for one in ast.walk(function.node)
            if isinstance(one, ast.Name) and one.id == target.id and isinstance(one.ctx, ast.Load)
        ]
        if uses and not any(context.remains(use) for use in uses):
            yield node


def _lines(context: FileContext, alias: ast.Assign) -> tuple[int, int]:
    """The first and the last line that go: one blank line of two that would meet as well."""
    assert alias.end_lineno is not None
    end = alias.end_lineno
    block = context.source.block(alias)
    for statement in block[block.index(alias) + 1 :]:
        assert statement.end_lineno is not None
        if context.remains(statement):
            break
        end = statement.end_lineno
    blank = [not context.source.line_text(line).strip() for line in (alias.lineno - 1, end + 1)]
    return alias.lineno - (1 if all(blank) else 0), alias.end_lineno


def _code_uses(context: FileContext, statement: ast.Assign) -> bool:
    """Whether the code under test still calls the conductor through its handle."""
    handle = statement.value
    assert isinstance(handle, ast.Attribute)
    owners = {v.name for v in context.values(handle.value) if v.kind == "instance"}
    return not owners or any(
        use.attr == handle.attr
        and isinstance(use.ctx, ast.Load)
        and any(v.name in owners for v in other.values(use.value))
        and other.remains(use)
        for other in context.all_contexts()
        if not context.inference.is_test(other.module)
        for use in other.nodes.get(ast.Attribute, [])
        if isinstance(use, ast.Attribute)
    )


def _patches(context: FileContext, evidence: Evidence) -> Iterator[Finding]:
    """`mock.patch('nova.conductor.API', return_value=name)` as one of several arguments."""
    for node in context.calls():
        first = node.args[0] if node.args else None
        if not isinstance(first, ast.Constant) or len(node.keywords) != 1:
            continue
        if first.value != f"{context.tree.package}.conductor.API":
            continue
        given, outer = node.keywords[0].value, context.source.parent(node)
        lines = context.source.line_text(node.lineno).strip(), node.end_lineno
        alone = lines[0].startswith(context.source.of(node).partition("\n")[0].rstrip(","))
        if not isinstance(outer, ast.Call) or node is outer.args[-1] or not alone:
            continue
        assert node.end_lineno is not None
        start, end = node.lineno, node.end_lineno + 1
        yield context.replace_range(
            context.source.line_start(start),
            context.source.line_start(end),
            "",
            Item.CONDUCTOR,
            evidence,
        )
        if isinstance(given, ast.Name):
            yield from _made(context, node, given, evidence)


def _made(
    context: FileContext, patch: ast.Call, name: ast.Name, evidence: Evidence
) -> Iterator[Finding]:
    """The statement that made the mock, if only the patch used it."""
    function = context.function(patch)
    uses = [
        one
        for one in ast.walk(function.node if function is not None else context.source.tree)
        if isinstance(one, ast.Name) and one.id == name.id
    ]
    bound = [one for one in uses if isinstance(one.ctx, ast.Store)]
    if len(uses) == 2 and len(bound) == 1:
        statement = context.source.statement(bound[0])
        yield context.replace_statement(statement, [], Item.CONDUCTOR, evidence)


RULE = Rule.of(__name__, __doc__, check, (), tests=True)
