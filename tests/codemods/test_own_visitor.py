# SPDX-License-Identifier: Apache-2.0
"""The example of a visitor of one's own asks inference through libcst alone."""

import pathlib
import subprocess
import sys

import libcst as cst
import pytest
import small_tree
from libcst.metadata import FullRepoManager, MetadataWrapper

from codemods.analysis.facts import Held
from codemods.metadata import HoldsProvider
from codemods.rewriting.fact_provider import FactWithoutNode, Table

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"


def test_the_example_prints_what_the_tracker_holds():
    command = [sys.executable, EXAMPLES / "own_visitor.py", EXAMPLES / "tracker"]
    done = subprocess.run(
        [*command, "nova/compute/tracker.py"], capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert lines[0] == "nova/compute/tracker.py"
    assert any("Migration on every path" in line for line in lines)


def test_a_visitor_is_told_which_object_an_expression_holds(tmp_path):
    for path, text in small_tree.files().items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    path = "nova/compute/example.py"
    manager = FullRepoManager(tmp_path, [path], {HoldsProvider})
    wrapper = manager.get_metadata_wrapper_for_path(path)
    found = wrapper.resolve(HoldsProvider)
    held = {one.object.name for one in found.values() if isinstance(one, Held) and one.object}
    assert held == {"Flavor", "Service"}


def test_a_fact_without_its_node_is_an_error_that_names_the_place():
    table = Table("nova/service.py", {(4, 9): Held({})})
    wrapper = MetadataWrapper(cst.parse_module("x = 1\n"), cache={HoldsProvider: table})
    with pytest.raises(FactWithoutNode, match=r"nova/service\.py: bytes 4 to 9"):
        wrapper.resolve(HoldsProvider)
