# SPDX-License-Identifier: Apache-2.0
"""What the rules of the tree's own objects are: they add what is missing, and know no rows."""

from codemods.rewriting.adding import AddingRule


class ObjectRule(AddingRule):
    """A rule that gives the tree's package of objects what it lacks.

    What that is, and where it belongs, `analysis` has found in the plan of the
    missing fields and in the additions: each place is a `Change`.
    """

    OWN_OBJECTS = True
