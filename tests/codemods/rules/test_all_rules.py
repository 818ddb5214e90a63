"""Every rule keeps what its examples promise, run in a small tree by the whole engine."""

import importlib
import pathlib
import pkgutil

import pytest
from tables import outcome

import codemods.rules
from codemods.config import Config
from codemods.engine import run
from codemods.rules import LAST_RULES, RULES
from codemods.rules.base import Example, LeftAlone, Rule

ALL = (*RULES, *LAST_RULES)


def of_kind(kind: type) -> list[object]:
    """The examples of one kind, each with its rule and with the rule's name as the test's id."""
    return [
        pytest.param(rule, example, id=f"{rule.name}-{number}")
        for rule in ALL
        for number, example in enumerate(rule.examples)
        if isinstance(example, kind)
    ]


@pytest.mark.parametrize(("rule", "example"), of_kind(Example))
def test_example_becomes_exactly_what_it_promises(
    rule: Rule, example: Example, tmp_path: pathlib.Path
):
    found = outcome(tmp_path, example.before, example.path, dict(example.beside))
    assert found.result.failures == ()
    assert found.text == example.after
    assert rule.name in found.rules, "the example shows another rule at work"


@pytest.mark.parametrize(("rule", "example"), of_kind(Example))
def test_example_is_final(rule: Rule, example: Example, tmp_path: pathlib.Path):
    found = outcome(tmp_path, example.before, example.path, dict(example.beside))
    for change in found.result.changes:
        (tmp_path / change.path).write_bytes(change.after)
    again = run(Config(tmp_path))
    assert again.failures == ()
    assert again.changes == ()


@pytest.mark.parametrize(("rule", "example"), of_kind(LeftAlone))
def test_what_is_left_alone_is_left_with_its_reason(
    rule: Rule, example: LeftAlone, tmp_path: pathlib.Path
):
    found = outcome(tmp_path, example.source, example.path, dict(example.beside))
    assert found.result.failures == ()
    assert found.text == example.source
    assert found.edits == ()
    said = {one.code for one in found.declined if one.rule == rule.name}
    if any(one.path == example.path for one in found.result.needs_person):
        said.add("needs-person")
    assert example.because in said if example.because else not said


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_rule_shows_what_it_rewrites_and_what_it_leaves(rule: Rule):
    left = [example for example in rule.examples if isinstance(example, LeftAlone)]
    assert left, "show what the rule leaves alone"
    if len(left) == len(rule.examples):
        # a rule that only lists places shows one that it lists, and one that it does not
        assert {bool(example.because) for example in left} == {True, False}


def test_every_module_with_a_rule_is_in_the_order():
    defined: list[Rule] = []
    for found in pkgutil.iter_modules(codemods.rules.__path__):
        module = importlib.import_module(f"codemods.rules.{found.name}")
        if hasattr(module, "RULE"):
            assert module.RULE.name == found.name
            defined.append(module.RULE)
    assert sorted(rule.name for rule in defined) == sorted(rule.name for rule in ALL)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_rule_says_in_one_sentence_what_it_does_then_why_it_is_safe(rule: Rule):
    what, _, why = rule.summary.partition("\n\n")
    assert what.strip().endswith(".")
    assert ". " not in what.replace("\n", " ")
    assert len(why.split()) >= 8, "say why it is safe"


def test_names_are_unique():
    assert len({rule.name for rule in ALL}) == len(ALL)
