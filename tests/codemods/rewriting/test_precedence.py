# SPDX-License-Identifier: Apache-2.0
"""Every kind of expression in every place, judged by what Python's own parser makes of it."""

import ast
import functools
from typing import Any

import libcst as cst
import pytest

from codemods.rewriting.children import Visitor, visited
from codemods.rewriting.nodes import parenthesised
from codemods.rewriting.precedence import Enclosing, in_place

#: One expression of each level, the loosest first.
EXPRESSIONS = [
    "n := 1",
    "yield",
    "yield n",
    "yield from n",
    "m, n",
    "m,",
    "lambda: n",
    "lambda m: m or n",
    "m if n else o",
    "m or n",
    "m and n",
    "not n",
    "m < n",
    "m in n",
    "m is not n",
    "m < n < o",
    "m | n",
    "m ^ n",
    "m & n",
    "m << n",
    "m >> n",
    "m + n",
    "m - n",
    "m * n",
    "m / n",
    "m // n",
    "m % n",
    "-n",
    "+n",
    "~n",
    "m ** n",
    "m ** -n",
    "await n",
    "n.m",
    "n[m]",
    "n()",
    "n",
    "1",
    "1.5",
    "'n'",
    "'m' 'n'",
    "[m, n]",
    "{m: n}",
    "{m, n}",
    "()",
    "[m for m in n]",
]

_OPERATORS = ("*", "/", "//", "%", "+", "-", "<<", ">>", "&", "^", "|")

#: Where an expression may stand: HERE.
PLACES = [
    "HERE.a",
    "HERE[a]",
    "HERE(a)",
    "await HERE",
    "HERE ** a",
    "a ** HERE",
    "-HERE",
    "+HERE",
    "~HERE",
    *(f"HERE {operator} a" for operator in _OPERATORS),
    *(f"a {operator} HERE" for operator in _OPERATORS),
    "HERE < a",
    "a < HERE",
    "a < HERE < b",
    "HERE in a",
    "a not in HERE",
    "not HERE",
    "HERE and a",
    "a and HERE",
    "a and HERE and b",
    "HERE or a",
    "a or HERE",
    "HERE if a else b",
    "a if HERE else b",
    "a if b else HERE",
    "lambda: HERE",
    "lambda a=HERE: a",
    "a(HERE)",
    "a(b, HERE)",
    "a(b=HERE)",
    "a(*HERE)",
    "a(**HERE)",
    "a[HERE]",
    "a[HERE:]",
    "a[:HERE]",
    "a[b:c:HERE]",
    "[HERE]",
    "[a, HERE]",
    "[*HERE]",
    "{HERE: a}",
    "{a: HERE}",
    "{**HERE}",
    "{HERE}",
    "(HERE, a)",
    "a, HERE",
    "[HERE for a in b]",
    "{HERE for a in b}",
    "{HERE: a for a in b}",
    "{a: HERE for a in b}",
    "(HERE for a in b)",
    "[a for a in HERE]",
    "[a for a in b if HERE]",
    "(yield HERE)",
    "(yield from HERE)",
    "(a := HERE)",
    "a = HERE",
    "a = b = HERE",
    "a += HERE",
    "a: b = HERE",
    "return HERE",
    "raise HERE",
    "raise a from HERE",
    "assert HERE",
    "assert a, HERE",
    "if HERE: pass",
    "while HERE: pass",
    "for a in HERE: pass",
    "with HERE as a: pass",
    "try: pass\n    except HERE: pass",
    "HERE",
]


class Putting(Visitor):
    """Puts an expression in the place of a name, with a say in how."""

    def __init__(self, new: cst.BaseExpression) -> None:
        super().__init__()
        self.new = new

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> Any:
        return self.new if original_node.value == "HERE" else updated_node

    def put(self, parent: cst.CSTNode, field: str, new: Any) -> Any:
        return in_place(new, parent, field) if isinstance(new, cst.BaseExpression) else new

    def put_beside_word(self, new: Any) -> Any:
        return parenthesised(new)


class Made(cst.CSTTransformer):
    """Puts it there as a rule would that thinks of no parentheses."""

    def __init__(self, new: cst.BaseExpression) -> None:
        super().__init__()
        self.new = new

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> Any:
        return self.new if original_node.value == "HERE" else updated_node


def around(place: str) -> str:
    """A function whose only statement has the place."""
    is_asynchronous = "await" in place
    return f"{'async ' if is_asynchronous else ''}def f():\n    {place}\n"


class _Flat(ast.NodeTransformer):
    """`(a or b) or c` and `a or (b or c)` are one to whoever runs them."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        values = []
        for one in node.values:
            is_same = isinstance(one, ast.BoolOp) and type(one.op) is type(node.op)
            values += one.values if is_same else [one]
        return ast.BoolOp(node.op, values)


@functools.cache
def tree_of(source: str) -> str:
    """What Python makes of a source; "" where it is none."""
    try:
        return ast.dump(_Flat().visit(ast.parse(source)))
    except SyntaxError:
        return ""


@functools.cache
def bare(expression: str) -> cst.BaseExpression:
    node = cst.parse_expression(f"({expression})")
    return node.with_changes(lpar=node.lpar[1:], rpar=node.rpar[1:])


@functools.cache
def parsed(source: str) -> cst.Module:
    return cst.parse_module(source)


def source_with(place: str, expression: str) -> str:
    source = around(place)
    is_late = "await" in expression and "async" not in source
    return f"async {source}" if is_late else source


def wrong(place: str, expression: str, code: str) -> str:
    """What is wrong with an expression in a place; "" where nothing is."""
    source = source_with(place, expression)
    expected = tree_of(source.replace("HERE", f"({expression})"))
    if not expected:
        # not even in parentheses: `yield from` in what awaits, for one
        return ""
    if tree_of(code) != expected:
        return f"means something else: {code}"
    plain = source.replace("HERE", expression)
    if tree_of(plain) == expected and code != plain and not may_be_enclosed(place, expression):
        return f"has parentheses that it does not need: {code}"
    return ""


def may_be_enclosed(place: str, expression: str) -> bool:
    """Whether only younger versions of Python do without parentheses there."""
    return ":=" in expression or (expression in ("m, n", "m,") and not place.startswith("a ="))


@pytest.mark.parametrize("place", PLACES)
def test_what_takes_the_place_of_an_expression(place: str):
    for expression in EXPRESSIONS:
        module = parsed(source_with(place, expression))
        code = visited(module, Putting(bare(expression))).code
        assert not wrong(place, expression, code)


@pytest.mark.parametrize("place", PLACES)
def test_what_a_rule_made_around_an_expression(place: str):
    for expression in EXPRESSIONS:
        module = parsed(source_with(place, expression))
        made = module.visit(Made(bare(expression)))
        assert not wrong(place, expression, Enclosing({}).of(made).code)


def test_most_of_the_table_is_python():
    taken = [
        expression
        for place in PLACES
        for expression in EXPRESSIONS
        if tree_of(source_with(place, expression).replace("HERE", f"({expression})"))
    ]
    assert len(taken) > 0.95 * len(PLACES) * len(EXPRESSIONS)
