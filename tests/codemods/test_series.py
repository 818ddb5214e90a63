# SPDX-License-Identifier: Apache-2.0
"""The series as git sees it: applied, merged with what has drifted, and with what git knows."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest
import small_tree
from conftest import SmallTree

from codemods.config import Config
from codemods.engine import run
from codemods.outputs.letter import BLUEPRINT

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "tracker"
CALLER = "nova/compute/example.py"


@pytest.fixture
def example(tmp_path: pathlib.Path) -> SmallTree:
    """The bundled example, whose series has patches upon patches, as a git checkout."""
    root = tmp_path / "tree"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__"))
    made = SmallTree(root)
    made.commit()
    return made


def written(tree: SmallTree, directory: pathlib.Path, *words: str) -> tuple[list[str], str]:
    """The patches of a run, in order, and what it said."""
    done = tree.run("--patches", str(directory), *words)
    assert done.returncode == 0, done.stderr.decode()
    return sorted(str(path) for path in directory.glob("*.patch")), done.stdout.decode()


def printed_command(said: str) -> str:
    """The command that a run says applies its patches."""
    return said.partition("to apply the patches:\n")[2].strip()


def shell(command: str) -> None:
    """Run a command as whoever reads it would."""
    identity = {f"GIT_{who}_{what}": "somebody" for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")}  # fmt: skip
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, env={**os.environ, **identity}
    )
    assert done.returncode == 0, done.stdout + done.stderr


def after(tree: SmallTree) -> dict[str, bytes]:
    """The tree's files once rewritten."""
    return {
        **tree.contents(),
        **{change.path: change.after for change in run(Config(tree.root)).changes},
    }


def test_the_command_that_is_printed_applies_the_series(example: SmallTree, tmp_path: pathlib.Path):
    expected = after(example)
    _, said = written(example, tmp_path / "a series")
    command = printed_command(said)
    assert command == f"git -C {example.root} am '{tmp_path}/a series'/*.patch"
    shell(command)
    assert example.contents() == expected


def test_without_git_the_command_is_patch(tree: SmallTree, tmp_path: pathlib.Path):
    tree.put(CALLER, small_tree.CALLER.replace("\n", "\r\n"))
    expected = after(tree)
    _, said = written(tree, tmp_path / "series")
    assert printed_command(said).endswith(f"| patch -p1 -d {tree.root} --binary")
    shell(printed_command(said))
    assert tree.contents() == expected


def test_a_tree_within_a_checkout_is_applied_to_from_its_top(tmp_path: pathlib.Path):
    top = SmallTree(tmp_path / "top")
    tree = SmallTree(top.root / "inner")
    for path, text in small_tree.files().items():
        tree.put(path, text)
    top.commit()
    expected = after(tree)
    _, said = written(tree, tmp_path / "series")
    assert "--directory=inner" in printed_command(said)
    shell(printed_command(said))
    assert tree.contents() == expected


def test_a_tree_of_which_the_checkout_around_knows_nothing(tmp_path: pathlib.Path):
    top = SmallTree(tmp_path / "top")
    top.put("README", "mine\n")
    top.commit()
    tree = SmallTree(top.root / "unpacked")
    for path, text in small_tree.files().items():
        tree.put(path, text)
    _, said = written(tree, tmp_path / "series")
    assert printed_command(said).endswith(f"| patch -p1 -d {tree.root}")


def drifted(text: str, path: str, patches: list[str]) -> str:
    """A file with a line of a fork's own in the context of the last patch that allows it."""
    for patch in reversed(patches):
        _, _, rest = pathlib.Path(patch).read_text().partition(f"+++ b/{path}\n")
        for hunk in re.split("^@@.*\n", rest.partition("\ndiff --git")[0], flags=re.M)[1:]:
            first, *others = (line[1:] for line in hunk.split("\n")[:3])
            context = "\n".join([first, *others, ""])
            if "import" not in hunk and text.count(context) == 1:
                drift = "\n".join([first, "# a line of the fork's own", *others, ""])
                return text.replace(context, drift)
    raise AssertionError(path)


def test_three_files_that_have_drifted_are_merged(example: SmallTree, tmp_path: pathlib.Path):
    patches, _ = written(example, tmp_path / "series")
    paths = ("nova/compute/tracker.py", "nova/service.py", "nova/virt/host.py")
    for path in paths:
        example.put(path, drifted((example.root / path).read_text(), path, patches))
    example.git("commit", "-qam", "Drift")
    with pytest.raises(subprocess.CalledProcessError):
        example.git("am", *patches)
    example.git("am", "--abort")
    example.git("am", "-3", *patches)
    for path in paths:
        text = (example.root / path).read_text()
        assert "conductor_api." not in text
        assert "a line of the fork's own" in text


def test_each_patch_names_the_blobs_that_it_makes(example: SmallTree, tmp_path: pathlib.Path):
    for patch in written(example, tmp_path / "series")[0]:
        example.git("am", patch)
        text = pathlib.Path(patch).read_text()
        named = re.findall(
            r"^diff --git a/(\S+) .*\n(?:new file.*\n)?index \w+\.\.(\w+)", text, re.M
        )
        assert named
        for path, blob in named:
            assert example.git("rev-parse", f"HEAD:{path}").stdout.strip() == blob


def test_a_hunk_names_its_method(example: SmallTree, tmp_path: pathlib.Path):
    patches, _ = written(example, tmp_path / "series")
    text = pathlib.Path(patches[1]).read_text()
    assert re.search(r"^@@ .* @@ def _add_migrations\(", text, re.M)


def test_the_mode_of_a_program_stays(tree: SmallTree, tmp_path: pathlib.Path):
    (tree.root / CALLER).chmod(0o755)
    tree.commit()
    (patch, *_), _ = written(tree, tmp_path / "series")
    assert " 100755\n" in pathlib.Path(patch).read_text()
    tree.git("am", patch)
    assert (tree.root / CALLER).stat().st_mode & 0o111


# what git has no file of


def test_what_a_link_leads_to_is_changed_once(tree: SmallTree, tmp_path: pathlib.Path):
    tree.put("elsewhere/real.py", small_tree.CALLER)
    (tree.root / "nova/compute/linked.py").symlink_to("../../elsewhere/real.py")
    (tree.root / "nova/compute/again.py").symlink_to("example.py")
    tree.commit()
    patches, said = written(tree, tmp_path / "series")
    text = "".join(pathlib.Path(patch).read_text() for patch in patches)
    assert "linked.py" not in text
    assert "again.py" not in text
    shell(printed_command(said))
    assert b"conductor" not in tree.contents()["elsewhere/real.py"]
    assert (tree.root / "nova/compute/linked.py").is_symlink()
    diff = tree.run("--diff", "--quiet").stdout
    assert diff == b""


def test_a_diff_applies_where_there_are_links(tree: SmallTree):
    tree.put("elsewhere/real.py", small_tree.CALLER)
    (tree.root / "nova/compute/linked.py").symlink_to("../../elsewhere/real.py")
    tree.commit()
    diff = tree.run("--diff", "--quiet").stdout
    done = subprocess.run(["git", "apply", "-"], input=diff, cwd=tree.root, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"conductor" not in tree.contents()["elsewhere/real.py"]


def test_what_no_patch_can_carry_is_told(tree: SmallTree, tmp_path: pathlib.Path):
    tree.put(".gitignore", "local_*.py\n")
    tree.put("nova/compute/local_ignored.py", small_tree.CALLER)
    tree.commit()
    tree.put("nova/compute/untracked.py", small_tree.CALLER)
    patches, said = written(tree, tmp_path / "series")
    text = "".join(pathlib.Path(patch).read_text() for patch in patches)
    cover = (tmp_path / "series/0000-cover-letter.txt").read_text()
    for name, reason in (
        ("local_ignored", "git does not track it"),
        ("untracked", "git does not track it"),
    ):
        assert f"in no patch: nova/compute/{name}.py: {reason}\n" in said
        assert f"  nova/compute/{name}.py: {reason}\n" in cover
        assert f"{name}.py" not in text
    tree.git("am", *patches)


def test_a_checkout_that_turns_line_ends(tree: SmallTree, tmp_path: pathlib.Path):
    tree.put(".gitattributes", "*.py text eol=crlf\n")
    tree.commit()
    for path in list(tree.contents()):
        (tree.root / path).unlink()
    tree.git("checkout", "-q", "--", ".")
    assert b"\r\n" in tree.contents()[CALLER]
    expected = after(tree)
    patches, said = written(tree, tmp_path / "series")
    assert b"\r" not in pathlib.Path(patches[0]).read_bytes()
    assert "base-commit: " in pathlib.Path(patches[0]).read_text()
    shell(printed_command(said))
    assert tree.contents() == expected


# whose, for what, and on what


def test_the_base_is_named_where_it_is_what_was_read(tree: SmallTree, tmp_path: pathlib.Path):
    tree.commit()
    line = f"\nbase-commit: {tree.git('rev-parse', 'HEAD').stdout}"
    patches, _ = written(tree, tmp_path / "series")
    cover = tmp_path / "series/0000-cover-letter.txt"
    assert line + "-- \n" in pathlib.Path(patches[0]).read_text()
    assert line in cover.read_text()
    assert not any(line in pathlib.Path(patch).read_text() for patch in patches[1:])
    tree.put(CALLER, small_tree.CALLER + "# more\n")
    for words in ((), ("add", "-A")):
        if words:
            tree.git(*words)
        patches, _ = written(tree, tmp_path / "series")
        assert "base-commit" not in pathlib.Path(patches[0]).read_text() + cover.read_text()


def test_the_author_is_who_is_named_or_git_knows_or_the_tool(
    tree: SmallTree, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    tree.commit()

    def authors(*words: str) -> set[str]:
        patches, _ = written(tree, tmp_path / "series", *words)
        texts = [pathlib.Path(patch).read_text() for patch in patches]
        return {re.search("^From: (.*)$", text, re.M)[1] for text in texts}  # type: ignore[index]

    assert authors() == {"nova-objects-codemods <nova-objects-codemods@localhost>"}
    tree.git("config", "user.name", "A Person")
    tree.git("config", "user.email", "person@example.org")
    assert authors() == {"A Person <person@example.org>"}
    assert authors("--author", "B <b@example.org>") == {"B <b@example.org>"}
    wrong = tree.run("--patches", str(tmp_path / "series"), "--author", "somebody")
    assert wrong.returncode == 2
    assert b"--author" in wrong.stderr


def messages(tree: SmallTree, directory: pathlib.Path, *words: str) -> list[str]:
    """What git makes of the patches' messages."""
    count = len(written(tree, directory, *words)[0])
    tree.git("checkout", "-q", "-B", "applied", "master")
    tree.git("am", *sorted(str(path) for path in directory.glob("*.patch")))
    found = tree.git("log", "--format=%B%x00", f"-{count}").stdout.split("\0")[:-1]
    tree.git("checkout", "-q", "master")
    return [one.strip() for one in found]


def test_the_last_lines_are_those_asked_for(tree: SmallTree, tmp_path: pathlib.Path):
    tree.commit()
    assert all(one.endswith(f"\n\n{BLUEPRINT}") for one in messages(tree, tmp_path / "series"))
    lines = ("Partially-Implements: blueprint other", "Related-Bug: #1")
    words = [word for line in lines for word in ("--trailer", line)]
    found = messages(tree, tmp_path / "series", *words)
    assert all(one.endswith("\n\n" + "\n".join(lines)) for one in found)
    assert tree.run("--trailer", "two\nlines").returncode == 2


def test_a_change_keeps_its_id(tree: SmallTree, tmp_path: pathlib.Path):
    tree.commit()
    ids = [
        re.search(r"\nChange-Id: (I[0-9a-f]{40})$", one)
        for one in messages(tree, tmp_path / "series", "--change-id")
    ]
    found = [one[1] for one in ids if one]
    assert len(set(found)) == len(ids)
    tree.put(CALLER, small_tree.CALLER + "# more\n")
    tree.git("commit", "-qam", "More")
    later = " ".join(messages(tree, tmp_path / "series", "--change-id"))
    assert all(one in later for one in found)


# the directory


def test_only_patches_of_the_tools_own_are_removed(tree: SmallTree, tmp_path: pathlib.Path):
    series = tmp_path / "series"
    patches, _ = written(tree, series)
    old = series / "0009-of-another-run.patch"
    old.write_bytes(pathlib.Path(patches[0]).read_bytes())
    mine = {"0008-mine.patch": "From: me\nSubject: mine\n\nX-Made-By: nova-objects-codemods\n"}
    mine |= {"notes.txt": "mine", "0007-empty.patch": ""}
    for name, text in mine.items():
        (series / name).write_text(text)
    expected = {path.name: path.read_bytes() for path in series.iterdir() if path != old}
    written(tree, series)
    assert {path.name: path.read_bytes() for path in series.iterdir()} == expected


def test_a_name_that_is_taken_is_refused(tree: SmallTree, tmp_path: pathlib.Path):
    series = tmp_path / "series"
    patches, _ = written(tree, series)
    taken = pathlib.Path(patches[-1])
    taken.write_text("From: me\n\nmine\n")
    before = {path.name: path.read_bytes() for path in series.iterdir()}
    done = tree.run("--patches", str(series))
    assert done.returncode == 4
    assert str(taken) in done.stderr.decode()
    assert {path.name: path.read_bytes() for path in series.iterdir()} == before


def test_the_bytes_are_the_same_wherever_it_is_made(
    tree: SmallTree, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
):
    made = []
    for place, zone, words in (("a", "UTC", ()), ("b", "Asia/Tokyo", ("--jobs", "2"))):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setenv("GIT_DIR", "/nowhere")
        written(tree, tmp_path / place, *words, "--author", "A <a@example.org>")
        made.append({path.name: path.read_bytes() for path in (tmp_path / place).iterdir()})
    assert made[0] == made[1]
    assert not any(str(tmp_path).encode() in content for content in made[0].values())


def test_a_machine_without_git_is_told(tree: SmallTree, tmp_path: pathlib.Path):
    done = tree.run("--patches", str(tmp_path / "series"), env={**os.environ, "PATH": "/nowhere"})
    assert done.returncode == 4
    assert b"install git" in done.stderr
    assert not (tmp_path / "series").exists()


def test_which_patch_needs_which_is_so(example: SmallTree, tmp_path: pathlib.Path):
    patches, _ = written(example, tmp_path / "series")
    cover = (tmp_path / "series/0000-cover-letter.txt").read_text()
    alone = re.search("^  ([0-9, ]+): none$", cover, re.M)
    assert alone
    needed = {number: list[str]() for number in alone[1].split(", ")}
    for number, others in re.findall("^  ([0-9]{4}): needs ([0-9, ]+)$", cover, re.M):
        needed[number] = others.split(", ")
    assert sorted(needed) == [f"{number:04}" for number in range(1, len(patches) + 1)]
    assert any(len(others) < int(number) - 1 for number, others in needed.items())
    for number, others in needed.items():
        example.git("checkout", "-q", "-B", "tried", "master")
        example.git("am", *(patches[int(one) - 1] for one in [*others, number]))
