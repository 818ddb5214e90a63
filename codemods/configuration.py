# SPDX-License-Identifier: Apache-2.0
"""The configuration of a tree: `codemods.toml`, or `[tool.codemods]` in `pyproject.toml`.

The file is untrusted data, like the rest of the tree: nothing in it is run, and no
path in it may lead out of the tree. A file named with --config is trusted.
"""

import dataclasses
import pathlib
import stat
import sys
from collections.abc import Mapping
from typing import Any

from codemods.errors import BadConfiguration

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: The tool's own file, and the one that it shares with other tools.
OWN_FILE = "codemods.toml"
SHARED_FILE = "pyproject.toml"
TABLE = "tool.codemods"

_LARGEST = 1024 * 1024


@dataclasses.dataclass(frozen=True)
class Configuration:
    """The options that a file sets, by key.

    `root` is the tree that the file was found in; None if the user named the file.
    """

    path: pathlib.Path
    values: Mapping[str, Any]
    root: pathlib.Path | None = None

    def wrong(self, key: str, why: str) -> BadConfiguration:
        """The error for a key with an unusable value."""
        return BadConfiguration(f"{self.path}: {key}: {why}")

    def file(self, key: str, text: str) -> str:
        """The path of a file or directory that a key names, relative to the configuration.

        Raises `BadConfiguration` if a tree's own configuration names a path outside the tree.
        """
        found = self.path.parent / text
        if self.root is not None and not found.resolve().is_relative_to(self.root.resolve()):
            raise self.wrong(
                key, f"{text} leads out of the tree; say it on the command line, or use --config"
            )
        return str(found)


def configuration_of(root: pathlib.Path) -> Configuration | None:
    """The configuration in a tree, or None. Raises `BadConfiguration`."""
    own = _table(root / OWN_FILE, root) if _is_there(root / OWN_FILE) else None
    shared = None
    if _is_there(root / SHARED_FILE):
        shared = _named_table(_table(root / SHARED_FILE, root), root / SHARED_FILE)
    if own is not None and shared is not None:
        raise BadConfiguration(
            f"{root}: {OWN_FILE} and [{TABLE}] of {SHARED_FILE} both configure it; keep one"
        )
    if own is not None:
        return Configuration(root / OWN_FILE, own, root)
    return Configuration(root / SHARED_FILE, shared, root) if shared is not None else None


def named_configuration(path: pathlib.Path) -> Configuration:
    """The configuration in a file that the user named; raises `BadConfiguration`.

    In a file called pyproject.toml it is the table `[tool.codemods]`.
    """
    table = _table(path, None)
    if path.name == SHARED_FILE:
        table = _named_table(table, path) or {}
    return Configuration(path, table)


def _is_there(path: pathlib.Path) -> bool:
    return path.is_symlink() or path.exists()


def _table(path: pathlib.Path, root: pathlib.Path | None) -> dict[str, Any]:
    """Read a TOML file; with a `root`, it has to lie within that tree."""
    try:
        if root is not None:
            _require_own(path, root)
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise BadConfiguration(f"{path}: {error.strerror}; --config names another file") from None
    except ValueError as error:
        raise BadConfiguration(f"{path}: not valid TOML: {error}") from None


def _require_own(path: pathlib.Path, root: pathlib.Path) -> None:
    """Refuse a file that cannot be a configuration, without opening it."""
    if not path.resolve().is_relative_to(root.resolve()):
        raise BadConfiguration(f"{path}: leads out of the tree; use --config to name a file")
    found = path.stat()
    # opening a pipe waits for its writer
    if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
        raise BadConfiguration(f"{path}: not a regular file of at most {_LARGEST} bytes")


def _named_table(data: Mapping[str, Any], path: pathlib.Path) -> dict[str, Any] | None:
    found: Any = data
    for name in TABLE.split("."):
        if not isinstance(found, dict) or name not in found:
            return None
        found = found[name]
    if not isinstance(found, dict):
        raise BadConfiguration(f"{path}: {TABLE} is not a table")
    return found
