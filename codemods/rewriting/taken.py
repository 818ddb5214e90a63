# SPDX-License-Identifier: Apache-2.0
"""Leave what needs an import whose name means something else there."""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from codemods.model import Refused
from codemods.rewriting.findings import Findings
from codemods.rewriting.imported import import_in
from codemods.rewriting.imports import NoPlace, with_imports
from codemods.rewriting.island import Island
from codemods.rewriting.verify import hidden
from codemods.syntax.source import Source, Unparsed

CODE = "import.name-taken"


class Taken(NamedTuple):
    """The name of a new import that means something else, and what that is."""

    name: str
    why: str


def taken(
    text: bytes, island: Island, new: bytes, lines: Collection[str], package: str
) -> Taken | None:
    """The first name that the new form of an island needs for an import and cannot have.

    `text` is the file, `lines` are the imports and `package` is the tree's own.
    """
    try:
        for line in lines:
            try:
                with_imports(text, [line], package)
            except NoPlace as error:
                return Taken(import_in(line).local, str(error))
        below = "\n".join(lines).encode()
        old, made = (Source("", island.head + one, "utf-8") for one in (island.text, new + below))
        found = (
            Taken(name, f"`{name}` is a local name here") for name, _ in hidden(old, made, lines)
        )
        return next(found, None)
    except Unparsed:
        return None


def refuse(found: Findings, source: Source, taken: Taken, independent: Iterable[str]) -> None:
    """Refuse all edits of an island, since some of them need the name that is taken.

    Nothing depends on the edits of the `independent` rules. If something depends on those
    that need the name, the next run makes the others; so only those are listed.
    """
    word, edits = re.compile(rb"\b%s\b" % taken.name.encode()), found.take_back()
    naming = {
        edit
        for edit in edits
        if len(word.findall(edit.text.encode()))
        > len(word.findall(source.text, edit.start, edit.end))
    } or set(edits)
    depended_on = {edit for edit in edits if edit.rule not in independent}
    needed = naming & depended_on or depended_on
    found.refused += [
        Refused(edit, taken.why, edit in naming, edit in needed, CODE) for edit in edits
    ]
