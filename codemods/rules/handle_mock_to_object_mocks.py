"""Replace a unit test's mock of the whole conductor by mocks of the objects' methods.

A test that only asks whether a method of the mocked conductor was called gets
a mock of the object's method instead. Where the tracker saves an Instance of
its own, which the mocked conductor had swallowed, save() is mocked. A mocked
create that stood for the new row is one of create(): what was expected of its
values is expected of the compute node that the tracker has afterwards.
"""

import ast
import dataclasses
from collections.abc import Iterator

from codemods.mappings import ConductorCall, conductor_calls
from codemods.model import Evidence, Item
from codemods.rules.base import FileContext, Finding, Rule

_METHODS = {"create": "create", "update": "save", "destroy": "destroy"}


@dataclasses.dataclass(frozen=True)
class Mocked:
    """`name = capi.method` in the test `function`; `uses` are the later readings of the name."""

    function: ast.FunctionDef
    statement: ast.Assign
    name: str
    call: ConductorCall
    uses: tuple[ast.Name, ...]


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every test that mocks the conductor as a whole."""
    if b".API', return_value=" not in context.source.text:
        return
    found = [
        mocked
        for mocked in _mocked(context)
        if context.item_of(mocked.call.object) in context.converted
    ]
    sound = [mocked for mocked in found if _is_sound(context, mocked)]
    for mocked in found:
        if mocked not in sound:
            item, evidence = context.item_of(mocked.call.object), _evidence(context, mocked)
            yield context.declined(mocked.statement, item, "test.stub", evidence)
    for mocked in sound:
        yield from _replaced(context, mocked)
    for function in dict.fromkeys(mocked.function for mocked in sound):
        yield _parameters(context, function, [one for one in sound if one.function is function])
    # the mock of the decorator on top is the last parameter
    for mocked in reversed(sound):
        yield _decorator(context, mocked)
    if Item.INSTANCE in context.converted and context.tracker_saves_instances():
        yield from _instances_saved(context)


def _mocked(context: FileContext) -> Iterator[Mocked]:
    for node in context.nodes.get(ast.Assign, []):
        assert isinstance(node, ast.Assign)
        value, target = node.value, node.targets[0]
        if not isinstance(value, ast.Attribute) or not isinstance(target, ast.Name):
            continue
        call = conductor_calls().get(value.attr)
        function = context.function(node)
        if call is None or function is None or not _is_mock(context, value.value, function.node):
            continue
        assert isinstance(function.node, ast.FunctionDef)
        uses = tuple(
            one
            for one in ast.walk(function.node)
            if isinstance(one, ast.Name) and one.id == target.id and isinstance(one.ctx, ast.Load)
        )
        yield Mocked(function.node, node, target.id, call, uses)


def _is_mock(context: FileContext, node: ast.expr, function: ast.AST) -> bool:
    """Whether `node` is the mocked conductor: the attribute that holds it, or a name of that."""
    if isinstance(node, ast.Attribute):
        return node.attr in held_mocks(context)
    return isinstance(node, ast.Name) and any(
        isinstance(one, ast.Assign)
        and isinstance(one.targets[0], ast.Name)
        and one.targets[0].id == node.id
        and isinstance(one.value, ast.Attribute)
        and one.value.attr in held_mocks(context)
        for one in ast.walk(function)
    )


def held_mocks(context: FileContext) -> dict[str, ast.Assign]:
    """The attributes that hold the conductor of the object under test, with what sets them."""
    return {
        node.targets[0].attr: node
        for node in context.nodes.get(ast.Assign, [])
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "conductor_api"
    }


def _evidence(context: FileContext, mocked: Mocked) -> Evidence:
    return (context.step(mocked.statement, f"mocks the conductor's {mocked.call.name}()"),)


def _others(context: FileContext, mocked: Mocked) -> list[ast.Name]:
    """The uses that ask more than whether the method was called."""
    return [use for use in mocked.uses if not _asks_whether_called(context, use)]


def _is_sound(context: FileContext, mocked: Mocked) -> bool:
    others = _others(context, mocked)
    return not others or (mocked.call.kind == "create" and _is_created(context, mocked, others))


def _replaced(context: FileContext, mocked: Mocked) -> Iterator[Finding]:
    item, evidence = context.item_of(mocked.call.object), _evidence(context, mocked)
    yield context.replace_statement(mocked.statement, [], item, evidence)
    if _others(context, mocked):
        yield from _expected(context, mocked, item, evidence)


def _decorator(context: FileContext, mocked: Mocked) -> Finding:
    call, item = mocked.call, context.item_of(mocked.call.object)
    target = call.call or f"{call.object}.{_METHODS.get(call.kind, '')}"
    lines = [mocked.function.lineno, *(d.lineno for d in mocked.function.decorator_list)]
    first, indent = context.source.line_start(min(lines)), context.source.indent(mocked.function)
    line = f"{indent}@mock.patch('{context.tree.package}.objects.{target}')"
    text = line + context.source.newline
    return context.replace_range(first, first, text, item, _evidence(context, mocked))


def _parameters(context: FileContext, function: ast.FunctionDef, added: list[Mocked]) -> Finding:
    """The parameters that the new decorators fill, behind those that are there."""
    last = function.args.args[-1]
    start = context.source.end(last)
    column = len(context.source.line_text(function.lineno).partition("(")[0]) + 1
    line, text = context.source.line_text(last.lineno).rpartition("):")[0], ""
    for one in added:
        piece = f", {one.name}"
        if len(line) + len(piece) + len("):") > 79:
            piece = f",{context.source.newline}{' ' * column}{one.name}"
            line = ""
        line, text = line + piece.rpartition(context.source.newline)[2], text + piece
    item, evidence = context.item_of(added[0].call.object), _evidence(context, added[0])
    return context.replace_range(start, start, text, item, evidence)


def _asks_whether_called(context: FileContext, use: ast.Name) -> bool:
    parent = context.source.parent(use)
    return isinstance(parent, ast.Attribute) and parent.attr == "called"


def _is_created(context: FileContext, mocked: Mocked, uses: list[ast.Name]) -> bool:
    """Whether all that is asked of the mock is what values it was called with."""
    known = ("side_effect", "assert_called_once_with")
    parents = [context.source.parent(use) for use in uses]
    return all(isinstance(p, ast.Attribute) and p.attr in known for p in parents)


def _expected(
    context: FileContext, mocked: Mocked, item: Item, evidence: Evidence
) -> Iterator[Finding]:
    for use in mocked.uses:
        parent, statement = context.source.parent(use), context.source.statement(use)
        assert isinstance(parent, ast.Attribute)
        if parent.attr == "side_effect" and isinstance(statement, ast.Assign):
            yield context.replace_statement(statement, [], item, evidence)
            yield from _fake_removed(context, mocked, statement.value, item, evidence)
        elif parent.attr == "assert_called_once_with":
            call = context.source.parent(parent)
            if isinstance(call, ast.Call) and len(call.args) == 2:
                yield from _on_object(context, mocked, statement, call.args[1], item, evidence)


def _fake_removed(
    context: FileContext, mocked: Mocked, fake: ast.expr, item: Item, evidence: Evidence
) -> Iterator[Finding]:
    for one in ast.walk(mocked.function):
        if isinstance(fake, ast.Name) and isinstance(one, ast.FunctionDef) and one.name == fake.id:
            assert one.end_lineno is not None
            last = one.end_lineno
            if not context.source.line_text(last + 1).strip():
                last += 1
            start, end = context.source.line_start(one.lineno), context.source.line_start(last + 1)
            yield context.replace_range(start, end, "", item, evidence)


def _on_object(
    context: FileContext,
    mocked: Mocked,
    statement: ast.stmt,
    expected: ast.expr,
    item: Item,
    evidence: Evidence,
) -> Iterator[Finding]:
    """What was expected of the values is expected of the node that the tracker has."""
    indent, text = context.source.indent(statement), context.text(expected)
    node = "self.rt.compute_node"
    lines = [
        f"{indent}{mocked.name}.assert_called_once_with()",
        f"{indent}self.assertEqual(",
        f"{indent}    {text},",
        f"{indent}    dict((key, {node}[key])",
        f"{indent}         for key in {text}))",
    ]
    yield context.replace_statement(statement, lines, item, evidence)
    for literal in ast.walk(mocked.function):
        if isinstance(literal, ast.Dict):
            yield from _legal(context, mocked.call.object, literal, item, evidence)
    yield from _stats(context, mocked, text, item, evidence)


def _legal(
    context: FileContext, name: str, literal: ast.Dict, item: Item, evidence: Evidence
) -> Iterator[Finding]:
    """Values that the object refuses: an address that is none, a dict's list for an object."""
    for key, value in zip(literal.keys, literal.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            continue
        kind = context.tree.field_kind(name, key.value)
        if "IPAddress" in kind and isinstance(value, ast.Constant):
            yield context.replace(value, "'127.0.0.1'", item, evidence)
        elif "ObjectField" in kind and value.end_lineno is not None:
            start = context.source.line_start(key.lineno)
            end = context.source.line_start(value.end_lineno + 1)
            yield context.replace_range(start, end, "", item, evidence)


def _stats(
    context: FileContext, mocked: Mocked, name: str, item: Item, evidence: Evidence
) -> Iterator[Finding]:
    """`expected['stats'] = '{}'`: the object's field is the dict itself."""
    for one in ast.walk(mocked.function):
        target = one.targets[0] if isinstance(one, ast.Assign) else None
        if isinstance(target, ast.Subscript) and context.source.of(target) == f"{name}['stats']":
            assert isinstance(one, ast.Assign)
            if isinstance(one.value, ast.Constant) and one.value.value == "{}":
                lines = [f"{context.source.indent(one)}{name}['stats'] = {{}}"]
                first = one.lineno - _announces_end(context, one.lineno - 1)
                start = context.source.line_start(first)
                end = context.source.line_start(one.lineno + 1)
                text = lines[0] + context.source.newline
                yield context.replace_range(start, end, text, item, evidence)


def _announces_end(context: FileContext, line: int) -> int:
    """Whether the line is a comment that says what goes when the object is used."""
    text = context.source.line_text(line).strip()
    return int(text.startswith("#") and "when the ComputeNode object is used" in text)


def _instances_saved(context: FileContext) -> Iterator[Finding]:
    """Mock save() where the mocked conductor is taken from the object under test."""
    for node in held_mocks(context).values():
        assert node.end_lineno is not None
        indent, newline = context.source.indent(node), context.source.newline
        place = context.source.line_start(node.end_lineno + 1)
        lines = (
            f"{indent}patcher = mock.patch('{context.tree.package}.objects.Instance.save')\n"
            f"{indent}patcher.start()\n"
            f"{indent}self.addCleanup(patcher.stop)\n"
        )
        evidence = (context.step(node, "the mocked conductor swallowed what is saved now"),)
        text = lines.replace("\n", newline)
        yield context.replace_range(place, place, text, Item.INSTANCE, evidence)


RULE = Rule.of(__name__, __doc__, check, (), tests=True)
