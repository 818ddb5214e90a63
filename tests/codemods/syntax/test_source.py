# SPDX-License-Identifier: Apache-2.0
"""A node's parent is found without a look at the rest of the file."""

import ast
import random

import pytest

from codemods.syntax.source import Source
from codemods.syntax.walk import children, walk

TEXT = b'''\
import a, b; c = lambda d: [e for e in d]


@f(g)
class H(I, j=k):
    """Text."""
    l = {m: n}

    class O(P):
        @q
        def r(self, *s, t=1):
            class U(object):
                def v(self): return self.w[0]
            return U

    @x
    @y(z)
    def aa(self):
        with bb() as (cc, dd): ee = 1; ff = 2


def gg(hh):
    if hh: return
    try:
        ii()
    except (JJ, KK) as e:
        raise


for ll in mm: nn(); oo()
'''


def parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """The parent of each node."""
    return {child: node for node in walk(tree) for child in children(node)}


@pytest.mark.parametrize("seed", range(10))
def test_parents_are_those_of_the_whole_tree_in_any_order(seed: int):
    source = Source("a.py", TEXT)
    expected = parents(source.tree)
    nodes = list(expected)
    random.Random(seed).shuffle(nodes)
    for node in nodes:
        assert source.parent(node) is expected[node]


@pytest.mark.parametrize("number", range(len(parents(ast.parse(TEXT)))))
def test_parent_that_is_the_first_to_be_asked_for(number: int):
    source = Source("a.py", TEXT)
    expected = parents(source.tree)
    node = list(expected)[number]
    assert source.parent(node) is expected[node]
    assert [*source.parents(node)][-1] is source.tree


def test_module_holds_itself():
    source = Source("a.py", b"")
    assert source.parent(source.tree) is source.tree
