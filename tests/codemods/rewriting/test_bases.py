# SPDX-License-Identifier: Apache-2.0
"""A base put before those of a class."""

import libcst as cst
import pytest

from codemods.rewriting.bases import with_first_base

CASES = [
    pytest.param("class A(object): pass", "class A(New, object): pass", id="room"),
    pytest.param(
        f"class A({'b' * 64}): pass", f"class A(New, {'b' * 64}): pass", id="just enough room"
    ),
    pytest.param(
        f"class A({'b' * 65}): pass",
        f"class A(New,\n        {'b' * 65}): pass",
        id="no room",
    ),
    pytest.param(
        "class A(b,\n        c): pass",
        "class A(New,\n        b,\n        c): pass",
        id="one on a line",
    ),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_a_base_is_added(before: str, after: str):
    found = cst.ensure_type(cst.parse_statement(before), cst.ClassDef)
    new = with_first_base(found, cst.Arg(cst.Name("New")))
    assert cst.Module([new]).code.rstrip("\n") == after
