# SPDX-License-Identifier: Apache-2.0
"""What has to stay because of a file, or a function, that cannot be rewritten."""

from collections.abc import Iterable, Iterator

from codemods.analysis.facts import ALL_ITEMS, Held, Site
from codemods.analysis.file_facts import facts_of
from codemods.analysis.stays import Left, Place, Stays
from codemods.analysis.survey import Survey
from codemods.model import LeftFunction


def stays_for(survey: Survey, paths: Iterable[str]) -> Stays:
    """The calls in files that stay as they are, and those whose rows come into them."""
    files = frozenset(paths)
    calls: dict[Place, Left] = {}
    for path in sorted(files & survey.modules.keys()):
        facts = facts_of(survey.modules[path], survey, ALL_ITEMS)
        for held in facts.holds.values():
            calls |= dict.fromkeys(_made_by(held), Left("call.file-stays", path))
    return Stays(calls, files)


def stays_in(survey: Survey, functions: Iterable[LeftFunction]) -> Stays:
    """The calls in functions that stay as they are, and those whose rows come into them."""
    calls: dict[Place, Left] = {}
    for one in functions:
        module = survey.modules[one.path]
        left = Left("call.function-stays", f"{one.path}:{one.line}: {one.reason}")
        for (start, _), _, fact in facts_of(module, survey, ALL_ITEMS).between(one.start, one.end):
            if isinstance(fact, Site):
                calls[one.path, module.source.line_at(start)] = left
            elif isinstance(fact, Held):
                calls |= dict.fromkeys(_made_by(fact), left)
    return Stays(calls)


def _made_by(held: Held) -> Iterator[Place]:
    """The calls of the conductor that gave the rows which an expression may hold."""
    for value, evidence in held.values.items():
        if value.kind in ("row", "rows"):
            yield from ((step.path, step.line) for step in evidence if step.call)
