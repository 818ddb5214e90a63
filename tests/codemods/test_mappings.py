# SPDX-License-Identifier: Apache-2.0
"""The tables agree with themselves, with the code that reads them and with the shim's objects."""

import pathlib
import re

import pytest

import codemods
from codemods.analysis.tree import OBJECTS
from codemods.mappings import (
    conductor_calls,
    conductor_name,
    reasons,
    relations,
    remedies,
    sentences,
    subjects,
    tomllib,
)
from codemods.model import ITEMS
from shim import objects

ROOT = pathlib.Path(codemods.__file__).parent
CALLS = tomllib.loads((ROOT / "mappings" / "calls.toml").read_text())
KEYS = {"object", "kind", "parameters", "call", "arguments", "elevated", "declined", "named_values"}
KINDS = {"get", "list", "create", "update", "destroy"}


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_call_is_described_as_its_table_says(name):
    row = CALLS[name]
    assert set(row) <= KEYS
    assert row["object"] in OBJECTS
    assert row["kind"] in KINDS
    assert row["parameters"][0] == "context"
    assert set(row.get("arguments", ())) <= set(row["parameters"])
    reads = row["kind"] in ("get", "list")
    assert ("call" in row) == (reads and "declined" not in row)
    assert ("arguments" in row) == ("call" in row)


@pytest.mark.parametrize(
    "call", sorted({one.call for one in conductor_calls().values() if one.call})
)
def test_the_object_has_the_method(call):
    owner, _, method = call.partition(".")
    assert callable(getattr(getattr(objects, owner), method))


def test_relations_are_between_the_five():
    for (owner, key), relation in relations().items():
        assert owner in OBJECTS
        assert relation.object in OBJECTS
        assert relation.key == key
        assert {conductor_calls()[call].object for call in relation.joined} == {owner}


def test_functions_of_the_database_lead_to_calls():
    table = tomllib.loads((ROOT / "mappings" / "stubs.toml").read_text())
    for function in table:
        assert conductor_name(function) in conductor_calls()


def test_every_reason_code_is_used_and_every_used_one_is_explained():
    text = "\n".join(
        file.read_text() for file in sorted([*ROOT.rglob("*.py"), ROOT / "mappings" / "calls.toml"])
    )
    kinds = "|".join(sorted({code.partition(".")[0] for code in reasons()}))
    used = set(re.findall(rf'"((?:{kinds})\.[a-z][a-z-]+)"', text))
    named = {code for code in used if not code.endswith((".py", ".toml"))}
    assert named - set(reasons()) == set()
    assert set(reasons()) - named == set()


@pytest.mark.parametrize("item", [item.value for item in ITEMS])
def test_every_item_has_subjects_that_fit_a_commit(item):
    for one in subjects(item):
        assert len(one.text) <= 65
        assert not one.text.endswith(".")
    assert sentences(item)


def test_every_reason_says_what_to_do():
    assert remedies().keys() == reasons().keys()
