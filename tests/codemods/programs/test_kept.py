# SPDX-License-Identifier: Apache-2.0
"""The smallest programs of each kind that a rewrite changed, or might: same answers, same rows."""

import kept
import pytest
from running import Runner


class Different(Exception):
    """A program does not do what it did."""


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(tmp_path_factory.mktemp("kept"))


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            lines,
            id=name,
            marks=[pytest.mark.xfail(strict=True, raises=Different, reason=wrong)] if wrong else [],
        )
        for name, wrong, lines in kept.rows()
    ],
)
def test_a_kept_program_does_what_it_did(runner: Runner, lines: str):
    found = runner.compare(kept.program(lines))
    assert not found.before.errors, found.report
    if not found.agrees:
        raise Different(found.report)
