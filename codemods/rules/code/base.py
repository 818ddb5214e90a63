# SPDX-License-Identifier: Apache-2.0
"""What the rules of a fork's own program derive from."""

from typing import ClassVar

from codemods.rewriting.rule import Rule


class CodeRule(Rule):
    """A rule that rewrites the program; with `TESTS_TOO` its unit tests, as well."""

    TESTS_TOO: ClassVar[bool] = False
