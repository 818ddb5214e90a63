"""Counters of what a conductor does, for Prometheus where ``enable`` was called.

Without it counting costs a call of a function that does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _nothing(*_: Any) -> None:
    pass


#: Count a transaction that is tried again, by the kind of fault.
database_retry: Callable[[str], None] = _nothing
