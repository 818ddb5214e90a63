# SPDX-License-Identifier: Apache-2.0
"""Make the shim's objects raise the exceptions that the tree's code catches.

The conductor's methods raised the classes of the tree's own exception module,
and handlers anywhere may catch them. The shim has its own classes with the same
names; after adopt() its exceptions are instances of both. This is not needed if
the objects are the tree's own.
"""

import libcst as cst

from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import AdoptionProvider
from codemods.rewriting.nodes import call, expression, line
from codemods.rewriting.rule import FollowingRule
from codemods.rules.code.base import CodeRule
from codemods.rules.example_sources import READER

_BESIDE = (
    ("nova/compute/reader.py", READER),
    ("nova/objects/", None),
)

EXAMPLES = (
    Example(
        """\
class NovaException(Exception):
    pass


class ComputeHostNotFound(NovaException):
    pass
""",
        """\
from shim import exception as shim_exception


class NovaException(Exception):
    pass


class ComputeHostNotFound(NovaException):
    pass


# Make the objects raise the exceptions that callers catch.
shim_exception.adopt(globals())
""",
        path="nova/exception.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from shim import exception as shim_exception


class NovaException(Exception):
    pass


# Make the objects raise the exceptions that callers catch.
shim_exception.adopt(globals())
""",
        path="nova/exception.py",
        beside=_BESIDE,
    ),
)


_BLANK = cst.EmptyLine(indent=False)


class AdoptExceptions(FollowingRule, CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (AdoptionProvider,)

    def leave_Module(self, original: cst.Module, updated: cst.Module) -> cst.Module:
        """The module, with the call after its last statement."""
        last = original.body[-1]
        known = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
        item = self.file.became.first_import("shim")
        if item is None or not self.get_metadata(AdoptionProvider, known, False):
            return updated
        self.wants_import("from shim import exception as shim_exception", item)
        evidence = (self.step(known, "the objects come from the shim"),)
        comment = "# Make the objects raise the exceptions that callers catch."
        footer = list(updated.footer)
        while footer and footer[-1].comment is None:
            footer.pop()
        above = [*footer, _BLANK, _BLANK, cst.EmptyLine(comment=cst.Comment(comment))]
        adopt = line(call("shim_exception.adopt", expression("globals()")))
        adopt = self.edited(known, adopt.with_changes(leading_lines=above), item, evidence)
        return updated.with_changes(
            body=[*updated.body, adopt], footer=(), has_trailing_newline=True
        )
