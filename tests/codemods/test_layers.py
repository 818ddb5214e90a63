# SPDX-License-Identifier: Apache-2.0
"""Imports within the package only go one way: from a stage to those before it."""

import ast
import pathlib

import pytest

import codemods

ROOT = pathlib.Path(codemods.__file__).parent

#: From what knows of nothing to what knows of all; a line is a layer, which does not know itself.
LAYERS = (
    ("__init__", "caches", "errors", "forked", "model", "offered", "shim_command", "trials"),
    ("syntax",),
    ("mappings",),
    ("choice", "configuration", "discovery"),
    ("analysis",),
    ("config",),
    ("rewriting",),
    ("rules",),
    ("asked",),
    ("api_gone", "refusals"),
    ("stages", "idle"),
    ("series",),
    ("result",),
    ("engine",),
    ("outputs", "metadata"),
    ("commands", "testing"),
    ("api",),
    ("cli",),
    ("__main__",),
)
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}


def part(path: pathlib.Path) -> str:
    """The package or module of ours right below the top that a file belongs to."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: pathlib.Path) -> set[str]:
    """The parts of the package that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            top, _, rest = name.partition(".")
            if top == "codemods":
                inner = rest.partition(".")[0]
                found.add(inner if inner in HEIGHT else "__init__")
    return found


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_a_file_imports_what_lies_below_it(path):
    own = part(path)
    assert own in HEIGHT, "say where the new part belongs"
    above = {name for name in imported(path) if name != own and HEIGHT[name] >= HEIGHT[own]}
    assert above == set()


def test_the_shim_is_not_imported():
    """Its objects are read as source: importing them would cost every run a second."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            assert not any(name.split(".")[0] == "shim" for name in modules), path


#: What tells where something stands in a file, or how wide it is.
PLACES = {"WIDTH", "col_offset", "line_start", "line_text", "spans"}


@pytest.mark.parametrize("kind", ["code", "tests", "objects"])
def test_a_rule_asks_for_facts_and_makes_nodes(kind: str):
    """Only rules that create files, which have no file to ask, are given the survey."""
    for path in sorted((ROOT / "rules" / kind).glob("*.py")):
        tree = ast.parse(path.read_bytes())
        asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert "survey" not in asked, path.name
        assert path.name == "base.py" or (asked | names).isdisjoint(PLACES), path.name
