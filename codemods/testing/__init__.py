# SPDX-License-Identifier: Apache-2.0
"""Check a rule against its examples, for `codemods test` and for your own tests."""

import difflib
import pathlib
import tempfile
from collections.abc import Iterator, Sequence

from codemods.config import Config
from codemods.engine import run
from codemods.model import RunResult
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.rule import Rule
from codemods.testing import small_tree

__all__ = ["wrong"]

#: The small tree's caller of the conductor, which an example may replace.
_CALLER = "nova/compute/example.py"


def wrong(
    rule: type[Rule],
    example: Example | LeftAlone,
    rules: Sequence[pathlib.Path | type] = (),
    mappings: Sequence[pathlib.Path] = (),
) -> str:
    """What is wrong with an example of a rule, with a diff; "" if it holds.

    It runs the whole engine over a small tree with the example in it, with `rules` and
    `mappings` from outside the package in addition to those that are installed.
    """
    own = (*rules, *([rule] if rule.is_own() and rule not in rules else []))
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        _lay_out(root, example)
        config = Config(root, rules=own, mappings=tuple(mappings))
        result = run(config)
        problems = [*_any(example, result)]
        if isinstance(example, LeftAlone):
            problems += _of_left(rule, example, result)
        else:
            problems += _of_rewritten(rule, example, result)
            problems += [] if problems else _of_second_run(root, config, result)
    return "\n".join(problems)


def _lay_out(root: pathlib.Path, example: Example | LeftAlone) -> None:
    around = dict(example.beside)
    gone = tuple(name for name, content in around.items() if content is None)
    there = {name: one for name, one in small_tree.files().items() if not name.startswith(gone)}
    if example.path != _CALLER:
        # it is not part of the example
        there.pop(_CALLER, None)
    there |= {name: content for name, content in around.items() if content is not None}
    there[example.path] = _before(example)
    for name, content in there.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode())


def _before(example: Example | LeftAlone) -> str:
    return example.source if isinstance(example, LeftAlone) else example.before


def _after(example: Example | LeftAlone, result: RunResult) -> str:
    texts = {change.path: change.after.decode() for change in result.changes}
    return texts.get(example.path, _before(example))


def _any(example: Example | LeftAlone, result: RunResult) -> Iterator[str]:
    for failure in result.failures:
        yield f"{failure.path}: {failure.stage}: {failure.reason}"
    for one in result.conflicts:
        yield f"{one.path}:{one.line}: {one.rule} and {one.other} want the same place"
    expected = example.source if isinstance(example, LeftAlone) else example.after
    found = _after(example, result)
    if found != expected:
        lines = expected.splitlines(keepends=True), found.splitlines(keepends=True)
        diff = "".join(difflib.unified_diff(lines[0], lines[1], "expected", "found"))
        yield f"{example.path}: becomes something else:\n{diff}"


def _of_rewritten(rule: type[Rule], example: Example, result: RunResult) -> Iterator[str]:
    edits = [edit for patch in result.patches for edit in patch.edits]
    if rule.name() not in {edit.rule for edit in edits if edit.path == example.path}:
        yield f"{example.path}: {rule.name()} does nothing there"


def _of_left(rule: type[Rule], example: LeftAlone, result: RunResult) -> Iterator[str]:
    here = [one for one in result.declined if one.path == example.path]
    said = {one.code for one in here if one.rule == rule.name()}
    if any(one.path == example.path for one in result.needs_person):
        said.add("needs-person")
    told = ", ".join(sorted(said)) or "nothing"
    if example.because and example.because not in said:
        yield f"{example.path}: {example.because} is not said of it, but {told}"
    if not example.because and said:
        yield f"{example.path}: {told} is said of it, and the example says of none"


def _of_second_run(root: pathlib.Path, config: Config, result: RunResult) -> Iterator[str]:
    """What a run on its own outcome would change: nothing, if all is well."""
    for change in result.changes:
        file = root / change.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(change.after)
    for change in run(config).changes:
        yield f"{change.path}: a second run would change it again"
