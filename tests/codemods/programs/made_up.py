# SPDX-License-Identifier: Apache-2.0
"""Programs that hypothesis makes up."""

from collections.abc import Set

from forms import FORMS, HANDLES
from grammar import Renderer
from hypothesis import strategies as st
from running import Program
from steps import Part, Plan, Step, block_count, hole_count
from vocabulary import EXPRESSIONS

#: Features that are no forms: other spellings of a handle, and names that get a second value.
OTHERS = frozenset({*HANDLES, "inherit", "rebind", "rebind_kind"})
#: All that can be switched off.
FEATURES = frozenset({*FORMS, *OTHERS, *(f for many in EXPRESSIONS.values() for f, _ in many)})

_PICK = st.integers(0, 5)


def programs(features: Set[str] = FEATURES) -> st.SearchStrategy[Program]:
    """Programs of these features; the simplest has one statement."""
    return plans(features).map(lambda plan: Renderer(plan, features).program())


def plans(features: Set[str] = FEATURES) -> st.SearchStrategy[Plan]:
    """What such programs are made of."""
    step = _steps(features)
    parts = st.builds(
        Part,
        st.lists(step, min_size=1, max_size=4).map(tuple),
        st.sampled_from([False, False, True]),
    )
    return st.builds(
        Plan,
        st.lists(parts, min_size=1, max_size=3).map(tuple),
        st.sampled_from([one for one in HANDLES if one in features]),
        st.booleans() if "inherit" in features else st.just(False),
    )


def _steps(features: Set[str]) -> st.SearchStrategy[Step]:
    choices = [
        (feature, number, form)
        for feature, forms in FORMS.items()
        if feature in features
        for number, form in enumerate(forms)
    ]
    inner: st.SearchStrategy[tuple[Step, ...]] = st.deferred(
        lambda: st.lists(st.sampled_from(choices).flatmap(_filled), max_size=2).map(tuple)
    )

    def _filled(choice: tuple[str, int, str]) -> st.SearchStrategy[Step]:
        feature, number, form = choice
        return st.builds(
            Step,
            st.just(feature),
            st.just(number),
            st.lists(_PICK, max_size=hole_count(form)).map(tuple),
            st.tuples(*[inner] * block_count(form)),
        )

    return st.sampled_from(choices).flatmap(_filled)
