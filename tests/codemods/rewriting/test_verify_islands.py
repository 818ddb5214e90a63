# SPDX-License-Identifier: Apache-2.0
"""What changed islands show of a file is what a look at the whole of it would find."""

import collections
import pathlib

import pytest
from tables import outcome

from codemods.analysis.project import Module, Project
from codemods.analysis.tree import Tree
from codemods.rewriting import rewrite
from codemods.rewriting.changed_text import ChangedText, changed_text
from codemods.rewriting.examples import Example
from codemods.rewriting.imports import with_imports, without_unused
from codemods.rewriting.island import islands
from codemods.rewriting.verify import unread_lines, verify_named, verify_names, verify_text
from codemods.rewriting.verify_islands import is_known_sound
from codemods.rules import RULES
from codemods.syntax.source import Source

FILES = {
    "nova/__init__.py": b"",
    "nova/objects/__init__.py": b"def register_all():\n    pass\n",
    "nova/utils.py": b"def utcnow():\n    pass\n",
}

OBJECTS = "from nova import objects"

#: What is around the function that changes.
FILE = """\
import copy
from nova import utils

LIMIT = 1


def other(rows):
    now = utils.utcnow()
    return now


class Reader(object):
    def read(self, rows):
        {}

    def last(self, rows):
        found = helper(rows)
        return found


def helper(rows):
    return LIMIT
"""


def is_shown(old: str, new: str, lines: tuple[str, ...] = (), file: str = FILE) -> bool:
    """Whether it is shown to be sound that the line of the method becomes another."""
    text = file.format(old).encode()
    module = Module("nova.example", Source("nova/example.py", text))
    (island,) = islands(module, [text.index(old.encode())])
    form = island.text.replace(old.encode(), new.encode())
    changed = changed_text(text, [(island, form)])
    return is_known_sound(module, changed, lines, Tree(Project(FILES)))


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        pytest.param("return 1", "return 2", (), id="no names"),
        pytest.param("return utils", "return 2", (), id="an import used elsewhere"),
        pytest.param("return utils", "return utils.utcnow", (), id="a name that its module has"),
        pytest.param("return 1", "return objects", (OBJECTS,), id="a new import"),
        pytest.param("return utils", "return utils, helper", (), id="another function"),
        pytest.param("return nothing", "return (nothing)", (), id="unbound before"),
        pytest.param("x = 1", "return 1", (), id="a variable less"),
    ],
)
def test_sound(old: str, new: str, lines: tuple[str, ...]):
    assert is_shown(old, new, lines)


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        pytest.param("return copy", "return 1", (), id="an import that nothing else uses"),
        pytest.param("return 1", "return nothing", (), id="unbound"),
        pytest.param("found = 1", "return helper(", (), id="no Python"),
        pytest.param("return 1", "return utils.sleep", (), id="a name that its module lacks"),
        pytest.param("return 1", "return 2", (OBJECTS,), id="a new import that nothing reads"),
        pytest.param("objects = 1", "return objects", (OBJECTS,), id="a name bound no more"),
        pytest.param("return 1", "objects = objects.A", (OBJECTS,), id="a local name"),
        pytest.param("return utils", "utils = utils", (), id="an import's name for a variable"),
        pytest.param("import json", "return json", (), id="an import of its own"),
    ],
)
def test_to_be_looked_at_as_a_whole(old: str, new: str, lines: tuple[str, ...]):
    assert not is_shown(old, new, lines)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("def made():\n    pass\n", "made = 1\n", id="a variable of the same name"),
        pytest.param("def made():\n    pass\n", "def other():\n    pass\n", id="by another name"),
        pytest.param("def made():\n    pass\n", "", id="gone"),
        pytest.param("def made():\n    pass\n", "    def made():\n        pass\n", id="indented"),
        pytest.param("def made():\n    pass\n", "def made():\n    pass", id="without its end"),
    ],
)
def test_function_that_others_call(old: str, new: str):
    text = f"def first():\n    return made()\n\n\n{old}\n\ndef last():\n    pass\n".encode()
    module = Module("nova.example", Source("nova/example.py", text))
    (island,) = islands(module, [text.index(b"def made")])
    form = island.text.replace(old.encode(), new.encode())
    known = is_known_sound(module, changed_text(text, [(island, form)]), (), Tree(Project(FILES)))
    assert known is (new == "made = 1\n")


def as_a_whole(before: Module, changed: ChangedText, lines: tuple[str, ...], tree: Tree) -> None:
    """See to it that the whole file is sound, and that none of its imports goes."""
    text = with_imports(changed.text, lines, tree.package)
    assert without_unused(text, before.source, changed.replaced) == text
    made = verify_text(before.source, text)
    assert not unread_lines(made, lines)
    verify_names(before.source, made, lines)
    verify_named(before, made, tree)


def test_every_example_of_the_rules(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch):
    asked: collections.Counter[bool] = collections.Counter()

    def known(before: Module, changed: ChangedText, lines: tuple[str, ...], tree: Tree) -> bool:
        found = is_known_sound(before, changed, lines, tree)
        asked[found] += 1
        if found:
            as_a_whole(before, changed, lines, tree)
        return found

    monkeypatch.setattr(rewrite, "is_known_sound", known)
    for rule in RULES:
        for number, one in enumerate(rule.examples()):
            if isinstance(one, Example):
                root = tmp_path / rule.name() / str(number)
                found = outcome(root, one.before, one.path, dict(one.beside))
                assert found.result.failures == ()
    assert min(asked[True], asked[False]) > 20
