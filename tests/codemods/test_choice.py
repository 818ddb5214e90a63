# SPDX-License-Identifier: Apache-2.0
"""What is asked not to be changed is not, and what would not hold without it is not either.

That nothing is half done shows when the rest is done by a second run, which is
asked for everything: it comes to what one run does. A row that had become an
object for somebody who goes on taking it for a dict would be no row any more.
"""

import dataclasses
import pathlib
from collections.abc import Mapping

import devices_tree
import pytest
import small_tree
from click.testing import CliRunner, Result
from conftest import SmallTree

from codemods.choice import EVERYTHING, Choice
from codemods.cli import main
from codemods.config import Config
from codemods.engine import run
from codemods.errors import UnknownRule
from codemods.model import RunResult
from codemods.rewriting.examples import Example
from codemods.rules import RULES

GIVER = """\
from nova.compute import taker
from nova import conductor


class Giver(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def give(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return taker.take(service)

    def other(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return service['id']
"""
OTHER_AFTER = """\
        service = objects.Service.get_by_compute_host(context, host)
        return service.id
"""
GIVES = """\
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return taker.take(service)
"""
TAKER = """\
def take(service):
    return service['host']
"""
UNIT_TEST = """\
import mock

from nova.compute import giver


class GiverTestCase(object):
    def test_other(self):
        manager = giver.Giver()
        with mock.patch.object(manager.conductor_api,
                               'service_get_by_compute_host',
                               return_value={'id': 1}):
            self.assertEqual(1, manager.other('context', 'host'))
"""
GIVER_PATH, TAKER_PATH = "nova/compute/giver.py", "nova/compute/taker.py"
TEST_PATH = "nova/tests/compute/test_giver.py"


@dataclasses.dataclass(frozen=True)
class Ran:
    """What became of the files of a tree."""

    texts: Mapping[str, str]
    result: RunResult

    @property
    def codes(self) -> set[tuple[str, str]]:
        """The places that are left: the file and the reason code."""
        return {(one.path, one.code) for one in self.result.declined}

    def reasons(self, path: str) -> list[str]:
        """Why places of a file were asked to be left."""
        found = self.result.declined
        return [one.reason for one in found if one.path == path and one.code == "asked.skip"]


def written(root: pathlib.Path, files: Mapping[str, str]) -> None:
    """Let there be these files, and no others of the package."""
    for path in root.rglob("*.py"):
        path.unlink()
    for path, text in files.items():
        root.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        root.joinpath(path).write_text(text)


def ran(root: pathlib.Path, files: Mapping[str, str], choice: Choice = EVERYTHING) -> Ran:
    """A run on the files."""
    written(root, files)
    result = run(Config(root, choice=choice))
    assert result.failures == ()
    after = {change.path: change.after.decode() for change in result.changes}
    return Ran({**files, **after}, result)


def giving(**others: str) -> dict[str, str]:
    """A small tree with a file that gives a row to another one."""
    files = {**small_tree.files(), GIVER_PATH: GIVER, TAKER_PATH: TAKER, TEST_PATH: UNIT_TEST}
    files["nova/tests/compute/__init__.py"] = ""
    del files["nova/compute/left.py"], files["nova/compute/example.py"]
    return {**files, **others}


# files


@pytest.mark.parametrize(
    "choice",
    [
        pytest.param(Choice(excluded=(TAKER_PATH,)), id="excluded"),
        pytest.param(Choice(excluded=("*/taker.*",)), id="excluded by a pattern"),
        pytest.param(Choice(paths=(GIVER_PATH, "nova/tests")), id="not among the paths"),
    ],
)
def test_what_feeds_a_file_that_stays_goes_on_giving_rows(tmp_path: pathlib.Path, choice: Choice):
    found = ran(tmp_path, giving(), choice)
    assert found.texts[TAKER_PATH] == TAKER
    assert GIVES in found.texts[GIVER_PATH]
    assert OTHER_AFTER in found.texts[GIVER_PATH]
    assert "self.conductor_api = conductor.API()" in found.texts[GIVER_PATH]
    (why,) = found.reasons(GIVER_PATH)
    assert f"{TAKER_PATH}:2: subscript_to_attribute: " in why


def test_all_of_it_is_rewritten_where_nothing_was_asked(tmp_path: pathlib.Path):
    found = ran(tmp_path, giving())
    assert "service.host" in found.texts[TAKER_PATH]
    assert OTHER_AFTER in found.texts[GIVER_PATH]
    assert "conductor" not in found.texts[GIVER_PATH]


@pytest.mark.parametrize("choice", [Choice(paths=("nova/virt",)), Choice(excluded=("nova/*",))])
def test_a_file_that_is_not_to_be_changed_is_not(tmp_path: pathlib.Path, choice: Choice):
    files = giving()
    found = ran(tmp_path, files, choice)
    assert found.texts == files
    assert (GIVER_PATH, "asked.skip") in found.codes


@pytest.mark.parametrize(
    "choice",
    [
        pytest.param(Choice(excluded=("nova/tests",)), id="excluded"),
        pytest.param(
            Choice(
                {
                    rule.name(): "asked"
                    for rule in RULES
                    if "stub" in rule.name() or "mock" in rule.name()
                }
            ),
            id="no rule for it",
        ),
    ],
)
def test_a_unit_test_that_is_not_to_follow_needs_a_person(tmp_path: pathlib.Path, choice: Choice):
    found = ran(tmp_path, giving(), choice)
    assert OTHER_AFTER in found.texts[GIVER_PATH]
    assert found.texts[TEST_PATH] == UNIT_TEST
    tests = {one.test for one in found.result.needs_person if one.path == TEST_PATH}
    assert tests == {"nova.tests.compute.test_giver.GiverTestCase.test_other"}


def test_objects_that_are_not_to_be_changed_lack_what_they_lacked(tmp_path: pathlib.Path):
    files = devices_tree.files()
    path = "nova/objects/compute_node.py"
    assert ran(tmp_path, files).texts[path] != files[path]
    for choice in (Choice(excluded=(path,)), Choice({"add_object_fields": "asked"})):
        found = ran(tmp_path, files, choice)
        assert found.texts[path] == files[path]
        changed = {one.path: one.after.decode() for one in found.result.changes}
        assert not any("objects.ComputeNode()" in text for text in changed.values())
        assert any(
            one.code == "call.no-object" and "not to be made" in one.reason
            for one in found.result.declined
        )


# rules


def test_rows_stay_where_nobody_may_rewrite_what_is_done_with_them(tmp_path: pathlib.Path):
    files = giving()
    found = ran(tmp_path, files, Choice({"subscript_to_attribute": "--skip asks for it"}))
    assert found.texts == files
    assert all("subscript_to_attribute" in why for why in found.reasons(GIVER_PATH))
    assert len(found.reasons(GIVER_PATH)) == 2


def test_what_only_tidies_may_be_left_out(tmp_path: pathlib.Path):
    found = ran(tmp_path, giving(), Choice({"remove_conductor_handle": "asked"}))
    assert "self.conductor_api = conductor.API()" in found.texts[GIVER_PATH]
    assert OTHER_AFTER in found.texts[GIVER_PATH]
    assert "from nova import conductor" in found.texts[GIVER_PATH]


def examples() -> list[object]:
    """The first example of each rule that rewrites something."""
    found = []
    for rule in RULES:
        shown = [one for one in rule.examples() if isinstance(one, Example)]
        found += [pytest.param(rule.name(), one, id=rule.name()) for one in shown[:1]]
    return found


def tree_of(example: Example) -> dict[str, str]:
    """The tree that the example is run in."""
    gone = tuple(name for name, text in example.beside if text is None)
    files = {name: text for name, text in small_tree.files().items() if not name.startswith(gone)}
    files.pop("nova/compute/example.py")
    files |= {name: text for name, text in example.beside if text is not None}
    return {**files, example.path: example.before}


@pytest.mark.parametrize(("name", "example"), examples())
def test_a_rule_that_is_left_out_does_nothing(name: str, example: Example, tmp_path: pathlib.Path):
    files = tree_of(example)
    found = ran(tmp_path, files, Choice({name: "asked"}))
    edits = [edit for patch in found.result.patches for edit in patch.edits]
    assert name not in {edit.rule for edit in edits}
    whole, later = ran(tmp_path, files), ran(tmp_path, found.texts)
    # unit tests follow the code of their own run, and handles go with the last of their calls
    for path in whole.texts:
        if "/tests/" not in path and "handle" not in name:
            assert_objects_alike(whole.texts[path], later.texts[path])


def assert_objects_alike(one: str, other: str) -> None:
    """What is read and called of objects is the same, in whichever way it is written."""
    for word in (".get_by_", "['", "_create(", "_update(", "_destroy(", "adopt(", "dumps("):
        assert one.count(word) == other.count(word), word


# comments


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("  # codemods: skip", id="behind"),
        pytest.param("  # codemods: skip=subscript_to_attribute", id="for a rule"),
        pytest.param("  # codemods: skip=get_*,subscript_*", id="for patterns"),
        pytest.param("  # noqa  # codemods: skip", id="with another"),
        pytest.param("  # codemods: skip  the plug-ins want dicts", id="with words"),
    ],
)
def test_a_statement_with_a_comment_stays(tmp_path: pathlib.Path, comment: str):
    taker = f"def take(service):\n    return service['host']{comment}\n"
    found = ran(tmp_path, giving(**{TAKER_PATH: taker}))
    assert found.texts[TAKER_PATH] == taker
    assert GIVES in found.texts[GIVER_PATH]
    assert OTHER_AFTER in found.texts[GIVER_PATH]
    (left,) = [one for one in found.result.declined if one.path == TAKER_PATH]
    assert (left.line, left.code, left.rule) == (2, "asked.skip", "subscript_to_attribute")
    assert "the comment on line 2 asks for it" in left.reason


ABOVE = "def take(service):\n    # codemods: skip\n    return (\n        service['host'])\n"
OF_ALL = "# codemods: skip\ndef take(service):\n    host = 1\n    return service['host']\n"
DECORATED = "@staticmethod  # codemods: skip\ndef take(service):\n    return service['host']\n"
IN_LINES = "def take(service):\n    return (1,\n            service['host'])  # codemods: skip\n"
ELSE = "def take(service):\n    if 1:\n        pass\n    else:  # codemods: skip\n        return service['id']\n"  # noqa: E501
SHARED = "def take(service):\n    a = 1; return service['host']  # codemods: skip\n"


@pytest.mark.parametrize("taker", [ABOVE, OF_ALL, DECORATED, IN_LINES, ELSE, SHARED])
def test_what_a_comment_is_about(tmp_path: pathlib.Path, taker: str):
    found = ran(tmp_path, giving(**{TAKER_PATH: taker}))
    assert found.texts[TAKER_PATH] == taker
    assert GIVES in found.texts[GIVER_PATH]
    assert len(found.reasons(TAKER_PATH)) == 1


NEXT = "def take(service):\n    host = service['host']  # codemods: skip=get_to_attribute\n    return host\n"  # noqa: E501
TEXT = "def take(service):\n    return '# codemods: skip', service['host']\n"
BEFORE = "def take(service):\n    a = 1  # codemods: skip\n    return service['host']\n"


@pytest.mark.parametrize("taker", [NEXT, TEXT, BEFORE])
def test_what_a_comment_is_not_about(tmp_path: pathlib.Path, taker: str):
    found = ran(tmp_path, giving(**{TAKER_PATH: taker}))
    assert found.texts[TAKER_PATH] == taker.replace("service['host']", "service.host")


def test_a_call_with_a_comment_is_listed_once(tmp_path: pathlib.Path):
    text = GIVER.replace(
        "(context, host)\n        return service",
        "(\n            context, host)  # codemods: skip\n        return service",
    )
    found = ran(tmp_path, giving(**{GIVER_PATH: text}))
    assert text[text.index("    def other") :] in found.texts[GIVER_PATH]
    assert len(found.reasons(GIVER_PATH)) == 1
    assert "service.host" in found.texts[TAKER_PATH]


@pytest.mark.parametrize(
    "old", ["self.conductor_api = conductor.API()", "from nova import conductor"]
)
def test_what_would_be_tidied_away_stays_with_a_comment(tmp_path: pathlib.Path, old: str):
    text = GIVER.replace(old, f"{old}  # codemods: skip")
    found = ran(tmp_path, giving(**{GIVER_PATH: text}))
    assert f"{old}  # codemods: skip" in found.texts[GIVER_PATH]
    assert OTHER_AFTER in found.texts[GIVER_PATH]


def test_a_second_run_says_the_same(tmp_path: pathlib.Path):
    taker = "def take(service):\n    return service['host']  # codemods: skip\n"
    first = ran(tmp_path, giving(**{TAKER_PATH: taker}))
    again = ran(tmp_path, first.texts)
    assert again.texts == first.texts
    assert again.codes == first.codes


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("skip=subscript_to_atribute", "no rule subscript_to_atribute; did you mean subscript_to_"),
        ("skip=subscript", "no rule subscript; did you mean subscript_to_attribute?"),
        ("skp", "unknown comment 'skp'; only 'skip' is supported"),
    ],
)
def test_a_comment_that_is_not_understood_ends_the_run(
    tmp_path: pathlib.Path, comment: str, said: str
):
    text = f"# codemods: {comment}\n{TAKER}"
    with pytest.raises(UnknownRule, match=f"^{TAKER_PATH}:1: {said}".replace("?", r"\?")):
        ran(tmp_path, giving(**{TAKER_PATH: text}))


# the command


def called(tree: SmallTree, *words: str) -> Result:
    """What `codemods run` says of a tree, in this process."""
    return CliRunner().invoke(main, ["run", str(tree.root), *words])


def changed(tree: SmallTree, *words: str) -> bool:
    """Whether something would change."""
    done = called(tree, "--check", *words)
    assert done.exit_code in (0, 1), done.output
    return done.exit_code == 1


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        (["nova/compute"], True),
        (["nova/compute/example.py", "nova/virt.py"], True),
        (["nova/compute/left.py"], False),
        (["--exclude", "nova/compute"], False),
        (["--exclude", "nova/compute/*"], False),
        (["--exclude", "nova/compute/l*"], True),
        (["--rule", "conductor_getter_to_object_getter", "--rule", "subscript_*"], True),
        (["--rule", "conductor_getter_to_object_getter"], False),
        (["--skip", "conductor_getter_*"], False),
        (["--skip", "pci_*"], True),
    ],
)
def test_options_choose(tree: SmallTree, words: list[str], changes: bool):
    tree.put("nova/virt.py", "")
    assert changed(tree, *words) is changes


def test_a_path_may_be_named_from_where_one_is(tree: SmallTree, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tree.root / "nova")
    assert changed(tree, "compute")
    assert not changed(tree, "compute/left.py")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rule", "subscript"], "no rule subscript; did you mean subscript_to_attribute?"),
        (["--skip", "zzz_*"], "no rule zzz_*"),
        (["nova/missing"], "nova/missing: not a file or directory of"),
        (["/tmp"], "/tmp: not a file or directory of"),
    ],
)
def test_what_there_is_not_is_refused(tree: SmallTree, words: list[str], said: str):
    done = called(tree, *words)
    assert done.exit_code == 2
    assert said in done.output


def test_a_pattern_that_matches_nothing_is_told(tree: SmallTree):
    done = called(tree, "--exclude", "nova/vrt", "--exclude", "nova/compute", "--exclude", "*.py")
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        "codemods: --exclude nova/vrt: no file of the tree matches it"
    ]


def test_what_is_chosen_may_be_configured(tree: SmallTree):
    tree.put("codemods.toml", 'exclude = ["nova/compute"]\n')
    assert not changed(tree)
    tree.put("codemods.toml", 'skip = ["subscript_to"]\n')
    assert "did you mean subscript_to_attribute?" in called(tree).output
