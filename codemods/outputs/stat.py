"""How much each file of a patch changes, as git diff --stat shows it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

WIDTH = 79
#: The columns of a graph at the least, however long the paths are.
LEAST = 10


class Count(NamedTuple):
    """The lines that a diff adds and takes away."""

    added: int
    removed: int


def counted(diff: bytes) -> Count:
    """The lines of a unified diff of one file."""
    lines = diff.split(b"\n")
    start = next((n for n, line in enumerate(lines) if line.startswith(b"@@")), len(lines))
    body = lines[start:]
    return Count(
        sum(1 for line in body if line.startswith(b"+")),
        sum(1 for line in body if line.startswith(b"-")),
    )


def stat(diffs: Mapping[str, bytes], new: Iterable[str] = ()) -> list[str]:
    """A line with its graph for the diff of each path, the sums, and which files are new."""
    counts = {path: counted(diff) for path, diff in sorted(diffs.items())}
    name_width = max(map(len, counts))
    most = max(sum(count) for count in counts.values())
    number_width = len(str(most))
    room = max(WIDTH - name_width - number_width - len("  |  "), LEAST)
    lines = []
    for path, count in counts.items():
        graph = _graph(count, most, room)
        lines.append(f" {path:{name_width}} | {sum(count):{number_width}} {graph}".rstrip())
    lines.append(_summary(list(counts.values())))
    return [*lines, *(f" create mode 100644 {path}" for path in sorted(new))]


def _graph(count: Count, most: int, room: int) -> str:
    scale = min(1.0, room / most)
    plus, minus = (max(round(n * scale), 1) if n else 0 for n in count)
    return "+" * plus + "-" * minus


def _summary(counts: list[Count]) -> str:
    parts = [f"{len(counts)} file{_s(len(counts))} changed"]
    added, removed = sum(c.added for c in counts), sum(c.removed for c in counts)
    if added or not removed:
        parts.append(f"{added} insertion{_s(added)}(+)")
    if removed or not added:
        parts.append(f"{removed} deletion{_s(removed)}(-)")
    return " " + ", ".join(parts)


def _s(number: int) -> str:
    return "" if number == 1 else "s"
