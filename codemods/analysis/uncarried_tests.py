"""The unit tests that nobody has carried over, whether some rule has looked at them or not."""

import re
from collections.abc import Collection, Iterator, Mapping

from codemods.analysis.project import Module
from codemods.analysis.survey import Survey
from codemods.analysis.uncarried import Gone, Uncarried, uncarried
from codemods.discovery import mentions
from codemods.mappings import conductor_calls
from codemods.model import ITEM_OF_OBJECT, Item, NeedsPerson
from codemods.syntax.source import Source, Unparsed

_IMPORT = rb"^[ \t]*(?:from|import)\b[^\n]*\b%s\b"


def names_gone(module: Module, text: bytes) -> frozenset[str]:
    """The names that a file imported, and that its new text does not."""
    before = module.source.text
    return frozenset(
        name for name in module.imports if _imports(before, name) and not _imports(text, name)
    )


def _imports(text: bytes, name: str) -> bool:
    return re.search(_IMPORT % name.encode(), text, re.M) is not None


def uncarried_tests(
    survey: Survey, gone: Gone, texts: Mapping[str, bytes], known: Collection[NeedsPerson]
) -> list[NeedsPerson]:
    """The tests that need a person, apart from those that are `known` to.

    `texts` are the files that have become others.
    """
    if not gone.methods:
        return []
    named = {(one.path, one.test) for one in known}
    found: dict[tuple[str, str], NeedsPerson] = {}
    for path, before in _candidates(survey, gone, texts):
        after = _parsed(before.dotted, path, texts[path]) if path in texts else before
        kept = {(one.test, one.source) for one in uncarried(after, gone)} if after else set()
        for one in uncarried(before, gone):
            who = (path, one.test)
            if (one.test, one.source) in kept and who not in named:
                item = _item(one, gone)
                found.setdefault(who, NeedsPerson(path, one.line, one.test, item, one.reason))
    return list(found.values())


def _item(place: Uncarried, gone: Gone) -> Item:
    """The work item after which the place has no sense any more."""
    methods = [place.method] if place.method else sorted(gone.methods)
    items = [ITEM_OF_OBJECT[conductor_calls()[method].object] for method in methods]
    return max(items, key=list(Item).index)


def _candidates(
    survey: Survey, gone: Gone, texts: Mapping[str, bytes]
) -> Iterator[tuple[str, Module]]:
    """The files of unit tests in whose bytes there is something to look at, as they were."""
    tests, pattern = f"{survey.tree.package}/tests/", _pattern(gone)
    traces = (
        b"onductor",
        *("from {} import {}".format(*one.rsplit(".", 1)).encode() for one in gone.modules),
        *(f"{one}.".encode() for one in gone.modules),
    )
    for path, data in survey.inference.project.files.items():
        if not path.startswith(tests) or "/conductor/" in path or not mentions(data, traces):
            continue
        if any(found["other"] is None for found in pattern.finditer(texts.get(path, data))):
            dotted = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            known = survey.inference.project.modules.get(path)
            module = known or _parsed(dotted, path, data)
            if module is not None:
                yield path, module


def _pattern(gone: Gone) -> "re.Pattern[bytes]":
    """What stands where a test may say something of the API; `other` is what belongs to others."""
    methods = "|".join(sorted(gone.methods))
    handles = "|".join(sorted(gone.handles)) or "$^"
    names = "|".join(sorted({"API", "LocalAPI"}.union(*gone.names.values(), gone.handles)))
    return re.compile(
        rf"(?P<other>\bdb(?:\.|,\s*['\"]))?\b(?:{methods})\b"
        rf"|\.(?:{handles})\b|['\".](?:{names})['\"]".encode()
    )


def _parsed(dotted: str, path: str, data: bytes) -> Module | None:
    """A file as a module; None where it cannot be parsed."""
    try:
        return Module(dotted, Source(path, data))
    except (Unparsed, RecursionError):
        return None
