# SPDX-License-Identifier: Apache-2.0
"""What a tree, or a file that somebody names, says once for all runs."""

import json
import os
import pathlib

import click
import pytest
from click.testing import CliRunner, Result
from conftest import SmallTree

from codemods.cli import main
from codemods.cli.configured import RUN, options_by_key
from codemods.cli.run import run_command
from codemods.configuration import tomllib


def called(*words: str) -> Result:
    """What the command says in this process."""
    return CliRunner().invoke(main, words)


def held(tree: SmallTree, *words: str) -> dict[str, tuple[object, str]]:
    """What `codemods config` prints: each key that is set with its value and its origin."""
    done = called("config", str(tree.root), *words)
    assert done.exit_code == 0, done.output
    values = tomllib.loads(done.output)
    origins = [line.partition("#")[::2] for line in done.output.splitlines()]
    named = {key.partition(" =")[0]: origin.strip() for key, origin in origins}
    return {key: (value, named[key]) for key, value in values.items()}


@pytest.mark.parametrize(
    ("path", "head"),
    [
        pytest.param("codemods.toml", "", id="a file of its own"),
        pytest.param("pyproject.toml", "[tool.codemods]\n", id="a table"),
    ],
)
def test_what_the_tree_says_holds(path: str, head: str, tree: SmallTree):
    file = tree.put(path, f'{head}only = ["service"]\ncheck = true\n')
    found = held(tree)
    assert found["only"] == (["service"], str(file))
    assert found["check"] == (True, str(file))
    assert found["jobs"] == (1, "by default")
    done = called("run", str(tree.root))
    assert done.exit_code == 1
    assert "compute-node" not in done.output


def test_the_command_line_goes_first(tree: SmallTree):
    tree.put("codemods.toml", 'only = ["service"]\n')
    assert held(tree, "--only", "migration")["only"] == (["migration"], "the command line")


def test_a_named_file_holds_in_the_place_of_the_trees(tree: SmallTree, tmp_path: pathlib.Path):
    tree.put("codemods.toml", 'only = ["service"]\n')
    other = tmp_path / "other.toml"
    other.write_text("jobs = 2\n")
    found = held(tree, "--config", str(other))
    assert found["jobs"] == (2, str(other))
    assert found["only"] == ([], "by default")


def test_what_is_printed_is_a_configuration(tree: SmallTree):
    tree.put("codemods.toml", 'trailer = ["a: \\"b\\" \\\\ c"]\nchange-id = true\n')
    printed = called("config", str(tree.root)).output
    values = {key: value for key, (value, _) in held(tree).items()}
    tree.put("codemods.toml", printed)
    assert {key: value for key, (value, _) in held(tree).items()} == values
    assert values["trailer"] == ['a: "b" \\ c']


#: Something that each kind of option can be set to.
TRIED = {
    "color": "never",
    "only": ["service"],
    "target": "shim",
    "format": "github",
    "jobs": 3,
    "include": ["nova"],
}


def test_every_option_has_its_key(tree: SmallTree):
    options = options_by_key(run_command.params)
    assert len(options) > 15
    for key, option in options.items():
        if key in RUN:
            # only a file that somebody names may say it
            continue
        value = TRIED.get(key, ["x"] if option.multiple else "x")
        if isinstance(option, click.Option) and option.is_flag:
            value = True
        tree.put("codemods.toml", f"{key} = {json.dumps(value)}\n")
        found, origin = held(tree)[key]
        assert origin == str(tree.root / "codemods.toml"), key
        below = str(tree.root / "x")
        assert found in (value, [below] if option.multiple else below), key


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('rules = ["x.py"]', "rules: is run, and a tree is only read; say it with --config"),
        ("onyl = []", "onyl: no option of codemods run; did you mean only?"),
        ("zzzz = 1", "zzzz: no option of codemods run"),
        ('only = "service"', "only: write a list: ['service']"),
        ('only = ["nova"]', "only: 'nova' is not one of"),
        ("only = [1]", "only: [1] is not a text"),
        ("jobs = true", "jobs: True is not a number"),
        ("jobs = 0", "jobs: 0 is not in the range"),
        ("check = 1", "check: 1 is not true or false"),
        ('config = "x"', "config: no option of codemods run"),
        ("only = ", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_file(text: str, said: str, tree: SmallTree):
    file = tree.put("codemods.toml", text)
    done = called("run", str(tree.root))
    assert done.exit_code == 2
    assert f"{file}: {said}" in done.output


def test_two_configurations_are_refused(tree: SmallTree):
    tree.put("codemods.toml", "")
    tree.put("pyproject.toml", "[tool.codemods]\n")
    done = called("run", str(tree.root))
    assert done.exit_code == 2
    assert "both configure it; keep one" in done.output


def test_a_pyproject_of_others_says_nothing(tree: SmallTree):
    tree.put("pyproject.toml", "[tool.ruff]\nline-length = 79\n")
    assert {origin for _, origin in held(tree).values()} == {"by default"}


def test_paths_are_relative_to_the_configuration(tree: SmallTree):
    tree.put("codemods.toml", 'report = "out.json"\n')
    assert called("run", str(tree.root), "--quiet").exit_code == 0
    assert (tree.root / "out.json").is_file()


@pytest.mark.parametrize(
    "text", ['report = "../out.json"', 'patches = "/tmp/series"', 'assume = ["../facts.toml"]']
)
def test_a_tree_leads_nobody_out_of_it(text: str, tree: SmallTree, tmp_path: pathlib.Path):
    tree.put("codemods.toml", text)
    done = called("run", str(tree.root))
    assert done.exit_code == 2
    assert "leads out of the tree" in done.output
    named = tmp_path / "named.toml"
    named.write_text(text)
    assert called("config", str(tree.root), "--config", str(named)).exit_code == 0


def test_a_link_out_of_the_tree_is_not_read(tree: SmallTree, tmp_path: pathlib.Path):
    (tmp_path / "secret").write_text("jobs = 2\n")
    (tree.root / "codemods.toml").symlink_to(tmp_path / "secret")
    done = called("run", str(tree.root))
    assert done.exit_code == 2
    assert "leads out of the tree" in done.output


def test_a_pipe_is_not_opened(tree: SmallTree):
    os.mkfifo(tree.root / "codemods.toml")
    done = called("run", str(tree.root))
    assert done.exit_code == 2
    assert "not a regular file" in done.output


def test_explain_and_verify_read_the_same(tree: SmallTree):
    tree.put("codemods.toml", 'report = "missing.json"\nonyl = []\n')
    for words in (["explain", str(tree.root), "nova/a.py:1"], ["verify", str(tree.root)]):
        done = called(*words)
        assert done.exit_code == 2
        assert "did you mean only?" in done.output


def test_the_report_that_is_written_is_not_the_one_that_is_explained(tree: SmallTree):
    tree.put("codemods.toml", 'report = "missing.json"\n')
    done = called("explain", str(tree.root), "nova/compute/example.py:1")
    assert done.exit_code == 0, done.output
