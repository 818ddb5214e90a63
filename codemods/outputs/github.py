# SPDX-License-Identifier: Apache-2.0
"""The result as GitHub workflow commands, which GitHub shows next to the lines."""

import pathlib
from collections.abc import Iterator

from codemods.mappings import remedies
from codemods.model import RunResult
from codemods.outputs.git import asked


def annotations(result: RunResult) -> Iterator[str]:
    """A line for each failure, each edit, each place that was left, and each test for a person."""
    prefix = (asked(pathlib.Path(result.root), "rev-parse", "--show-prefix") or "").rstrip("\n")
    for failure in result.failures:
        text = f"{failure.reason}; {failure.remedy}"
        yield _annotation("error", prefix + failure.path, 0, failure.stage, text)
    for patch in result.patches:
        for edit in patch.edits:
            text = f"rewritten in the patch of {patch.item.value}"
            yield _annotation("notice", prefix + edit.path, edit.line, edit.rule, text)
    for one in result.declined:
        text = f"left as it is: {one.reason}. {remedies()[one.code]}"
        yield _annotation("warning", prefix + one.path, one.line, one.code, text)
    for person in result.needs_person:
        text = f"{person.test}: {person.reason}"
        yield _annotation("warning", prefix + person.path, person.line, "needs a person", text)


def _annotation(kind: str, path: str, line: int, title: str, text: str) -> str:
    place = f",line={line}" if line else ""
    return f"::{kind} file={_property(path)}{place},title={_property(title)}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
