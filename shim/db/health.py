# SPDX-License-Identifier: Apache-2.0
"""Whether the database answers, as far as this process knows."""

from __future__ import annotations

import logging
import threading
import time

LOG = logging.getLogger(__name__)

_lock = threading.Lock()
_failing: tuple[float, str] | None = None


def failing() -> tuple[float, str] | None:
    """Since when (seconds of the epoch) it does not answer, and why; None while it does."""
    return _failing


def note_failure(reason: str) -> None:
    """Log the first failure after a success."""
    global _failing
    with _lock:
        is_first = _failing is None
        _failing = (time.time() if _failing is None else _failing[0], reason)
    if is_first:
        LOG.error("the database does not serve: %s", reason)


def note_success() -> None:
    """Log the first success after a failure."""
    global _failing
    if _failing is None:
        return
    with _lock:
        since, _failing = _failing, None
    if since is not None:
        LOG.warning("the database serves again, after %.0f s", time.time() - since[0])
