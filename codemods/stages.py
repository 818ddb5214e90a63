"""The stages of the rewrite: each work item's patch stands on those before it.

Every stage is the rewrite of the original tree with the items up to there, so
a patch is the difference between two whole and verified trees.
"""

import dataclasses
from collections.abc import Mapping

from codemods.analysis.facts import Span
from codemods.analysis.file_facts import facts_of
from codemods.analysis.handles import Handle, handles_of, unread_places
from codemods.analysis.survey import Survey
from codemods.analysis.uncarried import Gone
from codemods.analysis.uncarried_tests import names_gone, uncarried_tests
from codemods.forked import forked_map
from codemods.model import Declined, Edit, Failure, Item, LeftFunction, NeedsPerson, Stage
from codemods.rewriting.became import Became, Outcome
from codemods.rewriting.file import File, Follower
from codemods.rewriting.rewrite import FileRewriter, Rewritten
from codemods.rewriting.rule import Rule
from codemods.rules import CODE_RULES, EXCEPTION_RULES, OBJECT_RULES, TEST_RULES


def stages(survey: Survey, items: tuple[Item, ...], jobs: int = 1) -> list[Stage]:
    """One stage for each of the items, in order."""
    handles = handles_of(survey)
    rewriters = {
        path: rewriter
        for path in sorted(survey.modules)
        if (rewriter := _rewriter(survey, path, frozenset(items), handles)).has_islands
    }
    done = [frozenset(items[: number + 1]) for number in range(len(items))]
    runs = [_Run(survey, one, handles, rewriters, one == done[-1]) for one in done]
    return forked_map(lambda run: run.stage(), runs, jobs)


def rules_for(survey: Survey, path: str) -> tuple[type[Rule], ...]:
    """The rules that look at a file: the program, its unit tests and its objects have their own."""
    if survey.is_test(path):
        return TEST_RULES
    if path == survey.tree.exceptions_path:
        # the exceptions are caught everywhere and say nothing of rows
        return EXCEPTION_RULES
    if path.startswith(f"{survey.tree.objects_path}/"):
        return OBJECT_RULES
    return CODE_RULES


def _follows(survey: Survey, path: str) -> bool:
    """Whether a file can only be looked at when it is known what the code has become."""
    return survey.is_test(path) or path == survey.tree.exceptions_path


def _rewriter(
    survey: Survey, path: str, done: frozenset[Item], handles: list[Handle]
) -> FileRewriter:
    module = survey.modules[path]
    file, facts = File(module, survey, done), facts_of(module, survey, done)
    places = [(handle.method or handle.statement)[0] for handle in handles if handle.path == path]
    readings = [one for handle in handles for one in handle.readings if one.path == path]
    places += [start for reading in readings for start, _ in reading.goes]
    watched = frozenset(span for one in readings for span in (one.span, *one.readers))
    return FileRewriter(file, facts, rules_for(survey, path), places, watched)


def _outcome(one: Rewritten) -> Outcome:
    """What a file of the code has become; one that could not be rewritten stays as it is."""
    if one.failure is not None:
        return Outcome(left=one.rewritten_calls | one.left_calls)
    findings = one.findings
    return Outcome(
        tuple(findings.edits),
        tuple(findings.imports),
        frozenset(findings.effects),
        one.rewritten_calls,
        one.left_calls,
    )


class _Run:
    """One stage on its way."""

    def __init__(
        self,
        survey: Survey,
        done: frozenset[Item],
        handles: list[Handle],
        rewriters: Mapping[str, FileRewriter],
        is_last: bool,
    ) -> None:
        self.survey = survey
        self.done = done
        self.rewriters = rewriters
        self.is_last = is_last
        self.known_handles = handles
        self.handles = handles if Item.CONDUCTOR in done else []

    def stage(self) -> Stage:
        """The code first, then the unit tests; last what nobody reads any more."""
        code, following = self._paths()
        found = {path: self._file(path) for path in code}
        became = Became(
            {self.survey.modules[path].dotted: _outcome(one) for path, one in found.items()}
        )
        found |= {path: self._file(path, became) for path in following}
        remaining = {path: one.remaining for path, one in found.items()}
        changed = {path for path, one in found.items() if one.findings.edits}
        for path, spans in unread_places(self.handles, remaining, changed).items():
            found[path] = self._file(path, became, frozenset(spans))
        stage = self._gathered(found)
        if not self.is_last:
            return stage
        # only what becomes of the tests in the end is told
        left = uncarried_tests(
            self.survey, self._gone(became, stage.texts), stage.texts, stage.needs_person
        )
        persons = sorted((*stage.needs_person, *left), key=lambda one: (one.path, one.line))
        return dataclasses.replace(stage, needs_person=tuple(persons))

    def _gone(self, became: Became, texts: Mapping[str, bytes]) -> Gone:
        """What of the conductor's API the code has no use for any more."""
        methods: dict[str, set[str]] = {}
        for dotted, outcome in became.outcomes.items():
            for method in outcome.rewritten if not self._is_test(dotted) else ():
                methods.setdefault(method, set()).add(dotted)
        changed = {one for found in methods.values() for one in found}
        handles: dict[str, set[str]] = {}
        names: dict[str, frozenset[str]] = {}
        for handle in self.known_handles:
            dotted = self.survey.modules[handle.path].dotted
            if dotted in changed:
                handles.setdefault(handle.name, set()).add(dotted)
        for path, text in texts.items():
            module = self.survey.modules.get(path)
            if module is not None and module.dotted in changed:
                names[module.dotted] = names_gone(module, text)
        return Gone(
            self.survey.inference.project,
            self.survey.tree.package,
            {name: frozenset(found) for name, found in methods.items()},
            frozenset(name for name in methods if became.calls(name)),
            {name: frozenset(found) for name, found in handles.items()},
            names,
        )

    def _is_test(self, dotted: str) -> bool:
        return self.survey.inference.is_test_name(dotted)

    def _paths(self) -> tuple[list[str], list[str]]:
        """The files that a rule looks at: those of the code, and those that follow it."""
        paths = list(self.rewriters)
        following = [path for path in paths if _follows(self.survey, path)]
        return [path for path in paths if path not in following], following

    def _file(
        self, path: str, became: Became | None = None, unread: frozenset[Span] = frozenset()
    ) -> Rewritten:
        module = self.survey.modules[path]
        facts = facts_of(module, self.survey, self.done)
        if unread:
            facts = dataclasses.replace(facts, unread=facts.unread | unread)
        file = (
            File(module, self.survey, self.done)
            if became is None or not _follows(self.survey, path)
            else Follower(module, self.survey, self.done, became)
        )
        return self.rewriters[path].at(file, facts)

    def _gathered(self, found: dict[str, Rewritten]) -> Stage:
        texts: dict[str, bytes] = {}
        edits: list[Edit] = []
        failures: list[Failure] = []
        declined: list[Declined] = []
        persons: list[NeedsPerson] = []
        left: list[LeftFunction] = []
        for path, one in sorted(found.items()):
            declined += one.findings.declined
            persons += one.findings.needs_person
            left += one.findings.left_functions
            if one.failure is not None:
                failures.append(one.failure)
            elif one.data != self.survey.modules[path].source.data:
                texts[path] = one.data
                edits += one.findings.edits
        for rule in OBJECT_RULES:
            texts.update((new.path, new.data) for new in rule.created(self.survey, self.done))
        project = self.survey.inference.project
        return Stage(
            max(self.done, key=list(Item).index),
            texts,
            tuple(edits),
            tuple(dict.fromkeys(declined)),
            tuple(dict.fromkeys(persons)),
            (*project.failures.values(), *failures),
            frozenset(project.modules),
            tuple(left),
        )
