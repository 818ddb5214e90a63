# SPDX-License-Identifier: Apache-2.0
"""Parameters put behind those of a function."""

import textwrap

import libcst as cst
import pytest

from codemods.rewriting.parameters import with_parameters

CASES = [
    pytest.param("def f(): pass", "def f(a, b): pass", id="the only ones"),
    pytest.param("def f(self): pass", "def f(self, a, b): pass", id="behind another"),
    pytest.param("def f(self,\n      x): pass", "def f(self,\n      x, a, b): pass", id="below"),
    pytest.param("def FILL(self): pass", "def FILL(self, a,\n     FILL b): pass", id="no room"),
    pytest.param(
        "def f(\n        self, FILLxx): pass",
        "def f(\n        self, FILLxx,\n        a, b): pass",
        id="under the first one",
    ),
]


@pytest.mark.parametrize(("before", "after"), CASES)
@pytest.mark.parametrize("indent", ["", "    ", "        "])
def test_parameters_are_added(before: str, after: str, indent: str):
    # a name that leaves room for one of the two, with the indentation
    name = "f" * (63 - len(indent))
    before, after = (
        before.replace("FILL", name),
        after.replace("     FILL b", f"     {' ' * len(name)}b"),
    )
    function = cst.ensure_type(cst.parse_statement(before), cst.FunctionDef)
    new = with_parameters(function, ["a", "b"], indent)
    block = cst.IndentedBlock([new], indent=indent or "\t")
    text = cst.Module([cst.If(cst.Name("x"), block)] if indent else [new]).code
    shown = textwrap.dedent(text.partition("\n")[2] if indent else text)
    assert shown.rstrip("\n") == after.replace("FILL", name)
