# SPDX-License-Identifier: Apache-2.0
"""A command as somebody at a terminal meets it."""

import contextlib
import dataclasses
import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence

#: What Ctrl-C types.
INTERRUPT = "\x03"

#: After how many seconds somebody types Ctrl-C again.
AGAIN_AFTER = 5


@dataclasses.dataclass(frozen=True)
class Shown:
    """What a command left on the screen, as the bytes that were sent to it, and how it ended."""

    text: str
    status: int


def in_terminal(
    words: Sequence[str],
    answers: Sequence[tuple[str, str]] = (),
    env: Mapping[str, str] | None = None,
    seconds: float = 60,
) -> Shown:
    """Run a command whose input and outputs are a terminal.

    Each of the `answers` is typed once what comes first in it has been shown
    behind the answer before. Raises TimeoutError.
    """
    ours, theirs = pty.openpty()
    around = {**os.environ, "TERM": "xterm", "COLUMNS": "100", **(env or {})}
    around.pop("CI", None)
    process = subprocess.Popen(
        words,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=around,
        start_new_session=True,
        preexec_fn=_be_interruptible,
    )
    os.close(theirs)
    try:
        return Shown(_seen(ours, answers, seconds), process.wait(seconds))
    finally:
        os.close(ours)
        process.kill()
        process.wait()


def _be_interruptible() -> None:
    """Let what is typed interrupt the process, whatever started the tests ignores or blocks."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _seen(ours: int, answers: Sequence[tuple[str, str]], seconds: float) -> str:
    """What is shown until the terminal is left."""
    waiting, seen, position = list(answers), "", 0
    end = time.monotonic() + seconds
    typed, typed_at = "", end
    while True:
        if time.monotonic() > end:
            raise TimeoutError(seen)
        if select.select([ours], [], [], 0.1)[0]:
            data = b""
            # the terminal is gone with its last process
            with contextlib.suppress(OSError):
                data = os.read(ours, 65536)
            if not data:
                break
            seen += data.decode("utf-8", "replace")
        while waiting and (place := seen.find(waiting[0][0], position)) >= 0:
            asked, answer = waiting.pop(0)
            position = place + len(asked)
            os.write(ours, answer.encode())
            typed, typed_at = answer, time.monotonic()
        if typed == INTERRUPT and time.monotonic() > typed_at + AGAIN_AFTER:
            # a signal between readline's prompt and its waiting is seen with the next one only
            os.write(ours, INTERRUPT.encode())
            typed_at = time.monotonic()
    assert not waiting, f"nobody asked for {waiting} in {seen}"
    return seen
