# SPDX-License-Identifier: Apache-2.0
"""The exceptions that end a run, and the exit statuses.

Expected trouble with one file is a record (`model.Failure`), never an exception.
"""

import difflib
import enum
from collections.abc import Iterable


class ExitStatus(enum.IntEnum):
    """The exit statuses of the command line; documented in README.md."""

    DONE = 0
    WOULD_CHANGE = 1
    USAGE = 2
    FILES_FAILED = 4


class CodemodsError(Exception):
    """The run cannot go on; the message names the file and the remedy."""


class NotATree(CodemodsError):
    """The directory does not hold a nova tree."""


class DirtyWorkTree(CodemodsError):
    """Git does not have the tree as it is, so writing could lose changes."""


class HalfWritten(CodemodsError):
    """A run was interrupted while it wrote the tree."""


class OutputFailed(CodemodsError):
    """A file of the result could not be written."""


class GitFailed(OutputFailed):
    """Git, which makes the patches, is missing or failed."""


class MissingExtra(CodemodsError):
    """A package is missing that only an extra of this one installs."""


class BadReport(CodemodsError):
    """A file is not the report of a run, or is in another format."""


class NoSuchPlace(CodemodsError):
    """No file has the line that was asked for."""


class BadAssumption(CodemodsError):
    """The file of assumptions is not TOML, or says something unknown."""


class UnknownRule(CodemodsError):
    """No rule has the given name."""


class BadConfiguration(CodemodsError):
    """A file of options cannot be read, or says something unknown."""


class RuleFailed(CodemodsError):
    """A rule from outside the package raised an error."""


class BadMapping(CodemodsError):
    """A file of mappings is not TOML, or says something impossible."""


class BadRule(CodemodsError):
    """What was named as a rule is not one, or cannot be loaded."""


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean ...?` for an unknown name; "" if no known name is like it."""
    names = sorted(known)
    found = difflib.get_close_matches(name, names, 1) or [one for one in names if name in one]
    return f"; did you mean {found[0]}?" if found else ""
