# SPDX-License-Identifier: Apache-2.0
"""What the user wants changed: by which rules, in which files, and at which places.

Everything is still read, and whatever depends on a place that is left alone has to
be left alone too; the engine finds that out. This module holds only the request.
"""

import dataclasses
import fnmatch
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from codemods.syntax.skips import Skip, skips_in
from codemods.syntax.source import Source

Span = tuple[int, int]

#: Whether a span that is left alone meets the span in question.
Meets = Callable[[int, int], bool]


@dataclasses.dataclass(frozen=True)
class Refusal:
    """Why an edit is not made; `is_listed` if the user named this very place."""

    why: str
    is_listed: bool = False


@dataclasses.dataclass(frozen=True)
class FileChoice:
    """What the user asked for in one file.

    `closed` says why nothing in it is changed, `rules` why some rules change nothing;
    `skips` are the statements with a skip comment, `places` other spans to leave alone.
    """

    closed: str = ""
    rules: Mapping[str, str] = dataclasses.field(default_factory=dict)
    skips: tuple[Skip, ...] = ()
    places: tuple[Span, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether every rule may change all of the file."""
        return not (self.closed or self.rules or self.skips or self.places)

    def within(self, rule: str, start: int, end: int) -> Refusal | None:
        """Why a rule may change nothing between two offsets; None if it may."""
        return self._refusal(rule, lambda first, last: first <= start and end <= last)

    def of_edit(self, rule: str, start: int, end: int) -> Refusal | None:
        """Why an edit is refused: it overlaps something that is left alone; None if it is not."""
        return self._refusal(rule, lambda first, last: start < last and first < max(end, start + 1))

    def _refusal(self, rule: str, meets: Meets) -> Refusal | None:
        for skip in self.skips:
            named = not skip.rules or any(fnmatch.fnmatchcase(rule, one) for one in skip.rules)
            if named and meets(skip.start, skip.end):
                return Refusal(f"the comment on line {skip.line} asks for it", True)
        if any(meets(*place) for place in self.places):
            return Refusal("it was left when it was asked for", True)
        why = self.closed or self.rules.get(rule, "")
        return Refusal(why) if why else None


@dataclasses.dataclass(frozen=True)
class Choice:
    """What the user asked for in the whole tree; by default all of it may be changed.

    `rules` maps the name of a rule to the reason why it changes nothing. If there are
    `paths`, only files at or below them are changed. No file is changed if a pattern of
    `excluded` matches it or a directory above it. `places` are spans, by file, to leave
    alone.
    """

    rules: Mapping[str, str] = dataclasses.field(default_factory=dict)
    paths: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    places: Mapping[str, tuple[Span, ...]] = dataclasses.field(default_factory=dict)

    def closed(self, path: str) -> str:
        """Why a file is neither changed nor created; "" if it may be."""
        if self.paths and not any(is_below(path, one) for one in self.paths):
            return "it is not among the paths that are to be changed"
        pattern = excluding(path, self.excluded)
        return f"--exclude {pattern} asks for it" if pattern else ""

    def of(self, source: Source) -> FileChoice:
        """What the user asked for in a file."""
        places = self.places.get(source.path, ())
        return FileChoice(self.closed(source.path), self.rules, skips_in(source), places)


EVERYTHING = Choice()


def is_below(path: str, directory: str) -> bool:
    """Whether a path is a directory or lies below it; both are relative, with slashes."""
    return directory in ("", ".") or path == directory or path.startswith(f"{directory}/")


def excluding(path: str, patterns: Iterable[str]) -> str:
    """The first pattern that matches a path or a directory above it; "" if none does."""
    parts = path.split("/")
    above = ["/".join(parts[: number + 1]) for number in range(len(parts))]
    for pattern in patterns:
        bare = pattern.rstrip("/")
        if any(fnmatch.fnmatchcase(one, bare) for one in above):
            return pattern
    return ""


def unmatched(choice: Choice, paths: Collection[str]) -> Iterator[str]:
    """The patterns that exclude none of the paths, and so may be mistakes."""
    for pattern in choice.excluded:
        if not any(excluding(path, [pattern]) for path in paths):
            yield pattern


def matching(pattern: str, names: Iterable[str]) -> list[str]:
    """The names that a pattern matches."""
    return fnmatch.filter(names, pattern)


def left_out(
    names: Collection[str], only: Collection[str], skip: Collection[str]
) -> dict[str, str]:
    """The rules among `names` that are switched off, each with the option that did it.

    `only` and `skip` are patterns of names.
    """
    found = {}
    for name in names:
        pattern = next((one for one in skip if fnmatch.fnmatchcase(name, one)), None)
        if pattern is not None:
            found[name] = f"--skip {pattern} asks for it"
        elif only and not any(fnmatch.fnmatchcase(name, one) for one in only):
            found[name] = "--rule asks for others"
    return found
