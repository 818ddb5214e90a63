# SPDX-License-Identifier: Apache-2.0
"""The options for the author and the trailers of the patches."""

import pathlib
from collections.abc import Callable
from typing import Any, TypeVar

import click

from codemods.outputs.letter import BLUEPRINT, Letter, configured_author, is_identity

_Command = TypeVar("_Command", bound=Callable[..., Any])

_MAILING = (
    click.option(
        "--author",
        metavar="'NAME <MAIL>'",
        help="Author of the patches; default: git's configured author, else the tool.",
    ),
    click.option(
        "--trailer",
        "trailers",
        multiple=True,
        default=(BLUEPRINT,),
        show_default=True,
        metavar="LINE",
        help="A line at the end of each patch's message; repeatable.",
    ),
    click.option("--change-id", is_flag=True, help="A Change-Id for Gerrit in each patch."),
)


def mailing(command: _Command) -> _Command:
    """Give a command the options that `letter` reads."""
    for option in reversed(_MAILING):
        command = option(command)
    return command


def letter(tree: pathlib.Path, options: dict[str, Any]) -> Letter:
    """The author and the trailers of the patches; raises `click.BadParameter`."""
    author = options["author"]
    if author is not None and not is_identity(author):
        raise click.BadParameter("write it as git does: --author 'A. Person <a@example.org>'")
    for line in options["trailers"]:
        if not line.strip() or "\n" in line:
            raise click.BadParameter(f"--trailer: must be one line that is not blank, not {line!r}")
    if author is None and options["patches"] is not None:
        author = configured_author(tree)
    return Letter(author or Letter.author, options["trailers"], options["change_id"])
