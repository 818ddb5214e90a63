# SPDX-License-Identifier: Apache-2.0
"""Where the command writes: standard output, whose reader may leave early, and standard error."""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Literal

from rich.console import Console

Color = Literal["auto", "always", "never"]

COLORS: tuple[Color, ...] = ("auto", "always", "never")


class Terminal:
    """Both streams; `out` and `errors` print, with colours if wanted.

    With `auto`, there are colours on a terminal unless NO_COLOR is set or the terminal is
    dumb.
    """

    def __init__(self, color: Color = "auto") -> None:
        self.out = _console(color, stderr=False)
        self.errors = _console(color, stderr=True)

    def write(self, data: bytes) -> None:
        """Write bytes to standard output, as they are."""
        with reader_may_leave():
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def say(self, text: str) -> None:
        """Print a message to standard error."""
        self.errors.print(f"codemods: {text}", highlight=False, soft_wrap=True, markup=False)

    @property
    def is_watched(self) -> bool:
        """Whether a user may be waiting at a terminal."""
        return sys.stderr.isatty() and not self.errors.is_dumb_terminal


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Go on without a reader."""
        let_go()


def is_colored(console: Console) -> bool:
    """Whether a console prints colours."""
    return console.is_terminal and console.color_system is not None and not console.no_color


def _console(color: Color, stderr: bool) -> Console:
    if color == "always":
        return _Console(stderr=stderr, force_terminal=True, color_system="standard", no_color=False)
    if color == "never":
        return _Console(stderr=stderr, color_system=None)
    return _Console(stderr=stderr)


@contextlib.contextmanager
def reader_may_leave() -> Iterator[None]:
    """Discard the rest of the output if its reader is gone."""
    try:
        yield
    except BrokenPipeError:
        let_go()


def let_go() -> None:
    """Discard the rest of standard output, including what is still in buffers."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
