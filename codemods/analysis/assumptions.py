# SPDX-License-Identifier: Apache-2.0
"""Facts that only a person knows, read from TOML."""

import dataclasses
import importlib.resources
import pathlib
import sys
from typing import Any

from codemods.errors import BadAssumption

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_KEYS = {"function", "name", "holds", "why"}


@dataclasses.dataclass(frozen=True)
class Assumption:
    """What a parameter holds.

    `function` is a dotted name from the top of the tree; `holds` is one of the five
    objects, the dotted name of a class of the tree, or "dict".
    """

    function: str
    parameter: str
    holds: str
    why: str
    source: str
    line: int


def shipped(package: str) -> tuple[Assumption, ...]:
    """The assumptions that come with this tool, for a nova whose package is `package`."""
    text = importlib.resources.files("codemods.mappings").joinpath("nova.toml")
    own = text.read_text(encoding="utf-8").replace('"nova.', f'"{package}.')
    return _parse(own, "nova.toml")


def read(path: pathlib.Path) -> tuple[Assumption, ...]:
    """The assumptions in the file at `path`; raises `BadAssumption`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadAssumption(f"{path}: cannot be read: {error}") from None
    return _parse(text, str(path))


def _parse(text: str, source: str) -> tuple[Assumption, ...]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadAssumption(f"{source}: not TOML: {error}") from None
    unknown = set(data) - {"parameter"}
    if unknown:
        raise BadAssumption(
            f"{source}: unknown table {min(unknown)!r}; only [[parameter]] is known"
        )
    rows = data.get("parameter", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadAssumption(f"{source}: `parameter` is a table here; write [[parameter]] instead")
    return tuple(_assumption(row, source, text) for row in rows)


def _assumption(row: dict[str, Any], source: str, text: str) -> Assumption:
    if set(row) != _KEYS or not all(isinstance(value, str) for value in row.values()):
        raise BadAssumption(
            f"{source}: each [[parameter]] has the strings {', '.join(sorted(_KEYS))}; found {row}"
        )
    line = text[: text.find(row["function"])].count("\n") + 1
    return Assumption(row["function"], row["name"], row["holds"], row["why"], source, line)
