# SPDX-License-Identifier: Apache-2.0
"""Call the stages of a run in order; the only module that knows them all."""

import time
from collections.abc import Callable

from codemods.analysis.escapes import escaping_calls
from codemods.analysis.file_stays import stays_for, stays_in
from codemods.analysis.inferring import inferred
from codemods.analysis.lost_values import writes_that_stay
from codemods.analysis.project import Parsed
from codemods.analysis.python3 import not_python3
from codemods.analysis.relations import calls_that_stay
from codemods.analysis.stays import NOTHING_STAYS, Left, Stays
from codemods.analysis.survey import Survey
from codemods.caches import forget
from codemods.config import Config
from codemods.discovery import find, import_roots
from codemods.model import Change, Failure, Item, RunResult, Stage
from codemods.series import patches

Progress = Callable[[str, int, int], None]


def run(config: Config, progress: Progress | None = None) -> RunResult:
    """Rewrite the tree in memory; nothing is written. Raises `NotATree`."""
    return explained(config, progress)[0]


def explained(config: Config, progress: Progress | None = None) -> tuple[RunResult, Survey]:
    """The outcome of a run, and what was known of the tree. Raises `NotATree`."""
    forget()
    clock, show = _Clock(), progress or (lambda stage, done, total: None)
    show("reading", 0, 3)
    files, failures = find(config.root, config.package, config.include)
    roots = import_roots(config.root, config.include)
    clock.mark("read")
    stays, parsed = NOTHING_STAYS, Parsed()
    scope = config.package, roots, parsed
    while True:
        show("inferring", 1, 3)
        survey = inferred(files, config.target, config.assumptions, stays, *scope)
        items = survey.with_needed(config.items)
        known, stays = stays, stays | calls_that_stay(survey, items) | escaping_calls(survey)
        stays |= writes_that_stay(survey, items)
        clock.mark("infer")
        if stays != known:
            continue
        show("rewriting", 2, 3)
        found = _stages(survey, items, config.jobs)
        clock.mark("rewrite")
        failures += _unsound(found)
        barrier = _barrier(survey, found) if stays.all is None else None
        if barrier is not None:
            failures.append(barrier)
            stays |= Stays(all=Left("call.old-python", barrier.path))
            continue
        # what goes into a file that stays as it is has to stay as well
        stays |= stays_for(survey, {failure.path for failure in failures} & set(survey.modules))
        stays |= stays_in(survey, {one for stage in found for one in stage.left_functions})
        if stays == known:
            return _result(config, survey, found, files, failures, clock), survey


def _stages(survey: Survey, items: tuple[Item, ...], jobs: int) -> list[Stage]:
    if not survey.modules:
        return []
    # libcst takes longer to import than a run with nothing to rewrite takes
    from codemods.stages import stages

    return stages(survey, items, jobs)


def _barrier(survey: Survey, found: list[Stage]) -> Failure | None:
    """Why the shim cannot be imported by what was rewritten; None if it can."""
    texts = found[-1].texts if found and not survey.tree.is_own else {}
    refused = not_python3(survey.inference.project, texts)
    if refused is None:
        return None
    path, reason = refused
    return Failure(
        path,
        "target",
        f"{reason}: Python 3 cannot compile it, and the shim, from which the objects would come, "
        "is a package for Python 3; nothing is rewritten",
        "rebase onto a release that has objects of its own, 2013.2 or later",
    )


def _unsound(found: list[Stage]) -> list[Failure]:
    """The files that some stage could not rewrite, each with the first reason."""
    failures = [one for stage in found for one in stage.failures if one.stage == "verify"]
    return list({one.path: one for one in reversed(failures)}.values())


def _result(
    config: Config,
    survey: Survey,
    found: list[Stage],
    files: dict[str, bytes],
    failures: list[Failure],
    clock: "_Clock",
) -> RunResult:
    """The stages as the outcome of the run."""
    last = found[-1] if found else None
    # a rule may have looked at a file that nobody had looked at before, in another process
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
        declined=last.declined if last else (),
        needs_person=last.needs_person if last else (),
        failures=tuple(sorted(failures, key=lambda failure: (failure.path, failure.stage))),
        overlong=last.overlong if last else (),
        seconds=clock.marks,
    )


class _Clock:
    """CPU seconds of each stage."""

    def __init__(self) -> None:
        self.marks: tuple[tuple[str, float], ...] = ()
        self._last = time.process_time()

    def mark(self, name: str) -> None:
        now = time.process_time()
        self.marks += ((name, round(now - self._last, 3)),)
        self._last = now
