# SPDX-License-Identifier: Apache-2.0
"""Stop the run if a comment in the tree asks the tool for something that it does not know."""

import pathlib
from collections.abc import Collection, Iterable, Mapping

from codemods.choice import matching
from codemods.errors import UnknownRule, nearest
from codemods.syntax.skips import MARK, Comment, comments_for_us

_WORD = "skip"


def require_known(files: Mapping[str, bytes]) -> None:
    """Raise `UnknownRule` for a comment that asks for something unknown."""
    for path, data in files.items():
        for one in comments_for_us(data) if MARK in data else ():
            _require(path, one)


def _require(path: str, one: Comment) -> None:
    if one.what != _WORD:
        raise UnknownRule(
            f"{path}:{one.line}: unknown comment {one.what!r}; only 'skip' is supported"
        )
    try:
        require_rules(one.names)
    except UnknownRule as error:
        raise UnknownRule(f"{path}:{one.line}: {error}") from None


def require_rules(names: Iterable[str], own: Iterable[pathlib.Path] = ()) -> None:
    """Raise `UnknownRule` for a name or pattern that matches no rule."""
    for name in names:
        if not matching(name, rule_names(own)):
            raise UnknownRule(f"no rule {name}{nearest(name, rule_names())}")


def rule_names(own: Iterable[pathlib.Path] = ()) -> Collection[str]:
    """The names of all rules, including those in the modules and folders of `own`."""
    # this imports libcst, which a run with nothing to rewrite does not need
    from codemods.rules.own import known_rules, own_rules

    own_rules(own)
    return frozenset(rule.name() for rule in known_rules())
