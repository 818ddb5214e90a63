"""Every rule keeps what its examples promise, run in a small tree by the whole engine."""

import importlib
import pathlib
import pkgutil

import pytest
import small_tree

import codemods.rules
from codemods.config import Config
from codemods.engine import run
from codemods.model import RunResult
from codemods.rules import LAST_RULES, RULES
from codemods.rules.base import Beside, Example, LeftAlone, Rule

ALL = (*RULES, *LAST_RULES)


def of_kind(kind: type) -> list[object]:
    """The examples of one kind with their rule's name as the test's id."""
    return [
        pytest.param(example, id=f"{rule.name}-{number}")
        for rule in ALL
        for number, example in enumerate(rule.examples)
        if isinstance(example, kind)
    ]


def result_of(root: pathlib.Path, path: str, text: str, beside: Beside) -> RunResult:
    """The outcome of a run on the small tree with `text` at `path`."""
    for name, content in {**small_tree.files(), **dict(beside), path: text}.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode())
    return run(Config(root))


def text_of(result: RunResult, path: str, before: str) -> str:
    """The file's final text."""
    changed = {change.path: change.after.decode() for change in result.changes}
    return changed.get(path, before)


@pytest.mark.parametrize("example", of_kind(Example))
def test_example_becomes_exactly_what_it_promises(example: Example, tmp_path: pathlib.Path):
    result = result_of(tmp_path, example.path, example.before, example.beside)
    assert result.failures == ()
    assert text_of(result, example.path, example.before) == example.after


@pytest.mark.parametrize("example", of_kind(Example))
def test_example_is_final(example: Example, tmp_path: pathlib.Path):
    result = result_of(tmp_path, example.path, example.after, example.beside)
    assert result.failures == ()
    assert text_of(result, example.path, example.after) == example.after


@pytest.mark.parametrize("example", of_kind(LeftAlone))
def test_what_is_left_alone_is_left_with_its_reason(example: LeftAlone, tmp_path: pathlib.Path):
    result = result_of(tmp_path, example.path, example.source, example.beside)
    assert result.failures == ()
    assert text_of(result, example.path, example.source) == example.source
    if example.because:
        codes = {one.code for one in result.declined if one.path == example.path}
        assert example.because in codes


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
