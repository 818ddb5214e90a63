# SPDX-License-Identifier: Apache-2.0
"""The quick walk finds what `ast` finds, operators and contexts left out."""

import ast

import pytest

from codemods.syntax.walk import children, walk

SOURCE = """\
import a.b as c
from d import (e, f)


@g
class H(I, j=k):
    def l(self, m, n=1, *o, p, q=2, **r):
        global s
        t: int = {**u, 'v': [*w], 'x': {y}}
        del t[1:2:3], t.z
        try:
            assert a, not b
        except C as d:
            raise D from d
        else:
            for e in (f if g else h): continue
        finally:
            while i and j < k <= l: break
        with m(n) as o, p: q += -1
        return lambda: (yield {r: s for t in u if v})


async def w():
    async with x:
        return [await y async for z in f"{a!r:>{b}}"]


match a:
    case {"b": [c, *d], **e} | F(g, h=1) if i: pass
"""


@pytest.mark.parametrize("kind", sorted({type(n).__name__ for n in ast.walk(ast.parse(SOURCE))}))
def test_children_are_those_of_ast_that_have_children_or_a_place(kind: str):
    for node in ast.walk(ast.parse(SOURCE)):
        if type(node).__name__ == kind:
            wanted = [n for n in ast.iter_child_nodes(node) if n._fields or hasattr(n, "lineno")]
            assert children(node) == wanted


def test_walk_comes_by_every_node():
    tree = ast.parse(SOURCE)
    wanted = [n for n in ast.walk(tree) if n._fields or hasattr(n, "lineno")]
    assert sorted(map(id, walk(tree))) == sorted(map(id, wanted))
