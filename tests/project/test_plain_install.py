# SPDX-License-Identifier: Apache-2.0
"""What is installed without an extra suffices for `codemods`; the shim says what it lacks."""

import ast
import importlib.metadata
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = pathlib.Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
INSTALL = "pip install 'nova-objects-codemods[shim]'"


def distributions(requirements: list[str]) -> dict[str, importlib.metadata.Distribution]:
    """What an installer would install for them, by name, as it is installed here."""
    found = {}
    wanted = [Requirement(one) for one in requirements]
    while wanted:
        one = wanted.pop()
        extras = ["", *one.extras]
        if one.marker and not any(one.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        key = canonicalize_name(one.name), tuple(sorted(one.extras))
        if key in found:
            continue
        found[key] = importlib.metadata.distribution(one.name)
        for line in found[key].requires or ():
            inner = Requirement(line)
            if not inner.marker or any(inner.marker.evaluate({"extra": e}) for e in extras):
                inner.marker = None
                wanted.append(inner)
    return {name: distribution for (name, _), distribution in found.items()}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder with what a plain install brings along, and nothing else."""
    folder = tmp_path_factory.mktemp("plain")
    for distribution in distributions(PROJECT["dependencies"]).values():
        for name in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
            (folder / name).symlink_to(distribution.locate_file(name))
    return folder


def python(*words: str, path: list[pathlib.Path]) -> "subprocess.CompletedProcess[str]":
    """Run a Python that has the standard library, and besides only what is on the path."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    return subprocess.run(
        [sys.executable, "-S", *words], env=env, cwd=path[0], capture_output=True, text=True
    )


def test_a_plain_install_is_small():
    names = distributions(PROJECT["dependencies"])
    assert {"click", "libcst", "rich"} <= set(names)
    assert len(names) <= 12, sorted(names)


def test_a_plain_install_makes_a_series_with_its_page(plain: pathlib.Path, tmp_path: pathlib.Path):
    words = ["run", str(ROOT / "examples/tracker"), "--patches", str(tmp_path / "series")]
    words += ["--html", str(tmp_path / "page.html"), "--sarif", str(tmp_path / "found.sarif")]
    words += ["--report", str(tmp_path / "report.json"), "--force"]
    done = python("-m", "codemods", *words, path=[plain, ROOT])
    assert (done.returncode, done.stderr) == (0, "")
    assert len(list((tmp_path / "series").glob("*.patch"))) > 3
    assert "</html>" in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize(
    "program", ["import shim", "from shim import objects", "import shim.db.session"]
)
def test_the_shim_without_its_extra_says_what_to_install(plain: pathlib.Path, program: str):
    done = python("-c", program, path=[plain, ROOT])
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: ")
    assert "oslo_versionedobjects" in last
    assert last.endswith(INSTALL)


def test_one_missing_module_is_enough_to_say_so(plain: pathlib.Path, tmp_path: pathlib.Path):
    for name in modules(EXTRAS["shim"]) - {"cotyledon"}:
        (tmp_path / name).mkdir()
    done = python("-c", "import shim", path=[tmp_path, plain, ROOT])
    assert done.stderr.splitlines()[-1] == f"ImportError: the shim needs cotyledon: {INSTALL}"


def test_the_command_shim_says_so_on_one_line(plain: pathlib.Path):
    program = (
        "import sys; from codemods.shim_command import command; sys.argv[0] = 'shim'; command()"
    )
    done = python("-c", program, "db", "check", path=[plain, ROOT])
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: the shim needs ")
    assert line.endswith(INSTALL)


def test_the_command_shim_is_the_shims_where_it_can_be():
    program = "from codemods.shim_command import command; command()"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", program, "--help"]
    done = subprocess.run(words, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "conductor" in done.stdout


def modules(requirements: list[str]) -> set[str]:
    """The top modules of the distributions that are named, not of those that they need."""
    found = set()
    for one in map(Requirement, requirements):
        if one.marker and not one.marker.evaluate():
            continue
        files = importlib.metadata.distribution(one.name).files or ()
        tops = {file.parts[0].partition(".")[0] for file in files if file.suffix in (".py", ".so")}
        found |= tops - {"", "__pycache__"}
    return found


def imported(package: str) -> Iterator[str]:
    """The top modules that a package's files import."""
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


@pytest.mark.parametrize(
    ("package", "requirements"),
    [
        ("codemods", [*PROJECT["dependencies"], *EXTRAS["verify"]]),
        ("shim", [*EXTRAS["shim"], "click"]),
    ],
)
def test_what_a_package_imports_is_what_it_declares(package: str, requirements: list[str]):
    others = {*sys.stdlib_module_names, "codemods", "shim", "tomli", "tomllib"}
    assert set(imported(package)) - others <= modules(requirements)
    if package == "shim":
        from shim.needed import MODULES

        assert set(MODULES) == modules(EXTRAS["shim"]) & set(imported("shim"))


@pytest.mark.parametrize("extra", ["postgresql", "mysql"])
def test_a_driver_brings_the_shim_along(extra: str):
    assert "nova-objects-codemods[shim]" in EXTRAS[extra]
    assert len(EXTRAS[extra]) == 2
