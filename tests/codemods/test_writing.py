# SPDX-License-Identifier: Apache-2.0
"""A tree is written as a whole or not at all, whatever happens on the way."""

import collections
import gc
import itertools
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import types

import pytest
import small_tree
from conftest import SmallTree

from codemods.config import Config
from codemods.engine import run
from codemods.errors import OutputFailed
from codemods.model import Change
from codemods.outputs.journal import JOURNAL
from codemods.outputs.tree import undo_cut_off, was_cut_off, write_changes

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "tracker"
CALLER = "nova/compute/example.py"

BEFORE = {"a.py": b"old a\n", "b.py": b"old b\n"}
AFTER = {"a.py": b"new a\n", "b.py": b"new b\n", "made/deep/c.py": b"new c\n"}
CHANGES = [Change(path, BEFORE.get(path), after) for path, after in AFTER.items()]

#: Writes the changes, and dies or is refused at the so-many-th call that has an effect on files.
PROGRAM = """
import os, pathlib, sys
from codemods.model import Change
from codemods.outputs import tree

root, nth, ending = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
count = 0

def counted(real):
    def call(*words, **named):
        global count
        count += 1
        if count == nth and ending == "dies":
            os._exit(9)
        if count == nth and ending == "interrupted":
            raise KeyboardInterrupt
        if count == nth:
            raise OSError(28, "No space left on device")
        return real(*words, **named)
    return call

for name in ("replace", "link", "mkdir", "chmod", "unlink", "rmdir", "fsync"):
    setattr(os, name, counted(getattr(os, name)))
failures = tree.write_changes(root, [Change(*one) for one in {changes!r}])
sys.exit(4 if failures else 0 if count >= nth else 77)
"""


@pytest.fixture
def place(tmp_path: pathlib.Path) -> SmallTree:
    """Two files that are to be changed; a third is to be made."""
    made = SmallTree(tmp_path / "place")
    for path, content in BEFORE.items():
        made.put(path, content)
    (made.root / "a.py").chmod(0o750)
    return made


def ended(place: SmallTree, nth: int, ending: str) -> int:
    """Write the changes with something happening at the nth step; the exit status."""
    program = PROGRAM.format(changes=[(one.path, one.before, one.after) for one in CHANGES])
    words = [sys.executable, "-c", program, str(place.root), str(nth), ending]
    return subprocess.run(words, capture_output=True).returncode


def begin_again(place: SmallTree) -> None:
    """Have the files as they were before anything was written."""
    shutil.rmtree(place.root / "made", ignore_errors=True)
    for path, content in BEFORE.items():
        place.put(path, content)


def entries(place: SmallTree) -> set[str]:
    return {path.relative_to(place.root).as_posix() for path in place.root.rglob("*")}


def test_what_is_there_is_replaced_and_what_is_missing_made(place: SmallTree):
    assert write_changes(place.root, CHANGES) == []
    assert place.contents() == AFTER
    assert entries(place) == {"a.py", "b.py", "made", "made/deep", "made/deep/c.py"}
    assert (place.root / "a.py").stat().st_mode & 0o777 == 0o750


def steps(place: SmallTree, ending: str) -> "itertools.takewhile[tuple[int, int]]":
    """Each step of the writing, with the exit status when something happens there."""
    return itertools.takewhile(
        lambda one: one[1] != 77, ((nth, ended(place, nth, ending)) for nth in itertools.count(1))
    )


def test_cut_off_anywhere_the_next_run_finds_the_tree_whole(place: SmallTree):
    seen = []
    for nth, status in steps(place, "dies"):
        assert status == 9
        half = place.contents()
        undo_cut_off(place.root)
        whole = place.contents()
        assert whole in (BEFORE, AFTER), nth
        assert (place.root / "a.py").stat().st_mode & 0o777 == 0o750
        assert not was_cut_off(place.root)
        assert entries(place) <= {*AFTER, "made", "made/deep"}
        seen.append((half == whole, whole == AFTER))
        begin_again(place)
    assert len(seen) > 15
    assert (False, False) in seen, "some were undone"


@pytest.mark.parametrize("ending", ["refused", "interrupted"])
def test_refused_anywhere_every_file_is_as_it_was(ending: str, place: SmallTree):
    done = 0
    for nth, status in steps(place, ending):
        files = {path: data for path, data in place.contents().items() if JOURNAL not in path}
        if files == AFTER:
            # there was another way, or it was only tidying up
            begin_again(place)
            shutil.rmtree(place.root / JOURNAL, ignore_errors=True)
            continue
        assert status == (4 if ending == "refused" else -signal.SIGINT)
        assert place.contents() == BEFORE, nth
        assert entries(place) == set(BEFORE), nth
        done += 1
    assert done > 10


class Interrupter:
    """Sends SIGINT at the nth line that is executed, in whatever module that is."""

    def __init__(self, nth: int) -> None:
        self.nth = nth
        self.executed = 0

    def __call__(self, frame: types.FrameType, event: str, _: object) -> "Interrupter":
        if event == "line":
            self.executed += 1
            if self.executed == self.nth:
                signal.raise_signal(signal.SIGINT)
        return self


def lines_executed(nth: int, root: pathlib.Path) -> int:
    """Write the changes with an interrupt at the nth line; the number of lines executed."""
    sent = Interrupter(nth)
    # a process in the background ignores the signal
    handler, before = signal.signal(signal.SIGINT, signal.default_int_handler), sys.gettrace()
    sys.settrace(sent)
    try:
        write_changes(root, CHANGES)
    except KeyboardInterrupt:
        pass
    else:
        assert sent.executed < nth, "it was swallowed"
    finally:
        sys.settrace(before)
        signal.signal(signal.SIGINT, handler)
    return sent.executed


# between open() and its `with`, only the collector closes the file
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_interrupted_at_any_line_the_tree_is_whole(place: SmallTree):
    count = lines_executed(sys.maxsize, place.root)
    written = []
    # the last ones remove the journal, most of them in shutil.rmtree()
    for nth in (*range(1, count - 250, 11), *range(count - 250, count)):
        begin_again(place)
        lines_executed(nth, place.root)
        undo_cut_off(place.root)
        assert place.contents() in (BEFORE, AFTER), nth
        assert entries(place) <= {*AFTER, "made", "made/deep"}, nth
        written.append(place.contents() == AFTER)
    gc.collect()
    assert True in written
    assert False in written


def test_what_somebody_changed_after_the_cut_stays(place: SmallTree):
    nth = 0
    while not (place.root / "b.py").read_bytes().startswith(b"new"):
        undo_cut_off(place.root)
        nth += 1
        assert ended(place, nth, "dies") == 9
    place.put("b.py", "mine\n")
    assert undo_cut_off(place.root) == ["b.py"]
    assert place.contents() == {**BEFORE, "b.py": b"mine\n"}


def test_two_runs_do_not_write_at_once(place: SmallTree):
    (place.root / JOURNAL).mkdir()
    with pytest.raises(OutputFailed, match="another run is writing"):
        write_changes(place.root, CHANGES)
    assert place.contents() == BEFORE
    assert undo_cut_off(place.root) == []
    assert write_changes(place.root, CHANGES) == []


# as the command has it


@pytest.fixture
def cut_off(tree: SmallTree) -> SmallTree:
    """A tree that a run has left half written."""
    tree.put("nova/compute/second.py", small_tree.CALLER)
    tree.commit()
    program = (
        "import os, sys\n"
        "from codemods.outputs import tree\n"
        "real = os.replace\n"
        "def replace(old, new):\n"
        "    if str(new).endswith('second.py'):\n"
        "        os._exit(9)\n"
        "    real(old, new)\n"
        "os.replace = replace\n"
        "from codemods.cli import main\n"
        f"main(['run', {str(tree.root)!r}, '--write'])\n"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True).returncode == 9
    assert b"objects" in tree.contents()[CALLER]
    assert b"objects" not in tree.contents()["nova/compute/second.py"]
    return tree


def test_a_half_written_tree_is_not_taken_for_one(cut_off: SmallTree):
    before = cut_off.contents()
    for words in ((), ("--diff",), ("--check",)):
        done = cut_off.run(*words)
        assert done.returncode == 2
        assert b"was cut off" in done.stderr
    assert cut_off.contents() == before


@pytest.mark.parametrize("words", [(), ("--force",)])
def test_the_next_run_writes_it_whole(cut_off: SmallTree, words: tuple[str, ...]):
    done = cut_off.run("--write", *words)
    assert done.returncode == 0, done.stderr.decode()
    assert b"a run that was cut off has been undone" in done.stderr
    after = cut_off.contents()
    assert after[CALLER] == after["nova/compute/second.py"]
    assert b"conductor" not in after[CALLER]
    assert not any(".codemods" in path for path in after)


@pytest.mark.parametrize("kind", ["no git", "not tracked", "a file not tracked", "no program"])
def test_what_git_could_not_give_back_is_not_written_over(kind: str, tree: SmallTree):
    env = dict(os.environ)
    if kind == "not tracked":
        tree.put("README", "mine\n")
        tree.git("init", "-q")
        tree.git("add", "README")
        tree.git("commit", "-qm", "Start")
    elif kind == "a file not tracked":
        tree.commit()
        tree.put("nova/compute/second.py", small_tree.CALLER)
    elif kind == "no program":
        tree.commit()
        env["PATH"] = "/nowhere"
    before = tree.contents()
    done = tree.run("--write", env=env)
    assert done.returncode == 2
    assert b"git does not track it" in done.stderr
    assert b"--force" in done.stderr
    assert tree.contents() == before
    assert tree.run("--write", "--force", env=env).returncode == 0
    assert b"conductor" not in tree.contents()[CALLER]


@pytest.mark.parametrize("seed", range(6))
def test_over_a_half_written_tree_no_line_is_doubled(seed: int, tmp_path: pathlib.Path):
    whole = run(Config(EXAMPLE))
    shutil.copytree(EXAMPLE, tmp_path / "half", ignore=shutil.ignore_patterns("__pycache__"))
    chosen = random.Random(seed)
    for change in whole.changes:
        if chosen.random() < 0.5:
            (tmp_path / "half" / change.path).write_bytes(change.after)
    half = SmallTree(tmp_path / "half")
    done = half.run("--write", "--force")
    assert done.returncode == 0, done.stderr.decode()
    for change in whole.changes:
        lines = collections.Counter(half.contents()[change.path].splitlines())
        before = collections.Counter((change.before or b"").splitlines())
        after = collections.Counter(change.after.splitlines())
        doubled = [line for line in lines if lines[line] > max(before[line], after[line])]
        assert not [line for line in doubled if line.strip()], change.path
