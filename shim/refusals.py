# SPDX-License-Identifier: Apache-2.0
"""Answers that are errors of Python's own: on the bus they are just those."""


class ArgumentRefused(TypeError):
    """The arguments of a call do not fit."""


class KeyRefused(KeyError):
    """A key that a caller named is not there, or not to be set."""


class ValueRefused(ValueError):
    """A value that a caller gave does not fit."""
