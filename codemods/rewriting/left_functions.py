# SPDX-License-Identifier: Apache-2.0
"""Report a function that cannot be parsed and so stays as it is."""

import re
from collections.abc import Iterable

from codemods.analysis.facts import Held, Placed, Site
from codemods.mappings import reasons
from codemods.model import ITEM_OF_OBJECT, ITEMS, Declined, Item, LeftFunction, NeedsPerson
from codemods.rewriting.file import File
from codemods.rewriting.findings import Findings
from codemods.rewriting.island import Island

CODE = "function.unparsed"

_LINE = re.compile(r"line (\d+): ")


def left_function(file: File, island: Island, placed: Iterable[Placed], reason: str) -> Findings:
    """The findings that report an island that stays; `placed` are the facts in it.

    A unit test that stays as it is needs a person.
    """
    source = file.module.source
    first = source.line_at(island.start)
    line = first + _lines_above(island.text)
    # the text that was parsed has a line before the island's first one
    reason = _LINE.sub(lambda match: f"line {int(match.group(1)) + first - 2}: ", reason, count=1)
    item, text = _item(file, placed), f"{reasons()[CODE]}: {reason}"
    found = Findings()
    found.left_functions.append(LeftFunction(file.path, island.start, island.end, line, reason))
    if file.survey.is_test(file.path):
        function = file.module.function_at(source.line_start(line + 1) - 1)
        name = function.dotted if function is not None else file.module.dotted
        found.needs_person.append(NeedsPerson(file.path, line, name, item, text))
    else:
        found.declined.append(Declined(file.path, line, item, "rewriting", CODE, text))
    return found


def _lines_above(text: bytes) -> int:
    """The number of blank lines and comments before the statement."""
    lines = text.splitlines()
    return next((n for n, one in enumerate(lines) if one.strip()[:1] not in (b"", b"#")), 0)


def _item(file: File, placed: Iterable[Placed]) -> Item:
    """The first work item that would have had something to do there."""
    names = {name for _, _, fact in placed for name in _objects(fact)}
    items = {ITEM_OF_OBJECT[name] for name in names & ITEM_OF_OBJECT.keys()}
    return min(items, key=ITEMS.index) if items else file.last_item


def _objects(fact: object) -> Iterable[str]:
    if isinstance(fact, Site):
        return (fact.call.object,)
    if isinstance(fact, Held):
        return [value.name for value in fact.values if value.kind in ("row", "rows")]
    return ()
