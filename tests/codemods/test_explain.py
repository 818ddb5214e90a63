# SPDX-License-Identifier: Apache-2.0
"""From any place, of the tree, of the rewritten tree or of a patch, to its evidence."""

import pathlib
import re
import shutil

import pytest
import small_tree
from click.testing import CliRunner, Result
from conftest import SmallTree

from codemods.cli import main
from codemods.config import Config
from codemods.engine import run
from codemods.model import RunResult

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "tracker"
TRACKER = "nova/compute/tracker.py"

#: What they share takes long to make.
pytestmark = pytest.mark.xdist_group("explain")


@pytest.fixture(scope="module")
def result() -> RunResult:
    return run(Config(EXAMPLE))


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The patches of the example."""
    place = tmp_path_factory.mktemp("explained") / "series"
    done = CliRunner().invoke(main, ["run", str(EXAMPLE), "--patches", str(place), "--quiet"])
    assert done.exit_code == 0
    return place


def explain(place: str, *words: str, tree: pathlib.Path = EXAMPLE) -> Result:
    return CliRunner().invoke(main, ["explain", str(tree), place, *words])


def said(place: str, *words: str) -> str:
    done = explain(place, *words)
    assert done.exit_code == 0, done.output
    return done.output


def line_of(text: str, part: str) -> int:
    """The line of a text, from 1, in which a part of it stands."""
    return text[: text.index(part)].count("\n") + 1


def original(path: str = TRACKER) -> str:
    return (EXAMPLE / path).read_text()


def test_a_line_is_quoted_with_the_object_the_chain_and_the_rule():
    line = line_of(original(), "service['compute_node']")
    found = said(f"{TRACKER}:{line}")
    assert found.startswith(f"{TRACKER}:{line}\n    {original().splitlines()[line - 1]}\n")
    assert "`service` (row Service): an object, because:" in found
    # each step is quoted
    assert re.search(
        r"\n    nova/\S+:\d+ the conductor's API\n +self\.\w+ = conductor\.API\(", found
    )
    assert "rewritten by service_compute_node_to_list, in the patch of service" in found
    assert "why it is safe: " in found
    before = found.partition("    before:\n")[2]
    assert before.startswith("        nodes = service['compute_node']\n    after:\n        try:\n")


def test_what_was_left_says_what_is_an_object_and_what_a_dict_and_what_to_do(result: RunResult):
    left = next(one for one in result.declined if one.code == "value.mixed" and one.path == TRACKER)
    found = said(f"{TRACKER}:{left.line}")
    assert "(row ComputeNode): an object, because:" in found
    assert f"left by {left.rule}: value.mixed" in found
    assert "what to do: No action needed" in found


def test_a_range_and_a_line_of_which_nothing_is_known():
    assert said(f"{TRACKER}:1-2") == "nothing from the conductor is known to reach this place\n"
    line = line_of(original(), "service['compute_node']")
    found = said(f"{TRACKER}:1-{line + 1}")
    assert f"{TRACKER}:{line}\n" in found
    assert found.count(f"\n{TRACKER}:") > 1


@pytest.mark.parametrize(
    ("place", "words", "complaint"),
    [
        ("nova/none.py:1", (), "no such file"),
        (f"{TRACKER}:100000", (), "lines"),
        (f"{TRACKER}:0", (), "lines"),
        (f"{TRACKER}:9-3", (), "lines"),
        (TRACKER, (), "name a file of the tree and a line"),
        (f"{TRACKER}:100000", ("--rewritten",), "the rewritten file has"),
        ("0001-none.patch:3", (), "no such patch"),
        (f"{TRACKER}:1", ("--report", "none.json"), "make it with codemods run --report"),
    ],
)
def test_a_place_that_no_file_has_is_an_error(place: str, words: tuple[str, ...], complaint: str):
    done = explain(place, *words)
    assert done.exit_code == 2
    assert complaint in " ".join(done.output.split())


def test_lines_of_the_rewritten_tree(result: RunResult):
    after = next(one.after for one in result.changes if one.path == TRACKER).decode()
    found = said(f"{TRACKER}:{line_of(after, 'from nova import objects')}", "--rewritten")
    assert "    + from nova import objects\n" in found
    assert "`objects` is imported for " in found
    assert "conductor_getter_to_object_getter at line" in found
    found = said(f"{TRACKER}:{line_of(after, 'except exception.ServiceNotFound')}", "--rewritten")
    assert "    + " in found
    assert "rewritten by service_compute_node_to_list" in found
    # a line that is as it was is explained where it was
    part = "if resources is None"
    if part not in after:
        part = "self.pci_tracker"
    kept = next(
        line
        for line in after.splitlines()
        if line.strip()
        and original().count(f"{line}\n") == 1
        and after.count(f"{line}\n") == 1
        and "[" in line
    )
    found = said(f"{TRACKER}:{line_of(after, kept)}", "--rewritten")
    assert found.startswith((f"{TRACKER}:{line_of(original(), kept)}\n", "an unchanged line"))


def test_lines_of_a_patch(series: pathlib.Path):
    patch = sorted(series.glob("*.patch"))[1]
    text = patch.read_text()
    for part, expected in (
        ("\n+        return objects.Flavor", "rewritten by conductor_getter_to_object_getter"),
        ("\n-        return self.conductor_api.instance", "conductor_getter_to_object_getter"),
        ("\n+from nova import objects", "`objects` is imported for"),
    ):
        assert expected in said(f"{patch}:{line_of(text, part) + 1}")
    for line in (1, text.count("\n") - 1, line_of(text, "\n@@ ") + 1, line_of(text, "\n+++ b") + 1):
        done = explain(f"{patch}:{line}")
        assert done.exit_code == 2, done.output
        assert "no line of a file" in done.output


def test_every_line_of_every_patch_has_an_origin(series: pathlib.Path, result: RunResult):
    from codemods.outputs.moved import origin_in_patch

    lines = 0
    for patch in sorted(series.glob("*.patch"))[:3]:
        text = patch.read_text().partition("\ndiff --git ")[0].count("\n") + 2
        for number, line in enumerate(patch.read_text().splitlines(), 1):
            if (
                number < text
                or line[:1] not in ("+", "-", " ")
                or line.startswith(("---", "+++", "-- "))
            ):
                continue
            found = origin_in_patch(result, patch, number)
            if found.hunk is None:
                assert line[1:] == original(found.path).splitlines()[found.line - 1]
            lines += 1
    assert lines > 50


def test_a_patch_of_another_tree_is_refused(series: pathlib.Path, tmp_path: pathlib.Path):
    shutil.copytree(EXAMPLE, tmp_path / "tree", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "tree" / TRACKER
    path.write_text("# drift\n" + path.read_text())
    patch = sorted(series.glob("*.patch"))[1]
    line = line_of(patch.read_text(), "\n-        return self.conductor_api") + 1
    done = explain(f"{patch}:{line}", tree=tmp_path / "tree")
    assert done.exit_code == 2
    assert "not what a run makes of the tree now" in " ".join(done.output.split())


def test_a_patch_with_lines_missing_is_refused(series: pathlib.Path, tmp_path: pathlib.Path):
    text = sorted(series.glob("*.patch"))[1].read_text()
    patch = tmp_path / "0002.patch"
    patch.write_text(text[: text.index("\n@@ ") + 40] + "\n")
    done = explain(f"{patch}:{text.count(chr(10))}")
    assert done.exit_code == 2
    assert "0002.patch: no patch that git has made" in done.output


def test_a_report_answers_at_once(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, result: RunResult
):
    report = tmp_path / "report.json"
    CliRunner().invoke(main, ["run", str(EXAMPLE), "--report", str(report), "--quiet"])
    monkeypatch.setattr("codemods.cli.explain.explained", None)
    line = line_of(original(), "service['compute_node']")
    found = said(f"{TRACKER}:{line}", "--report", str(report))
    assert "rewritten by service_compute_node_to_list" in found
    assert "conductor.API(" in found
    assert "nothing to say" in said(f"{TRACKER}:1", "--report", str(report))
    assert explain(f"{TRACKER}:1", "--rewritten", "--report", str(report)).exit_code == 2
    report.write_text('{"format": 1}')
    assert "not a report of format 2" in explain(f"{TRACKER}:1", "--report", str(report)).output


def test_an_object_and_a_dict_are_told_apart(tree: SmallTree):
    text = (
        small_tree.CALLER
        + """

def either(context, host, rows):
    service = conductor.API().service_get_by_compute_host(context, host)
    if rows:
        service = {'host': 1}
    return service['host']
"""
    )
    tree.put("nova/compute/either.py", text)
    line = text.count("\n")
    done = explain(f"nova/compute/either.py:{line}", tree=tree.root)
    assert "`service` (row Service): an object, because:" in done.output
    assert "`service`: a dict, because:" in done.output
