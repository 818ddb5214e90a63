# SPDX-License-Identifier: Apache-2.0
"""Map a line of the rewritten tree, or of a patch, to the line of the original tree."""

import pathlib
import re
from typing import NamedTuple

from unidiff.errors import UnidiffParseError

from codemods.errors import NoSuchPlace
from codemods.model import Patch, RunResult
from codemods.outputs.checkout import Blob
from codemods.outputs.diffs import DiffLine, read_mail
from codemods.outputs.hunks import Hunk, hunks

_NUMBER = re.compile(rb"^Subject: \[PATCH (\d+)/\d+\]", re.M)


class Origin(NamedTuple):
    """Where a line comes from: a line of the original file, or the hunk that added it."""

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
    mail = patch.read_bytes()
    path, line = _in_diff(mail, patch.name, number)
    found = _NUMBER.search(mail)
    index = int(found.group(1)) - 1 if found is not None else -1
    made = result.patches[index] if 0 <= index < len(result.patches) else None
    now = _lines_of(made, path, line.kind == "-")
    at = line.old if line.kind == "-" else line.new
    if not 0 < at <= len(now[1]) or now[1][at - 1].rstrip("\r") != line.text:
        raise NoSuchPlace(
            f"{patch.name}:{number}: not what a run makes of the tree now; make it anew"
        )
    original = next((one.before for one in result.changes if one.path == path), None) or b""
    return _origin(path, original, now[0], at)


def _lines_of(patch: Patch | None, path: str, is_old: bool) -> tuple[bytes, list[str]]:
    """The content of a file before or after a patch, and its lines."""
    for change in patch.changes if patch is not None else ():
        if change.path == path:
            data = (change.before or b"") if is_old else change.after
            return data, data.decode("utf-8", "replace").split("\n")
    return b"", []


def _in_diff(mail: bytes, name: str, number: int) -> tuple[str, DiffLine]:
    """A line of a patch, and its file; raises `NoSuchPlace`."""
    try:
        for hunk in read_mail(mail):
            for line in hunk.lines:
                if line.place == number:
                    return hunk.path, line
    except UnidiffParseError as error:
        raise NoSuchPlace(f"{name}: no patch that git has made: {error}") from error
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
