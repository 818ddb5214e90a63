# SPDX-License-Identifier: Apache-2.0
"""What replaces mocked writes of the conductor in unit tests."""

from collections.abc import Iterator

import libcst as cst

from codemods.analysis.call_mocks import SaveExpectation
from codemods.rewriting.comments import under
from codemods.rewriting.nodes import (
    argument,
    assignment,
    attribute,
    call,
    expression,
    index,
    line,
    method,
    parameter,
)
from codemods.rewriting.writing import Pair, pairs_with_comments
from codemods.rules.tests.base import MockRule


def saved(
    rule: MockRule, asserted: cst.Call, expected: SaveExpectation
) -> Iterator[cst.BaseStatement]:
    """The lines that assert the call of save(), and the object's values by then."""
    context, row, values = (one.value for one in asserted.args)
    mock, variable = cst.ensure_type(asserted.func, cst.Attribute).value, expected.variable
    owner = cst.Name(variable) if expected.is_named else expression("mock.ANY")
    contexts = [context] if rule.file.takes_context(expected.call.object) else []
    yield line(call(asserted.func, owner, *contexts))
    given = list(_words(values))
    is_whole = not expected.is_named and _holds(rule, expected.call.object, given)
    if not expected.is_named:
        rule.wants_import("import mock", rule.file.item_of(expected.call.object))
        yield assignment(variable, index(index(attribute(mock, "call_args"), 0), 0))
        given = [*_words(row), *([] if is_whole else given)]
    for key, value, comments in given:
        new = line(call("self.assertEqual", value, attribute(cst.Name(variable), key)))
        yield under(new, [cst.EmptyLine(comment=one) for one in comments])
    if is_whole:
        changes = method(cst.Name(variable), "obj_get_changes")
        yield line(call("self.assertEqual", _on_one_line(values), changes))


def _holds(rule: MockRule, name: str, given: list[Pair]) -> bool:
    """Whether obj_get_changes() has all the values: all are fields, or the object keeps any key."""
    if name == "ComputeNode" and rule.file.keeps_values:
        return True
    return all(rule.file.field_type(name, key) for key, _, _ in given)


def _words(values: cst.BaseExpression) -> Iterator[Pair]:
    """The keys and values of `{'key': value}` or `dict(key=value)`, without parentheses."""
    assert isinstance(values, cst.Dict | cst.Call)
    for key, value, comments in pairs_with_comments(values):
        yield key, argument(value), comments


def _on_one_line(values: cst.BaseExpression) -> cst.BaseExpression:
    """A dict without its line breaks and comments, which are moved above the statement."""
    if not isinstance(values, cst.Dict):
        return argument(values)
    elements = (cst.ensure_type(one, cst.DictElement) for one in values.elements)
    return cst.Dict([cst.DictElement(one.key, argument(one.value)) for one in elements])


def fake_create(
    name: str, variable: str, row: cst.BaseExpression, takes_context: bool
) -> cst.FunctionDef:
    """The function that sets on an object what the conductor's mock returned."""
    parameters = [parameter(variable)]
    if takes_context:
        parameters.append(parameter("context", expression("None")))
    body = line(method(cst.Name(variable), "update", row))
    return cst.FunctionDef(cst.Name(name), cst.Parameters(parameters), cst.IndentedBlock([body]))


def set_off(statement: cst.BaseStatement) -> cst.BaseStatement:
    """The statement with a blank line above it and its comments."""
    lines = cst.ensure_type(statement, cst.FunctionDef).leading_lines
    if lines and lines[0].comment is None:
        return statement
    return under(statement, [cst.EmptyLine(indent=False)], above=True)
