"""Unified diffs on bytes, for git apply, git am and patch -p1."""

import difflib
from collections.abc import Iterable

from codemods.model import Change


def unified(changes: Iterable[Change]) -> bytes:
    """One diff of all the changes, by path."""
    return b"".join(_one(change) for change in sorted(changes, key=lambda change: change.path))


def _one(change: Change) -> bytes:
    path = change.path.encode("utf-8")
    head = b"diff --git a/%s b/%s\n" % (path, path)
    old_name = b"a/" + path
    if change.before is None:
        head += b"new file mode 100644\n"
        old_name = b"/dev/null"
    # latin-1 maps every byte to one character, so any file survives
    old = _lines((change.before or b"").decode("latin-1"))
    new = _lines(change.after.decode("latin-1"))
    body: list[bytes] = []
    for line in difflib.unified_diff(old, new, lineterm="\n"):
        if line.startswith(("--- ", "+++ ")) and len(body) < 2:
            body.append(b"--- " + old_name + b"\n" if line[0] == "-" else b"+++ b/" + path + b"\n")
            continue
        raw = line.encode("latin-1")
        body.append(raw if raw.endswith(b"\n") else raw + b"\n\\ No newline at end of file\n")
    return head + b"".join(body)


def _lines(text: str) -> list[str]:
    """The lines, split at line feeds only: a lone carriage return is part of a line."""
    pieces = text.split("\n")
    lines = [piece + "\n" for piece in pieces[:-1]]
    return [*lines, pieces[-1]] if pieces[-1] else lines
