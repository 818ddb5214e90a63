"""What has to stay because of a file that cannot be rewritten."""

from collections.abc import Iterable

from codemods.analysis.facts import ALL_ITEMS
from codemods.analysis.file_facts import facts_of
from codemods.analysis.stays import Left, Place, Stays
from codemods.analysis.survey import Survey


def stays_for(survey: Survey, paths: Iterable[str]) -> Stays:
    """The calls in files that stay as they are, and those whose rows come into them."""
    files = frozenset(paths)
    calls: dict[Place, Left] = {}
    for path in sorted(files & survey.modules.keys()):
        facts = facts_of(survey.modules[path], survey, ALL_ITEMS)
        for held in facts.holds.values():
            for value, evidence in held.values.items():
                if value.kind in ("row", "rows"):
                    places = ((step.path, step.line) for step in evidence if step.call)
                    calls |= {place: Left("call.file-stays", path) for place in places}
    return Stays(calls, files)
