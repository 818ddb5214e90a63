# SPDX-License-Identifier: Apache-2.0
"""What SECURITY.md promises of a tree whose maker means ill, each tried by such a tree.

Every trap is sprung first by what would spring it, so that none is harmless by
accident; then the tool goes over the tree.
"""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Callable

import pytest
import small_tree
from conftest import SmallTree

from codemods.model import Change
from codemods.outputs.journal import JOURNAL
from codemods.outputs.tree import write_changes

CALLER = "nova/compute/example.py"
SECRET = "TOKEN_OF_SOMEBODY_ELSE"

#: A program that notes that it ran; as a filter, it gives back what it is given.
NOTING = '#!/bin/sh\necho "$1" >> {marks}\nif [ "$1" = filter ]; then cat; fi\nexit 0\n'

HOOKS = (
    *("applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "post-commit"),
    *("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"),
    *("pre-auto-gc", "post-rewrite", "prepare-commit-msg", "commit-msg", "post-merge"),
)


class Trap:
    """A tree of which a program may run; `sprung` says which have run since."""

    def __init__(self, tree: SmallTree, folder: pathlib.Path) -> None:
        self.tree = tree
        self._marks = folder / "marks"
        self.program = folder / "noting"
        self.program.write_text(NOTING.format(marks=self._marks))
        self.program.chmod(0o755)

    def called(self, name: str) -> pathlib.Path:
        """The program, for whom takes no words behind its name."""
        path = self.program.with_name(f"noting-{name}")
        path.write_text(f"#!/bin/sh\nexec {self.program} {name}\n")
        path.chmod(0o755)
        return path

    def sprung(self) -> set[str]:
        """What has run since this was last asked."""
        found = self._marks.read_text().split() if self._marks.exists() else []
        self._marks.unlink(missing_ok=True)
        return set(found)

    def python(self, name: str) -> str:
        """A Python program that notes that it ran."""
        return f"open({str(self._marks)!r}, 'a').write({name + chr(10)!r})\n"


@pytest.fixture
def trap(tree: SmallTree, tmp_path: pathlib.Path) -> Trap:
    return Trap(tree, tmp_path)


def commands(tree: SmallTree, folder: pathlib.Path) -> dict[str, list[str]]:
    """What is done with a tree that is looked at, by name."""
    script = str(pathlib.Path(sys.executable).with_name("codemods"))
    root = str(tree.root)
    words = [f"--{one}={folder / one}" for one in ("patches", "report", "html", "sarif")]
    trying = ["--exec", "true", "--baseline", "--python", sys.executable]
    return {
        "run": [script, "run", root, *words, "--diff"],
        "github": [script, "run", root, "--format", "github"],
        "verify": [script, "verify", root, *trying],
        "explain": [script, "explain", root, f"{CALLER}:1"],
        "write": [script, "run", root, "--write"],
    }


COMMANDS = ("run", "github", "verify", "explain", "write")


def tool(
    name: str, tree: SmallTree, folder: pathlib.Path, *words: str
) -> "subprocess.CompletedProcess[str]":
    """Do one of the things, where the tree is, as a person would."""
    command = [*commands(tree, folder)[name], *words]
    return subprocess.run(command, cwd=tree.root, capture_output=True, text=True, timeout=120)


# it runs nothing of what it reads

#: Modules that Python looks for without being told to, or that a warning needs.
MODULES = (
    *("sitecustomize", "usercustomize", "conftest", "setup", "codemods", "click"),
    *("linecache", "tokenize", "token", "ast", "re", "struct", "encodings"),
)


@pytest.mark.parametrize("name", COMMANDS)
def test_no_python_of_the_tree_is_run(name: str, trap: Trap, tmp_path: pathlib.Path):
    tree = trap.tree
    # Python warns of it when it compiles it
    tree.put(CALLER, small_tree.CALLER + "\n\nassert (1, 'always')\n")
    places = [f"{folder}{one}.py" for one in MODULES for folder in ("", "nova/")]
    places += ["nova/__init__.py", "nova/compute/__init__.py", "nova/objects/__init__.py"]
    for place in places:
        path = tree.root / place
        tree.put(place, trap.python(place) + (path.read_text() if path.exists() else ""))
    tree.put("setup.cfg", "[global]\ncommand_packages = setup\n")
    tree.commit()
    springs = tree.put("springs.py", "import nova.compute, nova.linecache, setup, linecache\n")
    subprocess.run([sys.executable, str(springs)], check=True)
    assert {"nova/__init__.py", "setup.py", "linecache.py"} <= trap.sprung()
    done = tool(name, tree, tmp_path)
    assert (done.returncode, trap.sprung()) == (0, set()), done.stderr


def git_traps(trap: Trap) -> None:
    """Let the repository name a program wherever git can be told of one."""
    tree, program = trap.tree, trap.program
    tree.put(".gitattributes", "*.py filter=evil diff=evil merge=evil\n*.cfg filter=process\n")
    tree.put("setup.cfg", "[metadata]\nname = nova\n")
    tree.commit()
    head = tree.git("rev-parse", "HEAD").stdout.strip()
    body = tree.git("cat-file", "commit", head).stdout
    signed = body.replace("\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n  \n\n", 1)
    words = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    commit = subprocess.check_output(words, cwd=tree.root, input=signed, text=True).strip()
    tree.git("update-ref", "HEAD", commit)
    for key, value in {
        "core.fsmonitor": f"{program} fsmonitor",
        "core.pager": f"{program} pager",
        "core.editor": f"{program} editor",
        "core.sshCommand": f"{program} ssh",
        "core.alternateRefsCommand": f"{program} alternates",
        "credential.helper": f"!{program} credential",
        "diff.external": f"{program} external",
        "diff.evil.command": f"{program} external",
        "diff.evil.textconv": f"{program} textconv",
        "filter.evil.clean": f"{program} filter",
        "filter.evil.smudge": f"{program} filter",
        "filter.evil.required": "true",
        "filter.process.process": f"{program} process",
        "gpg.program": str(trap.called("gpg")),
        "log.showSignature": "true",
        "merge.evil.driver": f"{program} merge",
        "uploadpack.packObjectsHook": f"{program} pack",
        "user.name": "Somebody",
        "user.email": "somebody@example.org",
    }.items():
        tree.git("config", key, value)
    for hook in HOOKS:
        path = tree.put(f".git/hooks/{hook}", f"#!/bin/sh\n{program} hook-{hook}\n")
        path.chmod(0o755)
    touch(tree)


def touch(tree: SmallTree) -> None:
    """Let every file look to git as if it had changed, with nothing changed."""
    for path in tree.root.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            os.utime(path, (1_000_000_000, 1_000_000_000))


def plain_git(tree: SmallTree, *words: str) -> None:
    """What somebody without any precaution does; whether it succeeds is not the question."""
    subprocess.run(["git", *words], cwd=tree.root, capture_output=True)


@pytest.mark.parametrize("name", COMMANDS)
def test_git_runs_no_program_of_the_repository(name: str, trap: Trap, tmp_path: pathlib.Path):
    tree = trap.tree
    git_traps(trap)
    trap.sprung()
    plain_git(tree, "status")
    plain_git(tree, "log", "-1")
    touch(tree)
    plain_git(tree, "diff", "HEAD")
    plain_git(tree, "branch", "another")
    known = {"fsmonitor", "filter", "process", "gpg", "hook-reference-transaction"}
    assert known <= trap.sprung()
    touch(tree)
    done = tool(name, tree, tmp_path)
    assert (done.returncode, trap.sprung()) == (0, set()), done.stderr
    if name == "write":
        assert b"conductor" not in tree.contents()[CALLER]


def test_a_filter_that_cannot_be_switched_off_is_not_asked(trap: Trap, tmp_path: pathlib.Path):
    tree = trap.tree
    tree.put(".gitattributes", "*.py filter=a=b\n")
    tree.commit()
    tree.git("config", "filter.a=b.clean", f"{trap.program} filter")
    touch(tree)
    plain_git(tree, "status")
    assert trap.sprung() == {"filter"}
    touch(tree)
    before = tree.contents()
    done = tool("write", tree, tmp_path)
    assert (done.returncode, trap.sprung()) == (2, set())
    assert tree.contents() == before
    assert tool("run", tree, tmp_path).returncode == 0
    assert tool("verify", tree, tmp_path).returncode == 4
    assert trap.sprung() == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_git_fetches_nothing_that_the_repository_lacks(
    name: str, trap: Trap, tmp_path: pathlib.Path
):
    tree = trap.tree
    tree.commit()
    head = tree.git("rev-parse", "HEAD").stdout.strip()
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": str(tmp_path),
        "remote.origin.uploadpack": f"{trap.program} uploadpack",
    }.items():
        tree.git("config", key, value)
    (tree.root / ".git/objects" / head[:2] / head[2:]).unlink()
    plain_git(tree, "log", "-1")
    assert trap.sprung() == {"uploadpack"}
    done = tool(name, tree, tmp_path)
    assert trap.sprung() == set()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_a_tree_that_looks_like_a_repository_is_none(name: str, trap: Trap, tmp_path: pathlib.Path):
    tree = trap.tree
    tree.git("init", "-q", "--bare", ".")
    tree.git("config", "core.bare", "false")
    tree.git("config", "core.worktree", str(tree.root))
    plain_git(tree, "add", "-A")
    tree.git("config", "core.fsmonitor", f"{trap.program} fsmonitor")
    plain_git(tree, "status")
    assert "fsmonitor" in trap.sprung()
    tool(name, tree, tmp_path)
    assert trap.sprung() == set()


# it follows no link out of the tree


@pytest.fixture
def outside(tmp_path: pathlib.Path) -> pathlib.Path:
    """A file beside the tree that would be rewritten if it were of the tree."""
    path = tmp_path / "elsewhere" / "outside.py"
    path.parent.mkdir()
    path.write_text(f"{small_tree.CALLER}\n\n{SECRET} = 1\n")
    return path


def leads_out(tree: SmallTree, outside: pathlib.Path) -> None:
    (tree.root / "nova/compute/absolute.py").symlink_to(outside)
    (tree.root / "nova/compute/relative.py").symlink_to(f"../../../elsewhere/{outside.name}")
    (tree.root / "nova/compute/chained.py").symlink_to("absolute.py")
    (tree.root / "nova/compute/folder").symlink_to(outside.parent)


@pytest.mark.parametrize("is_checkout", [True, False])
def test_no_link_is_followed_out_of_the_tree(
    is_checkout: bool, tree: SmallTree, outside: pathlib.Path, tmp_path: pathlib.Path
):
    leads_out(tree, outside)
    if is_checkout:
        tree.commit()
    assert SECRET in (tree.root / "nova/compute/relative.py").read_text(), "the links do lead there"
    assert SECRET in (tree.root / "nova/compute/folder" / outside.name).read_text()
    before = outside.read_bytes()
    made = tmp_path / "made"
    made.mkdir()
    done = tool("run", tree, made, "--write", "--force")
    assert done.returncode == 4
    for name in ("absolute", "relative", "chained"):
        line = f"nova/compute/{name}.py: read: a link that leads out of the tree; "
        assert line in done.stderr.replace("\n", " ")
    assert outside.read_bytes() == before
    assert os.listdir(outside.parent) == [outside.name]
    said = [path.read_text("utf-8", "replace") for path in made.rglob("*") if path.is_file()]
    assert len(said) > 4
    assert not [text for text in (*said, done.stdout, done.stderr) if SECRET in text]
    assert b"conductor" not in tree.contents()[CALLER]


def test_a_package_that_is_elsewhere_is_not_read(tree: SmallTree, tmp_path: pathlib.Path):
    shutil.move(tree.root / "nova", tmp_path / "nova")
    (tree.root / "nova").symlink_to(tmp_path / "nova")
    done = tool("run", tree, tmp_path)
    assert done.returncode == 2
    assert "a link that leads out of the tree" in done.stderr


@pytest.mark.parametrize("named", ["../elsewhere", "plugins"])
def test_what_is_included_is_of_the_tree(named: str, tree: SmallTree, outside: pathlib.Path):
    (tree.root / "plugins").symlink_to(outside.parent)
    done = tree.run("--include", named)
    assert done.returncode == 2
    assert SECRET.encode() not in done.stdout + done.stderr


@pytest.mark.parametrize("named", ["../elsewhere/outside.py:1", "nova/compute/absolute.py:1"])
def test_nothing_outside_is_explained(named: str, tree: SmallTree, outside: pathlib.Path):
    leads_out(tree, outside)
    outside.write_text(f"{SECRET} = 1\n" + outside.read_text())
    script = str(pathlib.Path(sys.executable).with_name("codemods"))
    words = [script, "explain", str(tree.root), named]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode != 0 or "not read" in done.stdout
    assert SECRET not in done.stdout + done.stderr


def test_a_report_is_believed_no_path_out_of_the_tree(
    tree: SmallTree, outside: pathlib.Path, tmp_path: pathlib.Path
):
    outside.write_text(small_tree.CALLER.replace("#", f"# {SECRET}") + f"{SECRET} = 1\n" * 60)
    tool("run", tree, tmp_path)
    report = tmp_path / "report"
    text = report.read_text()
    lying = text.replace(f'"{CALLER}"', '"../elsewhere/outside.py"')
    assert lying != text
    report.write_text(lying)
    script = str(pathlib.Path(sys.executable).with_name("codemods"))
    for line in range(1, 80):
        if f'"line": {line},' in lying:
            place = f"../elsewhere/outside.py:{line}"
            words = [script, "explain", str(tree.root), place, "--report", str(report)]
            done = subprocess.run(words, capture_output=True, text=True)
            assert SECRET not in done.stdout + done.stderr


# its configuration leads nowhere else


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(
    "line",
    [
        'rules = ["evil.py"]',
        'report = "../made.json"',
        'patches = "/{folder}/made"',
        'html = "link/made.html"',
        'assume = ["../elsewhere/outside.py"]',
        'include = ["../elsewhere"]',
        'exec = "touch made"',
    ],
)
def test_a_configuration_of_the_tree_says_nothing_of_what_is_outside(
    line: str, shared: bool, trap: Trap, outside: pathlib.Path, tmp_path: pathlib.Path
):
    tree = trap.tree
    tree.put("evil.py", trap.python("evil"))
    (tree.root / "link").symlink_to(outside.parent)
    line = line.format(folder=str(tmp_path).lstrip("/"))
    if shared:
        tree.put("pyproject.toml", f"[tool.codemods]\n{line}\n")
    else:
        tree.put("codemods.toml", f"{line}\n")
    before = whole(outside.parent)
    done = tree.run("--write", "--force")
    assert done.returncode == 2, done.stdout
    assert trap.sprung() == set()
    assert whole(outside.parent) == before
    assert not list(tmp_path.glob("made*"))


# it writes nothing outside of the tree


@pytest.fixture
def victim(tmp_path: pathlib.Path) -> pathlib.Path:
    """A file of somebody's, of which the maker of the tree knows what is in it."""
    path = tmp_path / "home" / "profile"
    path.parent.mkdir()
    path.write_text("umask 022\n")
    return path


def whole(folder: pathlib.Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() if one.is_file() else b"" for one in folder.rglob("*")}


def new(path: str) -> Change:
    return Change(path, None, b"evil\n")


@pytest.mark.parametrize("place", ["nova/link/profile", "nova/dangling.py", "../home/new.py"])
def test_no_new_file_is_made_through_a_link(place: str, tree: SmallTree, victim: pathlib.Path):
    (tree.root / "nova/link").symlink_to(victim.parent)
    (tree.root / "nova/dangling.py").symlink_to(victim.parent / "made.py")
    before, own = whole(victim.parent), tree.contents()
    (failure,) = write_changes(tree.root, [new("nova/fine.py"), new(place)])
    assert (failure.path, failure.reason) == (place, "a link that leads out of the tree")
    assert whole(victim.parent) == before
    assert tree.contents() == own


def test_a_link_where_the_new_content_waits_is_not_written_through(
    tree: SmallTree, victim: pathlib.Path
):
    for path in tree.root.rglob("*.py"):
        path.with_name(f".{path.name}.codemods").symlink_to(victim)
    before = whole(victim.parent)
    done = tree.run("--write", "--force")
    assert done.returncode == 0, done.stderr
    assert whole(victim.parent) == before
    assert b"conductor" not in tree.contents()[CALLER]


def journal(tree: SmallTree, *files: str, directories: tuple[str, ...] = ()) -> pathlib.Path:
    """A journal that was made to look as if a run had been cut off when it wrote the files."""
    folder = tree.root / JOURNAL
    folder.mkdir()
    notes = []
    for number, path in enumerate(files):
        (folder / f"old-{number}").write_text("evil\n")
        after = hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
        notes.append({"path": path, "shown": CALLER, "is_new": False, "after": after})
    plan = {"files": notes, "directories": directories}
    (folder / "plan.json").write_text(json.dumps(plan))
    (folder / "lock").write_text("")
    return folder


def through_dots(tree: SmallTree, victim: pathlib.Path) -> None:
    journal(tree, f"{tree.root}/../home/{victim.name}")


def through_a_link(tree: SmallTree, victim: pathlib.Path) -> None:
    (tree.root / "link").symlink_to(victim.parent)
    journal(tree, f"{tree.root}/link/{victim.name}")


def by_its_name(tree: SmallTree, victim: pathlib.Path) -> None:
    victim.with_name(f".{victim.name}.codemods").write_text("")
    journal(tree, str(victim))


def a_directory(tree: SmallTree, victim: pathlib.Path) -> None:
    (victim.parent / "empty").mkdir()
    journal(tree, directories=(str(victim.parent / "empty"),))


def the_lock(tree: SmallTree, victim: pathlib.Path) -> None:
    lock = journal(tree) / "lock"
    lock.unlink()
    lock.symlink_to(victim)


def the_old_file(tree: SmallTree, victim: pathlib.Path) -> None:
    old = journal(tree, str(tree.root / CALLER)) / "old-0"
    old.unlink()
    old.symlink_to(victim)


def the_journal(tree: SmallTree, victim: pathlib.Path) -> None:
    (victim.parent / "plan.json").write_text('{"files": [], "directories": []}')
    (tree.root / JOURNAL).symlink_to(victim.parent)


def a_pipe(tree: SmallTree, victim: pathlib.Path) -> None:
    plan = journal(tree) / "plan.json"
    plan.unlink()
    os.mkfifo(plan)


def nonsense(tree: SmallTree, victim: pathlib.Path) -> None:
    (journal(tree) / "plan.json").write_text('{"files": [{"path": 1}]}')


JOURNALS = (
    *(through_dots, through_a_link, by_its_name, a_directory, the_lock, the_old_file),
    *(the_journal, a_pipe, nonsense),
)


@pytest.mark.parametrize("lie", JOURNALS, ids=lambda lie: lie.__name__)
def test_a_journal_that_came_with_the_tree_does_nothing_outside_of_it(
    lie: Callable[[SmallTree, pathlib.Path], None], tree: SmallTree, victim: pathlib.Path
):
    lie(tree, victim)
    before = whole(victim.parent)
    own = {path: data for path, data in tree.contents().items() if JOURNAL not in path}
    done = tree.run("--write", "--force", timeout=30)
    assert done.returncode == 4
    assert b"not of a run on this tree; remove it" in done.stderr
    assert whole(victim.parent) == before
    left = {path: data for path, data in tree.contents().items() if JOURNAL not in path}
    assert left == own


def test_a_journal_of_a_run_on_the_tree_is_still_undone(tree: SmallTree):
    path = tree.root / CALLER
    before = path.read_text()
    (journal(tree, str(path)) / "old-0").write_text(before)
    path.write_text("half\n")
    plan = tree.root / JOURNAL / "plan.json"
    after = hashlib.sha256(b"half\n").hexdigest()
    plan.write_text(json.dumps({"files": [
        {"path": str(path), "shown": CALLER, "is_new": False, "after": after}
    ], "directories": []}))  # fmt: skip
    done = tree.run("--write", "--force")
    assert done.returncode == 0, done.stderr
    assert b"has been undone" in done.stderr


def objects_elsewhere(tree: SmallTree, victim: pathlib.Path) -> None:
    shutil.move(tree.root / ".git/objects", victim.parent / "objects")
    (tree.root / ".git/objects").symlink_to(victim.parent / "objects")


def a_folder_of_objects_elsewhere(tree: SmallTree, victim: pathlib.Path) -> None:
    for number in range(256):
        folder = tree.root / f".git/objects/{number:02x}"
        if not folder.exists():
            folder.symlink_to(victim.parent)


def a_repository_elsewhere(tree: SmallTree, victim: pathlib.Path) -> None:
    shutil.move(tree.root / ".git", victim.parent / "repository")
    (tree.root / ".git").write_text(f"gitdir: {victim.parent / 'repository'}\n")


def shared_elsewhere(tree: SmallTree, victim: pathlib.Path) -> None:
    shutil.copytree(tree.root / ".git", victim.parent / "repository")
    (tree.root / ".git/commondir").write_text(f"{victim.parent / 'repository'}\n")


ELSEWHERE = (
    *(objects_elsewhere, a_folder_of_objects_elsewhere, a_repository_elsewhere, shared_elsewhere),
)


@pytest.mark.parametrize("moved", ELSEWHERE, ids=lambda moved: moved.__name__)
def test_git_is_given_no_objects_to_keep_outside_of_the_tree(
    moved: Callable[[SmallTree, pathlib.Path], None],
    tree: SmallTree,
    victim: pathlib.Path,
    tmp_path: pathlib.Path,
):
    # what is not committed is what git would be given
    tree.commit()
    tree.put(CALLER, small_tree.CALLER + "# more\n")
    moved(tree, victim)
    before = whole(victim.parent)
    done = tool("run", tree, tmp_path)
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "patches").glob("*.patch"))
    assert whole(victim.parent) == before


def test_git_is_given_them_in_the_trees_own_repository_and_in_that_of_its_work_tree(
    tree: SmallTree, tmp_path: pathlib.Path
):
    tree.commit()
    beside = SmallTree(tmp_path / "beside")
    tree.git("worktree", "add", "-q", str(beside.root))
    for one in (tree, beside):
        one.put(CALLER, small_tree.CALLER + f"# {one.root}\n")
        before = tree.git("count-objects").stdout
        assert tool("run", one, tmp_path).returncode == 0
        assert tree.git("count-objects").stdout != before
