# SPDX-License-Identifier: Apache-2.0
"""The mappings that a run uses besides the package's own."""

import pathlib
from collections.abc import Sequence

from codemods.errors import BadMapping
from codemods.mappings import use
from codemods.offered import MAPPINGS, offered


def use_mappings(paths: Sequence[pathlib.Path]) -> None:
    """Use the mappings that installed packages offer, and those in `paths`.

    Raises `BadMapping`.
    """
    use([*_offered(), *paths])


def _offered() -> list[pathlib.Path]:
    found = []
    for point in offered(MAPPINGS):
        where = f"the entry point {point.name} = {point.value} of {MAPPINGS}"
        try:
            path = point.load()
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            raise BadMapping(f"{where}: cannot be imported: {text}") from error
        if not isinstance(path, str | pathlib.Path):
            raise BadMapping(f"{where}: {path!r} is no path of a file")
        found.append(pathlib.Path(path))
    return found
