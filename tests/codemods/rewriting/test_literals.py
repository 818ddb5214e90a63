# SPDX-License-Identifier: Apache-2.0
"""Elements that are put into literals, each in the style of the literal."""

import libcst as cst
import pytest

from codemods.rewriting.literals import line_in, with_element, with_element_before
from codemods.rewriting.nodes import string

#: A literal, and what it is with one more element at its end.
ADDED = [
    pytest.param("{'a': 1, 'c': 3}", "{'a': 1, 'c': 3,\n'x': 'y'}", id="one line"),
    pytest.param("{\n    'a': 1,\n    }", "{\n    'a': 1,\n    'x': 'y',\n    }", id="comma"),
    pytest.param("{\n    'a': 1\n}", "{\n    'a': 1,\n    'x': 'y'\n}", id="no comma"),
    pytest.param("{'a': 1,\n 'c': 3}", "{'a': 1,\n 'c': 3,\n 'x': 'y'}", id="below the first"),
    pytest.param(
        "{\n    'a': 1,  # one\n    # no more\n    }",
        "{\n    'a': 1,  # one\n    'x': 'y',\n    # no more\n    }",
        id="comments",
    ),
    pytest.param("{\n    'a': 1 ,\n}", "{\n    'a': 1 ,\n    'x': 'y' ,\n}", id="space"),
    pytest.param("{**a}", "{**a,\n'x': 'y'}", id="another dict"),
    pytest.param("{}", "{\n    'x': 'y',\n    }", id="empty"),
]

#: And what it is with one before the element that is the second at most.
ADDED_BEFORE = [
    pytest.param("{'a': 1, 'c': 3}", "{'a': 1, 'x': 'y',\n'c': 3}", id="one line"),
    pytest.param("{'c': 3}", "{'x': 'y',\n'c': 3}", id="first"),
    pytest.param(
        "{\n    'a': 1,  # one\n    # three\n    'c': 3,\n}",
        "{\n    'a': 1,  # one\n    'x': 'y',\n    # three\n    'c': 3,\n}",
        id="comments",
    ),
    pytest.param(
        "{  # all\n    # three\n    'c': 3,\n}",
        "{  # all\n    'x': 'y',\n    # three\n    'c': 3,\n}",
        id="comments of the first",
    ),
]


def literal(text: str) -> cst.Dict:
    return cst.ensure_type(cst.parse_expression(text), cst.Dict)


def code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


NEW = cst.DictElement(string("x"), string("y"))


@pytest.mark.parametrize(("before", "after"), ADDED)
def test_an_element_at_the_end(before: str, after: str):
    assert code(with_element(literal(before), NEW, line_in(0))) == after


@pytest.mark.parametrize(("before", "after"), ADDED_BEFORE)
def test_an_element_before_another(before: str, after: str):
    node = literal(before)
    assert code(with_element_before(node, len(node.elements) - 1, NEW, line_in(0))) == after


def test_an_element_of_a_list_needs_no_line():
    node = cst.ensure_type(cst.parse_expression("[1, 2]"), cst.List)
    assert code(with_element(node, cst.Element(cst.Integer("3")))) == "[1, 2, 3]"
