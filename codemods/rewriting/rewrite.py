"""One file with the rules' work done: its islands rewritten, its imports in order, checked."""

import dataclasses
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack

import libcst as cst

from codemods.analysis.facts import Facts, Leftover, Span
from codemods.analysis.project import Module
from codemods.analysis.unread import is_read
from codemods.model import Failure, Item
from codemods.rewriting.asked import Answers, are_same, noting
from codemods.rewriting.file import File
from codemods.rewriting.findings import Findings
from codemods.rewriting.imports import NoPlace, with_imports
from codemods.rewriting.island import Island, IslandWrapper, inside, islands
from codemods.rewriting.metadata import PROVIDERS
from codemods.rewriting.rewriter import Rewriter
from codemods.rewriting.rule import Rule
from codemods.rewriting.unused_imports import without_unused
from codemods.rewriting.verify import (
    Unsound,
    verify_comments,
    verify_imports,
    verify_names,
    verify_text,
)
from codemods.syntax.source import Unparsed, encode, reparsed


@dataclasses.dataclass(frozen=True, eq=False)
class Rewritten:
    """A file's new bytes, in its own encoding, with what the rules found in it.

    `remaining` are the places among those to be watched that are still there;
    `failure` says why the file stays as it is, if it does. `rewritten_calls`
    and `left_calls` are the names of the conductor's methods that it called,
    and of those that it goes on calling.
    """

    data: bytes
    findings: Findings
    remaining: frozenset[Span]
    failure: Failure | None = None
    rewritten_calls: frozenset[str] = frozenset()
    left_calls: frozenset[str] = frozenset()


#: What an island becomes, what was found in it, and which watched places are gone.
_Form = tuple[bytes, Findings, frozenset[Span]]


class FileRewriter:
    """Rewrites one file as often as there are stages.

    Its islands are parsed once, and looked at again only where a stage may
    make a difference to them. Beside the places that the facts speak of, those
    in `places` are looked at; expressions at the places `watched` are looked
    for in the outcome. Raises `Unparsed` where an island cannot be parsed.
    """

    def __init__(
        self,
        file: File,
        facts: Facts,
        rules: Sequence[type[Rule]],
        places: Iterable[int] = (),
        watched: frozenset[Span] = frozenset(),
    ) -> None:
        self._module = file.module
        self._watched = watched
        self._rules = rules
        own = _places(file, facts, rules)
        self._islands = {
            island: (_items(facts, island), _interested(facts, island, file, rules))
            for island in islands(file.module, [*own, *places])
        }
        self._forms: dict[tuple[object, ...], list[tuple[Answers, _Form]]] = {}
        self._checked: dict[tuple[bytes, tuple[str, ...]], bytes | str] = {}

    @property
    def has_islands(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self._islands)

    def at(self, file: File, facts: Facts) -> Rewritten:
        """The file once the rules have done what they know with the items done so far."""
        text, new = self._by_rules(file, facts)
        source = self._module.source
        if text == source.text:
            return new
        try:
            unread = _unread(facts.leftovers, text)
        except Unparsed:
            unread = frozenset()
        if unread:
            facts = dataclasses.replace(facts, unread=facts.unread | unread)
            text, new = self._by_rules(file, facts)
        checked = self._with_imports(file, text, new.findings)
        if isinstance(checked, str):
            return dataclasses.replace(
                new, remaining=self._watched, failure=_failure(file.path, checked)
            )
        return dataclasses.replace(new, data=encode(checked, source.encoding, source.marked))

    def _by_rules(self, file: File, facts: Facts) -> tuple[bytes, Rewritten]:
        """The file's text with the islands rewritten, and what was found on the way."""
        source, findings, remaining = self._module.source, Findings(), self._watched
        rules = [rule for rule in self._rules if rule.applies(file)]
        places = _places(file, facts, rules)
        pieces, position = [], 0
        for island, (items, interested) in self._islands.items():
            if inside(places, island.start, island.end):
                asked = [rule for rule in rules if rule in interested]
                known = self._forms.setdefault(_key(file, facts, island, items, asked), [])
                form = next((form for answers, form in known if are_same(answers, file)), None)
                if form is None:
                    answers: Answers = {}
                    asking = noting(file, answers)
                    form = _form(asking, facts, island, places, asked, self._watched)
                    known.append((answers, form))
                new, found, gone = form
                findings.add(found)
                remaining -= gone
                pieces += [source.text[position : island.start], new]
                position = island.end
        text = b"".join([*pieces, source.text[position:]])
        sites = facts.sites.values()
        return text, Rewritten(
            source.data,
            findings,
            remaining,
            rewritten_calls=frozenset(one.call.name for one in sites if one.left is None),
            left_calls=frozenset(one.call.name for one in sites if one.left is not None),
        )

    def _with_imports(self, file: File, text: bytes, findings: Findings) -> bytes | str:
        """The text with its imports in order, or why it is not what it should be."""
        lines = tuple(sorted({change.line for change in findings.imports}))
        if (text, lines) not in self._checked:
            source, tree = self._module.source, file.tree
            try:
                verify_comments(source.text, text, findings.dropped_comments)
                verify_imports(lines, file.survey.inference.project, tree.package)
                new = without_unused(with_imports(text, lines, tree.package), source)
                verify_names(source, verify_text(source, new), lines)
                self._checked[text, lines] = new
            except (NoPlace, Unparsed, Unsound) as error:
                self._checked[text, lines] = str(error)
        return self._checked[text, lines]


def _places(file: File, facts: Facts, rules: Iterable[type[Rule]]) -> tuple[int, ...]:
    """The offsets at which a rule has something to look at, in order."""
    needles = {one for rule in rules if rule.applies(file) for one in rule.NEEDLES}
    text, found = file.module.source.text, set(facts.places)
    for needle in needles:
        found |= {match.start() for match in re.finditer(re.escape(needle), text)}
    return tuple(sorted(found))


def _items(facts: Facts, island: Island) -> frozenset[Item]:
    """The work items that make a difference to an island."""
    found: set[Item] = {Item.OBJECT_FIELDS}
    for span, items in facts.items():
        if island.start <= span[0] < island.end:
            found |= items
    return frozenset(found)


def _interested(
    facts: Facts, island: Island, file: File, rules: Sequence[type[Rule]]
) -> frozenset[type[Rule]]:
    """The rules that may have something to do in an island.

    Those that ask for a kind of facts of which there are some, those whose
    needles stand there, and those to whom it may turn out that something is
    read by nobody any more.
    """
    text = file.module.source.text[island.start : island.end]
    known = {
        provider
        for provider in PROVIDERS
        if any(island.start <= start < island.end for start, _ in provider.facts(facts))
    }
    return frozenset(
        rule
        for rule in rules
        if rule.REMOVES_UNREAD
        or not known.isdisjoint(rule.get_inherited_dependencies())
        or any(needle in text for needle in rule.NEEDLES)
    )


def _key(
    file: File,
    facts: Facts,
    island: Island,
    items: frozenset[Item],
    rules: Sequence[type[Rule]],
) -> tuple[object, ...]:
    """What the facts of an island depend on, and which rules look at it."""
    unread = frozenset(s for s in facts.unread if island.start <= s[0] < island.end)
    return island, file.done & items, unread, tuple(rules)


def _form(
    file: File,
    facts: Facts,
    island: Island,
    places: tuple[int, ...],
    rules: Sequence[type[Rule]],
    watched: frozenset[Span],
) -> _Form:
    wrapper, findings = IslandWrapper(island, facts), Findings()
    asked = [rule(file, island, findings) for rule in rules]
    with ExitStack() as stack:
        for rule in asked:
            stack.enter_context(rule.resolve(wrapper))
        rewriter = Rewriter(island, places, asked, watched, findings)
        new = island.module.visit(rewriter)
    findings.drop_gone()
    assert isinstance(new, cst.Module)
    return island.printed(new), findings, island.gone(new, watched)


def _unread(leftovers: Sequence[Leftover], text: bytes) -> frozenset[Span]:
    """The statements that give a value to names which nothing in the new text reads."""
    if not leftovers:
        return frozenset()
    module = Module("", reparsed(text))
    functions = {function.name: function.node for function in module.all_functions}
    return frozenset(
        one.statement
        for one in leftovers
        if one.function in functions and not is_read(functions[one.function], one.name)
    )


def _failure(path: str, reason: str) -> Failure:
    return Failure(
        path,
        "verify",
        reason,
        "the file is left as it is; rewrite it by hand, and report the pattern",
    )
