# SPDX-License-Identifier: Apache-2.0
"""Rules from outside of the package: how they are named, what they do, what is said of bad ones."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence

import jsonschema
import pytest
import small_tree

import codemods
from codemods import api, stages
from codemods.api import Example
from codemods.config import Config
from codemods.engine import run
from codemods.errors import BadRule, RuleFailed
from codemods.model import RunResult
from codemods.rules import own

PATH = "nova/compute/example.py"

SCHEMA = pathlib.Path(codemods.__file__).parent / "outputs" / "report.schema.json"

#: A rule's module; what it does is filled in.
HEAD = '''\
"""Do what a test wants.

It is safe, since nobody runs what comes out of it.
"""

import libcst as cst
import libcst.matchers as m

from codemods.api import CodeRule, Example, HoldsProvider, Item, LeftAlone, SiteProvider, nodes

'''

HOST_SPELLED = """\
class HostSpelled(CodeRule):
    METADATA_DEPENDENCIES = (HoldsProvider,)
    {instead}

    def leave_Subscript(self, original, updated):
        row = self.holding(original.value)
        if row is None:
            return updated
        new = nodes.expression('{new}')
        return self.edited(original, new, self.file.item_of(row.name), row.evidence)
"""

NEEDLED = """\
class Needled(CodeRule):
    NEEDLES = (b"digits",)

    def leave_Name(self, original, updated):
        if original.value != "digits":
            return updated
        return self.edited(original, nodes.expression('min or max'), Item.{item})
"""

Root = pathlib.Path


def written(folder: Root, name: str, text: str) -> Root:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.py"
    file.write_text(text if text.startswith('"""') else HEAD + text)
    return file


def host_spelled(folder: Root, new: str = "host.spelled", instead: str = "") -> Root:
    return written(folder, "host_spelled", HOST_SPELLED.format(new=new, instead=instead))


def laid_out(root: Root, files: dict[str, str] | None = None) -> Root:
    for path, text in {**small_tree.files(), **(files or {})}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def ran(root: Root, rules: Sequence[pathlib.Path]) -> RunResult:
    return run(Config(root, rules=tuple(rules)))


def after(result: RunResult, path: str = PATH) -> str:
    return {change.path: change.after.decode() for change in result.changes}[path]


def edits(result: RunResult, rule: str) -> list[str]:
    return [edit.text for one in result.patches for edit in one.edits if edit.rule == rule]


def command(*words: str | Root, cwd: Root | None = None) -> "subprocess.CompletedProcess[str]":
    """Run the `codemods` script, which sees no modules of the directory that it is run in."""
    package = str(pathlib.Path(codemods.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-P", "-m", "codemods", *map(str, words)]
        if sys.version_info >= (3, 11)
        else [str(pathlib.Path(sys.executable).with_name("codemods")), *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": package},
    )


def test_a_module_that_is_named(tmp_path):
    root, rule = laid_out(tmp_path / "tree"), host_spelled(tmp_path / "own")
    done = command("run", root, "--rules", rule, "--diff")
    assert done.returncode == 0, done.stderr
    assert "+        return host.spelled\n" in done.stdout


def test_a_folder_of_modules_that_know_each_other(tmp_path):
    host_spelled(tmp_path / "own", new="{spelling}")
    text = (tmp_path / "own" / "host_spelled.py").read_text()
    text = text.replace("nodes.expression('{spelling}')", "nodes.expression(SPELLING)")
    text = text.replace(
        "import libcst as cst\n", "import libcst as cst\nfrom ._names import SPELLING\n"
    )
    (tmp_path / "own" / "host_spelled.py").write_text(text)
    written(tmp_path / "own", "_names", '"""Names."""\n\nSPELLING = "context.of.another.module"\n')
    found = ran(laid_out(tmp_path / "tree"), [tmp_path / "own"])
    assert "return context.of.another.module\n" in after(found)
    assert sorted(one.name for one in (tmp_path / "own").iterdir()) == [
        "_names.py",
        "host_spelled.py",
    ]


def test_two_rules_that_want_the_same_place(tmp_path):
    root, rule = laid_out(tmp_path / "tree"), host_spelled(tmp_path / "own")
    done = command("run", root, "--rules", rule)
    line = small_tree.CALLER.partition("return service['host']")[0].count("\n") + 1
    told = (
        f"codemods: {PATH}:{line}: host_spelled and subscript_to_attribute want the same place; "
        "host_spelled has it, and nothing of subscript_to_attribute is left there\n"
    )
    assert told in done.stderr
    found = ran(root, [rule])
    assert edits(found, "host_spelled") == ["host.spelled", "host.spelled"]
    assert edits(found, "subscript_to_attribute") == []


def test_a_rule_that_says_whose_place_it_takes(tmp_path):
    rule = host_spelled(tmp_path / "own", instead="INSTEAD_OF = ('subscript_to_attribute',)")
    caller = small_tree.CALLER.partition("    def flavor(")[0]
    found = ran(laid_out(tmp_path / "tree", {PATH: caller}), [rule])
    assert found.conflicts == ()
    assert "return host.spelled\n" in after(found)


GETTER = """\
class GetterLocal(CodeRule):
    METADATA_DEPENDENCIES = (SiteProvider,)

    def leave_{node}(self, original, updated):
        site = self.site(original{value})
        if site is None or site.call.name != 'service_get_by_compute_host':
            return updated
        new = updated.with_changes({field}=nodes.expression('self.services{call}'))
        return self.edited(original, new, self.file.item_of(site.call.object), site.evidence)
"""


def test_no_import_of_the_other_rule_is_left(tmp_path):
    text = GETTER.format(node="Call", value="", field="func", call=".get")
    rule = written(tmp_path / "own", "getter_local", text)
    caller = small_tree.CALLER.partition("    def flavor(")[0]
    found = ran(laid_out(tmp_path / "tree", {PATH: caller}), [rule])
    names = {(one.rule, one.other) for one in found.conflicts}
    assert names == {("getter_local", "conductor_getter_to_object_getter")}
    assert "service = self.services.get(context, host)\n" in after(found)
    assert "import objects" not in after(found)


def test_no_import_of_a_rule_is_left_that_worked_within_what_another_replaced(tmp_path):
    text = GETTER.format(node="Assign", value=".value", field="value", call=".get(host)")
    rule = written(tmp_path / "own", "getter_local", text)
    caller = small_tree.CALLER.partition("    def flavor(")[0]
    found = ran(laid_out(tmp_path / "tree", {PATH: caller}), [rule])
    assert "service = self.services.get(host)\n" in after(found)
    assert "import objects" not in after(found)
    # nor is anything else said of it but that
    assert edits(found, "conductor_getter_to_object_getter") == []
    names = {(one.rule, one.other) for one in found.conflicts}
    assert names == {("getter_local", "conductor_getter_to_object_getter")}


@pytest.mark.parametrize(
    ("instead", "winner", "text"),
    [("", "host_spelled", "spelled"), ("INSTEAD_OF = ('host_spelled',)", "later", "later")],
)
def test_own_rules_that_want_one_place(tmp_path, instead: str, winner: str, text: str):
    first = host_spelled(tmp_path / "own")
    later = HOST_SPELLED.replace("HostSpelled", "Later").format(new="host.later", instead=instead)
    found = ran(laid_out(tmp_path / "tree"), [first, written(tmp_path / "own", "later", later)])
    assert edits(found, winner)
    assert f"return host.{text}\n" in after(found)
    told = {(one.rule, one.other) for one in found.conflicts}
    assert (("host_spelled", "later") in told) == (not instead)


def test_what_a_rule_makes_gets_its_parentheses_and_the_report_says_so(tmp_path):
    rule = written(tmp_path / "own", "needled", NEEDLED.format(item="SERVICE"))
    source = "def double(value):\n    return [digits.x, not digits, f(digits)], digits\n"
    root = laid_out(tmp_path / "tree", {"nova/compute/doubled.py": source})
    found = ran(root, [rule])
    line = "    return [(min or max).x, not (min or max), f(min or max)], min or max\n"
    assert after(found, "nova/compute/doubled.py") == f"def double(value):\n{line}"
    assert edits(found, "needled") == ["(min or max)", "(min or max)", "min or max", "min or max"]


def test_an_edit_is_in_the_patch_of_its_work_item(tmp_path):
    rule = written(tmp_path / "own", "needled", NEEDLED.format(item="MIGRATION"))
    source = "def double(value):\n    return digits\n"
    root = laid_out(tmp_path / "tree", {"nova/compute/doubled.py": source})
    items = [one.item.value for one in ran(root, [rule]).patches if "doubled" in str(one.changes)]
    assert items == ["migration"]


def test_several_jobs_give_the_same(tmp_path):
    long = small_tree.CALLER + "# so long that it is shared\n" * (stages.SMALL // 20)
    root, rule = laid_out(tmp_path / "tree", {PATH: long}), host_spelled(tmp_path / "own")
    words = ("run", root, "--rules", rule, "--diff", "--jobs")
    one, two = command(*words, "1"), command(*words, "2")
    assert "+        return host.spelled\n" in two.stdout
    assert (two.returncode, two.stdout, two.stderr) == (one.returncode, one.stdout, one.stderr)


def test_rules_of_unit_tests_and_of_both(tmp_path):
    text = "class Both(CodeRule):\n    TESTS_TOO = {both}\n" + NEEDLED.partition("\n")[2].format(
        item="SERVICE"
    )
    root = laid_out(
        tmp_path / "tree",
        {"nova/tests/test_doubled.py": "def double(value):\n    return digits\n"},
    )
    only = ran(root, [written(tmp_path / "code", "both", text.format(both=False))])
    both = ran(root, [written(tmp_path / "both", "both", text.format(both=True))])
    text = text.format(both=False).replace("(CodeRule)", "(TestRule)")
    text = HEAD.replace("SiteProvider,", "SiteProvider, TestRule,") + text
    tests = written(tmp_path / "tests", "both", text)
    changed = [{one.path for one in found.changes} for found in (only, both, ran(root, [tests]))]
    assert ["nova/tests/test_doubled.py" in paths for paths in changed] == [False, True, True]


def test_a_rule_that_fails_is_named_with_its_place(tmp_path):
    rule = host_spelled(tmp_path / "own")
    rule.write_text(rule.read_text().replace("new = nodes", "new = original.nothing or nodes"))
    with pytest.raises(RuleFailed, match=rf"{PATH}:\d+: the rule host_spelled failed: Attribute"):
        ran(laid_out(tmp_path / "tree"), [rule])
    done = command("run", tmp_path / "tree", "--rules", rule)
    assert done.returncode == 2
    assert "mend it, or leave it out" in done.stderr
    assert "Traceback" not in done.stderr


NO_RULE = '"""Nothing."""\n'
RULE = "class One(CodeRule):\n    pass\n"

#: Module texts by name, and what is said of them.
BAD = [
    pytest.param({}, r"no rule in it; derive one from CodeRule", id="empty folder"),
    pytest.param({"one": NO_RULE}, r"no rule in it", id="no rule"),
    pytest.param({"one": RULE + RULE.replace("One", "Two")}, r"One, Two: .* its own", id="two"),
    pytest.param({"one": "1 / 0\n"}, r"one\.py: cannot be imported: ZeroDivision", id="fails"),
    pytest.param({"one": "def\n"}, r"one\.py: cannot be imported: SyntaxError", id="no Python"),
    pytest.param({"get_to_attribute": RULE}, r"name get_to_attribute already", id="name taken"),
    pytest.param(
        {"one": RULE.replace("pass", "INSTEAD_OF = ('get_to_atribute',)")},
        r"no rule get_to_atribute; did you mean get_to_attribute\?",
        id="instead of nobody",
    ),
    pytest.param(
        {
            "one": RULE.replace("pass", "INSTEAD_OF = ('two',)"),
            "two": RULE.replace("pass", "INSTEAD_OF = ('one',)"),
        },
        r"one and two each come in the other's place",
        id="cycle",
    ),
    pytest.param({"one": "RULES = (CodeRule,)\n"}, r"CodeRule is not a rule; derive it", id="base"),
    pytest.param(
        {"one": "from codemods.rewriting.rule import Rule\n\n\nclass One(Rule):\n    pass\n"},
        r"One is not a rule; derive it from CodeRule, TestRule or ObjectRule of codemods\.api",
        id="of no kind",
    ),
]


@pytest.mark.parametrize(("modules", "said"), BAD)
def test_what_is_said_of_what_cannot_be_a_rule(tmp_path, modules: dict[str, str], said: str):
    folder = tmp_path / "own"
    folder.mkdir()
    for name, text in modules.items():
        written(folder, name, text)
    with pytest.raises(BadRule, match=said):
        own.own_rules([folder])


def test_a_path_that_is_not_there(tmp_path):
    done = command("run", laid_out(tmp_path / "tree"), "--rules", tmp_path / "nothing.py")
    assert done.returncode == 2
    assert "nothing.py: no module and no folder of modules; --rules names one" in done.stderr


def test_nothing_of_the_tree_is_imported_unless_it_is_named(tmp_path):
    root = laid_out(tmp_path / "tree")
    marker = tmp_path / "imported"
    text = f"open({str(marker)!r}, 'w').close()\n"
    for name in ("codemods_rules", "conftest", "sitecustomize", "offers", "libcst"):
        (root / f"{name}.py").write_text(text)
    offers = root / "offers-1.dist-info"
    offers.mkdir()
    (offers / "METADATA").write_text("Metadata-Version: 2.1\nName: offers\nVersion: 1\n")
    (offers / "entry_points.txt").write_text(
        "[codemods.rules]\nx = offers\n[codemods.mappings]\nx = offers:X\n"
    )
    rule = host_spelled(root / "tools", new="context.named")
    done = command("run", ".", "--diff", cwd=root)
    assert done.returncode == 0, done.stderr
    assert "context.named" not in done.stdout
    assert not marker.exists()
    done = command("run", ".", "--diff", "--rules", rule.relative_to(root), cwd=root)
    assert done.returncode == 0, done.stderr
    assert "context.named" in done.stdout
    assert not marker.exists()
    assert not (root / "tools" / "__pycache__").exists()


def test_rules_lists_own_ones(tmp_path):
    done = command("rules", "--rules", host_spelled(tmp_path / "own"))
    assert "host_spelled\n    Do what a test wants.\n" in done.stdout


TRIED = """

EXAMPLES = (
    Example(
        "def double(value):\\n    return digits.x\\n",
        "def double(value):\\n    return {expected}.x\\n",
    ),
    LeftAlone("def triple(number):\\n    return number\\n"),
)
"""


@pytest.mark.parametrize(
    ("expected", "status", "said"),
    [
        ("(min or max)", 0, "needled: example 1: holds\nneedled: example 2: holds\n"),
        ("min or max", 1, "-    return min or max.x\n+    return (min or max).x"),
    ],
)
def test_test_runs_the_examples(tmp_path, expected: str, status: int, said: str):
    text = NEEDLED.format(item="SERVICE") + TRIED.format(expected=expected)
    done = command("test", written(tmp_path / "own", "needled", text))
    assert done.returncode == status, done.stderr
    assert said in done.stdout


def test_test_of_a_rule_of_the_package_and_of_none(tmp_path):
    done = command("test", "get_to_*")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "get_to_attribute: example 1: holds",
        "get_to_attribute: example 2: holds",
    ]
    done = command("test", "get_to_nothing")
    assert done.returncode == 2
    assert "there is no rule get_to_nothing" in done.stderr


def test_the_outputs_tell_of_own_rules(tmp_path):
    root, rule = laid_out(tmp_path / "tree"), host_spelled(tmp_path / "own")
    report, page = tmp_path / "report.json", tmp_path / "page.html"
    options = ("--report", report, "--html", page, "--sarif", tmp_path / "sarif.json")
    done = command("run", root, "--rules", rule, "--patches", tmp_path / "series", *options)
    assert done.returncode == 0, done.stderr
    assert "Do what a test wants." in (tmp_path / "sarif.json").read_text()
    assert "Do what a test wants." in page.read_text()
    line = small_tree.CALLER.partition("return service['host']")[0].count("\n") + 1
    done = command("explain", root, f"{PATH}:{line}", "--report", report)
    assert "rewritten by host_spelled" in done.stdout
    done = command("explain", root, f"{PATH}:{line}", "--rules", rule)
    assert "what it does: Do what a test wants." in done.stdout
    told = json.loads(report.read_text())
    jsonschema.validate(told, json.loads(SCHEMA.read_text()))
    assert told["conflicts"][0]["other"] == "subscript_to_attribute"


EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "own_rule"


def test_the_example_without_installing_it(tmp_path):
    package = EXAMPLE / "codemods_racks"
    done = command("test", package, "--mappings", package / "racks.toml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_example_is_installed_and_used(tmp_path):
    pytest.importorskip("hatchling")
    pytest.importorskip("pip")
    source, site = tmp_path / "own_rule", tmp_path / "site"
    shutil.copytree(EXAMPLE, source)
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-build-isolation"]
    subprocess.run([*install, "--no-deps", "--target", site, source], check=True)
    package = str(pathlib.Path(codemods.__file__).parents[1])
    env = {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{package}"}

    def with_it(*words: str | Root) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *map(str, words)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env=env,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "3 passed" in with_it("pytest", "-q", "-p", "no:cacheprovider", source / "tests")
    assert "rack_label_inlined: example 1: holds" in with_it("codemods", "test")
    assert "rack_label_inlined\n" in with_it("codemods", "rules")
    [rule] = own.rules_in(EXAMPLE / "codemods_racks" / "rack_label_inlined.py")
    shown = rule.examples()[0]
    assert isinstance(shown, Example)
    for name in ("ours", "theirs"):
        laid_out(tmp_path / name, {**dict(shown.beside), shown.path: shown.before})
    with_it("codemods", "run", "ours", "--only", "service", "--write", "--force")
    tool = ("libcst.tool", "codemod", "--no-format", "-x", "codemods.commands.UseServiceObject")
    with_it(*tool, "theirs", "-j", "1")
    texts = [(tmp_path / name / shown.path).read_text() for name in ("ours", "theirs")]
    assert texts[0] == texts[1]
    assert "(service.rack or service.host).upper()" in texts[0]


def test_what_is_public_is_documented():
    assert sorted(api.__all__, key=str.lower) == sorted(set(api.__all__), key=str.lower)
    for name in api.__all__:
        found = getattr(api, name)
        assert not isinstance(found, type) or found.__doc__, f"{name} says nothing of itself"
    text = (EXAMPLE.parents[1] / "docs" / "own-rules.md").read_text()
    for name in re.findall(r"from codemods\.api import ([\w, ]+)", text)[0].split(", "):
        assert name in api.__all__
    for path in re.findall(r"`(codemods/[\w/]+\.py)`", text):
        assert (EXAMPLE.parents[1] / path).is_file()


def test_own_rules_are_chosen_like_any_other(tmp_path):
    rule = host_spelled(tmp_path / "own")
    only = laid_out(tmp_path / "tree")
    done = command("run", only, "--rules", rule, "--skip", "host_spelled", "--diff")
    assert "+        return service.host\n" in done.stdout
    done = command("run", only, "--rules", rule, "--rule", "host_speled")
    assert done.returncode == 2
    assert "no rule host_speled; did you mean host_spelled?" in done.stderr
    spoken = small_tree.CALLER.replace(
        "return service['host']", "return service['host']  # codemods: skip=host_spelled"
    )
    done = command("run", laid_out(tmp_path / "spoken", {PATH: spoken}), "--rules", rule, "--diff")
    assert "+        return service.host  # codemods: skip=host_spelled\n" in done.stdout, (
        done.stderr
    )
