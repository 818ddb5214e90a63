# SPDX-License-Identifier: Apache-2.0
"""Programs that hypothesis makes up answer the same after their rewrite as before.

Each calls the conductor's dict API, is rewritten to the shim's objects, and runs twice on the same
rows: same answers, same exceptions, same rows at the end. What is listed and left may stay, as long
as that holds. `HYPOTHESIS_PROGRAMS=5000 pytest tests/codemods/programs --hypothesis-seed=7` makes
up more of them than the default.
"""

import collections
import os

import pytest
from features import OFF, ON
from forms import FORMS
from grammar import Renderer
from hypothesis import HealthCheck, given, settings
from made_up import FEATURES, programs
from running import Program, Runner
from steps import Part, Plan, Step

COUNT = os.environ.get("HYPOTHESIS_PROGRAMS")


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(tmp_path_factory.mktemp("programs"))


@pytest.mark.timeout(0)  # as long as takes the number of them that is asked for
def test_made_up_programs_do_what_they_did(runner: Runner):
    seen: collections.Counter[str] = collections.Counter()

    @settings(
        max_examples=int(COUNT or 100),
        derandomize=COUNT is None,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(programs(ON))
    def same(program: Program) -> None:
        found = runner.compare(program)
        seen["programs"] += 1
        seen["rewritten"] += found.is_rewritten
        assert found.agrees, found.report

    same()
    # a tool that leaves everything alone is right about nothing
    assert seen["rewritten"] > 0.5 * seen["programs"]


@pytest.mark.parametrize("feature", sorted(ON & FORMS.keys()))
def test_every_form_of_a_feature_does_what_it_did(runner: Runner, feature: str):
    """The forms alone, without blocks: made-up programs need not have every one."""
    parts = tuple(Part((Step(feature, number),)) for number in range(len(FORMS[feature])))
    found = runner.compare(Renderer(Plan(parts), ON).program())
    assert found.agrees, found.report


def test_what_is_off_is_a_feature():
    assert OFF.keys() <= FEATURES
