# SPDX-License-Identifier: Apache-2.0
"""Assemble the outcome of a run from its stages."""

import time

from codemods.analysis.refused import RefusedEdits
from codemods.analysis.survey import Survey
from codemods.choice import unmatched
from codemods.config import Config
from codemods.model import Change, Failure, RunResult, Stage
from codemods.series import patches


class Clock:
    """The CPU seconds of each step."""

    def __init__(self) -> None:
        self.marks: tuple[tuple[str, float], ...] = ()
        self._last = time.process_time()

    def mark(self, name: str) -> None:
        now = time.process_time()
        self.marks += ((name, round(now - self._last, 3)),)
        self._last = now


def result_of(
    config: Config,
    survey: Survey,
    found: list[Stage],
    files: dict[str, bytes],
    failures: list[Failure],
    clock: Clock,
    refused: RefusedEdits,
) -> RunResult:
    """Assemble the outcome of a run from its stages."""
    last = found[-1] if found else None
    declined = last.declined if last else ()
    # a rule in another process may have parsed a file that was not parsed here
    unparsed = [f for stage in found for f in stage.failures if f.stage == "parse"]
    unparsed += survey.inference.project.failures.values()
    failures = list(dict.fromkeys([*failures, *unparsed, *(last.failures if last else ())]))
    considered = {path for stage in found for path in stage.considered}
    considered |= {failure.path for failure in failures}
    changed = last.texts if last else {}
    changes = tuple(Change(path, files.get(path), changed[path]) for path in sorted(changed))
    made = patches(found, files, survey.plan.wordings, config.package)
    failed = {failure.path for failure in failures}
    counted = sum(1 for change in changes if change.before is not None)
    not_considered = len(set(files) - considered)
    total = len(files) + sum(1 for failure in failures if failure.stage == "read")
    clock.mark("series")
    return RunResult(
        root=str(config.root),
        target=survey.tree.target,
        items=survey.with_needed(config.items),
        asked=config.items,
        needing_fields=tuple(item for item in config.items if item in survey.needing_fields),
        found=total,
        unchanged=total - counted - not_considered - len(failed),
        not_considered=not_considered,
        changes=changes,
        patches=tuple(made),
        declined=(*declined, *refused.declined(declined)),
        needs_person=last.needs_person if last else (),
        failures=tuple(sorted(failures, key=lambda failure: (failure.path, failure.stage))),
        overlong=last.overlong if last else (),
        conflicts=last.conflicts if last else (),
        seconds=clock.marks,
        unmatched=tuple(unmatched(config.choice, {*files, *changed})),
        loaded=tuple(sorted(survey.inference.project.why.items())),
    )
