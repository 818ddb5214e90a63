# SPDX-License-Identifier: Apache-2.0
"""Which line of the original a line of the rewritten tree, or of a patch, was."""

import pathlib
import re
from typing import NamedTuple

from codemods.errors import NoSuchPlace
from codemods.model import Patch, RunResult
from codemods.outputs.checkout import Blob
from codemods.outputs.hunks import Hunk, hunks

_HEADER = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_NUMBER = re.compile(r"^Subject: \[PATCH (\d+)/\d+\]", re.M)


class Origin(NamedTuple):
    """Where a line comes from: a line of the original file, or the hunk that brought it."""

    path: str
    line: int
    hunk: Hunk | None


def origin_of_rewritten(result: RunResult, path: str, line: int) -> Origin:
    """Where a line of the rewritten tree comes from; raises `NoSuchPlace`, `GitFailed`."""
    for change in result.changes:
        if change.path == path:
            return _origin(path, change.before or b"", change.after, line)
    return Origin(path, line, None)


def origin_in_patch(result: RunResult, patch: pathlib.Path, number: int) -> Origin:
    """Where a line of a patch comes from; raises `NoSuchPlace`, `GitFailed`."""
    text = patch.read_text("utf-8", "replace")
    path, old, new, line = _in_diff(text, patch.name, number)
    found = _NUMBER.search(text)
    index = int(found.group(1)) - 1 if found is not None else -1
    made = result.patches[index] if 0 <= index < len(result.patches) else None
    now = _lines_of(made, path, line[:1] == "-")
    at = old if line[:1] == "-" else new
    if not 0 < at <= len(now[1]) or now[1][at - 1].rstrip("\r") != line[1:].rstrip("\r"):
        raise NoSuchPlace(
            f"{patch.name}:{number}: not what a run makes of the tree now; make it anew"
        )
    original = next((one.before for one in result.changes if one.path == path), None) or b""
    return _origin(path, original, now[0], at)


def _lines_of(patch: Patch | None, path: str, is_old: bool) -> tuple[bytes, list[str]]:
    """What a file is before or after a patch, and its lines."""
    for change in patch.changes if patch is not None else ():
        if change.path == path:
            data = (change.before or b"") if is_old else change.after
            return data, data.decode("utf-8", "replace").split("\n")
    return b"", []


def _in_diff(text: str, name: str, number: int) -> tuple[str, int, int, str]:
    """The file, the lines of both sides, and the text of a line of a patch."""
    path, old, new, inside = "", 0, 0, False
    for at, line in enumerate(text.split("\n"), 1):
        if line.startswith("diff --git "):
            inside = False
        if line.startswith("+++ b/") and not inside:
            path = line.removeprefix("+++ b/")
        header = _HEADER.match(line)
        if header is not None:
            inside, old, new = True, int(header.group(1)) - 1, int(header.group(2)) - 1
            continue
        if inside and line[:1] in ("+", "-", " "):
            old += line[:1] != "+"
            new += line[:1] != "-"
            if at == number and not line.startswith("-- "):
                return path, old, new, line
    raise NoSuchPlace(f"{name}:{number}: no line of a file; name one that its diff shows")


def _origin(path: str, before: bytes, after: bytes, line: int) -> Origin:
    count = len(after.splitlines())
    if not 0 < line <= count:
        raise NoSuchPlace(f"{path}:{line}: the rewritten file has {count} lines")
    shift = 0
    for hunk in hunks((Blob(path, "100644", before, after),)):
        if hunk.new_start <= line < hunk.new_end:
            return Origin(path, hunk.start, hunk)
        if hunk.new_end <= line:
            shift += len(hunk.removed) - len(hunk.added)
    return Origin(path, line + shift, None)
