# SPDX-License-Identifier: Apache-2.0
"""The options of a run."""

import dataclasses
import pathlib

from codemods.analysis.assumptions import Assumption
from codemods.choice import EVERYTHING, Choice
from codemods.discovery import PACKAGE
from codemods.model import ITEMS, Item


@dataclasses.dataclass(frozen=True)
class Config:
    """The options of a run; `items` are in the series' order.

    `target` is the package that objects come from: "nova" for the tree's own, or
    "shim"; None chooses by what the tree has. `package` is the name of the tree's
    package, and `include` are further directories of the tree. `choice` says what may
    be changed. `rules` are rules, or modules and folders of rules, and `mappings` files
    of mappings, both in addition to those that installed packages offer.
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
