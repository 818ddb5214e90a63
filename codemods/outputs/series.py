"""A series for git am: a cover letter, and one patch a work item."""

import pathlib

from codemods import __version__
from codemods.errors import OutputFailed
from codemods.mappings import ItemNote, filled, item_notes, item_words
from codemods.model import Patch, RunResult
from codemods.outputs.diff import unified
from codemods.outputs.numbers import by_item, new_files, totals
from codemods.outputs.stat import stat
from codemods.outputs.write import write_whole

AUTHOR = "nova-objects-codemods <nova-objects-codemods@localhost>"
BLUEPRINT = "Partially implements blueprint make-resource-tracker-use-objects"


def series(result: RunResult) -> dict[str, bytes]:
    """The files of the series: name to content."""
    count = len(result.patches)
    files = {"0000-cover-letter.patch": _cover(result, count)}
    for number, patch in enumerate(result.patches, 1):
        subject = item_words(patch.item.value)[0]
        slug = "-".join("".join(c if c.isalnum() else " " for c in subject).split())
        files[f"{number:04d}-{slug}.patch"] = _patch(patch, number, count)
    return files


def write_series(result: RunResult, directory: pathlib.Path) -> None:
    """Write the series into a directory, in the place of one that is there.

    Raises `OutputFailed`.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for old in directory.glob("[0-9][0-9][0-9][0-9]-*.patch"):
            old.unlink()
        for name, content in series(result).items():
            write_whole(directory / name, content)
    except OSError as error:
        raise OutputFailed(
            f"{error.filename or directory}: {error.strerror}; "
            "the series is not whole, name another directory"
        ) from None


def _mail(subject: str, number: int, count: int, body: str) -> str:
    # without a Date git am takes the present, and two runs give the same bytes
    return (
        "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n"
        f"From: {AUTHOR}\n"
        f"Subject: [PATCH {number}/{count}] {subject}\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=UTF-8\n"
        "Content-Transfer-Encoding: 8bit\n"
        f"\n{body}"
    )


def _patch(patch: Patch, number: int, count: int) -> bytes:
    subject, body = item_words(patch.item.value)[0], _body(patch)
    text = _mail(subject, number, count, f"{body}\n{BLUEPRINT}\n---\n")
    diffs = {change.path: unified([change]) for change in patch.changes}
    new = [change.path for change in patch.changes if change.before is None]
    text += "\n".join(stat(diffs, new)) + "\n\n"
    together = b"".join(diffs[path] for path in sorted(diffs))
    return text.encode("utf-8") + together + _signature()


def _body(patch: Patch) -> str:
    """What a reviewer must know of this patch."""
    body = item_words(patch.item.value, patch.wordings)[1]
    notes = [note for note in item_notes(patch.item.value) if _applies(note, patch)]
    for note in notes:
        body = filled(note.kept) if note.kept else f"{body}\n{filled(note.text)}"
    return body


def _applies(note: ItemNote, patch: Patch) -> bool:
    if note.creates:
        return any(
            change.before is None and change.path.endswith(f"/{note.creates}")
            for change in patch.changes
        )
    texts = [edit.text for edit in patch.edits if edit.rule == note.rule]
    if note.lacks:
        return bool(texts) and not any(note.lacks in text for text in texts)
    return any(note.has in text for text in texts)


def _signature() -> bytes:
    return f"-- \nnova-objects-codemods {__version__}\n\n".encode()


def _cover(result: RunResult, count: int) -> bytes:
    numbers = totals(result)
    lines = [
        "The calls that the resource tracker and its surroundings make to the",
        "conductor for rows become calls on versioned objects, one work item a",
        "patch. Each patch stands alone.",
        "",
    ]
    for row in by_item(result):
        lines.append(
            f"  {row.item.value:14} {row.files:3} files, {row.edits:4} edits, {row.left:3} left"
        )
    lines += [
        "",
        f"Files: {numbers['found']} found = {numbers['changed']} changed"
        f" + {numbers['unchanged']} unchanged",
        f" + {numbers['not_considered']} not considered + {numbers['failed']} failed"
        f"{new_files(numbers)}.",
    ]
    if result.declined:
        lines += ["", "Left as they are:", ""]
        lines += [f"  {d.path}:{d.line} {d.code}" for d in result.declined]
    if result.needs_person:
        lines += ["", "Unit tests that need a person:", ""]
        lines += [f"  {n.path}:{n.line} {n.test}: {n.reason}" for n in result.needs_person]
    if result.overlong:
        lines += ["", "Lines that could not be kept under 80 columns:", ""]
        lines += [f"  {o.path}:{o.line} {o.columns} columns" for o in result.overlong]
    subject = "Make the resource tracker use objects"
    return _mail(subject, 0, count, "\n".join(lines) + "\n\n").encode("utf-8") + _signature()
