# SPDX-License-Identifier: Apache-2.0
"""What has to be evaluated before its turn, whatever the old and the new order."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from codemods.analysis.evaluation import Kind, early, kind_of, may_swap
from codemods.analysis.project import Module
from codemods.syntax.source import Source

KINDS = st.sampled_from(Kind)


@given(st.lists(KINDS, max_size=6), st.data())
def test_no_two_are_swapped_that_must_not_be(kinds: list[Kind], data: st.DataObject):
    before = list(range(len(kinds)))
    after = data.draw(st.permutations(before))
    first = early(before, after, kinds.__getitem__)
    order = [*first, *(one for one in after if one not in first)]
    assert sorted(order) == before
    for one in before:
        for other in before[one + 1 :]:
            if order.index(other) < order.index(one):
                assert may_swap(kinds[one], kinds[other])


@given(st.lists(KINDS, max_size=6))
def test_nothing_comes_early_in_the_old_order(kinds: list[Kind]):
    before = list(range(len(kinds)))
    assert early(before, before, kinds.__getitem__) == []


def test_what_is_needed_comes_early_with_what_must_come_before_it():
    kinds = [Kind.CALLING, Kind.FIXED, Kind.READING]
    assert early([0, 1, 2], [0, 1, 2], kinds.__getitem__, [2]) == [0, 2]


def test_kinds_of_expressions():
    source = Source("a.py", b"def f(x):\n    return [x, x.a, x['a'], len(x), x.pop(), (x, 1), y]\n")
    module = Module("a", source)
    returned = module.all(ast.List)[0]
    found = [kind_of(one, module.functions["f"]) for one in returned.elts]
    fixed, reading, calling = Kind.FIXED, Kind.READING, Kind.CALLING
    assert found == [fixed, reading, reading, reading, calling, fixed, reading]
