# SPDX-License-Identifier: Apache-2.0
"""Put the rewritten files in place: all of them, or none.

A run first records what it is going to do in a journal in the tree, with the old files,
so that the next run can undo one that was interrupted.
"""

import contextlib
import hashlib
import os
import pathlib
import shutil
import signal
from collections.abc import Iterable, Iterator

from codemods.discovery import OUT_OF_THE_TREE, behind_links
from codemods.errors import OutputFailed
from codemods.model import Change, Failure
from codemods.outputs.journal import JOURNAL, WritePlan, WrittenFile, locked, read_plan
from codemods.outputs.write import write_beside, write_whole

_REMOVE = "remove the link, and run again; every file is as it was"
_REMEDY = "make room or make the directory writable, and run again; every file is as it was"


def write_changes(root: pathlib.Path, changes: Iterable[Change]) -> list[Failure]:
    """Write the changed files, all of them or none; return why none could be written.

    A file keeps its mode and owner, a link its target; missing directories are made;
    nothing is written outside the tree. Raises `OutputFailed` if files cannot even be put
    back, or another run is writing.
    """
    changes = list(changes)
    for change in changes:
        if behind_links(root, change.path) is None:
            return [Failure(change.path, "write", OUT_OF_THE_TREE, _REMOVE)]
    contents = _contents(root, changes)
    journal = root / JOURNAL
    try:
        return _written(journal, contents) if contents else []
    except OSError as error:
        first = next(iter(contents)).shown
        return [Failure(first, "write", error.strerror or str(error), _REMEDY)]


def undo_cut_off(root: pathlib.Path) -> list[str] | None:
    """Undo what an interrupted run has written; None if there was none.

    Returns the files that have been changed since then, which stay. Raises `OutputFailed`
    if that run is still writing, a file cannot be put back, or the journal names something
    that is not below the tree.
    """
    journal = root / JOURNAL
    if not journal.is_dir():
        return None
    read_plan(journal)
    with locked(journal):
        return _put_back(journal)


def was_cut_off(root: pathlib.Path) -> bool:
    """Whether a run on the tree was interrupted while it wrote, or is writing now."""
    return (root / JOURNAL).is_dir()


def _contents(root: pathlib.Path, changes: Iterable[Change]) -> dict[WrittenFile, bytes]:
    """What to write where; a file with several names is written once."""
    found: dict[str, tuple[WrittenFile, bytes]] = {}
    for change in changes:
        place = root / change.path
        real = os.path.realpath(place)
        hashed = hashlib.sha256(change.after).hexdigest()
        file = WrittenFile(real, change.path, change.before is None, hashed)
        if real not in found or not place.is_symlink():
            found[real] = file, change.after
    return dict(found.values())


def _planned(contents: dict[WrittenFile, bytes]) -> WritePlan:
    missing: dict[pathlib.Path, None] = {}
    for file in contents:
        parents = [one for one in pathlib.Path(file.path).parents if not one.exists()]
        missing.update(dict.fromkeys(reversed(parents)))
    return WritePlan(tuple(contents), tuple(str(one) for one in missing))


def _written(journal: pathlib.Path, contents: dict[WrittenFile, bytes]) -> list[Failure]:
    """Write the files, or put all of them back and return why."""
    try:
        journal.mkdir()
    except FileExistsError:
        raise OutputFailed(f"{journal}: another run is writing; wait for it") from None
    with locked(journal):
        plan = _planned(contents)
        try:
            write_whole(journal / "plan.json", plan.as_json())
            failed = _in_place(plan, journal, contents)
        except BaseException:
            _put_back(journal)
            raise
        if failed is not None:
            _put_back(journal)
            return [failed]
        return []


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Have an interrupt come after the block, not within it.

    shutil.rmtree() that is interrupted may close a directory twice, which is an OSError
    in place of the KeyboardInterrupt.
    """
    held = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _in_place(
    plan: WritePlan, journal: pathlib.Path, contents: dict[WrittenFile, bytes]
) -> Failure | None:
    """Carry out the plan; return the failure if there was one."""
    shown = ""
    try:
        for directory in plan.directories:
            shown = directory
            pathlib.Path(directory).mkdir()
        for number, file in enumerate(plan.files):
            shown = file.shown
            write_beside(pathlib.Path(file.path), file.beside, contents[file])
            if not file.is_new:
                _keep(pathlib.Path(file.path), journal / f"old-{number}")
        for file in plan.files:
            shown = file.shown
            os.replace(file.beside, file.path)
        with _interrupts_held():
            # from here on there is nothing to undo
            (journal / "plan.json").unlink()
            shutil.rmtree(journal, ignore_errors=True)
    except OSError as error:
        return Failure(shown, "write", error.strerror or str(error), _REMEDY)
    return None


def _keep(file: pathlib.Path, old: pathlib.Path) -> None:
    """Keep the old file: with a hard link if possible, else as a copy."""
    try:
        os.link(file, old)
    except OSError:
        shutil.copy2(file, old)


def _put_back(journal: pathlib.Path) -> list[str]:
    """Undo what the journal's run has done; return the files that have been changed since then."""
    changed = []
    plan = read_plan(journal)
    for number, file in enumerate(plan.files):
        try:
            # a read-only file system also refuses to unlink a missing file
            if file.beside.exists():
                file.beside.unlink()
            if not _was_put_back(file, journal / f"old-{number}"):
                changed.append(file.shown)
        except OSError as error:
            raise OutputFailed(
                f"{file.path}: {error.strerror}; it could not be put back as it was: "
                f"mend that and run again, {journal} has the old file"
            ) from None
    for directory in reversed(plan.directories):
        # there may be other files in it by now
        with contextlib.suppress(OSError):
            pathlib.Path(directory).rmdir()
    with _interrupts_held():
        (journal / "plan.json").unlink(missing_ok=True)
        shutil.rmtree(journal, ignore_errors=True)
    return changed


def _was_put_back(file: WrittenFile, old: pathlib.Path) -> bool:
    """Put one file back; False if it is neither the old content nor what was written."""
    real = pathlib.Path(file.path)
    is_ours = real.exists() and hashlib.sha256(real.read_bytes()).hexdigest() == file.after
    if is_ours and file.is_new:
        real.unlink()
    elif is_ours and old.exists():
        os.replace(old, real)
    elif old.exists():
        return real.exists() and real.read_bytes() == old.read_bytes()
    return True
