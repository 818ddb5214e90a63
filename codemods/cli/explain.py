"""`codemods explain`: from a place to its evidence."""

import pathlib
from typing import Any

import click

from codemods.cli.options import STATUSES, TREE, config, reading
from codemods.engine import explained
from codemods.errors import CodemodsError
from codemods.outputs.explain import explanation, not_read


@click.command("explain", epilog=STATUSES)
@click.argument("tree", type=TREE)
@click.argument("place", metavar="FILE:LINE")
@reading
def explain_command(tree: pathlib.Path, place: str, **options: Any) -> None:
    """Say which object the place holds and how we know, or why it was left."""
    path, _, line = place.rpartition(":")
    if not path or not line.isdigit():
        raise click.BadParameter("name a file of the tree and a line: nova/service.py:168")
    try:
        result, survey = explained(config(tree, options))
    except CodemodsError as error:
        raise click.UsageError(str(error)) from None
    inside = pathlib.Path(path)
    if inside.is_absolute():
        inside = inside.relative_to(tree.resolve())
    if not (tree / inside).is_file():
        raise click.BadParameter(f"{inside}: no such file in {tree}")
    lines = explanation(survey.inference, result, inside.as_posix(), int(line))
    nothing = not_read(survey.inference, result, inside.as_posix())
    nothing = nothing or "nothing of the conductor's is known to come here"
    click.echo("\n".join(lines) or nothing)
