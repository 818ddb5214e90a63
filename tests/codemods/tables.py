# SPDX-License-Identifier: Apache-2.0
"""Cases of a rule as tables: the lines of one method, before the rewrite and after it.

The lines stand in a class that holds the conductor's API and goes on using it,
so that what a case shows is the rule at work and not the removal of the handle.
"""

import dataclasses
import difflib
import pathlib
import textwrap
from collections.abc import Mapping

import pytest
import small_tree

from codemods.config import Config
from codemods.engine import run
from codemods.model import Declined, Edit, Failure, RunResult

PATH = "nova/compute/example.py"

HEAD = """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)

    def method(self, context, host, values):
"""

SERVICE = "service = self.conductor_api.service_get_by_compute_host(context, host)\n"
SERVICE_AFTER = "service = objects.Service.get_by_compute_host(context, host)\n"


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one file of a small tree."""

    text: str
    edits: tuple[Edit, ...]
    declined: tuple[Declined, ...]
    failures: tuple[Failure, ...]
    result: RunResult

    @property
    def codes(self) -> set[str]:
        """The reasons why places of the file were left."""
        return {one.code for one in self.declined}

    @property
    def rules(self) -> set[str]:
        """The rules that have an edit in the file."""
        return {edit.rule for edit in self.edits}


def outcome(
    root: pathlib.Path, text: str, path: str = PATH, beside: Mapping[str, str | None] | None = None
) -> Outcome:
    """What becomes of `text` at `path` of a small tree, with other files `beside` it.

    A name that ends in a slash, with None, is a directory that is not there.
    """
    around = beside or {}
    gone = tuple(name for name, content in around.items() if content is None)
    there = {name: one for name, one in small_tree.files().items() if not name.startswith(gone)}
    if path != PATH:
        # its caller of the conductor has no part in the case
        there.pop(PATH, None)
    there |= {name: content for name, content in around.items() if content is not None}
    for name, content in {**there, path: text}.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode())
    result = run(Config(root))
    after = {change.path: change.after.decode() for change in result.changes}
    return Outcome(
        after.get(path, text),
        tuple(edit for patch in result.patches for edit in patch.edits if edit.path == path),
        tuple(one for one in result.declined if one.path == path),
        result.failures,
        result,
    )


def in_method(lines: str) -> str:
    """A module in which `lines` are the body of a method."""
    return HEAD + textwrap.indent(lines.strip("\n") + "\n", " " * 8)


def of_method(text: str) -> str:
    """The lines of the method in the text of such a module."""
    _, _, body = text.partition("def method(self, context, host, values):\n")
    return textwrap.dedent(body)


def method_outcome(
    root: pathlib.Path, lines: str, beside: Mapping[str, str | None] | None = None
) -> tuple[str, Outcome]:
    """What becomes of a method's lines."""
    found = outcome(root, in_method(lines), beside=beside)
    assert found.failures == ()
    return of_method(found.text), found


def wrong_today(reason: str) -> pytest.MarkDecorator:
    """A mark for a case that says what would be right, and what is done instead of it."""
    return pytest.mark.xfail(strict=True, reason=reason)


def assert_same_text(found: str, expected: str) -> None:
    """Raise AssertionError with a unified diff, line endings included, where the texts differ."""
    __tracebackhide__ = True
    if found != expected:
        diff = difflib.unified_diff(
            _shown(expected), _shown(found), "expected", "found", lineterm=""
        )
        raise AssertionError("\n" + "\n".join(diff))


def _shown(text: str) -> list[str]:
    """The lines, with whatever makes them differ where nobody would see it spelled out."""
    lines = text.replace("\r\n", "\\r\n").split("\n")
    if lines[-1]:
        return [*lines, "\\ No newline at end of file"]
    return lines[:-1]


def check_file_rewritten(
    root: pathlib.Path,
    rule: str,
    before: str,
    after: str,
    path: str = PATH,
    beside: Mapping[str, str | None] | None = None,
) -> None:
    """The file becomes another, by an edit of the rule; a second run changes nothing at all."""
    found = outcome(root, before, path, beside)
    assert found.failures == ()
    assert_same_text(found.text, after)
    assert rule in found.rules
    for change in found.result.changes:
        file = root / change.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(change.after)
    again = run(Config(root))
    assert again.failures == ()
    for change in again.changes:
        assert change.before is not None, f"{change.path} is new in the second run"
        assert_same_text(change.after.decode(), change.before.decode())


def check_file_left(
    root: pathlib.Path,
    rule: str,
    before: str,
    after: str | None,
    because: str,
    path: str = PATH,
    beside: Mapping[str, str | None] | None = None,
) -> Outcome:
    """The rule leaves its place in the file and says why; `after` is what others do around it."""
    found = outcome(root, before, path, beside)
    assert found.failures == ()
    assert_same_text(found.text, before if after is None else after)
    assert rule not in found.rules
    assert because in {one.code for one in found.declined if one.rule == rule}
    return found


def check_file_not_known(
    root: pathlib.Path,
    rule: str,
    before: str,
    after: str | None,
    path: str = PATH,
    beside: Mapping[str, str | None] | None = None,
) -> None:
    """The rule has nothing to do in the file, and nothing to say of it."""
    found = outcome(root, before, path, beside)
    assert found.failures == ()
    assert_same_text(found.text, before if after is None else after)
    assert rule not in {*found.rules, *(one.rule for one in found.declined)}


def check_rewritten(root: pathlib.Path, rule: str, before: str, after: str) -> None:
    """The lines become others, by an edit of the rule, and a second run leaves them."""
    lines, found = method_outcome(root, before)
    assert_same_text(lines, after)
    assert rule in found.rules
    again, _ = method_outcome(root, lines)
    assert_same_text(again, lines)


def check_left(root: pathlib.Path, rule: str, before: str, after: str | None, because: str) -> None:
    """The rule leaves its place and says why; `after` is what other rules do around it."""
    lines, found = method_outcome(root, before)
    assert_same_text(lines, before if after is None else after)
    assert rule not in found.rules
    assert because in {one.code for one in found.declined if one.rule == rule}


def check_not_known(root: pathlib.Path, rule: str, before: str, after: str | None) -> None:
    """The rule has nothing to do here, and nothing to say."""
    lines, found = method_outcome(root, before)
    assert_same_text(lines, before if after is None else after)
    assert rule not in {*found.rules, *(one.rule for one in found.declined)}


def check_kept(root: pathlib.Path, before: str, place: str) -> None:
    """A call in the lines stays, and they with it: `place` is what is not understood of its row."""
    lines, found = method_outcome(root, before)
    assert_same_text(lines, before)
    [left] = [one for one in found.declined if one.code == "row.escapes"]
    number = in_method(before).rpartition(place)[0].count("\n") + 1
    assert f" {PATH}:{number}: " in left.reason
    assert left.reason.endswith(f": {place}")
