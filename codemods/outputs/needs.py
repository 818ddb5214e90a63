# SPDX-License-Identifier: Apache-2.0
"""Find out which earlier patches each patch of a series needs, by leaving them out."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from codemods.outputs.diffs import read_mail
from codemods.outputs.history import History

_WORD = re.compile(r"[A-Za-z_]\w*")
_BINDS = re.compile(
    r"(?:from\s+\S+\s+)?import\s+(?:.*\sas\s+)?(?P<module>\w+)$"
    r"|(?:class|def)\s+(?P<name>\w+)"
    r"|self\.(?P<attribute>\w+) = "
    r"|'(?P<field>\w+)': \w*fields\."
)


class _Lines(NamedTuple):
    """The words in the lines that a patch adds or removes, and the names that they bind."""

    words: frozenset[str]
    binds: frozenset[str]


class _Touched(NamedTuple):
    """What a patch does that another one may need."""

    paths: frozenset[str]
    added: _Lines
    removed: _Lines


def needs(
    history: History, mails: Sequence[bytes], known: Sequence[frozenset[int]]
) -> list[tuple[int, ...]]:
    """For each patch of a series, the numbers, from 1, of the earlier ones that it needs.

    It does not apply without them, or it reads a name that one of them binds, or it removes
    something that one of them stops using. `known` are the patches, from 0, that each one
    is known to need.
    """
    touched = [_touched(mail) for mail in mails]
    if len(mails) > 1:
        history.read_base()
    found = []
    for number in range(len(mails)):
        kept = list(range(number))
        for other in reversed(range(number)):
            without = [one for one in kept if one != other]
            later = [*(one for one in without if one > other), number]
            if any(other in known[one] for one in later):
                continue
            if _can_be_without(history, mails, touched, [*without, number], later, other):
                kept = without
        found.append(tuple(one + 1 for one in kept))
    return found


def _can_be_without(
    history: History,
    mails: Sequence[bytes],
    touched: list[_Touched],
    tried: list[int],
    later: list[int],
    other: int,
) -> bool:
    """Whether the patches `tried` can do without an `other` one; `later` are those after it."""
    if any(_leans_on(touched[one], touched[other]) for one in later):
        return False
    shared = any(touched[one].paths & touched[other].paths for one in later)
    return not shared or history.applies([mails[one] for one in tried])


def _leans_on(later: _Touched, earlier: _Touched) -> bool:
    new = earlier.added.binds - earlier.removed.binds
    gone = later.removed.binds - later.added.binds
    used_no_more = earlier.removed.words - earlier.added.words
    return bool(later.added.words & new or gone & used_no_more)


def _touched(mail: bytes) -> _Touched:
    hunks = list(read_mail(mail))
    lines = [line for hunk in hunks for line in hunk.lines]
    added, removed = (
        _lines([line.text.strip() for line in lines if line.kind == kind]) for kind in "+-"
    )
    return _Touched(frozenset(hunk.path for hunk in hunks), added, removed)


def _lines(lines: list[str]) -> _Lines:
    words = {word for line in lines for word in _WORD.findall(line)}
    found = [_BINDS.match(line) for line in lines]
    binds = {match.group(match.lastgroup) for match in found if match and match.lastgroup}
    return _Lines(frozenset(words), frozenset(binds))
