# SPDX-License-Identifier: Apache-2.0
"""The progress of a run, for a user at a terminal."""

import time

from rich.console import Console

from codemods.config import Config
from codemods.engine import run
from codemods.model import RunResult

#: The fraction of a run that is done when a step starts, and when it ends.
_PARTS = {"reading": (0.0, 0.03), "inferring": (0.03, 0.6), "rewriting": (0.6, 0.97)}

#: After this many functions, about half of the inference is likely to be done.
_HALF = 1500

_OFTEN = 0.05


def watched_run(asked: Config, errors: Console, is_watched: bool) -> RunResult:
    """The outcome of a run, with a progress bar if it is watched."""
    if not is_watched:
        return run(asked)
    from codemods.cli.bar import shown  # Rich's bars take a while to import

    with shown(errors) as show:
        return run(asked, show)


class Far:
    """The fraction of a run that is done; it never goes back, even if steps are repeated.

    How much inference there is to do is only known in the end: the more functions have
    been looked at, the less one more counts.
    """

    def __init__(self) -> None:
        self.fraction = 0.0
        self._stage = ""
        self._shown = 0.0

    def moves(self, stage: str, done: int, total: int) -> bool:
        """Record how much of a step is done; return whether it is time to show it."""
        start, end = _PARTS.get(stage, (0.97, 1.0))
        part = done / total if total else 1 - _HALF / (_HALF + done)
        self.fraction = max(self.fraction, start + (end - start) * part)
        now = time.monotonic()
        if stage == self._stage and now - self._shown < _OFTEN:
            return False
        self._stage, self._shown = stage, now
        return True


def remaining(elapsed: float, fraction: float) -> str:
    """The estimated remaining time, in words; "" while it is too early to tell."""
    if fraction < 0.05 or elapsed < 0.5:
        return ""
    seconds = round(elapsed * (1 - fraction) / fraction)
    minutes, rest = divmod(seconds, 60)
    return f"about {minutes}:{rest:02} left" if minutes else f"about {rest} s left"
