# SPDX-License-Identifier: Apache-2.0
"""Every rule keeps what its examples promise, run in a small tree by the whole engine."""

import importlib
import inspect
import pathlib
import pkgutil
import re

import pytest
from tables import assert_same_text, outcome

import codemods.rules.code
import codemods.rules.objects
import codemods.rules.tests
from codemods.config import Config
from codemods.engine import run
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import (
    HoldsProvider,
    PartProvider,
    RelationProvider,
    SiteProvider,
    UnreadProvider,
)
from codemods.rewriting.rule import Rule
from codemods.rules import RULES as ALL
from codemods.rules import of_file


def of_kind(kind: type) -> list[object]:
    """The examples of one kind, each with its rule and with the rule's name as the test's id."""
    return [
        pytest.param(rule, example, id=f"{rule.name()}-{number}")
        for rule in ALL
        for number, example in enumerate(rule.examples())
        if isinstance(example, kind)
    ]


@pytest.mark.parametrize(("rule", "example"), of_kind(Example))
def test_example_becomes_exactly_what_it_promises(
    rule: type[Rule], example: Example, tmp_path: pathlib.Path
):
    found = outcome(tmp_path, example.before, example.path, dict(example.beside))
    assert found.result.failures == ()
    assert_same_text(found.text, example.after)
    assert found.result.conflicts == (), "two rules want the same place"
    assert rule.name() in found.rules, "the example shows another rule at work"


@pytest.mark.parametrize(("rule", "example"), of_kind(Example))
def test_example_is_final(rule: type[Rule], example: Example, tmp_path: pathlib.Path):
    found = outcome(tmp_path, example.before, example.path, dict(example.beside))
    for change in found.result.changes:
        (tmp_path / change.path).write_bytes(change.after)
    again = run(Config(tmp_path))
    assert again.failures == ()
    for change in again.changes:
        assert change.before is not None, f"{change.path} is new in the second run"
        assert_same_text(change.after.decode(), change.before.decode())


@pytest.mark.parametrize(("rule", "example"), of_kind(LeftAlone))
def test_what_is_left_alone_is_left_with_its_reason(
    rule: type[Rule], example: LeftAlone, tmp_path: pathlib.Path
):
    found = outcome(tmp_path, example.source, example.path, dict(example.beside))
    assert found.result.failures == ()
    assert_same_text(found.text, example.source)
    assert found.edits == ()
    said = {one.code for one in found.declined if one.rule == rule.name()}
    if any(one.path == example.path for one in found.result.needs_person):
        said.add("needs-person")
    assert example.because in said if example.because else not said


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name())
def test_rule_shows_what_it_rewrites_and_what_it_leaves(rule: type[Rule]):
    left = [example for example in rule.examples() if isinstance(example, LeftAlone)]
    assert left, "show what the rule leaves alone"
    if len(left) == len(rule.examples()):
        # a rule that only lists places shows one that it lists, and one that it does not
        assert {bool(example.because) for example in left} == {True, False}


def test_every_module_with_a_rule_is_in_a_registry():
    defined: set[type[Rule]] = set()
    for folder in (codemods.rules.code, codemods.rules.tests, codemods.rules.objects):
        for found in pkgutil.iter_modules(folder.__path__):
            module = importlib.import_module(f"{folder.__name__}.{found.name}")
            for one in vars(module).values():
                is_own = isinstance(one, type) and one.__module__ == module.__name__
                if is_own and issubclass(one, Rule) and found.name != "base":
                    assert one.name() == found.name
                    defined.add(one)
    assert defined == set(ALL)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name())
def test_rule_says_in_one_sentence_what_it_does_then_why_it_is_safe(rule: type[Rule]):
    what, _, why = rule.summary().partition("\n\n")
    assert what.strip().endswith(".")
    assert ". " not in what.replace("\n", " ")
    assert len(why.split()) >= 8, "say why it is safe"


#: What a rule calls to ask for facts, with what hands them out.
ASKED = {
    "held": HoldsProvider,
    "holding": HoldsProvider,
    "is_unread": UnreadProvider,
    "part": PartProvider,
    "reading": RelationProvider,
    "site": SiteProvider,
}


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name())
def test_rule_declares_the_facts_that_it_asks_for(rule: type[Rule]):
    own = [
        one for one in rule.__mro__ if one.__module__ != Rule.__module__ and issubclass(one, Rule)
    ]
    asked = set(re.findall(r"self\.(\w+)\(", "".join(map(inspect.getsource, own))))
    wanted = {ASKED[name] for name in asked & ASKED.keys()}
    assert wanted <= set(rule.get_inherited_dependencies())


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name())
def test_rule_has_a_test_file_of_its_name(rule: type[Rule]):
    assert pathlib.Path(__file__).with_name(f"test_{rule.name()}.py").is_file()


def test_every_test_file_has_the_name_of_a_rule():
    own = pathlib.Path(__file__)
    names = {f"test_{rule.name()}.py" for rule in ALL}
    assert {one.name for one in own.parent.glob("test_*.py")} - {own.name} <= names


def test_names_are_unique():
    assert len({rule.name() for rule in ALL}) == len(ALL)


@pytest.fixture
def reversed_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CODE_RULES", "TEST_RULES", "OBJECT_RULES"):
        monkeypatch.setattr(of_file, name, getattr(of_file, name)[::-1])


@pytest.mark.usefixtures("reversed_rules")
@pytest.mark.parametrize(("rule", "example"), of_kind(Example))
def test_the_order_of_the_rules_has_no_meaning(
    rule: type[Rule], example: Example, tmp_path: pathlib.Path
):
    found = outcome(tmp_path, example.before, example.path, dict(example.beside))
    assert_same_text(found.text, example.after)
    assert found.result.conflicts == ()
