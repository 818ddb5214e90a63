# SPDX-License-Identifier: Apache-2.0
"""The stages of the rewrite: each work item's patch builds on those before it.

Every stage is the rewrite of the original tree with the items so far, so a patch is
the difference between two whole, verified trees.
"""

import dataclasses
from collections.abc import Callable, Iterable

from codemods.analysis.facts import Span
from codemods.analysis.file_facts import facts_of
from codemods.analysis.handles import Handle, handles_of, unread_places
from codemods.analysis.survey import Survey
from codemods.analysis.uncarried_tests import uncarried_tests
from codemods.api_gone import api_gone
from codemods.choice import EVERYTHING, Choice
from codemods.forked import forked_map
from codemods.model import (
    Conflict,
    Declined,
    Edit,
    Failure,
    Item,
    LeftFunction,
    NeedsPerson,
    Overlong,
    Stage,
)
from codemods.refusals import Refusals
from codemods.rewriting.became import Became, FileOutcome
from codemods.rewriting.file import File, Follower
from codemods.rewriting.overlong import overlong
from codemods.rewriting.rewrite import FileRewriter, Rewritten
from codemods.rules import OBJECT_RULES
from codemods.rules.of_file import rules_for
from codemods.rules.own import Rules
from codemods.syntax.source import reparsed

#: Up to this many bytes of source, starting processes takes longer than the work.
SMALL = 500_000


def stages(
    survey: Survey,
    items: tuple[Item, ...],
    jobs: int = 1,
    choice: Choice = EVERYTHING,
    own: Rules = (),
    watch: Callable[[], None] = lambda: None,
) -> list[Stage]:
    """One stage for each item, in order; edits that `choice` does not allow are refused.

    `own` are rules from outside the package; `watch` is called for each file
    that has been looked at.
    """
    size = sum(len(module.source.text) for module in survey.modules.values())
    return _Run(
        survey, items, handles_of(survey), jobs if size > SMALL else 1, choice, own, watch
    ).stages()


def _follows(survey: Survey, path: str) -> bool:
    """Whether a file can only be rewritten once it is known what the code has become."""
    return survey.is_test(path) or path == survey.tree.exceptions_path


def _outcome(one: Rewritten) -> FileOutcome:
    """What a file of code has become; one that could not be rewritten stays as it is."""
    if one.failure is not None:
        return FileOutcome(left=one.rewritten_calls | one.left_calls)
    findings = one.findings
    return FileOutcome(
        tuple(findings.edits),
        tuple(findings.imports),
        frozenset(findings.effects),
        one.rewritten_calls,
        one.left_calls,
    )


@dataclasses.dataclass(frozen=True, eq=False)
class _OfFile:
    """A file at each stage; `rewritten` is empty if there is nothing to look at.

    `considered` and `unparsed` are the files that the process has looked at so far,
    and those among them that could not be parsed.
    """

    rewritten: list[Rewritten]
    considered: frozenset[str]
    unparsed: tuple[Failure, ...]


def _each_once(declined: list[Declined]) -> tuple[Declined, ...]:
    """The places without duplicates: a line may have several expressions or evidences."""
    found: dict[tuple[object, ...], Declined] = {}
    for one in declined:
        found.setdefault((one.path, one.line, one.item, one.rule, one.reason), one)
    return tuple(found.values())


class _Run:
    """All stages, file by file, so that work on one stage is shared with the next."""

    def __init__(
        self,
        survey: Survey,
        items: tuple[Item, ...],
        handles: list[Handle],
        jobs: int,
        choice: Choice,
        own: Rules,
        watch: Callable[[], None],
    ) -> None:
        self.own = own
        self.survey = survey
        self.watch = watch
        self.choice = choice
        self.refused = Refusals(survey, choice, handles)
        self.done = [frozenset(items[: number + 1]) for number in range(len(items))]
        self.handles = handles
        self.jobs = jobs
        # these files are rewritten a second time
        self._kept = {handle.path for handle in handles}
        self._kept |= {one.path for handle in handles for one in handle.readings}
        self._kept |= {path for handle in handles for path, _ in handle.told}
        self._rewriters: dict[str, FileRewriter] = {}
        self._considered: set[str] = set()
        self._unparsed: dict[Failure, None] = {}

    def stages(self) -> list[Stage]:
        """Rewrite the code, then the unit tests; last, remove what nothing reads any more."""
        paths = sorted(self.survey.modules)
        following = [path for path in paths if _follows(self.survey, path)]
        code = self._files([path for path in paths if path not in following], None)
        became = [
            Became({self.survey.modules[path].dotted: _outcome(one) for path, one in found.items()})
            for found in code
        ]
        tests = self._files(following, became)
        found = [{**one, **other} for one, other in zip(code, tests, strict=True)]
        for number, done in enumerate(self.done):
            if Item.CONDUCTOR in done:
                found[number] |= self._without_unread(number, found[number], became)
        # no file is looked at again: free the trees of its islands
        self._rewriters.clear()
        gathered = [self._gathered(number, one) for number, one in enumerate(found)]
        # only the last stage reports what becomes of the tests
        return [*gathered[:-1], self._with_uncarried(gathered[-1], became[-1])]

    def _with_uncarried(self, stage: Stage, became: Became) -> Stage:
        """The stage with the tests that no rule has carried over."""
        gone = api_gone(self.survey, self.handles, became, stage.texts)
        left = uncarried_tests(self.survey, gone, stage.texts, stage.needs_person, self.jobs)
        persons = sorted((*stage.needs_person, *left), key=lambda one: (one.path, one.line))
        return dataclasses.replace(stage, needs_person=tuple(persons))

    def _files(self, paths: list[str], became: list[Became] | None) -> list[dict[str, Rewritten]]:
        """The files that have something to look at, for each stage."""
        ordered = self._longest_last(paths)
        made = forked_map(lambda path: self._file(path, became), ordered, self.jobs, self.watch)
        for one in made:
            self._considered |= one.considered
            self._unparsed.update(dict.fromkeys(one.unparsed))
        found = {path: one.rewritten for path, one in zip(ordered, made, strict=True)}
        return [
            {path: found[path][number] for path in paths if found[path]}
            for number in range(len(self.done))
        ]

    def _file(self, path: str, became: list[Became] | None) -> _OfFile:
        rewriter, rewritten = self._rewriter(path), list[Rewritten]()
        if path in self._kept:
            self._rewriters[path] = rewriter
        for number in range(len(self.done)) if rewriter.has_islands else ():
            rewritten.append(self._at(rewriter, number, became))
        # the cache has a tree of the file for each stage
        reparsed.cache_clear()
        project = self.survey.inference.project
        return _OfFile(rewritten, frozenset(project.modules), tuple(project.failures.values()))

    def _rewriter(self, path: str) -> FileRewriter:
        survey, done, handles = self.survey, self.done[-1], self.handles
        module = survey.modules[path]
        file, facts = File(module, survey, done), facts_of(module, survey, done)
        own = (handle for handle in handles if handle.path == path)
        places = [(handle.method or handle.statement)[0] for handle in own]
        told = {place for handle in handles for place in handle.told}
        places += [start for of, (start, _) in sorted(told) if of == path]
        readings = [one for handle in handles for one in handle.readings if one.path == path]
        places += [start for reading in readings for start, _ in reading.goes]
        watched = frozenset(span for one in readings for span in (one.span, *one.readers))
        choice, rules = self.choice.of(module.source), rules_for(survey, path, self.own)
        return FileRewriter(file, facts, rules, places, watched, choice)

    def _at(
        self,
        rewriter: FileRewriter,
        number: int,
        became: list[Became] | None,
        unread: frozenset[Span] = frozenset(),
    ) -> Rewritten:
        module, survey, done = rewriter.module, self.survey, self.done[number]
        facts = facts_of(module, survey, done)
        if unread:
            facts = dataclasses.replace(facts, unread=facts.unread | unread)
        if became is not None and _follows(survey, module.source.path):
            return rewriter.at(Follower(module, survey, done, became[number]), facts)
        return rewriter.at(File(module, survey, done), facts)

    def _without_unread(
        self, number: int, found: dict[str, Rewritten], became: list[Became]
    ) -> dict[str, Rewritten]:
        """The files that lose something because nothing reads it any more."""
        remaining = {path: one.remaining for path, one in found.items()}
        changed = {path for path, one in found.items() if one.findings.edits}
        unread = unread_places(self.handles, remaining, changed, self.refused.handles.keys())
        if self.refused.handles:
            self.refused.note(number, unread_places(self.handles, remaining, changed))

        def without(path: str) -> Rewritten:
            if path not in self._rewriters:
                # another process rewrote the file; its rewriter has to be made again here
                self._file(path, became)
            return self._at(self._rewriters[path], number, became, frozenset(unread[path]))

        ordered = self._longest_last(unread)
        return dict(zip(ordered, forked_map(without, ordered, self.jobs), strict=True))

    def _longest_last(self, paths: Iterable[str]) -> list[str]:
        """The files by size: `forked_map` starts with the last ones."""
        return sorted(paths, key=lambda path: len(self.survey.modules[path].source.text))

    def _gathered(self, number: int, found: dict[str, Rewritten]) -> Stage:
        done, refused = self.done[number], self.refused.handles_at(number)
        texts: dict[str, bytes] = {}
        edits: list[Edit] = []
        failures: list[Failure] = []
        declined: list[Declined] = []
        persons: list[NeedsPerson] = []
        left: list[LeftFunction] = []
        long: list[Overlong] = []
        conflicts: list[Conflict] = []
        for path, one in sorted(found.items()):
            declined += one.findings.declined
            persons += one.findings.needs_person
            left += one.findings.left_functions
            refused += one.findings.refused
            conflicts += one.findings.conflicts
            if one.failure is not None:
                failures.append(one.failure)
            elif one.data != self.survey.modules[path].source.data:
                texts[path] = one.data
                edits += one.findings.edits
                long += one.overlong
        for rule in (*self.own, *OBJECT_RULES):
            for new in rule.created(self.survey, done):
                if (asked := self.refused.of_new(new)) is not None:
                    refused.append(asked)
                    continue
                texts[new.path] = new.data
                long += overlong(new.path, b"", new.data)
        persons += self.refused.persons(refused)
        project = self.survey.inference.project
        return Stage(
            max(done, key=list(Item).index),
            texts,
            tuple(edits),
            _each_once(declined),
            tuple(dict.fromkeys(persons)),
            (*dict.fromkeys((*project.failures.values(), *self._unparsed)), *failures),
            frozenset(self._considered | project.modules.keys()),
            tuple(left),
            tuple(long),
            tuple(refused),
            tuple(dict.fromkeys(conflicts)),
        )
