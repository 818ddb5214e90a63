# SPDX-License-Identifier: Apache-2.0
"""The base class of rules for the program."""

from typing import ClassVar

from codemods.rewriting.rule import RowRule


class CodeRule(RowRule):
    """A rule that rewrites the program, and with `TESTS_TOO` its unit tests as well."""

    TESTS_TOO: ClassVar[bool] = False
