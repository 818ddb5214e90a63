# SPDX-License-Identifier: Apache-2.0
"""What inference knows, for your own libcst visitors under libcst's `FullRepoManager`.

See `docs/architecture.md`. Rules of your own import their providers from `codemods.api`.
"""

import bisect
import functools
import pathlib
import re
from collections.abc import Mapping
from typing import Any

from codemods.analysis.facts import ALL_ITEMS, Facts, Span
from codemods.analysis.file_facts import facts_of
from codemods.config import Config
from codemods.discovery import find
from codemods.engine import explained
from codemods.rewriting import metadata
from codemods.rewriting.fact_provider import FactProvider, Table

__all__ = ["HoldsProvider", "PartProvider", "SiteProvider"]


class _TreeProvider(FactProvider[Any]):
    """A provider whose cache libcst makes for a whole tree."""

    @classmethod
    def gen_cache(
        cls, root_path: pathlib.Path, paths: list[str], **kwargs: Any
    ) -> Mapping[str, object]:
        """Run the tool in memory on the tree at `root_path`; return the facts of each of `paths`.

        They are those that hold once all work items are done. Raises `NotATree` if it is
        not a nova tree.
        """
        files, _ = find(root_path)
        known = _facts_of(root_path, frozenset(files.items()))
        return {
            path: Table(path, _as_libcst_reads(files[path], known[path].table(cls.TABLE)))
            for path in paths
            if path in known
        }


class HoldsProvider(_TreeProvider, metadata.HoldsProvider):
    """What an expression may hold, one of nova's objects on every path or on some: a `Held`."""


class PartProvider(_TreeProvider, metadata.PartProvider):
    """Statements that belong to a conductor call that writes: a `Part`."""


class SiteProvider(_TreeProvider, metadata.SiteProvider):
    """Calls to the conductor that move rows: a `Site`."""


# several providers ask for the facts in turn; an edited file makes another tree
@functools.lru_cache(maxsize=2)
def _facts_of(root: pathlib.Path, files: frozenset[tuple[str, bytes]]) -> Mapping[str, Facts]:
    """The facts of every file in a tree that has any."""
    _, survey = explained(Config(root))
    return {path: facts_of(module, survey, ALL_ITEMS) for path, module in survey.modules.items()}


def _as_libcst_reads(data: bytes, facts: Mapping[Span, Any]) -> Mapping[Span, Any]:
    """The facts by their places in what `FullRepoManager` parses: text, with `\\n` for `\\r\\n`."""
    dropped = [found.start() for found in re.finditer(rb"\r\n", data)]
    if not dropped:
        return facts
    return {
        (start - bisect.bisect_left(dropped, start), end - bisect.bisect_left(dropped, end)): fact
        for (start, end), fact in facts.items()
    }
