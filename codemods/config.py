"""What a run is asked to do."""

import dataclasses
import pathlib

from codemods.analysis.assumptions import Assumption
from codemods.model import ITEMS, Item


@dataclasses.dataclass(frozen=True)
class Config:
    """The options of a run; `items` are in the series' order.

    `target` is the package that objects come from, "nova" or "shim"; None
    leaves it to the tree.
    """

    root: pathlib.Path
    items: tuple[Item, ...] = ITEMS
    target: str | None = None
    assumptions: tuple[Assumption, ...] = ()
    jobs: int = 1
