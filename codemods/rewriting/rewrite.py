# SPDX-License-Identifier: Apache-2.0
"""Rewrite one file: its islands and its imports; then verify it."""

import dataclasses
import functools
import re
from collections.abc import Iterable, Sequence

import libcst as cst

from codemods.analysis.facts import Facts, Leftover, Placed, Span
from codemods.analysis.unread import may_be_read
from codemods.choice import FileChoice
from codemods.model import Failure, Overlong
from codemods.rewriting.changed_text import ChangedText, changed_text
from codemods.rewriting.children import visited
from codemods.rewriting.dependencies import Dependencies
from codemods.rewriting.fact_provider import FactProvider
from codemods.rewriting.file import File
from codemods.rewriting.findings import Findings
from codemods.rewriting.imports import NoPlace, with_imports
from codemods.rewriting.island import Island, IslandWrapper, inside, islands
from codemods.rewriting.left_functions import left_function
from codemods.rewriting.overlong import overlong
from codemods.rewriting.rewriter import Rewriter
from codemods.rewriting.rule import Rule
from codemods.rewriting.taken import refuse, taken
from codemods.rewriting.unused_imports import without_unused
from codemods.rewriting.verify import (
    Unsound,
    unread_lines,
    verify_comments,
    verify_imports,
    verify_named,
    verify_names,
    verify_text,
)
from codemods.rewriting.verify_islands import is_known_sound
from codemods.syntax.scopes import Function, functions
from codemods.syntax.source import Unparsed, encode, reparsed


@dataclasses.dataclass(frozen=True, eq=False)
class Rewritten:
    """A file's new bytes, in its own encoding, with what the rules found in it.

    `remaining` are the watched places that are still there; `failure` says why the file
    could not be rewritten, if so; `overlong` are the lines that could not be kept short.
    `rewritten_calls` are the names of the conductor's methods with a call that was
    rewritten, `left_calls` those with a call that stays.
    """

    data: bytes
    findings: Findings
    remaining: frozenset[Span]
    failure: Failure | None = None
    overlong: tuple[Overlong, ...] = ()
    rewritten_calls: frozenset[str] = frozenset()
    left_calls: frozenset[str] = frozenset()


EVERYTHING = FileChoice()

#: What an island becomes, what was found in it, and which watched places are gone.
_Form = tuple[bytes, Findings, frozenset[Span]]


@dataclasses.dataclass(frozen=True, eq=False)
class _Look:
    """One look at an island: its facts, the rules, their dependencies, and the resulting form."""

    placed: list[Placed]
    rules: list[type[Rule]]
    dependencies: Dependencies
    form: _Form


class FileRewriter:
    """Rewrites one file, once for each stage.

    Its islands are parsed once, and looked at again only if something else is known
    about them. Besides the places of facts, those in `places` are looked at;
    `Rewritten.remaining` says which of the expressions at `watched` places are left. An
    island that cannot be parsed stays as it is, and so does what `choice` does not allow
    to change.
    """

    def __init__(
        self,
        file: File,
        facts: Facts,
        rules: Sequence[type[Rule]],
        places: Iterable[int] = (),
        watched: frozenset[Span] = frozenset(),
        choice: FileChoice = EVERYTHING,
    ) -> None:
        self.module = file.module
        self._choice = choice
        self._watched = watched
        self._rules = rules
        self._needles = {rule: _found(rule.NEEDLES, file.module.source.text) for rule in rules}
        own = _places(facts, [self._needles[rule] for rule in rules if rule.applies(file)])
        self._looks: dict[Island, list[_Look]] = {
            island: [] for island in islands(file.module, [*own, *places])
        }
        self._checked: dict[tuple[bytes, tuple[str, ...]], bytes | str | frozenset[str]] = {}

    @property
    def has_islands(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self._looks)

    def at(self, file: File, facts: Facts) -> Rewritten:
        """The file as the rules rewrite it for one stage."""
        new, wrong = self._sound(file, facts)
        if wrong:
            # leave the functions in which the name of a new import is taken, not the file
            careful, still_wrong = self._sound(file, facts, is_careful=True)
            if not still_wrong:
                return careful
            new = dataclasses.replace(new, remaining=self._watched)
            if not new.findings.refused:
                return dataclasses.replace(new, failure=_failure(file.path, wrong))
            # the other edits depend on those that were refused
            new.findings.refuse_all()
        return new

    def _sound(self, file: File, facts: Facts, is_careful: bool = False) -> tuple[Rewritten, str]:
        """The file as the rules rewrite it, and why that is unsound; "" if it is sound."""
        changed, new = self._by_rules(file, facts, is_careful)
        source = self.module.source
        if changed.text == source.text:
            return new, ""
        try:
            unread = _unread(facts.leftovers, changed.text)
        except Unparsed:
            unread = frozenset()
        if unread:
            facts = dataclasses.replace(facts, unread=facts.unread | unread)
            changed, new = self._by_rules(file, facts, is_careful)
        checked = self._with_imports(file, changed, new.findings)
        if isinstance(checked, str):
            return new, checked
        data = encode(checked, source.encoding, source.marked)
        long = overlong(file.path, source.text, checked)
        return dataclasses.replace(new, data=data, overlong=long), ""

    def _by_rules(
        self, file: File, facts: Facts, is_careful: bool
    ) -> tuple[ChangedText, Rewritten]:
        """The file's text with its islands rewritten, and what the rules found.

        With `is_careful`, an island stays if the name of an import that it needs is taken.
        """
        source, findings, remaining = self.module.source, Findings(), self._watched
        rules = [rule for rule in self._rules if rule.applies(file)]
        places = _places(facts, [self._needles[rule] for rule in rules])
        forms = list[tuple[Island, bytes]]()
        for island in self._looks:
            interested = self._interested(rules, island, facts)
            if interested and inside(places, island.start, island.end):
                form = self._form(file, facts, island, places, interested)
                new, found, gone = self._untaken(file, island, form) if is_careful else form
                findings.add(found)
                remaining -= gone
                forms.append((island, new))
        sites = facts.sites.values()
        return (
            changed_text(source.text, forms),
            Rewritten(
                source.data,
                findings,
                remaining,
                rewritten_calls=frozenset(one.call.name for one in sites if one.left is None),
                left_calls=frozenset(one.call.name for one in sites if one.left is not None),
            ),
        )

    def _interested(
        self, rules: Iterable[type[Rule]], island: Island, facts: Facts
    ) -> list[type[Rule]]:
        """The rules for which an island holds facts or needles."""
        kinds = {kind for _, kind, _ in facts.between(island.start, island.end)}
        return [
            rule
            for rule in rules
            if not kinds.isdisjoint(_kinds(rule))
            or inside(self._needles[rule], island.start, island.end)
        ]

    def _form(
        self,
        file: File,
        facts: Facts,
        island: Island,
        places: tuple[int, ...],
        rules: list[type[Rule]],
    ) -> _Form:
        """What the rules make of an island; they look at it only if something is new."""
        placed = facts.between(island.start, island.end)
        for look in self._looks[island]:
            if look.placed == placed and look.rules == rules and look.dependencies.hold_for(file):
                return look.form
        dependencies = Dependencies(file)
        tracked = dependencies.file
        try:
            form = _form(tracked, facts, island, places, rules, self._watched, self._choice)
        except Unparsed as error:
            form = island.text, left_function(tracked, island, placed, str(error)), frozenset()
        except RecursionError:
            reason = "nests too deep to be rewritten"
            form = island.text, left_function(tracked, island, placed, reason), frozenset()
        self._looks[island].append(_Look(placed, rules, dependencies, form))
        return form

    def _untaken(self, file: File, island: Island, form: _Form) -> _Form:
        """An island's new form; the island itself if the name of an import is taken."""
        new, found, _ = form
        lines = sorted({change.line for change in found.imports})
        name = taken(file.module.source.text, island, new, lines, file.tree.package)
        if name is None:
            return form
        found = found.snapshot()
        independent = [one.name() for one in self._rules if one.TIDIES or one.is_own()]
        refuse(found, file.module.source, name, independent)
        return island.text, found, frozenset()

    def _with_imports(self, file: File, changed: ChangedText, findings: Findings) -> bytes | str:
        """The text with its imports in order, or why it is unsound."""
        text = changed.text
        lines = tuple(sorted({change.line for change in findings.imports}))
        if (text, lines) not in self._checked:
            try:
                self._checked[text, lines] = self._verified(file, changed, lines, findings)
            except (NoPlace, Unparsed, Unsound) as error:
                self._checked[text, lines] = str(error)
        found = self._checked[text, lines]
        if isinstance(found, frozenset):
            # the code that wanted them was replaced by another rule
            findings.forget_imports(found)
            return self._with_imports(file, changed, findings)
        return found

    def _verified(
        self, file: File, changed: ChangedText, lines: tuple[str, ...], findings: Findings
    ) -> bytes | frozenset[str]:
        """The text with its imports in order, or the new import `lines` that nothing reads."""
        source, tree = self.module.source, file.tree
        # the bytes between the islands are the same
        verify_comments(changed.replaced, changed.made, findings.dropped_comments)
        verify_imports(lines, file.survey.inference.project, tree.package)
        text = with_imports(changed.text, lines, tree.package)
        if is_known_sound(self.module, changed, lines, tree):
            return text
        new = without_unused(text, source, changed.replaced)
        made = verify_text(source, new)
        if unread := unread_lines(made, lines):
            return unread
        verify_names(source, made, lines)
        verify_named(self.module, made, tree)
        return new


def _places(facts: Facts, needles: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """The offsets at which a rule has something to look at, in order."""
    return tuple(sorted({*facts.places, *(place for found in needles for place in found)}))


def _found(needles: Iterable[bytes], text: bytes) -> tuple[int, ...]:
    """The offsets of all needles, in order."""
    found = (re.finditer(re.escape(needle), text) for needle in needles)
    return tuple(sorted(match.start() for matches in found for match in matches))


@functools.cache
def _kinds(rule: type[Rule]) -> frozenset[str]:
    """The kinds of fact that a rule asks for."""
    providers = rule.get_inherited_dependencies()
    return frozenset(one.TABLE for one in providers if issubclass(one, FactProvider))


def _form(
    file: File,
    facts: Facts,
    island: Island,
    places: tuple[int, ...],
    rules: Sequence[type[Rule]],
    watched: frozenset[Span],
    choice: FileChoice,
) -> _Form:
    wrapper, findings = IslandWrapper(island, facts), Findings()
    visitors = [rule(file, island, findings) for rule in rules]
    for one in visitors:
        one.metadata = wrapper.resolve_many(one.get_inherited_dependencies())
    new = visited(island.module, Rewriter(island, places, visitors, watched, findings, choice))
    findings.drop_gone()
    assert isinstance(new, cst.Module)
    return island.printed(new), findings, island.gone(new, watched)


def _unread(leftovers: Sequence[Leftover], text: bytes) -> frozenset[Span]:
    """The statements that assign to names that nothing in the new text reads."""
    if not leftovers:
        return frozenset()
    source = reparsed(text)
    found: dict[str, list[Function]] = {}
    for (dotted, _), function in functions(source).items():
        found.setdefault(dotted, []).append(function)
    return frozenset(
        one.statement
        for one in leftovers
        if one.function in found and not any(may_be_read(f, one.name) for f in found[one.function])
    )


def _failure(path: str, reason: str) -> Failure:
    return Failure(
        path,
        "verify",
        reason,
        "the file is left as it is; rewrite it by hand, and report the pattern",
    )
