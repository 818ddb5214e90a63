# SPDX-License-Identifier: Apache-2.0
"""`codemods config`: the options for a tree, and where each of them is set."""

import json
import pathlib
from typing import Any

import click
from click.core import ParameterSource

from codemods.cli.configured import RUN, ConfiguredCommand, options_by_key
from codemods.cli.run import run_command


def _config(**_: Any) -> None:
    """Print every option of codemods run with its value, and where it is set.

    The output is a configuration: use it as codemods.toml of TREE, or as the table
    [tool.codemods] of its pyproject.toml.
    """
    ctx = click.get_current_context()
    lines = [(_line(key, ctx.params[str(p.name)]), _origin(ctx, p)) for key, p in _options()]
    width = max(len(line) for line, _ in lines)
    for line, origin in lines:
        click.echo(f"{line:{width}}  # {origin}")


def _options() -> list[tuple[str, click.Parameter]]:
    return list(options_by_key(run_command.params).items())


def _line(key: str, value: object) -> str:
    # leave out what a tree's own configuration may not set
    is_said = value is not None and (value or key not in RUN)
    return f"{key} = {_written(value)}" if is_said else f"# {key}"


def _written(value: object) -> str:
    """A value in TOML."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    plain = value if isinstance(value, bool | int) else str(value)
    return json.dumps(plain, ensure_ascii=False)


def _origin(ctx: click.Context, param: click.Parameter) -> str:
    source = ctx.get_parameter_source(str(param.name))
    if source is ParameterSource.DEFAULT_MAP:
        path: pathlib.Path = ctx.meta["codemods.configuration"].path
        return str(path)
    if source is ParameterSource.COMMANDLINE:
        return "the command line"
    return "not set" if ctx.params[str(param.name)] is None else "by default"


_EXAMPLES = """
\b
Examples:
  codemods config nova                     what holds, and who says so
  codemods config nova > nova/codemods.toml  a file to begin with
"""

config_command = ConfiguredCommand(
    "config",
    callback=_config,
    help=_config.__doc__,
    epilog=_EXAMPLES,
    params=[one for one in run_command.params if one.name != "paths"],
)
