# SPDX-License-Identifier: Apache-2.0
"""Somebody at a terminal takes hunks or leaves them, and what hangs on one goes with it."""

import older_tree
import pytest
from click.testing import CliRunner
from conftest import SmallTree
from pseudo_terminal import INTERRUPT, Shown, in_terminal
from test_choice import GIVER, GIVER_PATH, GIVES, OTHER_AFTER, TAKER, TAKER_PATH, giving

from codemods.choice import Choice
from codemods.cli import main
from codemods.config import Config
from codemods.engine import run
from codemods.outputs.units import units

ASKED = "Take it ["


@pytest.fixture
def given(tree: SmallTree) -> SmallTree:
    """A tree in which a row is given to another file."""
    for path in tree.root.rglob("*.py"):
        path.unlink()
    for path, text in giving().items():
        tree.put(path, text)
    return tree


def answered(tree: SmallTree, answers: str, *words: str) -> Shown:
    """What is shown to somebody who gives these answers, one behind the other."""
    typed = [(ASKED, f"{one}\n") for one in answers]
    return in_terminal(tree.command("--interactive", *words), typed)


def test_all_of_it_is_taken(tree: SmallTree):
    after = {change.path: change.after for change in run(Config(tree.root)).changes}
    shown = answered(tree, "yyyy", "--write", "--force")
    assert shown.status == 0
    assert "(4/4)" in shown.text
    for path, data in after.items():
        assert (tree.root / path).read_bytes() == data


WITHOUT_TESTS = Choice(excluded=("nova/tests",))


def test_what_hangs_on_a_hunk_goes_with_it(given: SmallTree):
    asked = units(run(Config(given.root, choice=WITHOUT_TESTS)))
    answers = "".join("n" if one.path == TAKER_PATH else "y" for one in asked)
    assert answers == "yyn"
    shown = answered(given, answers, "--write", "--force", "--exclude", "nova/tests")
    assert shown.status == 0
    assert f"{GIVER_PATH}: a hunk depends on a hunk you left" in shown.text
    giver = (given.root / GIVER_PATH).read_text()
    assert (given.root / TAKER_PATH).read_text() == TAKER
    assert GIVES in giver
    assert OTHER_AFTER in giver
    left = shown.text.rpartition("left as it is:")[2]
    assert "asked.skip (2)" in left
    assert f"{TAKER_PATH}:2" in left


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        pytest.param("q", GIVER, id="all later ones"),
        pytest.param("dy", GIVER, id="those of the file"),
    ],
)
def test_one_answer_for_many(given: SmallTree, answers: str, left: str):
    shown = answered(given, answers, "--write", "--force", "--exclude", "nova/tests")
    assert shown.status == 0
    assert (given.root / GIVER_PATH).read_text() == left


def test_the_rest_of_a_file_is_taken(given: SmallTree):
    shown = answered(given, "ay", "--write", "--force", "--exclude", "nova/tests")
    assert shown.status == 0
    assert "conductor_api.service_get" not in (given.root / GIVER_PATH).read_text()


def test_the_letters_are_explained_and_others_refused(tree: SmallTree):
    shown = answered(tree, "?xq")
    assert "d - leave it, and all later ones in the file" in shown.text
    assert "'x' is not one of" in shown.text
    assert "nothing to change" in shown.text


def test_who_ends_it_changes_nothing(tree: SmallTree):
    before = tree.contents()
    words = tree.command("--interactive", "--write", "--force")
    shown = in_terminal(words, [(ASKED, "y\n"), (ASKED, INTERRUPT)])
    assert shown.status == 130
    assert "no file is half written" in shown.text
    assert tree.contents() == before


def test_a_new_file_is_left_with_what_needs_it(tmp_path):
    tree = SmallTree(tmp_path)
    for path, text in older_tree.files().items():
        tree.put(path, text)
    asked = units(run(Config(tree.root)))
    answers = "".join("n" if one.path == "nova/objects/flavor.py" else "y" for one in asked)
    assert answers.count("n") == 1
    before = tree.contents()
    # the registration is another one without the new file, so that it is asked for anew
    shown = answered(tree, answers + "y", "--write", "--force")
    assert shown.status == 0
    after = tree.contents()
    changed = {path for path in after if after[path] != before.get(path)}
    assert "nova/objects/compute_node.py" in changed
    assert not any("flavor" in path for path in changed)
    assert not any(b"flavor_obj" in after[path] for path in changed)


def test_there_has_to_be_somebody(tree: SmallTree):
    done = CliRunner().invoke(main, ["run", str(tree.root), "--interactive"])
    assert done.exit_code == 2
    assert "at a terminal, and there is none" in done.output


def test_every_edit_can_be_taken_or_left(given: SmallTree):
    result = run(Config(given.root))
    found = units(result)
    edits = {edit for patch in result.patches for edit in patch.edits}
    assert {edit for one in found for edit in one.edits} == edits
    assert len({one.key for one in found}) == len(found)
