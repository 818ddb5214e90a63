# SPDX-License-Identifier: Apache-2.0
"""What the conductor's methods do beyond their result, held against the tools and nova's trees.

NOVA_TREES names a folder that has nova's trees by release.
"""

import ast
import os
import pathlib

import pytest

import codemods
from codemods.analysis.call_options import options_of
from codemods.analysis.inferring import inferred
from codemods.discovery import find
from codemods.mappings import conductor_calls, reasons, sentences, tomllib
from codemods.rules import code, objects

TABLE = pathlib.Path(codemods.__file__).parent / "mappings" / "effects.toml"
EFFECTS = tomllib.loads(TABLE.read_text())
TREES = os.environ.get("NOVA_TREES", "")
RELEASES = ("2013.2", "2014.1", "2014.2", "2015.1.0")
RULES = {rule.name() for rule in (*code.RULES, *objects.RULES)}
KEYS = {"manager", "raises", "reads_deleted", "joins", "tells", "fails", "differences"}
ANSWERS = {"made_up", "said", "stays"}

DIFFERENCES = [
    pytest.param(name, one, id=f"{name}: {one['what']}")
    for name, row in EFFECTS.items()
    for one in row.get("differences", ())
]


def test_every_method_whose_calls_are_rewritten_has_its_table():
    assert set(EFFECTS) == {one.name for one in conductor_calls().values() if not one.declined}


@pytest.mark.parametrize("name", EFFECTS)
def test_a_table_says_what_there_is_to_say(name: str):
    row = EFFECTS[name]
    assert set(row) <= KEYS
    assert row.get("reads_deleted", "context") in ("context", "no", "yes")
    assert ("fails" in row) == (conductor_calls()[name].kind == "update" and name[0] != "m")
    if conductor_calls()[name].elevated:
        assert any("elevated" in one["what"] for one in row["differences"])


@pytest.mark.parametrize(("name", "difference"), DIFFERENCES)
def test_a_difference_has_an_answer(name: str, difference: dict[str, object]):
    (answer,) = ANSWERS & difference.keys()
    value = difference[answer]
    if answer == "made_up":
        assert value in RULES
    elif answer == "stays":
        assert value in reasons()
    else:
        assert isinstance(value, list)
        item, words = value
        said = " ".join(" ".join(one.text.split()) for one in sentences(item))
        assert words in said


# held against the releases

WITH_TREES = pytest.mark.skipif(not TREES, reason="NOVA_TREES names no folder of nova's releases")


def managers(release: str) -> dict[str, ast.FunctionDef]:
    """The methods of the release's conductor, by name."""
    path = pathlib.Path(TREES, release, "nova/conductor/manager.py")
    return {
        node.name: node
        for owner in ast.parse(path.read_bytes()).body
        if isinstance(owner, ast.ClassDef) and owner.name == "ConductorManager"
        for node in owner.body
        if isinstance(node, ast.FunctionDef)
    }


@WITH_TREES
@pytest.mark.parametrize("release", RELEASES)
def test_the_conductor_does_what_the_table_says(release: str):
    found, checked = managers(release), 0
    for name, row in EFFECTS.items():
        method = found.get(row.get("manager", name))
        if method is None:
            # a method that this release has not, or no more
            continue
        checked += 1
        decorators = " ".join(map(ast.unparse, method.decorator_list))
        text = ast.unparse(method)
        assert all(f"exception.{one}" in decorators for one in row["raises"]), name
        assert decorators.count("exception.") == len(row["raises"]), name
        assert ("elevated()" in text) == conductor_calls()[name].elevated, name
        assert ("send_update" in text) == ("notifications" in row.get("tells", ())), name
    assert checked >= 13


@WITH_TREES
@pytest.mark.parametrize("release", RELEASES)
def test_an_option_of_a_call_is_in_the_table(release: str):
    tree = inferred(find(pathlib.Path(TREES, release))[0]).tree
    for name, row in EFFECTS.items():
        if options_of(tree, name):
            stays = {one.get("stays") for one in row.get("differences", ())}
            assert "call.options" in stays, name
