# SPDX-License-Identifier: Apache-2.0
"""Where unit tests use the code's rows in ways that only dicts support."""

import ast
from collections.abc import Iterator

from codemods.analysis.dict_values import is_dict
from codemods.analysis.facts import ALL_ITEMS
from codemods.analysis.project import Module
from codemods.analysis.row_uses import READERS, READING
from codemods.analysis.stays import Reason
from codemods.analysis.survey import Survey
from codemods.analysis.use import ESCAPES, OF_DICTS
from codemods.analysis.uses import Uses
from codemods.analysis.values import Values, becomes_object

#: The methods of a test case that compare their first two arguments.
_COMPARING = frozenset(
    ("assertDictEqual", "assertEqual", "assertEquals", "assertItemsEqual", "assertNotEqual")
)


def tested_as_dicts(module: Module, survey: Survey) -> Iterator[tuple[ast.expr, str, str]]:
    """The rows in a unit test module that the tests use as dicts.

    Each with the name of the object that it is by now, and the source of the use.
    """
    for node, values, left in Uses(module, survey).not_understood():
        name = _object(values)
        if name and (
            _is_only(module, survey, node, name, left) or _is_compared(module, node, left)
        ):
            yield node, name, left.detail
    for node, values in survey.inference.carrying_in(module):
        name = _object(values)
        if name and (asked := _asked_of_code(module, survey, node, name)) is not None:
            yield node, name, module.source.of(asked).partition("\n")[0]


def _asked_of_code(module: Module, survey: Survey, node: ast.expr, name: str) -> ast.expr | None:
    """The use of a row that a rule makes work with objects, but not in unit tests; or None."""
    parent = module.source.parent(node)
    if isinstance(parent, ast.Attribute):
        is_asked = parent.attr in READING and parent.attr not in survey.tree.offers(name)
        return parent if is_asked else None
    func = parent.func if isinstance(parent, ast.Call) and node in parent.args else None
    is_asked = isinstance(func, ast.Name) and func.id in READERS | {"dict"}
    return parent if is_asked and isinstance(parent, ast.Call) else None


def _object(values: Values) -> str:
    """The object that the rows among some values become; "" if one stays a dict."""
    rows = [value for value in values if value.kind == "row"]
    return rows[0].name if rows and all(becomes_object(row, ALL_ITEMS) for row in rows) else ""


def _is_only(module: Module, survey: Survey, node: ast.expr, name: str, left: Reason) -> bool:
    if left.code not in ("value.dict-only", "value.list-only"):
        return False
    parent = module.source.parent(node)
    if isinstance(parent, ast.Attribute) and parent.attr not in OF_DICTS:
        # this is used as an object
        return False
    is_asked = isinstance(parent, ast.Compare) and all(
        isinstance(order, ast.In | ast.NotIn) for order in parent.ops
    )
    # an object with `__contains__` can tell its keys
    return not is_asked or "__contains__" not in survey.tree.offers(name)


def _is_compared(module: Module, node: ast.expr, left: Reason) -> bool:
    """Whether a test compares a row with a dict, literal or named, or takes its len()."""
    call = module.source.parent(node)
    if left.code != ESCAPES or not isinstance(call, ast.Call):
        return False
    if isinstance(call.func, ast.Name) and call.func.id == "len":
        return True
    if len(call.args) < 2:
        return False
    is_assertion = isinstance(call.func, ast.Attribute) and call.func.attr in _COMPARING
    other = call.args[call.args[0] is node]
    return is_assertion and node in call.args[:2] and is_dict(module, other)
