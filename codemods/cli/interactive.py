# SPDX-License-Identifier: Apache-2.0
"""`codemods run --interactive`: take or leave each hunk."""

import collections
import dataclasses
import glob
import sys
from collections.abc import Iterable, Iterator, Sequence

import click
from rich.console import Console
from rich.text import Text

from codemods.choice import Choice, Span
from codemods.cli.diffs import colored
from codemods.cli.progress import watched_run
from codemods.cli.terminal import Terminal
from codemods.config import Config
from codemods.model import RunResult
from codemods.outputs.hunks import Hunk
from codemods.outputs.sources import Sources
from codemods.outputs.units import HunkUnit, Key, units

_ANSWERS = {
    "y": "take it",
    "n": "leave it",
    "a": "take it, and all later ones in the file",
    "d": "leave it, and all later ones in the file",
    "q": "leave it, and all later ones",
    "?": "say what the letters mean",
}

#: The lines that are shown around a hunk.
_AROUND = 3


def asked_for(asked: Config, terminal: Terminal) -> RunResult:
    """The outcome of a run without what the user left; nothing is written yet.

    What depends on something that was left is left, too, and hunks that change because of
    that are shown again. Raises `click.UsageError` without a terminal, `click.Abort` if
    the user aborts.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("--interactive asks somebody at a terminal, and there is none")
    answers: dict[Key, bool] = {}
    while True:
        result = watched_run(asked, terminal.errors, True)
        found = units(result)
        _tell_gone(answers, found, terminal.errors)
        new = [one for one in found if one.key not in answers]
        answers |= _answers(new, Sources(result), terminal.errors)
        left = [one for one in new if not answers[one.key]]
        if not left:
            return result
        asked = dataclasses.replace(asked, choice=_without(asked.choice, left))


def _tell_gone(answers: dict[Key, bool], found: Sequence[HunkUnit], console: Console) -> None:
    """Report the hunks that were taken but are gone because of others that were left."""
    there = {one.key for one in found}
    gone = [key for key, is_taken in answers.items() if is_taken and key not in there]
    for path, count in sorted(collections.Counter(path for path, _ in gone).items()):
        hunks = "a hunk depends" if count == 1 else f"{count} hunks depend"
        _tell(f"{path}: {hunks} on a hunk you left, and is left too or changes", console)
    for key in gone:
        del answers[key]


def _without(choice: Choice, left: Iterable[HunkUnit]) -> Choice:
    """The choice without the units that were left."""
    places: dict[str, tuple[Span, ...]] = dict(choice.places)
    excluded = list(choice.excluded)
    for one in left:
        spans = [(edit.start, edit.end) for edit in one.edits]
        places[one.path] = (*places.get(one.path, ()), *spans)
        if not spans:
            excluded.append(glob.escape(one.path))
    return dataclasses.replace(choice, places=places, excluded=tuple(excluded))


def _answers(asked: Sequence[HunkUnit], sources: Sources, console: Console) -> dict[Key, bool]:
    """The user's answer for each unit; some answers hold for later ones, too."""
    found: dict[Key, bool] = {}
    for_file: dict[str, bool] = {}
    for number, one in enumerate(asked, 1):
        if one.path in for_file:
            found[one.key] = for_file[one.path]
            continue
        _show(one, sources, f"({number}/{len(asked)})", console)
        answer = _answer(console)
        found[one.key] = answer in ("y", "a")
        if answer in ("a", "d"):
            for_file[one.path] = answer == "a"
        if answer == "q":
            return {**found, **{later.key: False for later in asked[number:]}}
    return found


def _answer(console: Console) -> str:
    while True:
        letters = "".join(_ANSWERS)
        choice = click.Choice(list(_ANSWERS))
        answer: str = click.prompt(
            f"Take it [{','.join(letters)}]", type=choice, show_choices=False, err=True
        )
        if answer != "?":
            return answer
        for letter, meaning in _ANSWERS.items():
            _tell(f"{letter} - {meaning}", console)


def _show(one: HunkUnit, sources: Sources, count: str, console: Console) -> None:
    by = ", ".join(one.rules) or "new file"
    console.print()
    console.print(Text(f"{count} {one.path}:{one.line}: {by}", "bold"), soft_wrap=True)
    for hunk in one.hunks:
        for line in colored(_lines(hunk, sources.lines(one.path))):
            console.print(line, soft_wrap=True)


def _lines(hunk: Hunk, lines: Sequence[str]) -> Iterator[str]:
    """The hunk as in a diff, with context lines."""
    first = max(hunk.start - 1 - _AROUND, 0)
    above, below = lines[first : hunk.start - 1], lines[hunk.end - 1 : hunk.end - 1 + _AROUND]
    count = len(above) + len(below)
    old, new = count + len(hunk.removed), count + len(hunk.added)
    yield f"@@ -{first + 1},{old} +{hunk.new_start - len(above)},{new} @@"
    yield from (f" {line}" for line in above)
    yield from (f"-{line}" for line in hunk.removed)
    yield from (f"+{line}" for line in hunk.added)
    yield from (f" {line}" for line in below)


def _tell(text: str, console: Console) -> None:
    console.print(text, highlight=False, soft_wrap=True, markup=False)
