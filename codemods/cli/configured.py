# SPDX-License-Identifier: Apache-2.0
"""Commands with options that the tree's configuration may set."""

import pathlib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from codemods.asked import rule_names
from codemods.configuration import Configuration, configuration_of, named_configuration
from codemods.errors import BadConfiguration, nearest

#: Options that are directories of the tree, and not relative to the configuration file.
_OF_THE_TREE = {"include"}

#: Options that name code to run: a tree's own configuration may not set them.
RUN = {"rules"}

_NO_KEYS = {"config", "help"}


class ConfiguredCommand(click.Command):
    """A command on a TREE; its command line takes precedence over the configuration."""

    #: The keys that mean something else for this command than for `codemods run`.
    OTHERS: ClassVar[frozenset[str]] = frozenset()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See click; raises `click.UsageError` for errors in the configuration."""
        found = None if ctx.resilient_parsing else self._configuration(ctx, list(args))
        if found is not None:
            ctx.meta["codemods.configuration"] = found
            ctx.default_map = self._defaults(ctx, found)
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter as error:
            name = error.param.name if error.param is not None else None
            source = ctx.get_parameter_source(name or "")
            if found is None or error.param is None or source is not ParameterSource.DEFAULT_MAP:
                raise
            text = str(found.wrong(key_of(error.param), error.message))
            raise click.UsageError(text, ctx) from None

    def _configuration(self, ctx: click.Context, args: list[str]) -> Configuration | None:
        said, _, _ = self.make_parser(ctx).parse_args(args)
        tree, file = said.get("tree"), said.get("config")
        try:
            if file is not None:
                return named_configuration(pathlib.Path(file))
            is_tree = isinstance(tree, str) and pathlib.Path(tree).is_dir()
            return configuration_of(pathlib.Path(str(tree))) if is_tree else None
        except BadConfiguration as error:
            raise click.UsageError(str(error), ctx) from None

    def _defaults(self, ctx: click.Context, found: Configuration) -> dict[str, Any]:
        """The values that the configuration sets, by the names of the command's parameters."""
        known = keys(ctx)
        try:
            values = {key: _value(known, key, value, found) for key, value in found.values.items()}
        except BadConfiguration as error:
            raise click.UsageError(str(error), ctx) from None
        own = {key_of(param) for param in self.params} - self.OTHERS
        return {str(known[key].name): value for key, value in values.items() if key in own}


def rule_completions(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The names of rules with which a shell may complete a word."""
    return [CompletionItem(name) for name in sorted(rule_names()) if name.startswith(incomplete)]


def key_of(param: click.Parameter) -> str:
    """The key of an option, which is its name; "" for an argument."""
    longest = max(param.opts, key=len) if isinstance(param, click.Option) else ""
    return longest.removeprefix("--")


def keys(ctx: click.Context) -> dict[str, click.Parameter]:
    """Every option of `codemods run`, by its key."""
    main = ctx.find_root().command
    run = main.commands["run"] if isinstance(main, click.Group) else main
    return options_by_key(run.params)


def options_by_key(params: Iterable[click.Parameter]) -> dict[str, click.Parameter]:
    """The options that a configuration may set, by their keys."""
    found = {key_of(param): param for param in params}
    return {key: param for key, param in found.items() if key and key not in _NO_KEYS}


def _value(
    known: Mapping[str, click.Parameter], key: str, value: Any, found: Configuration
) -> object:
    """The value of an option, checked; raises `BadConfiguration`."""
    if key not in known:
        raise found.wrong(key, f"no option of codemods run{nearest(key, known)}")
    if key in RUN and found.root is not None:
        raise found.wrong(key, "is run, and a tree is only read; say it with --config")
    param = known[key]
    kind = _kind(param)
    several = value if param.multiple and isinstance(value, list) else [value]
    if param.multiple and not isinstance(value, list):
        raise found.wrong(key, f"write a list: [{value!r}]")
    if not all(type(one) is kind for one in several):
        wanted = {bool: "true or false", int: "a number", str: "a text"}[kind]
        raise found.wrong(key, f"{value!r} is not {wanted}")
    if isinstance(param.type, click.Path) and key not in _OF_THE_TREE:
        several = [one if one == "-" else found.file(key, one) for one in several]
    return several if param.multiple else several[0]


def _kind(param: click.Parameter) -> type[bool] | type[int] | type[str]:
    if isinstance(param, click.Option) and param.is_flag:
        return bool
    return int if isinstance(param.type, click.types.IntParamType) else str
