# SPDX-License-Identifier: Apache-2.0
"""The base class of rules for the tree's own objects: they add what is missing, and see no rows."""

from codemods.rewriting.adding import AddingRule


class ObjectRule(AddingRule):
    """A rule that adds what the tree's objects package lacks.

    `analysis` says what that is and where it belongs, from the plan of the missing
    fields and from the additions: each place is an `ObjectChange`.
    """

    OWN_OBJECTS = True
