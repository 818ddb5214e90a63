# SPDX-License-Identifier: Apache-2.0
"""The manual page, made from the commands themselves.

    python -m codemods.cli.manpage docs

writes it; a test compares it with the one in the repository. (click-man makes a page for
each command and leaves out the epilogs, which have the examples and the exit statuses.)
"""

import inspect
import pathlib
import re
import sys
from collections.abc import Iterator

import click

from codemods.cli import main
from codemods.outputs.write import write_whole

NAME = "codemods.1"

_KEPT = "\b"


def page() -> str:
    """The page in man's format."""
    ctx = click.Context(main, info_name="codemods", **main.context_settings)
    return "\n".join([*_head(), *_commands(ctx), *_tail()]) + "\n"


def _head() -> Iterator[str]:
    yield r".\" Made by `python -m codemods.cli.manpage docs`; do not edit."
    yield ".TH CODEMODS 1"
    yield ".SH NAME"
    what = (main.help or "").strip().rstrip(".")
    yield _escaped(f"codemods - {what[0].lower()}{what[1:]}")
    yield ".SH SYNOPSIS"
    yield r".B codemods"
    yield r".I COMMAND"
    yield "[OPTIONS] ..."
    yield ".SH DESCRIPTION"
    yield "Each of the commands below has its own options;"
    yield r".B codemods \fICOMMAND\fP \-\-help"
    yield "shows them as well."
    yield ".SH COMMANDS"


def _commands(above: click.Context) -> Iterator[str]:
    for name, command in main.commands.items():
        ctx = click.Context(command, info_name=name, parent=above)
        pieces = command.collect_usage_pieces(ctx)
        yield f".SS {_escaped(' '.join(['codemods', name, *pieces]))}"
        yield from _paragraphs(command.help or "")
        for param in command.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                yield from (".TP", f".B {_escaped(record[0])}", _escaped(record[1]))
        yield from _paragraphs(command.epilog or "")


def _tail() -> Iterator[str]:
    yield ".SH EXIT STATUS"
    yield from _paragraphs(main.epilog or "")
    yield ".SH FILES"
    yield ".TP"
    yield ".B codemods.toml, pyproject.toml"
    yield "What the tree says of its runs, in the latter in the table [tool.codemods]."
    yield ".SH ENVIRONMENT"
    yield ".TP"
    yield ".B NO_COLOR"
    yield "No colours, unless they are asked for."


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a click help text; those after click's mark are not filled."""
    for paragraph in re.split(r"\n[ \t]*\n", inspect.cleandoc(text)):
        if paragraph.startswith(_KEPT):
            yield from (".PP", ".nf")
            yield from (_escaped(line) for line in paragraph.split("\n")[1:])
            yield ".fi"
        elif paragraph.strip():
            yield from (".PP", _escaped(" ".join(paragraph.split())))


def _escaped(text: str) -> str:
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    write_whole(pathlib.Path(sys.argv[1], NAME), page().encode("utf-8"))
