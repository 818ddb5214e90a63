# SPDX-License-Identifier: Apache-2.0
"""Try a series: apply each patch to those before it, compile it, and run a command."""

import contextlib
import os
import pathlib
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence

from codemods.errors import GitFailed
from codemods.outputs.failed_tests import failed_tests
from codemods.outputs.worktree import WorkTree, worktree_of
from codemods.trials import Trial, Verification

#: Reads the names of files in a directory and prints those that it cannot compile.
_COMPILE = """
import sys
for name in sys.stdin.read().split(chr(0)):
    try:
        with open(sys.argv[1] + '/' + name, 'rb') as file:
            compile(file.read(), name, 'exec')
    except Exception:
        sys.stdout.write(name + chr(0))
"""

Watch = Callable[[str], None]


def proven(
    root: pathlib.Path,
    patches: Sequence[pathlib.Path],
    command: str,
    python: str = "",
    baseline: bool = False,
    watch: Watch = lambda what: None,
) -> Verification:
    """Try the patches in a copy of the tree; raises `GitFailed`.

    It stops after the first one that does not apply. `watch` is called with each patch
    before it is tried.
    """
    with _ended_by_signals(), worktree_of(root) as copy:
        before = None
        if baseline:
            watch("the tree before the series")
            before = _commanded(copy, Trial(""), command)
        trials = list[Trial]()
        for patch in patches:
            watch(patch.name)
            trials.append(_tried(copy, patch, command, python, before))
            if trials[-1].refused:
                break
    return Verification(command, python, before, tuple(trials))


def _tried(
    copy: WorkTree, patch: pathlib.Path, command: str, python: str, before: Trial | None
) -> Trial:
    copy.begin_again()
    try:
        copy.apply(patch)
    except GitFailed as error:
        return Trial(patch.name, refused=str(error))
    not_compiled = _not_compiled(copy, python) if python else ()
    known = before.failed if before is not None else ()
    return _commanded(copy, Trial(patch.name, not_compiled=not_compiled, known=known), command)


def _not_compiled(copy: WorkTree, python: str) -> tuple[str, ...]:
    changed = copy.git("diff", "--name-only", "-z", "HEAD~1", "--", "*.py").strip(b"\0")
    if not changed:
        return ()
    with tempfile.TemporaryDirectory() as nowhere:
        # Python imports from its working directory, even for a warning
        words = [python, "-c", _COMPILE, str(copy.top)]
        done = subprocess.run(words, input=changed, cwd=nowhere, capture_output=True, check=True)
    return tuple(filter(None, done.stdout.decode("utf-8", "replace").split("\0")))


def _commanded(copy: WorkTree, trial: Trial, command: str) -> Trial:
    """The trial with the outcome of the command."""
    began = time.monotonic()
    # files change within a second, and Python 2 compares .pyc files by the second
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        command,
        shell=True,
        cwd=copy.tree,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        said = process.communicate()[0]
    finally:
        _end(process)
    failed = tuple(sorted(failed_tests(said)))
    known = tuple(one for one in trial.known if one in failed)
    return Trial(
        trial.patch,
        not_compiled=trial.not_compiled,
        status=process.returncode,
        failed=failed,
        known=known,
        seconds=round(time.monotonic() - began, 1),
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End all processes of a command before its work tree is removed."""
    for sent in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, sent)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Turn signals that end the process into KeyboardInterrupt, so that the copy is removed."""

    def interrupted(*_: object) -> None:
        # ignore further signals, which would interrupt the cleanup
        for sent in old:
            signal.signal(sent, signal.SIG_IGN)
        raise KeyboardInterrupt

    sent = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    old = {one: signal.signal(one, interrupted) for one in sent}
    try:
        yield
    finally:
        for one, handler in old.items():
            signal.signal(one, handler)
