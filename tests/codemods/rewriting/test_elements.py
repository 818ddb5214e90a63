# SPDX-License-Identifier: Apache-2.0
"""What is left in brackets when elements are taken out."""

import libcst as cst
import pytest

from codemods.rewriting.elements import without

CASES = [
    pytest.param("f(x, a, b)", "f(a, b)", id="first"),
    pytest.param("f(a, x, b)", "f(a, b)", id="in the middle"),
    pytest.param("f(a, x)", "f(a)", id="last"),
    pytest.param("f(a, x,)", "f(a,)", id="last with a comma"),
    pytest.param("f(x)", "f()", id="all"),
    pytest.param("f(x, x, a)", "f(a)", id="two side by side"),
    pytest.param("f(\n    x,\n    a)", "f(\n    a)", id="line of its own"),
    pytest.param("f(\n    x, a)", "f(\n    a)", id="first on a line"),
    pytest.param("f(a,\n  # b's\n  b, x,\n  c)", "f(a,\n  # b's\n  b, c)", id="last on a line"),
    pytest.param("f(\n    x,\n    # a's\n    a)", "f(\n    # a's\n    a)", id="comment below"),
    pytest.param("f(x,\n  # a's\n  a)", "f(\n  # a's\n  a)", id="comment below the bracket's line"),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_arguments_go(before: str, after: str):
    call = cst.ensure_type(cst.parse_expression(before), cst.Call)
    opening, args = without(
        call.whitespace_before_args,
        call.args,
        lambda one: isinstance(one.value, cst.Name) and one.value.value == "x",
    )
    new = call.with_changes(args=args, whitespace_before_args=opening)
    assert cst.Module([]).code_for_node(new) == after
