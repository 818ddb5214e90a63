# SPDX-License-Identifier: Apache-2.0
"""Which rules look at a file."""

from codemods.analysis.survey import Survey
from codemods.rules import CODE_RULES, EXCEPTION_RULES, OBJECT_RULES, TEST_RULES
from codemods.rules.own import Rules, looks_at_code, looks_at_objects, looks_at_tests


def rules_for(survey: Survey, path: str, own: Rules = ()) -> Rules:
    """The rules for a file; the program, its unit tests and its objects each have their own.

    Rules from outside the package come first, so they win if a rule of the
    package wants the same place.
    """
    if survey.is_test(path):
        return (*filter(looks_at_tests, own), *TEST_RULES)
    if path == survey.tree.exceptions_path:
        # code everywhere catches these exceptions, but the module has no rows
        return EXCEPTION_RULES
    if path.startswith(f"{survey.tree.objects_path}/"):
        return (*filter(looks_at_objects, own), *OBJECT_RULES)
    return (*filter(looks_at_code, own), *CODE_RULES)
