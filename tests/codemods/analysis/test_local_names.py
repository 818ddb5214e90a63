# SPDX-License-Identifier: Apache-2.0
"""Whose a name is in a function that has functions within."""

import ast

import pytest

from codemods.analysis.local_names import bindings, only_assignment, readings
from codemods.analysis.project import Function, Module
from codemods.syntax.source import Source

#: The statements of a function; how often they bind `x` for it, and how often they read it.
CASES = [
    pytest.param("x = 1\nreturn x", 1, 1, id="set and read"),
    pytest.param("def f(x):\n    return x\nx = 2", 1, 0, id="parameter of a function inside"),
    pytest.param("def f(y=x):\n    x = y\n    return x", 0, 1, id="default of one inside"),
    pytest.param("def f():\n    global x\n    x = 1\n    return x", 2, 1, id="global inside"),
    pytest.param("def f():\n    return x\nx = 2", 1, 1, id="read inside"),
    pytest.param("x = 1\nreturn lambda x: x", 1, 0, id="parameter of a lambda"),
    pytest.param("x = 1\nreturn lambda y: x", 1, 1, id="read in a lambda"),
    pytest.param("def x():\n    pass\nx()", 1, 1, id="function inside"),
    pytest.param("try:\n    x()\nexcept E as x:\n    pass", 1, 1, id="exception"),
    pytest.param("from a import b as x\nimport x.y", 2, 0, id="imports"),
    pytest.param("for x in x: pass", 1, 1, id="loop"),
]


def function_of(lines: str) -> Function:
    """A function of which `lines` are the body."""
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    return Module("a", Source("a.py", f"def f():\n{body}".encode())).functions["f"]


@pytest.mark.parametrize(("lines", "bound", "read"), CASES)
def test_names_are_those_of_the_function(lines: str, bound: int, read: int):
    function = function_of(lines)
    assert len(bindings(function.node, "x")) == bound
    assert len(readings(function.node, "x")) == read


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ("x = y = 1", "1"),
        ("x = 1\ndef f(x):\n    x = 2", "1"),
        ("x = 1\nx = 2", None),
        ("x, y = 1, 2", None),
        ("x += 1", None),
        ("return x", None),
    ],
)
def test_only_assignment(lines: str, value: str | None):
    found = only_assignment(function_of(lines), "x")
    assert (ast.unparse(found.value) if found is not None else None) == value
