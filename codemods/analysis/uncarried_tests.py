# SPDX-License-Identifier: Apache-2.0
"""The unit tests that were not carried over, whether a rule has looked at them or not."""

import dataclasses
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from codemods.analysis.facts import ALL_ITEMS
from codemods.analysis.gone import Gone, tested_modules
from codemods.analysis.incomplete_rows import incomplete_rows
from codemods.analysis.kept_dicts import attributes_of_objects, kept_dicts
from codemods.analysis.project import Module, Project
from codemods.analysis.stub_users import Helper, helpers_in, users_in
from codemods.analysis.survey import Survey
from codemods.analysis.tested_dicts import tested_as_dicts
from codemods.analysis.uncarried import Uncarried, test_at, uncarried
from codemods.analysis.unit_tests import Traces, is_unit_test
from codemods.forked import forked_map
from codemods.mappings import conductor_calls
from codemods.model import ITEM_OF_OBJECT, Item, NeedsPerson
from codemods.syntax.source import Source, Unparsed

_IMPORT = rb"^[ \t]*(?:from|import)\b[^\n]*\b%s\b"


def names_gone(module: Module, text: bytes) -> frozenset[str]:
    """The names that a file imported but its new text does not."""
    before = module.source.text
    return frozenset(
        name for name in module.imports if _imports(before, name) and not _imports(text, name)
    )


def _imports(text: bytes, name: str) -> bool:
    return re.search(_IMPORT % re.escape(name).encode(), text, re.M) is not None


def uncarried_tests(
    survey: Survey,
    gone: Gone,
    texts: Mapping[str, bytes],
    known: Collection[NeedsPerson],
    jobs: int = 1,
) -> list[NeedsPerson]:
    """The tests that need a person, apart from those that are `known` to.

    `texts` are the new texts of the files that change. The files are looked at
    in `jobs` processes.
    """
    if not gone.methods:
        return []
    finder = _Finder(survey, gone, texts)
    paths = finder.paths()
    each = dict(zip(paths, forked_map(finder.in_file, paths, jobs), strict=True))
    found: dict[tuple[str, str], NeedsPerson] = {}
    for path, place in finder.places({path: one.places for path, one in each.items()}):
        item = _item(place, gone)
        person = NeedsPerson(path, place.line, place.test, item, place.reason)
        found.setdefault((path, place.test), person)
    for one in each.values():
        for person in one.others:
            found.setdefault((person.path, person.test), person)
    named = {(one.path, one.test) for one in known}
    return [person for place, person in found.items() if place not in named]


@dataclasses.dataclass(frozen=True)
class _InFile:
    """What needs a person in a file: the places that were not carried over, and the rest."""

    places: list[Uncarried]
    others: list[NeedsPerson]


class _Finder:
    """Looks at one unit test module at a time; `texts` are the new texts of changed files."""

    def __init__(self, survey: Survey, gone: Gone, texts: Mapping[str, bytes]) -> None:
        self.survey = survey
        self.gone = gone
        self.texts = texts
        self._project = survey.inference.project.aside()
        self._attributes = attributes_of_objects(survey.inference, ALL_ITEMS)
        self._candidates = dict.fromkeys(_candidates(survey, gone, texts))

    def paths(self) -> list[str]:
        """The files in which there may be something to find."""
        tests = (path for path in self.survey.modules if self.survey.is_test(path))
        return list(dict.fromkeys((*self._candidates, *tests)))

    def in_file(self, path: str) -> _InFile:
        """What needs a person in a file."""
        others: list[NeedsPerson] = []
        module = self.survey.modules.get(path)
        if module is not None and self.survey.is_test(path):
            others += self._dicts_kept(path, module)
            others += self._dicts_asked(path, module)
            others += self._rows_lacking(path, module)
        return _InFile(self._uncarried(path) if path in self._candidates else [], others)

    def _uncarried(self, path: str) -> list[Uncarried]:
        """The places of a file that were not carried over."""
        before = self._project.load(path)
        places = uncarried(before, self.gone) if before is not None else []
        if before is None or not places or path not in self.texts:
            return places
        after = _parsed(before.dotted, path, self.texts[path])
        kept = {(one.test, one.source) for one in uncarried(after, self.gone)} if after else set()
        return [one for one in places if (one.test, one.source) in kept]

    def places(self, found: Mapping[str, list[Uncarried]]) -> Iterator[tuple[str, Uncarried]]:
        """The places that were not carried over, and the uses of the helpers that they are in."""
        helpers: dict[str, list[Helper]] = {}
        for path, places in found.items():
            module = self._project.load(path) if places else None
            if module is not None:
                helpers[path] = helpers_in(module, places)
                yield from ((path, one) for one in (*places, *users_in(module, helpers[path])))
        exported = [one for several in helpers.values() for one in several if not one.is_method]
        for path, module in _users(self.survey, self._project, exported):
            others = [one for one in exported if one not in helpers.get(path, ())]
            yield from ((path, one) for one in users_in(module, others))

    def _dicts_kept(self, path: str, module: Module) -> Iterator[NeedsPerson]:
        """The tests that store a dict where the code keeps an object, also in the new text."""
        if self.gone.modules.isdisjoint(module.imports.values()):
            return
        text = self.texts.get(path, module.source.text)
        for target, name, kept in kept_dicts(module, self._attributes):
            statement = module.source.of(module.source.statement(target))
            if statement.encode() in text and module.source.of(kept).encode() in text:
                test = test_at(module, module.source.start(target))
                reason = f"keeps a dict in `{target.attr}`, which is a {name} object from now on"
                yield NeedsPerson(path, target.lineno, test, ITEM_OF_OBJECT[name], reason)

    def _dicts_asked(self, path: str, module: Module) -> Iterator[NeedsPerson]:
        """The tests that use a row of the code as only a dict can be, also in the new text."""
        for node, name, what in tested_as_dicts(module, self.survey):
            statement = module.source.of(module.source.statement(node))
            if statement.encode() in self.texts.get(path, module.source.text):
                test = test_at(module, module.source.start(node))
                reason = f"does with a {name} object what only a dict does: {what}"
                yield NeedsPerson(path, node.lineno, test, ITEM_OF_OBJECT[name], reason)

    def _rows_lacking(self, path: str, module: Module) -> Iterator[NeedsPerson]:
        """The tests whose database returns rows from which the code cannot make an object."""
        for one in incomplete_rows(module, self.survey.inference):
            owner, row = one.row
            text = self.texts.get(owner.source.path, owner.source.text)
            if owner.source.of(row).encode() not in text:
                # a rule has given it the columns
                continue
            if tested_modules(module, self.gone) & self.gone.methods.get(one.method, frozenset()):
                node, lacking = one.stub.node, _first(one.lacking)
                reason = f"stubs the database with a {one.object} row that lacks {lacking}"
                test = test_at(module, module.source.start(node))
                yield NeedsPerson(path, node.lineno, test, ITEM_OF_OBJECT[one.object], reason)


def _first(names: Sequence[str]) -> str:
    """The first three names, and how many more there are."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _users(
    survey: Survey, project: Project, helpers: Collection[Helper]
) -> Iterator[tuple[str, Module]]:
    """The unit test modules that may use helpers of other files."""
    traces = [(one.name.encode(), one.dotted.split(".")[-2].encode()) for one in helpers]
    for path, data in survey.inference.project.files.items() if traces else ():
        if not is_unit_test(path, survey.tree.package):
            continue
        if any(name in data and owner in data for name, owner in traces):
            module = project.load(path)
            if module is not None:
                yield path, module


def _item(place: Uncarried, gone: Gone) -> Item:
    """The work item after which the place no longer makes sense."""
    known = conductor_calls().keys()
    methods = [place.method] if place.method in known else sorted(gone.methods.keys() & known)
    items = [ITEM_OF_OBJECT[conductor_calls()[method].object] for method in methods]
    return max(items, key=list(Item).index)


def _candidates(survey: Survey, gone: Gone, texts: Mapping[str, bytes]) -> Iterator[str]:
    """The unit test modules whose bytes have something to look at."""
    package, pattern = survey.tree.package, _pattern(gone)
    traces = Traces(gone.modules)
    for path, data in survey.inference.project.files.items():
        is_test = is_unit_test(path, package) and "/conductor/" not in path
        if not is_test or not (b"onductor" in data or traces.are_in(data)):
            continue
        if any(found["other"] is None for found in pattern.finditer(texts.get(path, data))):
            yield path


def _pattern(gone: Gone) -> "re.Pattern[bytes]":
    """How a test may refer to the API; the group `other` matches what is the database's."""
    methods = "|".join(sorted(gone.methods))
    handles = "|".join(sorted(gone.handles)) or "$^"
    names = "|".join(sorted({"API", "LocalAPI"}.union(*gone.names.values(), gone.handles)))
    return re.compile(
        rf"(?P<other>\bdb(?:\.|,\s*['\"]))?\b(?:{methods})\b"
        # the first argument of a call is not the name that is replaced:
        # `start_service('conductor')`
        rf"|\.(?:{handles})\b|(?:\.|[^\s(]\s*['\"])(?:{names})['\"]".encode()
    )


def _parsed(dotted: str, path: str, data: bytes) -> Module | None:
    """A file as a module; None if it cannot be parsed."""
    try:
        return Module(dotted, Source(path, data))
    except (Unparsed, RecursionError):
        return None
