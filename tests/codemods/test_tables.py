# SPDX-License-Identifier: Apache-2.0
"""A case that fails shows where the texts differ, and what nobody would see."""

import pytest
from tables import assert_same_text


@pytest.mark.parametrize(
    ("found", "expected", "diff"),
    [
        pytest.param(
            "a\nb\nc\n",
            "a\nx\nc\n",
            "--- expected\n+++ found\n@@ -1,3 +1,3 @@\n a\n-x\n+b\n c",
            id="a line",
        ),
        pytest.param(
            "a\r\n", "a\n", "--- expected\n+++ found\n@@ -1 +1 @@\n-a\n+a\\r", id="a line ending"
        ),
        pytest.param(
            "a",
            "a\n",
            "--- expected\n+++ found\n@@ -1 +1,2 @@\n a\n+\\ No newline at end of file",
            id="no newline at the end",
        ),
    ],
)
def test_difference_is_shown(found: str, expected: str, diff: str):
    with pytest.raises(AssertionError) as raised:
        assert_same_text(found, expected)
    assert str(raised.value) == f"\n{diff}"


@pytest.mark.parametrize("text", ["", "a", "a\n", "a\r\n\r\n"])
def test_same_text_passes(text: str):
    assert_same_text(text, text)
