# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, and the exit status that tells.

Expected trouble with one file is a record (`model.Failure`), never an
exception; the exceptions here end the run.
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
    """The directory holds no nova tree."""


class DirtyWorkTree(CodemodsError):
    """Git does not have the tree as it is, so that writing would lose something."""


class HalfWritten(CodemodsError):
    """A run was cut off while it wrote the tree."""


class OutputFailed(CodemodsError):
    """A file of the result could not be written."""


class GitFailed(OutputFailed):
    """Git, which makes the patches, is missing or refused something."""


class MissingExtra(CodemodsError):
    """A package is wanted that only an extra of this one brings."""


class BadReport(CodemodsError):
    """A file is no report of a run, or one of another format."""


class NoSuchPlace(CodemodsError):
    """No file has the line that is asked for."""


class BadAssumption(CodemodsError):
    """The file of assumptions is not TOML, or says something unknown."""


class UnknownRule(CodemodsError):
    """A rule is named that there is none of."""


class BadConfiguration(CodemodsError):
    """A file of options cannot be read, or says something unknown."""


class RuleFailed(CodemodsError):
    """A rule from outside of the package raised an error."""


class BadMapping(CodemodsError):
    """A file of mappings is not TOML, or says something that cannot be."""


class BadRule(CodemodsError):
    """What is named as a rule is none, or cannot be loaded."""


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean ...?` for a name that nobody knows; "" where none is like it."""
    names = sorted(known)
    found = difflib.get_close_matches(name, names, 1) or [one for one in names if name in one]
    return f"; did you mean {found[0]}?" if found else ""
