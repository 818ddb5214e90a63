# SPDX-License-Identifier: Apache-2.0
"""The example of a visitor of one's own asks inference through libcst alone."""

import pathlib
import subprocess
import sys
from collections.abc import Mapping

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


PATH = "nova/compute/example.py"


def made(root: pathlib.Path, files: Mapping[str, str], newline: str = "\n") -> None:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, newline=newline)


def objects_in(root: pathlib.Path) -> set[str]:
    """The objects that the expressions of the example hold."""
    manager = FullRepoManager(root, [PATH], {HoldsProvider})
    found = manager.get_metadata_wrapper_for_path(PATH).resolve(HoldsProvider)
    return {one.object.name for one in found.values() if isinstance(one, Held) and one.object}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_visitor_is_told_which_object_an_expression_holds(newline, tmp_path):
    made(tmp_path, small_tree.files(), newline)
    assert objects_in(tmp_path) == {"Flavor", "Service"}


def test_a_visitor_is_told_of_the_file_as_it_is_now(tmp_path):
    made(tmp_path, small_tree.files())
    assert objects_in(tmp_path) == {"Flavor", "Service"}
    made(tmp_path, {PATH: small_tree.CALLER_LEFT})
    assert objects_in(tmp_path) == set()


def test_calls_that_the_rewrite_cannot_reach_hold_no_objects(tmp_path):
    # objects would come from the shim, a package for Python 3
    files = {path: text for path, text in small_tree.files().items() if "/objects/" not in path}
    made(tmp_path, files)
    assert objects_in(tmp_path) == {"Flavor", "Service"}
    made(tmp_path, {PATH: "from nova.compute import claims\n" + files[PATH]})
    made(tmp_path, {"nova/compute/claims.py": "print 'claims'\n"})
    assert objects_in(tmp_path) == set()


def test_a_fact_without_its_node_is_an_error_that_names_the_place():
    table = Table("nova/service.py", {(4, 9): Held({})})
    wrapper = MetadataWrapper(cst.parse_module("x = 1\n"), cache={HoldsProvider: table})
    with pytest.raises(FactWithoutNode, match=r"nova/service\.py: bytes 4 to 9"):
        wrapper.resolve(HoldsProvider)
