"""A mocked update of a row becomes a mocked save(); shared by the rule of conductor stubs.

The expectation named the row and the values; save() is expected on the object,
which carries them.
"""

import ast
from collections.abc import Iterator

from codemods.mappings import ConductorCall
from codemods.rules.base import FileContext, Finding, variable_for
from codemods.rules.rows_in_tests import bound_literal, object_for
from codemods.syntax.render import assignment_lines, call_lines

Pairs = list[tuple[str, ast.expr]]


def update_mock(
    context: FileContext,
    node: ast.FunctionDef,
    decorator: ast.Call,
    parameter: str,
    call: ConductorCall,
) -> Iterator[Finding]:
    """Yield the edits of a test `node` that mocks the conductor's update in `decorator`."""
    item = context.item_of(call.object)
    evidence = (context.step(decorator, f"mocks the conductor's {call.name}()"),)
    spelled, line = context.tree.spelling(call.object)
    assertions = _assertions(node, parameter)
    rows = [_row(context, node, assertion) for assertion in assertions]
    if any(row is None for row in rows):
        yield context.declined(decorator, item, "test.stub", evidence)
        return
    yield context.replace(
        decorator, f"mock.patch.object({spelled}, 'save', autospec=True)", item, evidence
    )
    yield context.wants_import(line, item)
    for assertion, row in zip(assertions, rows, strict=True):
        assert row is not None
        yield from _expectation(context, assertion, parameter, call, row)
        given = assertion.args[1]
        if isinstance(given, ast.Name) and isinstance(row, ast.Dict):
            text, wanted = object_for(context, call.object, row)
            yield context.replace(row, text, item, evidence)
            yield context.wants_import(wanted, item)


def _assertions(node: ast.FunctionDef, parameter: str) -> list[ast.Call]:
    return [
        inner
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Attribute)
        and inner.func.attr == "assert_called_once_with"
        and isinstance(inner.func.value, ast.Name)
        and inner.func.value.id == parameter
    ]


def _row(context: FileContext, node: ast.FunctionDef, assertion: ast.Call) -> ast.Dict | None:
    """The literal row of an expectation whose values are literal too."""
    if len(assertion.args) != 3 or _pairs(assertion.args[2]) is None:
        return None
    row = bound_literal(context, node, assertion.args[1])
    return row if isinstance(row, ast.Dict) else None


def _pairs(node: ast.expr) -> Pairs | None:
    """The keys and values of `{...}` or of `dict(key=value)`."""
    if isinstance(node, ast.Dict):
        keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
        found = zip(map(str, keys), node.values, strict=False)
        return list(found) if len(keys) == len(node.keys) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        words = [(word.arg, word.value) for word in node.keywords if word.arg is not None]
        return words if len(words) == len(node.keywords) and not node.args else None
    return None


def _expectation(
    context: FileContext, node: ast.Call, parameter: str, call: ConductorCall, row: ast.Dict
) -> Iterator[Finding]:
    statement = context.source.statement(node)
    indent, item = context.source.indent(statement), context.item_of(call.object)
    found = context.tree.object(call.object)
    security = [context.text(node.args[0])] if found and found.takes_context else []
    given, values = node.args[1], _pairs(node.args[2]) or []
    head = f"{indent}{parameter}.assert_called_once_with"
    if isinstance(given, ast.Name):
        variable = given.id
        lines = call_lines(head, [variable, *security], "", indent)
    else:
        variable = variable_for(call.object)
        lines = call_lines(head, ["mock.ANY", *security], "", indent)
        lines += assignment_lines(indent, variable, f"{parameter}.call_args[0][0]")
        values = [*(_pairs(row) or []), *values]
    for key, value in values:
        expected = [context.text(value), f"{variable}.{key}"]
        lines += call_lines(f"{indent}self.assertEqual", expected, "", indent)
    evidence = (context.step(node, "the object is what the call was made on"),)
    yield context.replace_statement(statement, lines, item, evidence)
