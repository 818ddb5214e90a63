# SPDX-License-Identifier: Apache-2.0
"""What a run leaves behind: each form carries exactly the result, and all say the same numbers."""

import json
import os
import pathlib
import re
import subprocess

import jsonschema
import pytest
import small_tree
from conftest import SmallTree

from codemods.config import Config
from codemods.engine import run
from codemods.outputs.report import schema

CALLER = "nova/compute/example.py"
ACCENT = "# -*- coding: latin-1 -*-\n" + small_tree.CALLER + "NAME = 'café'\n"


@pytest.fixture
def awkward(tree: SmallTree) -> SmallTree:
    """A tree with what diffs trip over: encodings, line ends, spaces, broken files."""
    tree.put("nova/compute/latin.py", ACCENT.encode("latin-1"))
    tree.put("nova/compute/marked.py", b"\xef\xbb\xbf" + small_tree.CALLER.encode())
    tree.put("nova/compute/unended.py", small_tree.CALLER.rstrip("\n"))
    tree.put("nova/compute/feeds.py", "\x0c\n" + small_tree.CALLER + "\n\x0c\nx = 1  \t\n")
    tree.put("nova/compute/from.py", small_tree.CALLER + '"""\nFrom here\n---\n-- \n"""\n')
    tree.put("nova/compute/broken.py", "# conductor_api.service_get_all\ndef f(:\n")
    return tree


def expected(tree: SmallTree) -> dict[str, bytes]:
    """The tree's files after the run, from memory."""
    changes = run(Config(tree.root)).changes
    assert changes
    return {**tree.contents(), **{change.path: change.after for change in changes}}


@pytest.mark.parametrize(
    "program", [["git", "apply", "-"], ["patch", "-p1", "--no-backup-if-mismatch"]]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_diff_applies_and_gives_exactly_the_result(
    program: list[str], newline: str, awkward: SmallTree
):
    awkward.put(CALLER, small_tree.CALLER.replace("\n", newline))
    awkward.commit()
    after = expected(awkward)
    diff = awkward.run("--diff").stdout
    if program[0] == "patch":
        # without it patch takes the carriage returns of a CRLF file for mail's
        program = [*program, "--binary"]
    done = subprocess.run(program, input=diff, cwd=awkward.root, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == b""
    assert awkward.contents() == after


def test_the_series_applies_without_a_warning_and_gives_exactly_the_result(
    awkward: SmallTree, tmp_path: pathlib.Path
):
    awkward.commit()
    after = expected(awkward)
    series = tmp_path / "series"
    assert awkward.run("--patches", str(series)).returncode == 4
    patches = sorted(str(path) for path in series.glob("*.patch"))
    done = awkward.git("am", "--whitespace=nowarn", *patches)
    assert done.stderr == ""
    assert awkward.contents() == after
    assert awkward.git("status", "--porcelain").stdout == ""
    count = awkward.git("rev-list", "--count", "HEAD").stdout
    assert int(count) == len(patches) + 1
    bodies = awkward.git("log", "--format=%B", f"-{len(patches)}").stdout
    blueprint = "Partially implements blueprint make-resource-tracker-use-objects"
    assert bodies.count(blueprint) == len(patches)
    assert all(len(line) <= 72 for line in bodies.splitlines())


def test_a_series_over_carriage_returns_applies_when_they_are_kept(
    tree: SmallTree, tmp_path: pathlib.Path
):
    tree.put(CALLER, small_tree.CALLER.replace("\n", "\r\n"))
    tree.commit()
    after = expected(tree)
    tree.run("--patches", str(tmp_path / "series"))
    patches = sorted(map(str, (tmp_path / "series").glob("000[1-9]*")))
    # git has more to say of carriage returns in any mail, so only the outcome counts
    tree.git("am", "--keep-cr", "--whitespace=nowarn", *patches)
    assert tree.contents() == after


def test_the_report_is_what_its_schema_says(awkward: SmallTree, tmp_path: pathlib.Path):
    path = tmp_path / "report.json"
    awkward.run("--report", str(path))
    jsonschema.Draft202012Validator.check_schema(schema())
    report = json.loads(path.read_text())
    jsonschema.Draft202012Validator(schema()).validate(report)
    assert report["edits"]
    assert report["left"]
    assert report["failures"]


def test_the_schema_refuses_what_is_no_report():
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema()).validate({"format": 2})


def test_summary_report_and_cover_letter_say_the_same(awkward: SmallTree, tmp_path: pathlib.Path):
    path, series = tmp_path / "report.json", tmp_path / "series"
    done = awkward.run("--report", str(path), "--patches", str(series))
    report = json.loads(path.read_text())
    summary = done.stdout.decode()
    cover = (series / "0000-cover-letter.txt").read_text()
    totals = report["totals"]
    assert totals["found"] == len([p for p in awkward.contents() if p.endswith(".py")])
    assert totals["failed"] == 1
    assert totals["left"] == len(report["left"])
    assert totals["changed"] == len(report["changed"])
    line = (
        "{found} files = {changed} changed + {unchanged} unchanged"
        " + {not_considered} not considered + {failed} failed"
    ).format(**totals)
    assert line in summary
    assert line.replace(" files", " found") in " ".join(cover.split())
    for row in report["items"]:
        numbers = (str(row["files"]), str(row["edits"]), str(row["left"]))
        assert (row["item"], *numbers) in [tuple(one.split()) for one in summary.splitlines()]
        shown = r" {} {} files?, {} edits?, {} left".format(re.escape(row["item"]), *numbers)
        is_shown = re.search(shown, re.sub(" +", " ", cover)) is not None
        assert is_shown == any(number != "0" for number in numbers)
    for one in report["left"]:
        assert f"{one['path']}:{one['line']}" in summary
        group = cover.partition(f"  {one['code']}, ")[2].partition("\n\n")[0]
        assert re.search(rf"^ +[1-9]\d* {re.escape(one['path'])}$", group, re.M)
    counts = re.findall(r"^  ([a-z.-]+), (\d+) places?:", cover, re.M)
    assert sum(int(count) for _, count in counts) == len(report["left"])


@pytest.mark.parametrize("words", [("--diff",), ("--check",), (), ("--report", "/dev/null")])
def test_nothing_is_touched_unless_asked(words: tuple[str, ...], tree: SmallTree):
    before = tree.contents()
    tree.run(*words)
    assert tree.contents() == before


def test_a_second_run_finds_nothing_to_do(awkward: SmallTree):
    after = expected(awkward)
    assert awkward.run("--write", "--force").returncode == 4
    assert awkward.contents() == after
    assert awkward.run("--check").returncode == 4
    assert awkward.run("--diff").stdout == b""
    assert awkward.run("--write", "--force").returncode == 4
    assert awkward.contents() == after


def test_jobs_and_hash_seeds_make_no_difference(awkward: SmallTree, tmp_path: pathlib.Path):
    seen = set()
    for jobs, seed in (("1", "0"), ("2", "0"), ("1", "1"), ("2", "4711")):
        place = tmp_path / f"{jobs}-{seed}"
        words = ("--diff", "--patches", str(place), "--report", str(place / "report.json"))
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = awkward.run(*words, "--jobs", jobs, env=environment)
        assert done.returncode == 4
        files = tuple((p.name, p.read_bytes()) for p in sorted(place.iterdir()))
        seen.add((done.stdout, done.stderr.replace(str(place).encode(), b"DIR"), files))
    assert len(seen) == 1


def test_a_report_may_go_into_a_pipe(tree: SmallTree):
    done = tree.run("--quiet", "--report", "/dev/stdout")
    assert json.loads(done.stdout)["format"] == 2
