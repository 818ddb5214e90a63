# SPDX-License-Identifier: Apache-2.0
"""Counters of what a conductor does, for Prometheus where ``enable`` was called.

Without it counting costs a call of a function that does nothing.
"""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable
from typing import Any


def _nothing(*_: Any) -> None:
    pass


class Counters:
    """What is counted; each is a function that does nothing until ``enable``."""

    #: A transaction that is tried again, by the kind of fault.
    database_retry: Callable[[str], None] = staticmethod(_nothing)
    #: A call that ended: its method, the seconds it took, the type of its error or "".
    call: Callable[[str, float, str], None] = staticmethod(_nothing)
    #: A use of an object as a dict: the object, the operation, the key and the place.
    dict_use: Callable[[str, str, str, str], None] = staticmethod(_nothing)


def enable(folder: pathlib.Path) -> None:
    """Count from now on, together with the other processes that count in the folder.

    To be called before anybody imports prometheus_client, and before the processes part.
    """
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    from prometheus_client import Counter, Histogram

    retries = Counter("shim_database_retries", "Transactions that were tried again", ["fault"])
    calls = Histogram("shim_call_seconds", "How long calls took", ["method"])
    errors = Counter("shim_call_errors", "Calls that ended with an error", ["method", "type"])
    uses = Counter(
        "shim_dict_uses", "Objects used as dicts", ["object", "operation", "key", "place"]
    )

    def call(method: str, seconds: float, error: str) -> None:
        calls.labels(method).observe(seconds)
        if error:
            errors.labels(method, error).inc()

    Counters.database_retry = staticmethod(lambda fault: retries.labels(fault).inc())
    Counters.call = staticmethod(call)
    Counters.dict_use = staticmethod(lambda *use: uses.labels(*use).inc())


def exposition() -> bytes:
    """What all processes of the folder counted, as Prometheus reads it."""
    from prometheus_client import CollectorRegistry, generate_latest, multiprocess

    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
