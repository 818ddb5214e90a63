# SPDX-License-Identifier: Apache-2.0
"""Rules that are broken on purpose: programs tell."""

import pytest
from features import ON
from forms import FORMS
from grammar import Renderer
from mutations import MUTATIONS, Mutation, applied
from running import Runner
from steps import Part, Plan, Step


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(tmp_path_factory.mktemp("mutations"))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_programs_tell_that_a_rule_is_broken(runner: Runner, mutation: Mutation):
    forms = range(len(FORMS[mutation.feature]))
    parts = tuple(Part((Step(mutation.feature, number),)) for number in forms)
    program = Renderer(Plan(parts), ON).program()
    with applied(mutation):
        assert not runner.compare(program).agrees
