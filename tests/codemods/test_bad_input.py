# SPDX-License-Identifier: Apache-2.0
"""Input and machines that misbehave: a clear message, the rest goes on, no file is half written."""

import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import small_tree
from conftest import SmallTree

from codemods.config import Config
from codemods.engine import run

CALLER = "nova/compute/example.py"


def totals(tree: SmallTree, tmp_path: pathlib.Path, *words: str) -> dict[str, int]:
    """The totals of a run, which reconcile whatever the input is."""
    report = tmp_path / "report.json"
    tree.run("--report", str(report), *words)
    numbers: dict[str, int] = json.loads(report.read_text())["totals"]
    parts = ("changed", "unchanged", "not_considered", "failed")
    assert numbers["found"] == sum(numbers[part] for part in parts)
    return numbers


def complaint(done: "subprocess.CompletedProcess[bytes]", path: str) -> str:
    """The one line in which a run says what is wrong with a file."""
    lines = [line for line in done.stderr.decode().splitlines() if f"codemods: {path}: " in line]
    assert len(lines) == 1, done.stderr.decode()
    return lines[0]


# files that cannot be read or parsed

UNPARSED = {
    "undecodable": (b"# conductor_api.service_get_all\nx = '\xff\xfe'\n", "encoding"),
    "unknown-encoding": (
        b"# -*- coding: klingon -*-\n# conductor_api.service_get_all\n",
        "encoding",
    ),
    "lying-encoding": ("# coding: ascii\n# conductor_api.service_get_all é\n".encode(), None),
    "syntax": (b"# conductor_api.service_get_all\ndef f(:\n", "line 2"),
    "null-byte": (b"# conductor_api.service_get_all\nx = 1\x00\n", "null byte"),
    "deep-parentheses": (
        b"# conductor_api.service_get_all\nx = " + b"(" * 100_000 + b")" * 100_000 + b"\n",
        "deep|nested",
    ),
    "deep-difference": (
        b"# conductor_api.service_get_all\nx = " + b" - ".join([b"1"] * 2_000) + b"\n",
        "deep",
    ),
    "deep-sum": (
        b"# conductor_api.service_get_all\nx = " + b" + ".join([b"1"] * 50_000) + b"\n",
        "deep",
    ),
    "deep-blocks": (
        b"# conductor_api.service_get_all\n"
        + b"".join(b" " * n + b"if x:\n" for n in range(300))
        + b" " * 300
        + b"pass\n",
        "deep|indent",
    ),
    "utf-16": ("# conductor_api.service_get_all\nx = 1\n".encode("utf-16"), None),
}


@pytest.mark.parametrize("name", [n for n, (_, said) in UNPARSED.items() if said is not None])
def test_a_file_that_cannot_be_parsed_is_named_and_the_rest_goes_on(
    name: str, tree: SmallTree, tmp_path: pathlib.Path
):
    data, said = UNPARSED[name]
    tree.put("nova/compute/broken.py", data)
    done = tree.run("--write", "--force")
    assert done.returncode == 4, done.stderr.decode()
    line = complaint(done, "nova/compute/broken.py")
    assert re.search(f": parse: .*({said})", line), line
    assert line.count("; ") >= 1, "the remedy follows"
    assert b"Traceback" not in done.stderr
    assert tree.contents()["nova/compute/broken.py"] == data
    # the handle stays for what that file may do with it
    assert b"conductor_api." not in tree.contents()[CALLER]
    assert totals(tree, tmp_path)["failed"] == 1


@pytest.mark.parametrize("name", [n for n, (_, said) in UNPARSED.items() if said is None])
def test_a_file_that_python_would_take_or_nobody_asks_for_is_no_crash(
    name: str, tree: SmallTree, tmp_path: pathlib.Path
):
    tree.put("nova/compute/broken.py", UNPARSED[name][0])
    done = tree.run("--write", "--force")
    assert done.returncode in (0, 4)
    assert b"Traceback" not in done.stderr
    assert tree.contents()["nova/compute/broken.py"] == UNPARSED[name][0]
    totals(tree, tmp_path)


def test_a_file_whose_name_is_no_text_is_named_and_the_rest_goes_on(tree: SmallTree):
    name = os.fsencode(tree.root) + b"/nova/compute/caf\xe9.py"
    try:
        with open(name, "wb") as file:
            file.write(b"from nova import conductor\n")
    except OSError:
        pytest.skip("the file system wants names that are UTF-8")
    done = tree.run("--write", "--force")
    assert done.returncode == 4, done.stderr.decode()
    assert complaint(done, r"nova/compute/caf\udce9.py").endswith("; rename it")
    assert b"conductor_api." not in tree.contents()[CALLER]


def test_links_that_lead_nowhere_and_a_directory_with_a_files_name(
    tree: SmallTree, tmp_path: pathlib.Path
):
    top = tree.root / "nova/compute"
    (top / "dead.py").symlink_to("gone.py")
    (top / "circular.py").symlink_to("circular.py")
    (top / "folder.py").mkdir()
    (top / "folder.py/inside.py").write_text(small_tree.CALLER)
    done = tree.run("--write", "--force")
    assert done.returncode == 4
    assert "mend or remove the link" in complaint(done, "nova/compute/dead.py")
    assert "mend or remove the link" in complaint(done, "nova/compute/circular.py")
    assert b"folder.py" not in done.stderr
    assert b"conductor" not in tree.contents()[CALLER]
    assert b"conductor" not in (top / "folder.py/inside.py").read_bytes()
    assert totals(tree, tmp_path)["failed"] == 2


def test_a_link_to_a_directory_above_does_not_go_round_for_ever(
    tree: SmallTree, tmp_path: pathlib.Path
):
    before = totals(tree, tmp_path)
    (tree.root / "nova/compute/again").symlink_to(tree.root / "nova")
    (tree.root / "nova/compute/again.py").symlink_to(tree.root / "nova")
    after = totals(tree, tmp_path)
    assert after["found"] == before["found"]
    assert after["failed"] == 0


@pytest.mark.parametrize("kind", ["fifo", "socket", "device"])
def test_a_file_that_is_no_file_does_not_hang_the_run(
    kind: str, tree: SmallTree, tmp_path: pathlib.Path
):
    odd = tree.root / "nova/compute/odd.py"
    if kind == "fifo":
        os.mkfifo(odd)
    elif kind == "socket":
        os.mknod(odd, 0o140644)
    else:
        odd.symlink_to("/dev/zero")
    done = tree.run("--write", "--force", timeout=30)
    assert done.returncode == 4
    assert "regular file" in complaint(done, "nova/compute/odd.py")
    assert totals(tree, tmp_path)["failed"] == 1


def test_a_linked_file_is_written_through_and_stays_a_link(tree: SmallTree):
    tree.put("elsewhere/real.py", small_tree.CALLER)
    link = tree.root / "nova/compute/linked.py"
    link.symlink_to("../../elsewhere/real.py")
    assert tree.run("--write", "--force").returncode == 0
    assert link.is_symlink()
    assert b"conductor" not in (tree.root / "elsewhere/real.py").read_bytes()


# trees that are none, and usage


def test_a_directory_without_the_package_is_wrong_usage(tmp_path: pathlib.Path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/a.py").write_text("x = 1\n")
    done = SmallTree(tmp_path).run()
    assert done.returncode == 2
    assert b"not a nova tree" in done.stderr
    assert b"name the directory that holds the nova package" in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_package_itself_is_not_taken_for_the_tree(tree: SmallTree):
    done = SmallTree(tree.root / "nova").run("--write")
    assert done.returncode == 2
    assert b"name the directory that holds the nova package" in done.stderr


@pytest.mark.parametrize("name", ["missing", "file"])
def test_no_directory_at_all_is_wrong_usage(name: str, tmp_path: pathlib.Path):
    (tmp_path / "file").write_text("")
    done = SmallTree(tmp_path / name).run()
    assert done.returncode == 2
    assert name.encode() in done.stderr


@pytest.mark.parametrize(
    "text",
    ["[[parameter]]\nfunction = 3\n", "[[parameter]\n", "[other]\n", "parameter = 3\n", "\x00"],
)
def test_bad_assumptions_are_wrong_usage(text: str, tree: SmallTree, tmp_path: pathlib.Path):
    facts = tmp_path / "facts.toml"
    facts.write_text(text)
    done = tree.run("--assume", str(facts))
    assert done.returncode == 2, done.stderr.decode()
    assert b"facts.toml" in done.stderr
    assert b"Traceback" not in done.stderr


def test_assumptions_that_are_not_there_are_wrong_usage(tree: SmallTree, tmp_path: pathlib.Path):
    done = tree.run("--assume", str(tmp_path / "none.toml"))
    assert done.returncode == 2
    assert b"none.toml" in done.stderr


# git


def test_a_dirty_work_tree_is_refused_and_force_overrules(tree: SmallTree):
    tree.commit()
    tree.put("nova/compute/bystander.py", small_tree.BYSTANDER + "# more\n")
    before = tree.contents()
    done = tree.run("--write")
    assert done.returncode == 2
    assert b"nova/compute/bystander.py" in done.stderr
    assert b"--force" in done.stderr
    assert tree.contents() == before
    assert tree.run("--write", "--force").returncode == 0
    after = tree.contents()
    assert b"conductor" not in after[CALLER]
    assert after["nova/compute/bystander.py"] == before["nova/compute/bystander.py"]


def test_a_staged_change_is_a_change(tree: SmallTree):
    tree.commit()
    tree.put("nova/compute/bystander.py", small_tree.BYSTANDER + "# more\n")
    tree.git("add", "-A")
    assert tree.run("--write").returncode == 2


def test_a_clean_work_tree_is_written(tree: SmallTree):
    tree.commit()
    assert tree.run("--write").returncode == 0
    assert tree.git("status", "--porcelain").stdout.split() == ["M", CALLER]


def test_reading_a_dirty_work_tree_is_nobodys_business(tree: SmallTree):
    tree.commit()
    tree.put("nova/compute/bystander.py", small_tree.BYSTANDER + "# more\n")
    assert tree.run("--check").returncode == 1


# a machine that cannot write


@pytest.fixture
def full(tmp_path: pathlib.Path) -> Iterator[SmallTree]:
    """A small tree on a file system of its own that has no room left."""
    place = tmp_path / "full"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(place)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a file system")
    try:
        made = SmallTree(place)
        for path, text in small_tree.files().items():
            made.put(path, text)
        with (place / "filling").open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        yield made
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_on_a_full_disk_every_file_stays_as_it_was(full: SmallTree):
    before = full.contents()
    done = full.run("--write", "--force")
    assert done.returncode == 4
    line = complaint(done, CALLER)
    assert ": write: No space left on device; make room" in line
    assert full.contents() == before
    (full.root / "filling").unlink()
    assert full.run("--write", "--force").returncode == 0
    assert b"conductor" not in full.contents()[CALLER]


def test_outputs_on_a_full_disk_are_named(full: SmallTree, tmp_path: pathlib.Path):
    before = full.contents()
    for words in (("--patches", full.root / "series"), ("--report", full.root / "report.json")):
        done = full.run(*map(str, words))
        assert done.returncode == 4, done.stderr.decode()
        assert b"No space left on device" in done.stderr
        assert str(words[1]).encode() in done.stderr
        assert b"Traceback" not in done.stderr
    after = {path: data for path, data in full.contents().items() if path in before}
    assert after == before


#: Runs a command that may write no file larger than that.
WITHIN_50_000_BYTES = """
import os, resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_a_file_too_large_for_the_limit_stays_as_it_was(tree: SmallTree):
    large = small_tree.CALLER + "# filling\n" * 20_000
    tree.put("nova/compute/large.py", large)

    done = subprocess.run(
        [sys.executable, "-c", WITHIN_50_000_BYTES, *tree.command("--write", "--force")],
        capture_output=True,
    )
    assert done.returncode == 4
    assert "File too large" in complaint(done, "nova/compute/large.py")
    expected = {path: text.encode() for path, text in small_tree.files().items()}
    assert tree.contents() == {**expected, "nova/compute/large.py": large.encode()}


def test_a_directory_that_cannot_be_written_is_named(tree: SmallTree):
    tree.put("nova/locked/one.py", small_tree.CALLER)
    place = tree.root / "nova/locked"
    before = tree.contents()["nova/locked/one.py"]
    read_only = ["mount", "-t", "tmpfs", "none", str(place)]
    if subprocess.run(read_only, capture_output=True).returncode:
        pytest.skip("needs the right to mount a file system")
    try:
        tree.put("nova/locked/one.py", small_tree.CALLER)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        done = tree.run("--write", "--force")
        assert done.returncode == 4
        line = complaint(done, "nova/locked/one.py")
        assert "Read-only file system" in line
        assert "every file is as it was" in line
        assert (place / "one.py").read_bytes() == before
        assert tree.contents()[CALLER].decode() == small_tree.CALLER
    finally:
        subprocess.run(["umount", str(place)], check=True)


# somebody stops the run

MANY = 120


@pytest.fixture
def many(tree: SmallTree) -> SmallTree:
    """A tree with enough to write that a run can be stopped in the middle."""
    for number in range(MANY):
        path = tree.put(f"nova/compute/many_{number:03}.py", small_tree.CALLER)
        path.chmod((0o644, 0o600, 0o755, 0o640)[number % 4])
    return tree


def _stopped(many: SmallTree, sent: signal.Signals, after: int) -> tuple[int, str]:
    """Stop a run once `after` files are new; its exit status and what it said."""
    first = many.root / f"nova/compute/many_{after:03}.py"
    old = first.stat().st_ino
    process = subprocess.Popen(
        many.command("--write", "--force"), stderr=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + 60
        while first.stat().st_ino == old and process.poll() is None:
            assert time.monotonic() < until
        process.send_signal(sent)
        said = process.communicate(timeout=60)[1]
    finally:
        process.kill()
        process.wait()
    return process.returncode, said


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("after", [0, 40])
def test_stopped_in_the_middle_every_file_is_old_or_new_and_whole(
    sent: signal.Signals, after: int, many: SmallTree, tmp_path: pathlib.Path
):
    before = many.contents()
    modes = {path: (many.root / path).stat().st_mode for path in before}
    status, said = _stopped(many, sent, after)
    left = many.contents()
    new = small_tree_after(tmp_path)
    states = {
        path: "old" if left[path] == before[path] else "new" if left[path] == new else "broken"
        for path in before
        if "many" in path
    }
    assert "broken" not in states.values()
    assert {path: (many.root / path).stat().st_mode for path in before} == modes
    # a killed process cannot tidy up; whatever it leaves is no module
    extra = [path for path in left if path not in before]
    assert not [path for path in extra if path.endswith(".py")]
    over = "old" not in states.values() and status == 0
    if sent is signal.SIGINT and not over:
        assert status == 130
        assert "no file is half written" in said
        assert "Traceback" not in said
        assert extra == []
    assert many.run("--write", "--force").returncode == 0
    assert {path: (many.root / path).stat().st_mode for path in before} == modes
    assert all(many.contents()[path] == new for path in states)
    assert many.contents().keys() == before.keys()


def small_tree_after(tmp_path: pathlib.Path) -> bytes:
    """What a whole run makes of the caller."""
    other = SmallTree(tmp_path / "whole")
    for path, text in small_tree.files().items():
        other.put(path, text)
    assert other.run("--write", "--force").returncode == 0
    return other.contents()[CALLER]


# what a file is apart from its text


def spelled(text: str, newline: str, encoding: str, mark: bytes, last: bool) -> bytes:
    """`text` in the line ending and encoding, with or without the last line's end."""
    text = text if last else text.rstrip("\n")
    declared = f"# -*- coding: {encoding} -*-\n" if encoding != "utf-8" else ""
    return mark + (declared + text).replace("\n", newline).encode(encoding)


SHAPES = [
    pytest.param(*shape, id="-".join(map(str, shape)).replace("\r", "cr").replace("\n", "lf"))
    for shape in itertools.product(
        ("\n", "\r\n"), ("utf-8", "latin-1", "marked"), (True, False), (0o644, 0o4711)
    )
]


@pytest.mark.parametrize(("newline", "encoding", "last", "mode"), SHAPES)
def test_a_files_shape_outlives_the_edit(
    newline: str, encoding: str, last: bool, mode: int, tree: SmallTree
):
    mark = b"\xef\xbb\xbf" if encoding == "marked" else b""
    encoding = "utf-8" if encoding == "marked" else encoding
    accent = "\n\nNAME = 'café \t'  \n# über, the last line\n"
    (change,) = run(Config(tree.root)).changes
    after = change.after.decode() + accent
    path = tree.put(CALLER, spelled(small_tree.CALLER + accent, newline, encoding, mark, last))
    path.chmod(mode)
    done = tree.run("--write", "--force")
    assert done.returncode == 0, done.stderr.decode()
    assert path.read_bytes() == spelled(after, newline, encoding, mark, last)
    assert path.stat().st_mode & 0o7777 == mode


def test_mixed_line_endings_and_form_feeds_are_kept(tree: SmallTree):
    head, tail = b"# one\r\n# two\n\x0c\n# three\r\n", b"\n\x0c\n# four\r\nx = 1  \t\n"
    tree.put(CALLER, head + small_tree.CALLER.encode() + tail)
    done = tree.run("--write", "--force")
    assert done.returncode == 0, done.stderr.decode()
    after = tree.contents()[CALLER]
    assert after.startswith(head)
    assert after.endswith(tail)
    assert b"conductor" not in after
    middle = after[len(head) : -len(tail)]
    assert b"\r" not in middle


# size


def test_many_megabytes_with_nothing_to_do_cost_no_parse(tree: SmallTree, tmp_path: pathlib.Path):
    tree.put("nova/compute/data.py", b"DATA = [\n" + b"    'some text',\n" * 200_000 + b"]\n")
    assert totals(tree, tmp_path)["changed"] == 1


def test_a_file_beyond_the_limit_is_a_failure_that_says_so(tree: SmallTree, tmp_path: pathlib.Path):
    path = tree.put("nova/compute/data.py", b"")
    os.truncate(path, 33 * 1024 * 1024)
    done = tree.run("--write", "--force")
    assert done.returncode == 4
    line = complaint(done, "nova/compute/data.py")
    assert "larger than" in line
    assert "make the file readable" not in line
    assert totals(tree, tmp_path)["failed"] == 1


@pytest.mark.parametrize("piece", [b"x = [1, 2]\n", b"(", b"'''\n", b"print 1L,\n", b"#\\\n"])
def test_a_large_file_that_must_be_parsed_is_no_crash(piece: bytes, tree: SmallTree):
    head = small_tree.CALLER.encode() + b"\n"
    tree.put("nova/compute/data.py", head + piece * (200_000 // len(piece)))
    done = tree.run("--write", "--force", timeout=100)
    assert done.returncode in (0, 4)
    assert b"Traceback" not in done.stderr


# exit status


def test_exit_statuses_add_up(tree: SmallTree):
    assert tree.run().returncode == 0
    assert tree.run("--check").returncode == 1
    tree.put("nova/compute/broken.py", UNPARSED["syntax"][0])
    assert tree.run().returncode == 4
    assert tree.run("--check").returncode == 5
    assert tree.run("--no-such-option").returncode == 2
    assert tree.run("--only", "nothing").returncode == 2
    (tree.root / CALLER).unlink()
    assert tree.run("--check").returncode == 4
    (tree.root / "nova/compute/broken.py").unlink()
    assert tree.run("--check").returncode == 0


def test_a_tree_that_is_half_rewritten_is_finished(tree: SmallTree, tmp_path: pathlib.Path):
    whole = small_tree_after(tmp_path)
    assert tree.run("--write", "--force", "--only", "service").returncode == 0
    half = tree.contents()[CALLER]
    assert half != whole
    assert b"objects.Service" in half
    assert b"conductor" in half
    assert tree.run("--write", "--force").returncode == 0
    assert tree.contents()[CALLER] == whole
