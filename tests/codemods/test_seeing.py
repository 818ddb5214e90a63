# SPDX-License-Identifier: Apache-2.0
"""What a run shows of itself, and where."""

import itertools
import json
import os
import pathlib
import subprocess

import older_tree
import pytest
import small_tree
from click.testing import CliRunner, Result
from conftest import SmallTree
from pseudo_terminal import in_terminal

from codemods.cli import main
from codemods.cli.progress import Far, remaining
from codemods.config import Config
from codemods.engine import run

ESCAPE = "\x1b["


def called(tree: SmallTree, *words: str) -> Result:
    """What `codemods run` says of a tree, in this process."""
    return CliRunner().invoke(main, ["run", str(tree.root), *words])


def closed_at_once(words: list[str], **environment: str) -> tuple[int, str]:
    """How a command ends whose reader has left before it wrote; and what it says of that."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as out:
        done = subprocess.run(
            words,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            env={**os.environ, **environment},
        )
    return done.returncode, done.stderr


# pipes


@pytest.mark.parametrize(
    ("words", "status"),
    [
        pytest.param([], 0, id="summary"),
        pytest.param(["--diff"], 0, id="diff"),
        pytest.param(["--diff", "--check"], 1, id="would change"),
        pytest.param(["--patches", "-"], 0, id="patches"),
        pytest.param(["--report", "-"], 0, id="report"),
        pytest.param(["--format", "github"], 0, id="annotations"),
    ],
)
@pytest.mark.parametrize("buffered", ["", "1"])
def test_a_reader_who_leaves_is_no_change(
    tree: SmallTree, words: list[str], status: int, buffered: str
):
    ended = closed_at_once(tree.command(*words), PYTHONUNBUFFERED=buffered)
    assert ended[0] == status
    assert "Error" not in ended[1]
    assert "Traceback" not in ended[1]


def test_what_goes_to_files_is_written_without_a_reader(tree: SmallTree):
    report = tree.root / "report.json"
    assert closed_at_once(tree.command("--diff", "--report", str(report)))[0] == 0
    assert json.loads(report.read_text())["totals"]["changed"] == 1


@pytest.mark.parametrize("words", [["rules"], ["reasons"], ["rules", "get_to_attribute"]])
def test_lists_without_a_reader(tree: SmallTree, words: list[str]):
    assert closed_at_once([tree.command()[0], *words], PYTHONUNBUFFERED="1") == (0, "")


# standard output


def test_the_report_on_standard_output(tree: SmallTree):
    done = called(tree, "--report", "-")
    assert json.loads(done.stdout)["changed"] == ["nova/compute/example.py"]
    assert "1 changed" in done.stderr


def test_the_patches_on_standard_output_apply(tree: SmallTree):
    tree.commit()
    done = tree.run("--patches", "-")
    assert done.stdout.startswith(b"From ")
    assert b"to apply the patches" not in done.stdout + done.stderr
    applied = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "am"],
        input=done.stdout,
        cwd=tree.root,
        capture_output=True,
    )
    assert applied.returncode == 0, applied.stderr
    assert len(tree.git("log", "--oneline").stdout.splitlines()) == 4
    again = called(tree)
    assert "nothing to change" in again.stdout


@pytest.mark.parametrize(
    "words", [["--diff", "--report", "-"], ["--patches", "-", "--report", "-"]]
)
def test_two_things_do_not_mix_on_standard_output(tree: SmallTree, words: list[str]):
    done = called(tree, *words)
    assert done.exit_code == 2
    assert "would mix on standard output" in done.output


# the summary


def named(tree: SmallTree, title: str) -> set[str]:
    """The paths below a title of the summary."""
    lines = called(tree).stdout.splitlines()
    below = lines[lines.index(title) + 1 :] if title in lines else []
    return {line.strip() for line in itertools.takewhile(lambda line: line[:4] == "    ", below)}


@pytest.mark.parametrize("files", [small_tree.files(), older_tree.files()])
def test_the_files_are_named(tmp_path: pathlib.Path, files: dict[str, str]):
    tree = SmallTree(tmp_path)
    for path, text in files.items():
        tree.put(path, text)
    changes = run(Config(tree.root)).changes
    assert named(tree, "changed:") == {one.path for one in changes if one.before is not None}
    assert named(tree, "new:") == {one.path for one in changes if one.before is None}


def test_the_files_with_how_much_changes_in_each(tree: SmallTree):
    done = called(tree, "--stat", "--quiet")
    assert done.stdout.splitlines()[:2] == [
        " nova/compute/example.py | 9 ++++-----",
        " 1 file changed, 4 insertions(+), 5 deletions(-)",
    ]
    assert "changed:" not in called(tree, "--stat").stdout


def test_nothing_to_do_is_said_and_no_series_written(tree: SmallTree):
    tree.root.joinpath("nova/compute/example.py").write_text("")
    series = tree.root / "series"
    done = called(tree, "--patches", str(series))
    assert done.exit_code == 0
    assert "nothing to change" in done.stdout
    assert "no series is written" in done.stdout
    assert not series.exists()


def test_a_series_that_is_over_is_taken_away(tree: SmallTree):
    series = tree.root / "series"
    called(tree, "--patches", str(series))
    (series / "notes").write_text("mine")
    assert len(list(series.glob("*.patch"))) == 3
    tree.root.joinpath("nova/compute/example.py").write_text("")
    called(tree, "--patches", str(series))
    assert [path.name for path in series.iterdir()] == ["notes"]


def test_verbose_says_what_took_how_long_and_what_was_read(tree: SmallTree):
    done = called(tree, "--verbose")
    loaded = dict(run(Config(tree.root)).loaded)
    assert "nova/compute/bystander.py" not in loaded
    for path, why in loaded.items():
        assert f"    {path}: {why}" in done.stderr.splitlines()
    assert loaded["nova/compute/example.py"] == "may call the conductor for rows"
    for stage in ("read", "infer", "rewrite", "series"):
        assert any(line.startswith(f"{stage} ") for line in done.stderr.splitlines())
    assert "seconds" not in called(tree).output


# colours


@pytest.mark.parametrize(
    ("words", "env", "is_colored"),
    [
        pytest.param([], {}, True, id="on a terminal"),
        pytest.param([], {"NO_COLOR": "1"}, False, id="with NO_COLOR"),
        pytest.param([], {"NO_COLOR": ""}, True, id="with NO_COLOR that says nothing"),
        pytest.param([], {"TERM": "dumb"}, False, id="on a dumb one"),
        pytest.param(["--color", "never"], {}, False, id="never"),
        pytest.param(["--color", "always"], {"NO_COLOR": "1"}, True, id="always"),
    ],
)
def test_the_diff_on_a_terminal(
    tree: SmallTree, words: list[str], env: dict[str, str], is_colored: bool
):
    shown = in_terminal(tree.command("--diff", "--quiet", *words), env=env)
    assert shown.status == 0
    assert (f"{ESCAPE}32m+" in shown.text) is is_colored
    assert ("objects.Service.get_by_compute_host(" in shown.text) is True
    assert is_colored or ESCAPE not in shown.text


def test_a_diff_in_a_file_has_no_colours_unless_asked_for(tree: SmallTree):
    assert ESCAPE.encode() not in tree.run("--diff").stdout
    assert ESCAPE.encode() in tree.run("--diff", "--color", "always").stdout
    assert ESCAPE.encode() not in tree.run("--color", "auto").stdout


# progress


def test_somebody_at_a_terminal_sees_how_far_it_is(tree: SmallTree):
    for stage in ("inferring", "rewriting"):
        assert stage in in_terminal(tree.command()).text
    assert "rewriting" not in in_terminal(tree.command("--quiet")).text


def test_every_stage_moves_and_nothing_goes_back(tree: SmallTree):
    seen: list[tuple[str, float]] = []
    far = Far()

    def watch(stage: str, done: int, total: int) -> None:
        far.moves(stage, done, total)
        seen.append((stage, far.fraction))

    run(Config(tree.root), watch)
    for stage in ("inferring", "rewriting"):
        fractions = [fraction for name, fraction in seen if name == stage]
        assert len(set(fractions)) > 1
    fractions = [fraction for _, fraction in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] <= 1


def test_going_through_a_stage_again_does_not_go_back():
    far = Far()
    far.moves("rewriting", 10, 20)
    before = far.fraction
    far.moves("inferring", 10, 0)
    assert far.fraction == before


@pytest.mark.parametrize(
    ("elapsed", "fraction", "said"),
    [
        (0.1, 0.5, ""),
        (10.0, 0.0, ""),
        (10.0, 0.5, "about 10 s left"),
        (30.0, 0.25, "about 1:30 left"),
        (20.0, 0.5, "about 20 s left"),
    ],
)
def test_what_is_left(elapsed: float, fraction: float, said: str):
    assert remaining(elapsed, fraction) == said
