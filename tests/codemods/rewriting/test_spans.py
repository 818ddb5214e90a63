# SPDX-License-Identifier: Apache-2.0
"""Where nodes stand is where libcst has them."""

import pathlib

import libcst as cst
import pytest
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper
from tables import HEAD, SERVICE, outcome

from codemods.rewriting.spans import spans_of


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("from a import b, c\nd = b\n", id="imports"),
        pytest.param("from a import (b, c)\nd = b\n", id="imports in parentheses"),
        pytest.param("from a import (b,\n               c)\nd = b\n", id="on two lines"),
        pytest.param("from a import *\nd = 1\n", id="an import of anything"),
        pytest.param("def f():\n    from a import (b)\n", id="at the end of a function"),
        pytest.param("if a:\n    b('\u00e9')\nelse:\n    c\n", id="a block"),
        pytest.param("try:\n    a\nexcept B as c:\n    d\nfinally:\n    e\n", id="clauses"),
        pytest.param("@a\nclass B(c):\n    d = [e for f in g]  # h\n", id="a class"),
    ],
)
def test_spans_are_those_of_libcst(text: str):
    module = cst.parse_module(text)
    found = spans_of(module, 3)
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    known = wrapper.resolve(ByteSpanPositionProvider)
    assert found == {
        node: (known[node].start + 3, known[node].start + known[node].length + 3) for node in found
    }
    below = [cst.BaseExpression, cst.BaseCompoundStatement, cst.BaseSmallStatement]
    assert all(node in found for node in known if isinstance(node, tuple(below)))


def test_method_with_an_import_in_parentheses(tmp_path: pathlib.Path):
    lines = ("from nova import (context as c)\n", SERVICE, "return service['host'], c\n")
    found = outcome(tmp_path, HEAD + "".join(f"        {line}" for line in lines))
    assert found.text.endswith("return service.host, c\n")
