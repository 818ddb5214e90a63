# SPDX-License-Identifier: Apache-2.0
"""How Sphinx builds the documents, and the pages that it makes: of the command, of the schema.

sphinx-build -W docs SITE
"""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Iterator
from typing import Any

import click

from codemods import __version__
from codemods.cli import main
from codemods.outputs.report import schema

ROOT = pathlib.Path(__file__).parents[1]

project = "nova-objects-codemods"
release = __version__
extensions = ["myst_parser"]
html_theme = "furo"
smartquotes = False
html_title = project
html_show_copyright = False
html_show_sourcelink = False
myst_heading_anchors = 3
# what the tool prints of diffs and of Python 2 is text
suppress_warnings = ["misc.highlighting_failure"]


def setup(_app: object) -> None:
    """Make the pages that are not written by hand, before Sphinx reads; git ignores them."""
    made = {"command.md": command_page(), "report.md": report_page(), "security.md": security()}
    for name, text in made.items():
        (ROOT / "docs" / name).write_text(text, "utf-8")


def command_page() -> str:
    """The command line, as `--help` has it."""
    return "\n".join(["# The command", "", *_command(main, "codemods")])


def _command(command: click.Command, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    yield from (f"## {name}", "", "```text", command.get_usage(context), "```", "")
    yield from (_text(command.help), "")
    records = [param.get_help_record(context) for param in command.get_params(context)]
    records = [one for one in records if one and one[1]]
    if records:
        yield from ("| option | |", "| --- | --- |")
        for option, help_text in records:
            yield f"| `{_cell(option)}` | {_cell(help_text)} |"
        yield ""
    if command.epilog:
        yield from (_text(command.epilog), "")
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None and not found.hidden:
                yield from _command(found, f"{name} {inner}")


def _text(text: str | None) -> str:
    """A help text as paragraphs; what click keeps as it is stays a block."""
    shown = []
    for part in re.split(r"\n\s*\n", (text or "").strip()):
        is_kept = part.lstrip().startswith("\b")
        lines = part.replace("\b", "").strip("\n").splitlines()
        shown.append("```text\n" + "\n".join(lines) + "\n```" if is_kept else "\n".join(lines))
    return "\n\n".join(re.sub(r"(?<!`)<", "&lt;", one) for one in shown)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def report_page() -> str:
    """The report's schema: a table of what is in it, and the schema itself."""
    found = schema()
    lines = ["# The report", "", "What `--report` writes, and `explain --report` reads.", ""]
    lines += ["| what | is | |", "| --- | --- | --- |"]
    lines += [f"| `{path}` | {kind} | {text} |" for path, kind, text in _fields(found, found, "")]
    text = json.dumps(found, indent=1)
    return "\n".join([*lines, "", "## The schema", "", "```json", text, "```", ""])


def _fields(
    node: dict[str, Any], whole: dict[str, Any], path: str
) -> Iterator[tuple[str, str, str]]:
    """Everything in the report by its path, with its type and its description."""
    for name, inner in node.get("properties", {}).items():
        inner = _resolved(inner, whole)
        own = f"{path}.{name}" if path else name
        yield own, _kind(inner), inner.get("description", "")
        items = _resolved(inner.get("items", {}), whole)
        yield from _fields(inner, whole, own)
        yield from _fields(items, whole, f"{own}[]")


def _resolved(node: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: dict[str, Any] = whole["$defs"][node["$ref"].rpartition("/")[2]]
    return {**found, **node}


def _kind(node: dict[str, Any]) -> str:
    if "enum" in node:
        return ", ".join(f"`{one}`" for one in node["enum"])
    kinds = node.get("type", "const" if "const" in node else "any")
    return " or ".join(kinds) if isinstance(kinds, list) else str(kinds)


def security() -> str:
    """SECURITY.md, whose links lead to the repository."""
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    return re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]+\)", r"`\1`", text)
