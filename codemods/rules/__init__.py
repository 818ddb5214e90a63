# SPDX-License-Identifier: Apache-2.0
"""The rules, grouped by the files they look at; their order has no meaning."""

from codemods.rewriting.rule import Rule
from codemods.rules.code import RULES as CODE_RULES
from codemods.rules.code.adopt_exceptions import AdoptExceptions
from codemods.rules.objects import RULES as OBJECT_RULES
from codemods.rules.tests import RULES as TEST_RULES

#: For the tree's exceptions module: code everywhere catches its exceptions, but it has no rows.
EXCEPTION_RULES: tuple[type[Rule], ...] = (AdoptExceptions,)

#: Every rule once; some look at both the program and its unit tests.
RULES = tuple(dict.fromkeys((*CODE_RULES, *EXCEPTION_RULES, *TEST_RULES, *OBJECT_RULES)))

__all__ = ["CODE_RULES", "EXCEPTION_RULES", "OBJECT_RULES", "RULES", "TEST_RULES"]
