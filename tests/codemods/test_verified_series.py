# SPDX-License-Identifier: Apache-2.0
"""`codemods verify`: each patch tried in a copy of the tree, which nobody sees afterwards."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import zlib

import jsonschema
import pytest
import small_tree
from conftest import SmallTree

from codemods.errors import GitFailed, MissingExtra
from codemods.outputs.failed_tests import failed_tests
from codemods.outputs.proof import proven
from codemods.outputs.report import schema
from codemods.trials import Trial, Verification

CALLER = "nova/compute/example.py"


def verify(tree: SmallTree, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run `codemods verify` on the tree."""
    script = str(pathlib.Path(sys.executable).with_name("codemods"))
    return subprocess.run(
        [script, "verify", str(tree.root), *words],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    )


def rows(said: str) -> dict[str, list[str]]:
    """The table's rows by the patches' numbers, or by the first word."""
    found = [line.split() for line in said.splitlines() if line.strip()]
    table = [line for line in found if line[0].endswith(".patch") or line[0] == "before"]
    return {line[0][:4]: line[1:] for line in table}


@pytest.mark.parametrize("is_checkout", [True, False])
def test_each_patch_is_tried_and_the_tree_is_left_alone(is_checkout: bool, tree: SmallTree):
    if is_checkout:
        tree.commit()
        objects = tree.git("count-objects").stdout
    before = tree.contents()
    command = f"grep -q 'objects.Service' {CALLER} && touch nova/left_behind.py"
    done = verify(tree, "--exec", command, "--python", sys.executable)
    assert done.returncode == 1
    table = rows(done.stdout)
    # the first patch is the flavor's, the service's comes second
    assert table["0001"][:5] == ["yes", "yes", "1", "0", "0"]
    assert table["0002"][:5] == ["yes", "yes", "0", "0", "0"]
    assert "2 of 3 patches hold" in done.stdout
    assert tree.contents() == before
    if is_checkout:
        assert tree.git("status", "--porcelain").stdout == ""
        assert tree.git("worktree", "list").stdout.count("\n") == 1
        assert tree.git("count-objects").stdout == objects


def test_what_is_not_committed_is_tried_as_well(tree: SmallTree):
    tree.put("nova/gone.py", "")
    tree.commit()
    (tree.root / "nova/gone.py").unlink()
    tree.put(CALLER, small_tree.CALLER + "MORE = 1\n")
    tree.put("nova/new.py", "")
    done = verify(
        tree, "--exec", f"grep MORE {CALLER} && test -e nova/new.py && ! test -e nova/gone.py"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 of 3 patches hold" in done.stdout


def test_a_tree_within_a_checkout(tmp_path: pathlib.Path):
    top = SmallTree(tmp_path / "top")
    tree = SmallTree(top.root / "inner")
    for path, text in small_tree.files().items():
        tree.put(path, text)
    top.commit()
    done = verify(tree, "--exec", f"test -e {CALLER}")
    assert done.returncode == 0, done.stdout + done.stderr


#: Prints what a runner prints: that a test fails, and another one once the conductor is left.
RUNNER = f"""
import sys
print("FAIL: nova.tests.test_old.Case.test_old")
if "objects" in open({CALLER!r}).read():
    print("FAIL: nova.tests.test_new.Case.test_new")
sys.exit(1)
"""


def test_what_failed_before_the_series_does_not_count(tree: SmallTree, tmp_path: pathlib.Path):
    runner = tmp_path / "runner.py"
    runner.write_text(RUNNER.replace("objects", "no such word"))
    command = f"{sys.executable} {runner}"
    assert verify(tree, "--exec", command).returncode == 1
    done = verify(tree, "--exec", command, "--baseline")
    assert done.returncode == 0, done.stdout
    assert rows(done.stdout)["befo"][-3:-1] == ["1", "1"]
    runner.write_text(RUNNER)
    done = verify(tree, "--exec", command, "--baseline")
    assert done.returncode == 1
    assert "0 of 3 patches hold" in done.stdout
    assert "failed: nova.tests.test_new.Case.test_new" in done.stdout
    assert "failed: nova.tests.test_old" not in done.stdout


def test_the_outputs_say_what_was_found(tree: SmallTree, tmp_path: pathlib.Path):
    runner = tmp_path / "runner.py"
    runner.write_text(RUNNER)
    path, series = tmp_path / "report.json", tmp_path / "series"
    command = f"{sys.executable} {runner}"
    words = ("--baseline", "--report", str(path), "--patches", str(series))
    verify(tree, "--exec", command, *words)
    report = json.loads(path.read_text())
    jsonschema.validate(report, schema())
    found = report["verification"]
    assert found["command"] == command
    assert found["baseline"]["failed"] == ["nova.tests.test_old.Case.test_old"]
    assert [one["patch"] for one in found["patches"]] == [
        one.name for one in sorted(series.glob("*.patch"))
    ]
    for one in found["patches"]:
        assert not one["holds"]
        assert one["new_failures"] == ["nova.tests.test_new.Case.test_new"]
    cover = (series / "0000-cover-letter.txt").read_text()
    assert f"Run after each patch, on top of the earlier ones:\n\n  {command}\n" in cover
    assert "  before: status 1, 1 test failed\n" in cover
    assert "  0003: status 1, 2 tests failed, 1 of them new\n" in cover


def test_a_file_that_does_not_compile_is_named(tree: SmallTree, tmp_path: pathlib.Path):
    old = tmp_path / "python"
    old.write_text(f"#!{sys.executable}\nimport sys\nsys.stdout.write(sys.stdin.read() + chr(0))\n")
    old.chmod(0o755)
    done = verify(tree, "--exec", "true", "--python", str(old))
    assert done.returncode == 1
    assert f"{CALLER} does not compile" in done.stdout
    assert rows(done.stdout)["0001"][:2] == ["yes", "no"]
    assert verify(tree, "--exec", "true", "--python", "no-such-python").returncode == 2


def test_a_patch_that_does_not_apply_is_the_last(tree: SmallTree, tmp_path: pathlib.Path):
    patches = [tmp_path / "0001-not.patch", tmp_path / "0002-never.patch"]
    for patch in patches:
        patch.write_text("From: a <a@b.c>\nSubject: [PATCH] x\n\n---\ndiff --git a/x b/x\n"
                         "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n")  # fmt: skip
    found = proven(tree.root, patches, "true")
    assert [trial.patch for trial in found.trials] == ["0001-not.patch"]
    assert "x" in found.trials[0].refused
    assert not found.holds(found.trials[0])


def is_running(process: str) -> bool:
    """Whether a process goes on; one that nobody has asked how it ended does not."""
    try:
        stat = pathlib.Path("/proc", process, "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ended_in_the_middle_nothing_is_left(
    sent: signal.Signals, tree: SmallTree, tmp_path: pathlib.Path
):
    tree.commit()
    (tmp_path / "scratch").mkdir()
    begun, script = tmp_path / "begun", pathlib.Path(sys.executable).with_name("codemods")
    command = f"pwd > {begun}; sleep 100 & echo $! >> {begun}; wait"
    process = subprocess.Popen(
        [str(script), "verify", str(tree.root), "--exec", command],
        env={**os.environ, "TMPDIR": str(tmp_path / "scratch")},
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 60
    while not begun.exists() or begun.read_text().count("\n") < 2:
        assert time.monotonic() < until
        time.sleep(0.05)
    process.send_signal(sent)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "interrupted" in said
    place, child = begun.read_text().split()
    assert not pathlib.Path(place).exists()
    assert list((tmp_path / "scratch").iterdir()) == []
    until = time.monotonic() + 10
    while is_running(child):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert tree.git("worktree", "list").stdout.count("\n") == 1


def test_a_machine_without_git_is_told(tree: SmallTree, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(GitFailed, match="install git"):
        proven(tree.root, [], "true")


TRIALS = [
    # the baseline's status and tests, the patch's, whether the patch holds
    pytest.param(None, (0, ()), True, id="well"),
    pytest.param(None, (1, ()), False, id="a status alone"),
    pytest.param(None, (1, ("a",)), False, id="a test"),
    pytest.param((1, ()), (1, ()), True, id="a status as before"),
    pytest.param((1, ()), (2, ()), False, id="another status"),
    pytest.param((1, ("a",)), (1, ("a",)), True, id="a test as before"),
    pytest.param((1, ("a", "b")), (1, ("b",)), True, id="fewer tests"),
    pytest.param((1, ("a",)), (0, ()), True, id="no test any more"),
    pytest.param((1, ("a",)), (1, ("a", "b")), False, id="another test"),
    pytest.param((1, ("a",)), (1, ("b",)), False, id="another instead"),
    pytest.param((1, ("a",)), (1, ()), False, id="the runner itself"),
    pytest.param((1, ()), (1, ("a",)), False, id="tests where there was a status"),
]


@pytest.mark.parametrize(("before", "after", "holds"), TRIALS)
def test_when_a_patch_holds(
    before: tuple[int, tuple[str, ...]] | None, after: tuple[int, tuple[str, ...]], holds: bool
):
    baseline = None if before is None else Trial("", status=before[0], failed=before[1])
    known = () if before is None else before[1]
    trial = Trial("0001", status=after[0], failed=after[1], known=known)
    assert Verification("", "", baseline, (trial,)).holds(trial) is holds


# what the runners print, by the runners themselves

CASES = """
import unittest


class Case(unittest.TestCase):
    def test_fails(self):
        self.fail("FAILED x::y")

    def test_is_wrong(self):
        raise ValueError

    def test_is_right(self):
        pass

    @unittest.expectedFailure
    def test_is_right_unexpectedly(self):
        pass
"""
WRONG = {"test_fails", "test_is_wrong", "test_is_right_unexpectedly"}


@pytest.fixture
def cases(tmp_path: pathlib.Path) -> pathlib.Path:
    """A module of tests, some of which fail."""
    (tmp_path / "test_cases.py").write_text(CASES)
    return tmp_path


def ran(place: pathlib.Path, *words: str) -> frozenset[str]:
    program = [sys.executable, "-B", "-m", *words]
    done = subprocess.run(program, cwd=place, stdout=-1, stderr=subprocess.STDOUT)
    return failed_tests(done.stdout)


def test_pytest_says_what_failed(cases: pathlib.Path):
    found = ran(cases, "pytest", "-p", "no:cacheprovider", "test_cases.py")
    assert {name.rpartition("::")[2] for name in found} == WRONG


def test_unittest_of_python2_says_what_failed():
    assert failed_tests(b"FAIL: test_a (nova.tests.Case)\n") == {"nova.tests.Case.test_a"}


def test_unittest_says_what_failed(cases: pathlib.Path):
    found = ran(cases, "unittest", "test_cases")
    assert found == {f"test_cases.Case.{name}" for name in WRONG}


def test_testtools_says_what_failed(cases: pathlib.Path):
    pytest.importorskip("testtools")
    found = ran(cases, "testtools.run", "test_cases")
    assert found == {f"test_cases.Case.{name}" for name in WRONG}


@pytest.mark.parametrize("version", [1, 2])
def test_subunit_says_what_failed(version: int, cases: pathlib.Path):
    words = ["subunit.run", "test_cases"]
    if version == 2:
        assert ran(cases, *words) == {f"test_cases.Case.{name}" for name in WRONG}
        return
    done = subprocess.run([sys.executable, "-B", "-m", *words], cwd=cases, stdout=-1)
    older = [sys.executable, "-m", "subunit.filter_scripts.subunit_2to1"]
    said = subprocess.run(older, input=done.stdout, stdout=-1).stdout
    assert failed_tests(said) >= {f"test_cases.Case.{name}" for name in WRONG}


def test_subunit_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch):
    # a packet: version 2, with the test `a.b`, which failed
    packet = b"\xb3\x28\x06\x0c\x03a.b"
    packet += zlib.crc32(packet).to_bytes(4, "big")
    assert failed_tests(b"ran\n" + packet) == {"a.b"}
    monkeypatch.setitem(sys.modules, "subunit", None)
    with pytest.raises(MissingExtra, match=r"pip install 'nova-objects-codemods\[verify\]'"):
        failed_tests(packet)
    # what is text is not taken for a stream
    assert failed_tests("Adi\u00f3 -\n".encode()) == frozenset()


def test_nothing_is_read_into_what_is_no_list_of_tests():
    assert failed_tests(b"") == frozenset()
    said = b"error: something broke\nerror: Broken\nFAILED\n\xb3\x2b\xff\n"
    assert failed_tests(said) == frozenset()
