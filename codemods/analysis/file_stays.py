# SPDX-License-Identifier: Apache-2.0
"""Find what has to stay because a file, or a function, cannot be rewritten."""

from collections.abc import Iterable, Iterator

from codemods.analysis.facts import ALL_ITEMS, Held, Part, Site, Span
from codemods.analysis.file_facts import facts_of
from codemods.analysis.readings import Reading
from codemods.analysis.stays import Place, Reason, Stays
from codemods.analysis.survey import Survey
from codemods.model import LeftFunction


def stays_for(survey: Survey, paths: Iterable[str], left: Reason | None = None) -> Stays:
    """The calls in files that stay as they are, and those whose rows reach them."""
    files = frozenset(paths)
    calls: dict[Place, Reason] = {}
    for path in sorted(files & survey.modules.keys()):
        facts = facts_of(survey.modules[path], survey, ALL_ITEMS)
        for held in facts.holds.values():
            calls |= dict.fromkeys(_made_by(held), left or Reason("call.file-stays", path))
    return Stays(calls, files)


def stays_in(survey: Survey, functions: Iterable[LeftFunction]) -> Stays:
    """The calls in functions that stay as they are, and those whose rows reach them."""
    stays = Stays()
    for one in functions:
        left = Reason("call.function-stays", f"{one.path}:{one.line}: {one.reason}")
        stays |= stays_between(survey, one.path, (one.start, one.end), left)
    return stays


def stays_between(survey: Survey, path: str, span: Span, left: Reason) -> Stays:
    """The calls in a part of a file that stays as it is, and those whose rows reach it."""
    module, calls = survey.modules[path], dict[Place, Reason]()
    facts = facts_of(module, survey, ALL_ITEMS)
    lines = {site: module.source.line_at(start) for (start, _), site in facts.sites.items()}
    for _, _, fact in facts.between(*span):
        if isinstance(fact, Site | Part):
            site = fact.site if isinstance(fact, Part) else fact
            calls[path, lines[site]] = left
        elif isinstance(fact, Held):
            calls |= dict.fromkeys(_made_by(fact), left)
        elif isinstance(fact, Reading):
            calls |= dict.fromkeys(fact.calls, left)
    return Stays(calls)


def _made_by(held: Held) -> Iterator[Place]:
    """The conductor calls that returned the rows that an expression may hold."""
    for value, evidence in held.values.items():
        if value.kind in ("row", "rows"):
            yield from ((step.path, step.line) for step in evidence if step.call)
