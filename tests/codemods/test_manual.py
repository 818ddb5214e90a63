# SPDX-License-Identifier: Apache-2.0
"""The documents that are made of the rules are not stale."""

import pathlib

import pytest

from codemods.outputs.manual import PAGES, main

DOCS = pathlib.Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_rules_say(name):
    assert (DOCS / name).read_text() == PAGES[name](), "python -m codemods.outputs.manual docs"


def test_every_page_is_written(tmp_path):
    main(tmp_path / "docs")
    assert {file.name for file in (tmp_path / "docs").iterdir()} == set(PAGES)
