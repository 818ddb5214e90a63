# SPDX-License-Identifier: Apache-2.0
"""The rules, by the files that they look at; their order has no meaning."""

from codemods.rewriting.rule import Rule
from codemods.rules.code import RULES as CODE_RULES
from codemods.rules.code.adopt_exceptions import AdoptExceptions
from codemods.rules.objects import RULES as OBJECT_RULES
from codemods.rules.tests import RULES as TEST_RULES

#: The module of the exceptions is caught everywhere and says nothing of rows.
EXCEPTION_RULES: tuple[type[Rule], ...] = (AdoptExceptions,)

#: Every rule once; some look at the program and at its unit tests.
RULES = tuple(dict.fromkeys((*CODE_RULES, *EXCEPTION_RULES, *TEST_RULES, *OBJECT_RULES)))

__all__ = ["CODE_RULES", "EXCEPTION_RULES", "OBJECT_RULES", "RULES", "TEST_RULES"]
