# SPDX-License-Identifier: Apache-2.0
"""Which of a variable's values may be there where `see(x)` reads it."""

import ast
import textwrap

import pytest

from codemods.analysis.project import Project
from codemods.analysis.reaching import Reaching


def reaching(lines: str) -> tuple[Reaching, ast.Name]:
    """The values of a function with a parameter `x`, and the place that is asked for."""
    text = "def function(x, y):\n" + textwrap.indent(lines, "    ") + "\n"
    module = Project({"nova/a.py": text.encode()}).load("nova/a.py")
    assert module is not None
    [use] = [
        node.args[0]
        for node in ast.walk(module.source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "see"
    ]
    assert isinstance(use, ast.Name)
    return Reaching(next(one for one in module.all_functions if one.name == "function")), use


def found(lines: str) -> tuple[set[int], bool] | None:
    """The lines that store what may be read, and whether the parameter's value may be."""
    there, use = reaching(lines)
    stores = there.stores(use)
    return None if stores is None else ({one.lineno - 1 for one in stores[0]}, stores[1])


REACHING = [
    pytest.param("see(x)", set(), True, id="nothing stored"),
    pytest.param("x = 1\nsee(x)", {1}, False, id="stored before"),
    pytest.param("see(x)\nx = 1", set(), True, id="stored behind"),
    pytest.param("x = 1\nx = 2\nsee(x)", {2}, False, id="stored twice"),
    pytest.param("x = see(x)", set(), True, id="read in what is stored"),
    pytest.param("x = 1\nx = see(x)", {1}, False, id="read in what is stored the second time"),
    pytest.param("x, y = y\nsee(x)", {1}, False, id="unpacked"),
    pytest.param("(y, [x, y]) = y\nsee(x)", {1}, False, id="unpacked from within"),
    pytest.param("y = x = 1\nsee(x)", {1}, False, id="stored with another"),
    pytest.param("y[x] = 1\nsee(x)", set(), True, id="a key is stored"),
    pytest.param("if y:\n    x = 1\nsee(x)", {2}, True, id="in an if"),
    pytest.param("if y:\n    x = 1\nelse:\n    x = 2\nsee(x)", {2, 4}, True,
                 id="in both branches, the parameter still counts"),
    pytest.param("if y:\n    x = 1\nelse:\n    see(x)", set(), True, id="in the other branch"),
    pytest.param("if y:\n    x = 1\n    see(x)\nx = 2", {2}, False, id="in the same branch"),
    pytest.param("x = 0\nif y:\n    x = 1\nsee(x)", {1, 3}, False, id="before, and in an if"),
    pytest.param("for x in y:\n    see(x)", {1}, False, id="a loop's variable"),
    pytest.param("for x in y:\n    pass\nsee(x)", {1}, True, id="behind a loop"),
    pytest.param("for y in x:\n    see(x)\n    x = 1", {3}, True, id="behind it in a loop"),
    pytest.param("while y:\n    see(x)\n    x = 1", {3}, True, id="behind it in a while"),
    pytest.param("while see(x):\n    x = 1", {2}, True, id="a while's condition"),
    pytest.param("for y in see(x):\n    x = 1", set(), True, id="what a loop is over"),
    pytest.param("x = 0\nfor y in y:\n    x = 1\n    see(x)", {3}, False, id="first in a loop"),
    pytest.param("try:\n    x = 1\nexcept y:\n    see(x)", {2}, True, id="in a handler"),
    pytest.param("try:\n    x = 1\nfinally:\n    see(x)", {2}, True, id="in a finally"),
    pytest.param("try:\n    x = 1\nexcept y:\n    pass\nsee(x)", {2}, True, id="behind a try"),
    pytest.param("with y as x:\n    see(x)", {1}, False, id="entered"),
    pytest.param("with y:\n    x = 1\nsee(x)", {2}, True, id="behind a with"),
    pytest.param("x += 1\nsee(x)", {1}, True, id="added to"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "stores", "is_parameter"), REACHING)
def test_what_reaches(lines: str, stores: set[int], is_parameter: bool):
    assert found(lines) == (stores, is_parameter)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("y = lambda: see(x)\nx = 1", id="a lambda"),
        pytest.param("def inner():\n    see(x)\nx = 1", id="an inner function"),
        pytest.param("y = [see(x) for y in y]\nx = 1", id="a list comprehension"),
        pytest.param("y = (see(x) for y in y)\nx = 1", id="a generator"),
        pytest.param("class Inner(object):\n    see(x)", id="a class"),
    ],
)
def test_what_cannot_be_told(lines: str):
    assert found(lines) is None


@pytest.mark.parametrize(
    ("lines", "name", "is_once"),
    [
        pytest.param("see(x)", "x", True, id="a parameter"),
        pytest.param("see(x)\nx = 1", "x", False, id="a parameter that is stored"),
        pytest.param("z = see(x)", "z", True, id="a variable"),
        pytest.param("z = 1\nz = see(x)", "z", False, id="a variable stored twice"),
        pytest.param("for z in y:\n    see(x)", "z", True, id="a loop's variable"),
    ],
)
def test_is_given_once(lines: str, name: str, is_once: bool):
    there, _ = reaching(lines)
    assert there.is_given_once(name) == is_once
