# SPDX-License-Identifier: Apache-2.0
"""How often a transaction is tried, and how long: the policy for a database that does not serve.

- What met others in its way (a deadlock, a lock) is tried again soon.
- What met a broken connection is tried again after ``[database] db_retry_interval`` seconds, which
  ``db_inc_retry_interval`` doubles each time up to ``db_max_retry_interval``.
- Either is tried again ``db_max_retries`` times at most, and never once ``call_timeout`` seconds
  have passed since the call began.
- Once the database has not served for ``call_timeout`` seconds a broken connection is not tried
  again: who asked first has waited in vain, and those who ask later would wait in a queue.
- A transaction whose commit was under way when the connection broke is not tried again: nobody can
  say whether it was done.
- A server that answers with a refusal (a password, a full disk) is not asked again.

What is not served ends in shim.exception.DatabaseUnavailable, or in its WriteOutcomeUnknown.
"""

from __future__ import annotations

import random
import threading
import time
from typing import NoReturn

from shim import exception
from shim.conf import CONF
from shim.db import health
from shim.db.faults import Fault, fault_of, reason_of
from shim.metrics import Counters

#: Seconds before a transaction that met others is tried again: at first, and at most.
CONTENTION_INTERVALS = (0.02, 2.0)

#: Set when the process is to end: nobody waits any more for a database to come back.
is_ending = threading.Event()


class Attempts:
    """The attempts of one call; ``is_committing`` while a commit is under way."""

    def __init__(self, patience: float | None = None) -> None:
        self.is_committing = False
        self._options = CONF.database
        self._patience = patience
        self._began = time.monotonic()
        self._retries: dict[Fault, int] = {}

    def seconds_left(self) -> float:
        """Until the call has to end one way or the other."""
        patience: float = self._patience or self._options.call_timeout
        return self._began + patience - time.monotonic()

    def wait_after(self, error: Exception) -> None:
        """Come back when the transaction may be tried again; raise what the caller gets if not.

        The error itself, when it is about what was asked for.
        """
        fault = fault_of(error)
        pause = None if fault is None or self._may_be_done(fault) else self._pause(fault)
        if fault is None or pause is None or is_ending.wait(pause):
            self.give_up(error)
        if self._retries.get(Fault.CONNECTION, 0) > 1:
            # The first may be a connection that was idle for too long.
            health.note_failure(reason_of(error))
        Counters.database_retry(fault.value)
        self.is_committing = False

    def give_up(self, error: Exception) -> NoReturn:
        """Raise what the caller gets for the error."""
        fault = fault_of(error)
        if fault is None:
            raise error
        reason = reason_of(error)
        if self._may_be_done(fault):
            raise exception.WriteOutcomeUnknown(reason=reason) from error
        if fault is not Fault.CONTENTION:
            health.note_failure(reason)
        raise exception.DatabaseUnavailable(reason=reason) from error

    def _may_be_done(self, fault: Fault) -> bool:
        return fault is Fault.CONNECTION and self.is_committing

    def _is_hopeless(self) -> bool:
        failing = health.failing()
        return failing is not None and failing[0] + self._options.call_timeout < time.time()

    def _pause(self, fault: Fault) -> float | None:
        """Seconds to wait; None when it is not to be tried again."""
        if fault is Fault.REFUSAL or (fault is Fault.CONNECTION and self._is_hopeless()):
            return None
        number = self._retries[fault] = self._retries.get(fault, 0) + 1
        most = self._options.db_max_retries
        if most >= 0 and sum(self._retries.values()) > most:
            return None
        if fault is Fault.CONTENTION:
            first, longest = CONTENTION_INTERVALS
            pause = min(first * 2 ** min(number - 1, 16), longest) * random.uniform(0.5, 1)
        else:
            pause = self._options.db_retry_interval
            if self._options.db_inc_retry_interval:
                pause *= 2 ** min(number - 1, 16)
            pause = min(pause, self._options.db_max_retry_interval)
        return pause if pause < self.seconds_left() else None
