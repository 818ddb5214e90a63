# SPDX-License-Identifier: Apache-2.0
"""The records of trying a series, patch by patch."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Trial:
    """The result of trying a patch, or the tree before the series, in its own work tree.

    `refused` is why the patch did not apply, `not_compiled` the changed files that
    Python cannot compile, `status` the command's exit status (None: not run), `failed`
    the tests that failed, and `known` those among them that failed before the series.
    """

    patch: str
    refused: str = ""
    not_compiled: tuple[str, ...] = ()
    status: int | None = None
    failed: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def new_failures(self) -> tuple[str, ...]:
        """The tests that failed but did not fail before the series."""
        return tuple(one for one in self.failed if one not in self.known)


@dataclasses.dataclass(frozen=True)
class Verification:
    """The results of a series, patch by patch; `baseline` is the tree before it."""

    command: str
    python: str
    baseline: Trial | None
    trials: tuple[Trial, ...]

    def holds(self, trial: Trial) -> bool:
        """Whether nothing went wrong with a patch that did not go wrong before the series."""
        if trial.refused or trial.not_compiled or trial.status is None:
            return False
        if trial.failed or (self.baseline is not None and self.baseline.failed):
            # a bad status without a failed test means that the runner itself failed
            return not trial.new_failures and (bool(trial.failed) or not trial.status)
        return not trial.status or (
            self.baseline is not None and trial.status == self.baseline.status
        )
