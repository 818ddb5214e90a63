# SPDX-License-Identifier: Apache-2.0
"""The quick visit goes where libcst's own goes, and keeps what nothing is done to."""

import inspect
import re
from typing import Any

import libcst as cst
import pytest

from codemods.rewriting.children import PUNCTUATION, Visitor, children, visited
from codemods.rules import RULES

SOURCE = '''\
# top
import a, b as c
from d import (e, f as g)  # why


@h.i(j, *k, l=m, **n)
class O(p, q=r):  # here
    """Text."""

    def s(self, t, u=1, *v, w=2, **x):
        # inside
        if t and not u or (v < w <= x):
            y = {'a': 1, **t, 'b': [*u, (v)]}; del y['a'], y[1:2:3]
        elif t is not None:
            raise ValueError('a' 'b') from t
        else:
            for i, j in t:
                continue
            else:
                pass
        while True: break
        try:
            with self.open(t) as (k, l), m: n += -1
        except (A, B) as e:
            assert e, 'text'
        finally:
            global z, zz
        return lambda o, *p: [q for q in o if q for r in q], {s: t for s in u}, (yield)


async def f(a: int = 1) -> str:
    async with b as c:
        return f'{a!r:>{b}}{c}' if await a else {d for d in e}
'''


def below(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The node and all below it."""
    return [node, *(one for child in node.children for one in below(child))]


TREE = cst.parse_module(SOURCE)


@pytest.mark.parametrize("kind", sorted({type(node).__name__ for node in below(TREE)}))
def test_children_are_those_that_libcst_tells(kind: str):
    for node in below(TREE):
        if type(node).__name__ == kind:
            assert [id(one) for one in children(node)] == [id(one) for one in node.children]


class Renaming(Visitor):
    """Doubles names, drops what is named, and puts statements in the place of others."""

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> Any:
        return updated_node.with_changes(value=updated_node.value * 2)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> Any:
        return cst.RemovalSentinel.REMOVE if original_node.keyword else updated_node

    def leave_Else(self, original_node: cst.Else, updated_node: cst.Else) -> Any:
        return cst.RemovalSentinel.REMOVE

    def leave_Continue(self, original_node: cst.Continue, updated_node: cst.Continue) -> Any:
        return cst.RemovalSentinel.REMOVE

    def leave_Raise(self, original_node: cst.Raise, updated_node: cst.Raise) -> Any:
        return cst.FlattenSentinel([cst.Pass(), updated_node])


def test_visited_becomes_what_libcsts_visit_makes_of_it():
    new = visited(TREE, Renaming())
    assert new.code == TREE.visit(Renaming()).code != TREE.code


class Once(Visitor):
    """Changes a single name."""

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> Any:
        return cst.Name("new") if original_node.value == "y" else updated_node


def test_only_what_is_above_a_change_is_made_anew():
    new = visited(TREE, Once())
    old, kept = below(TREE), set(below(new))
    made = {type(node).__name__ for node in old if node not in kept}
    assert "FunctionDef" in made
    assert "While" not in made
    assert "Try" not in made


def test_nothing_is_made_anew_where_nothing_changes():
    assert visited(TREE, Visitor()) is TREE


def test_no_way_out_where_a_node_cannot_be_missed():
    class Removing(Visitor):
        def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> Any:
            return cst.RemovalSentinel.REMOVE

    with pytest.raises(TypeError, match="does not allow it to be removed"):
        visited(cst.parse_module("a.b = 1\n"), Removing())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name())
def test_rule_does_not_wait_for_what_it_is_not_shown(rule: type[Visitor]):
    hidden = [
        name
        for name, kind in inspect.getmembers(cst, inspect.isclass)
        if issubclass(kind, PUNCTUATION)
    ]
    own = "".join(inspect.getsource(one) for one in rule.__mro__ if "codemods" in one.__module__)
    assert not set(re.findall(r"def (?:visit|leave)_(\w+)", own)) & set(hidden)
