# SPDX-License-Identifier: Apache-2.0
"""Cases of a rule of unit tests as tables: a module before the rewrite, and after it."""

import pathlib

from tables import Outcome, assert_same_text, outcome
from unit_test_sources import PATH, Beside

from codemods.config import Config
from codemods.engine import run
from codemods.syntax.source import parse


def _outcome(root: pathlib.Path, text: str, after: str, beside: Beside, path: str) -> Outcome:
    """What becomes of a module of unit tests, which is `after`; a second run finds nothing."""
    parse(after.encode())
    found = outcome(root, text, path, beside)
    assert found.failures == ()
    assert_same_text(found.text, after)
    for change in found.result.changes:
        file = root / change.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(change.after)
    again = run(Config(root))
    assert again.failures == ()
    for change in again.changes:
        if change.path == path:
            assert_same_text(change.after.decode(), after)
    return found


def check_rewritten(
    root: pathlib.Path, rule: str, before: str, after: str, beside: Beside, path: str = PATH
) -> Outcome:
    """The module becomes another, by an edit of the rule; what else is said of it is returned."""
    found = _outcome(root, before, after, beside, path)
    assert rule in found.rules
    return found


def check_listed(
    root: pathlib.Path,
    rule: str,
    before: str,
    after: str | None,
    because: str,
    beside: Beside,
    path: str = PATH,
) -> None:
    """The rule leaves its place and says why; `after` is what other rules do around it."""
    found = _outcome(root, before, before if after is None else after, beside, path)
    assert rule not in found.rules
    said = {one.code for one in found.declined if one.rule == rule}
    if any(one.path == path for one in found.result.needs_person):
        said.add("needs-person")
    assert because in said


def check_not_known(
    root: pathlib.Path, rule: str, before: str, after: str | None, beside: Beside, path: str = PATH
) -> None:
    """The rule has nothing to do here, and nothing to say."""
    found = _outcome(root, before, before if after is None else after, beside, path)
    assert rule not in {*found.rules, *(one.rule for one in found.declined)}
