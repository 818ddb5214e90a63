# SPDX-License-Identifier: Apache-2.0
"""Which rules look at a file."""

from codemods.analysis.survey import Survey
from codemods.rules import CODE_RULES, EXCEPTION_RULES, OBJECT_RULES, TEST_RULES
from codemods.rules.own import Rules, looks_at_code, looks_at_objects, looks_at_tests


def rules_for(survey: Survey, path: str, own: Rules = ()) -> Rules:
    """The rules that look at a file: the program, its unit tests and its objects have their own.

    Those from outside of the package come first, so that they have the place
    that one of the package's would have, too.
    """
    if survey.is_test(path):
        return (*filter(looks_at_tests, own), *TEST_RULES)
    if path == survey.tree.exceptions_path:
        # the exceptions are caught everywhere and say nothing of rows
        return EXCEPTION_RULES
    if path.startswith(f"{survey.tree.objects_path}/"):
        return (*filter(looks_at_objects, own), *OBJECT_RULES)
    return (*filter(looks_at_code, own), *CODE_RULES)
