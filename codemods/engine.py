# SPDX-License-Identifier: Apache-2.0
"""Run the steps of the pipeline in order; the only module that knows them all."""

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

from codemods.analysis.escapes import escaping_calls
from codemods.analysis.file_stays import stays_for, stays_in
from codemods.analysis.inferring import inferred
from codemods.analysis.lost_values import writes_that_stay
from codemods.analysis.project import Parsed
from codemods.analysis.python3 import not_python3
from codemods.analysis.refused import RefusedEdits
from codemods.analysis.relations import calls_that_stay
from codemods.analysis.stays import NOTHING_STAYS, Reason, Stays
from codemods.analysis.survey import Survey
from codemods.asked import require_known
from codemods.caches import forget
from codemods.config import Config
from codemods.discovery import find, import_roots
from codemods.mappings.used import use_mappings
from codemods.model import Failure, Item, RunResult, Stage
from codemods.offered import RULES, offered
from codemods.result import Clock, result_of

if TYPE_CHECKING:
    from codemods.rewriting.rule import Rule

#: Called with a step, how much of it is done, and the total; 0 if the total is unknown.
Progress = Callable[[str, int, int], None]


def run(config: Config, progress: Progress | None = None) -> RunResult:
    """Rewrite the tree in memory; nothing is written. Raises `NotATree`."""
    return explained(config, progress)[0]


def explained(config: Config, progress: Progress | None = None) -> tuple[RunResult, Survey]:
    """Rewrite the tree in memory; return the outcome and what was inferred about the tree.

    Raises `NotATree`, and `BadRule`, `BadMapping` and `RuleFailed` for rules and
    mappings from outside the package.
    """
    forget()
    use_mappings(config.mappings)
    own = _own_rules(config)
    needles = tuple(needle for rule in own for needle in rule.NEEDLES)
    clock, show = Clock(), progress or (lambda stage, done, total: None)
    show("reading", 0, 1)
    files, failures = find(config.root, config.package, config.include)
    roots = import_roots(config.root, config.include)
    clock.mark("read")
    require_known(files)
    stays, parsed, refused = NOTHING_STAYS, Parsed(), RefusedEdits()
    scope, looked = (config.package, roots, parsed, needles), itertools.count(1)

    def watch() -> None:
        show("inferring", next(looked), 0)

    while True:
        survey = inferred(files, config.target, config.assumptions, stays, *scope, watch)
        items = survey.with_needed(config.items)
        known, stays = stays, stays | calls_that_stay(survey, items) | escaping_calls(survey)
        stays |= writes_that_stay(survey, items)
        clock.mark("infer")
        if stays != known:
            continue
        found = _stages(survey, items, config, own, show)
        clock.mark("rewrite")
        stays |= refused.stays(survey, [r for stage in found for r in stage.refused], known)
        if stays != known:
            # this rewrite counted on edits that are refused
            continue
        failures += _unsound(found)
        barrier = _barrier(survey, found) if stays.all is None else None
        if barrier is not None:
            failures.append(barrier)
            stays |= Stays(all=Reason("call.old-python", barrier.path))
            continue
        # rows that go into a file that stays as it is have to stay dicts
        stays |= stays_for(survey, {failure.path for failure in failures} & set(survey.modules))
        stays |= stays_in(survey, {one for stage in found for one in stage.left_functions})
        if stays == known:
            done = result_of(config, survey, found, files, failures, clock, refused)
            return done, survey


def _own_rules(config: Config) -> "tuple[type[Rule], ...]":
    """The rules from outside the package; libcst is only imported if there are any."""
    if not config.rules and not offered(RULES):
        return ()
    from codemods.rules.own import own_rules

    return own_rules(config.rules)


def _stages(
    survey: Survey,
    items: tuple[Item, ...],
    config: Config,
    own: "tuple[type[Rule], ...]",
    show: Progress,
) -> list[Stage]:
    if not survey.modules:
        return []
    # importing libcst takes longer than a run with nothing to rewrite
    from codemods.stages import stages

    total, done = len(survey.modules), itertools.count(1)
    return stages(
        survey,
        items,
        config.jobs,
        config.choice,
        own,
        lambda: show("rewriting", next(done), total),
    )


def _barrier(survey: Survey, found: list[Stage]) -> Failure | None:
    """Why the rewritten code could not import the shim; None if it could."""
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
