# SPDX-License-Identifier: Apache-2.0
"""What a run is asked to do."""

import dataclasses
import pathlib

from codemods.analysis.assumptions import Assumption
from codemods.choice import EVERYTHING, Choice
from codemods.discovery import PACKAGE
from codemods.model import ITEMS, Item


@dataclasses.dataclass(frozen=True)
class Config:
    """The options of a run; `items` are in the series' order.

    `target` is the package that objects come from, "nova", which stands for the
    tree's own, or "shim"; None leaves it to the tree. `package` is the name of
    the tree's package, and `include` are directories of the tree beside it.
    `choice` says what of all that is read is to be changed.
    `rules` are rules, or modules and folders of them, `mappings` files of mappings, both
    besides those that installed packages offer.
    """

    root: pathlib.Path
    items: tuple[Item, ...] = ITEMS
    target: str | None = None
    assumptions: tuple[Assumption, ...] = ()
    jobs: int = 1
    package: str = PACKAGE
    include: tuple[pathlib.Path, ...] = ()
    choice: Choice = EVERYTHING
    rules: tuple[pathlib.Path | type, ...] = ()
    mappings: tuple[pathlib.Path, ...] = ()
