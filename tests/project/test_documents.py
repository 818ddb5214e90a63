# SPDX-License-Identifier: Apache-2.0
"""What the documents say is so: links, commands, options, examples, numbers."""

import ast
import configparser
import importlib.util
import itertools
import os
import pathlib
import re
import shlex
import textwrap
from typing import Any

import click
import pytest

from codemods.cli import main
from codemods.config import Config
from codemods.engine import run
from codemods.outputs.numbers import by_item
from codemods.outputs.report import schema

ROOT = pathlib.Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "tracker"
MADE = {"command.md", "report.md", "security.md"}
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "shim/*.md", "examples/*.md")
    for path in ROOT.glob(pattern)
    if path.name not in MADE
)
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]+)?\)")


@pytest.fixture(scope="module")
def conf() -> Any:
    """docs/conf.py, which makes pages."""
    spec = importlib.util.spec_from_file_location("documents", ROOT / "docs" / "conf.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def blocks(path: pathlib.Path) -> list[str]:
    """The blocks of a page that are indented, or fenced without a language."""
    text = re.sub(r"^```(\w+)\n.*?^```$", "", path.read_text(), flags=re.M | re.S)
    fenced = re.findall(r"^```\n(.*?)^```$", text, flags=re.M | re.S)
    indented = re.findall(r"(?:^(?: {4,}.*)?\n)+", text, flags=re.M)
    return [*fenced, *(textwrap.dedent(one).strip("\n") for one in indented if one.strip())]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_what_is_there(path: pathlib.Path):
    for name, _ in LINK.findall(path.read_text()):
        if not name.startswith(("http:", "https:")):
            assert (path.parent / name).exists() or name in MADE, name


def command_lines() -> list[str]:
    """Every command line of ours that a page shows."""
    found = []
    for path in PAGES:
        if path.name in ("CHANGELOG.md", "rules.md"):
            continue
        for block in blocks(path):
            for line in re.sub(r" \\\n\s*", " ", block).splitlines():
                words = re.split(r" {2,}|&&", line)
                found += [one for one in words if re.match(r"\s*(\S*/)?codemods [a-z]", one)]
    return sorted({one.strip() for one in found})


@pytest.mark.parametrize("line", command_lines())
def test_a_command_that_is_shown_is_one(line: str):
    _, name, *words = shlex.split(line)
    command = main.commands[name]
    context = click.Context(command, info_name=name)
    given, left, _ = command.make_parser(context).parse_args(words)
    assert not left
    assert given["tree"] if "tree" in {one.name for one in command.params} else True


def test_many_commands_are_shown():
    assert len(command_lines()) > 20


def same_lines(shown: str, text: str) -> bool:
    """Whether lines stand in a text as they are shown, however deep."""
    lines = [line.strip() for line in shown.strip().splitlines()]
    whole = [line.strip() for line in text.splitlines()]
    return any(whole[at : at + len(lines)] == lines for at in range(len(whole)))


def test_the_readmes_before_and_after_are_the_examples():
    before, after = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    path = "nova/compute/tracker.py"
    (change,) = (one for one in run(Config(EXAMPLE)).changes if one.path == path)
    for shown, text in ((before, change.before), (after, change.after)):
        pieces = shown.split("\n...\n")
        assert len(pieces) == 3
        ast.parse(f"def shown():\n{textwrap.indent(shown, ' ')}")
        assert text is not None
        for piece in pieces:
            assert same_lines(piece, text.decode()), piece


def test_the_readme_has_two_commands():
    section = (ROOT / "README.md").read_text().partition("## Two commands\n")[2]
    commands = re.findall(r"^    (.+)$", section.partition("\n## ")[0], re.M)
    assert len(commands) == 2
    assert all(one.startswith("python3 -m venv .venv && .venv/bin/pip ") for one in commands)
    assert commands[0].endswith("codemods run examples/tracker --patches series")
    assert commands[1].endswith("tox run")


def commands_of(command: click.Command, name: str) -> dict[str, click.Command]:
    found = {name: command}
    if isinstance(command, click.Group):
        for inner, one in command.commands.items():
            found.update(commands_of(one, f"{name} {inner}"))
    return found


def test_the_page_of_the_command_has_every_option(conf: Any):
    page = conf.command_page()
    for name, command in commands_of(main, "codemods").items():
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert section, name
        for param in command.params:
            if isinstance(param, click.Option) and param.help:
                assert f"`{max(param.opts, key=len)}" in section, (name, param.opts)


def test_the_page_of_the_report_has_everything_in_it(conf: Any):
    page = conf.report_page()
    for name in schema()["properties"]:
        assert f"| `{name}` |" in page
    assert "| `edits[].path` |" in page


def test_the_operators_guide_sets_options_that_there_are():
    from shim.conf import CONF

    seen = 0
    for block in blocks(ROOT / "docs" / "shim.md"):
        if not block.startswith("["):
            continue
        parser = configparser.ConfigParser(default_section="nothing")
        parser.read_string(textwrap.dedent(block))
        for section, name in itertools.chain.from_iterable(
            ((one, name) for name in parser[one]) for one in parser.sections()
        ):
            group = CONF if section == "DEFAULT" else CONF[section]
            assert hasattr(group, name), (section, name)
            seen += 1
    assert seen >= 5


@pytest.mark.skipif("NOVA_TREE" not in os.environ, reason="NOVA_TREE names no nova 2014.2")
def test_the_tutorials_numbers_are_those_of_a_run():
    result = run(Config(pathlib.Path(os.environ["NOVA_TREE"])))
    text = (ROOT / "docs" / "tutorial.md").read_text()
    for row in by_item(result):
        line = rf"^    {row.item.value} +{row.files} +{row.edits} +{row.left}$"
        assert re.search(line, text, re.M), row
    assert f"    {result.found} files = {result.changed} changed + " in text
