# SPDX-License-Identifier: Apache-2.0
"""What a run reads: a package of any name, and the directories beside it that use it."""

import pathlib

import older_tree
import pytest
import small_tree
from click.testing import CliRunner
from conftest import SmallTree

from codemods.cli import main
from codemods.config import Config
from codemods.engine import run
from codemods.errors import NotATree

PLUGIN = """\
from nova import conductor


def read(context, host):
    service = conductor.API().service_get_by_compute_host(context, host)
    return service['id']
"""

PLUGIN_AFTER = """\
from nova import objects


def read(context, host):
    service = objects.Service.get_by_compute_host(context, host)
    return service.id
"""

# a package of another name


def made(root: pathlib.Path, files: dict[str, str]) -> pathlib.Path:
    """A tree of the files on disk."""
    tree = SmallTree(root)
    for path, text in files.items():
        tree.put(path, text)
    return root


def after(config: Config) -> dict[str, str]:
    """The files that change, by path."""
    result = run(config)
    assert result.failures == ()
    return {change.path: change.after.decode() for change in result.changes}


def renamed(files: dict[str, str]) -> dict[str, str]:
    """The files in a package of another name."""
    return {path.replace("nova/", "acme/"): _respelled(text) for path, text in files.items()}


def _respelled(text: str) -> str:
    for old in ("nova.", "nova ", "nova/"):
        text = text.replace(old, old.replace("nova", "acme"))
    return text


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(small_tree.files(), id="small"),
        pytest.param(older_tree.files(), id="older"),
    ],
)
def test_a_package_of_another_name_becomes_the_same(files: dict[str, str], tmp_path: pathlib.Path):
    plain = after(Config(made(tmp_path / "nova", files)))
    other = after(Config(made(tmp_path / "acme", renamed(files)), package="acme"))
    assert plain
    assert other == renamed(plain)


def test_the_own_objects_of_a_package_of_another_name(tmp_path: pathlib.Path):
    root = made(tmp_path, renamed(small_tree.files()))
    assert run(Config(root, target="nova", package="acme")).target == "acme"
    with pytest.raises(NotATree, match="not a nova tree"):
        run(Config(root))


# directories beside the package


@pytest.mark.parametrize(
    ("path", "include"),
    [
        pytest.param("plugins/reader.py", "plugins", id="directory"),
        pytest.param("plugins/acme/reader.py", "plugins", id="package in a directory"),
        pytest.param("acme/drivers/reader.py", "acme", id="package"),
        pytest.param("acme/drivers/reader.py", "acme/drivers", id="package in a package"),
    ],
)
def test_included_code_is_rewritten_with_the_rest(path: str, include: str, tmp_path: pathlib.Path):
    files = {**small_tree.files(), "acme/__init__.py": "", "acme/drivers/__init__.py": ""}
    root = made(tmp_path, {**files, path: PLUGIN})
    alone, result = run(Config(root)), run(Config(root, include=(pathlib.Path(include),)))
    changed = {change.path: change.after.decode() for change in result.changes}
    assert changed[path] == PLUGIN_AFTER
    assert path not in {change.path for change in alone.changes}
    assert result.changed == alone.changed + 1
    assert result.found == alone.found + sum(
        1 for name in (*files, path) if name.startswith(f"{include}/")
    )


def test_rows_are_followed_into_included_code(tmp_path: pathlib.Path):
    reader = PLUGIN.replace("    return service['id']", "    return show.show(service)")
    reader = f"import plugins.show as show\n{reader}"
    show = "def show(service):\n    return service['host']\n"
    files = {"plugins/__init__.py": "", "plugins/show.py": show, "plugins/reader.py": reader}
    root = made(tmp_path, {**small_tree.files(), **files})
    changed = after(Config(root, include=(pathlib.Path("plugins"),)))
    assert changed["plugins/show.py"] == "def show(service):\n    return service.host\n"


def test_included_drivers_fill_columns(tmp_path: pathlib.Path):
    driver = "def resources():\n    return {'pci_stats': '[]'}\n"
    root = made(tmp_path, {**small_tree.files(), "drivers/fake.py": driver})
    assert "nova/objects/compute_node.py" not in after(Config(root))
    changed = after(Config(root, include=(pathlib.Path("drivers"),)))
    assert (
        "'pci_stats': fields.StringField(nullable=True)" in changed["nova/objects/compute_node.py"]
    )


@pytest.mark.parametrize("include", ["missing", "nova/service.py", ".."])
def test_what_is_no_directory_of_the_tree_is_refused(include: str, tree: SmallTree):
    done = CliRunner().invoke(main, ["run", str(tree.root), "--include", include])
    assert done.exit_code == 2
    assert f"{include}: not a directory below" in done.output


# explain


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "not read: the file is not in nova/; name its directory", id="outside"),
        pytest.param(("--include", "plugins"), "(row Service): an object, because:", id="included"),
    ],
)
def test_explain_says_what_was_not_read(words: tuple[str, ...], said: str, tree: SmallTree):
    tree.put("plugins/reader.py", PLUGIN)
    done = CliRunner().invoke(main, ["explain", str(tree.root), "plugins/reader.py:6", *words])
    assert done.exit_code == 0
    assert said in done.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(b"a = 1\n", "not read: nothing in the file refers to", id="nothing in it"),
        pytest.param(PLUGIN.encode() + b"# \xff\n", "not read: not text", id="no text"),
        pytest.param(
            PLUGIN.encode() + b"b = 1\n", "nothing from the conductor is known", id="read"
        ),
    ],
)
def test_explain_of_a_file_of_the_package(text: bytes, said: str, tree: SmallTree):
    tree.put("nova/compute/more.py", text)
    line = text.count(b"\n")
    done = CliRunner().invoke(main, ["explain", str(tree.root), f"nova/compute/more.py:{line}"])
    assert done.exit_code == 0
    assert said in done.output
