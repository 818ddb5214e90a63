# SPDX-License-Identifier: Apache-2.0
"""Say in a docstring that a keyword is ignored, once nothing gets the conductor by it.

The keyword stays, because callers still pass it. Only the docstring changes, and
only if no file of the tree reads the keyword any more.
"""

import libcst as cst

from codemods.analysis.handle_inputs import TOLD
from codemods.model import Item
from codemods.rewriting.docstrings import with_told
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import UnreadProvider
from codemods.rules.code.base import CodeRule

UNUSED = "Ignored; objects go through the conductor when there is no direct database access."

EXAMPLES = (
    Example(
        '''\
from nova import conductor


class Driver(object):
    def __init__(self, *args, **kwargs):
        """Make a driver.

        db_allowed - Boolean. False if the database is not to be used, but the
                     conductor.
        """
        self.db_allowed = kwargs.get('db_allowed', True)
        self.conductor_api = conductor.API(use_local=self.db_allowed)
        self.seen = 0

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
''',
        '''\
from nova import objects


class Driver(object):
    def __init__(self, *args, **kwargs):
        """Make a driver.

        db_allowed - Boolean. Ignored; objects go through the conductor when
                     there is no direct database access.
        """
        self.seen = 0

    def read(self, context, host):
        return objects.Service.get_by_compute_host(context, host)
''',
    ),
    LeftAlone(
        '''\
from nova import conductor


class Driver(object):
    def __init__(self, *args, **kwargs):
        """Make a driver.

        db_allowed - Boolean. False if the database is not to be used, but the
                     conductor.
        """
        self.conductor_api = conductor.API(use_local=kwargs.get('db_allowed'))
        self.conductor_api.wait_until_ready(kwargs['context'])
''',
    ),
)


class KeywordDocstringToUnused(CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (UnreadProvider,)
    TIDIES = True

    def leave_Expr(self, original: cst.Expr, updated: cst.Expr) -> cst.Expr:
        """The docstring."""
        text = updated.value
        if not self.is_unread(original) or not isinstance(text, cst.SimpleString):
            return updated
        evidence = (self.step(original, "nothing reads the keyword any more"),)
        new = updated.with_changes(value=text.with_changes(value=_told_of(text.value)))
        return self.edited(original, new, Item.CONDUCTOR, evidence)


def _told_of(text: str) -> str:
    """The docstring, saying that the keyword which chose the conductor is ignored."""
    (found,) = (one for one in TOLD.finditer(text) if "conductor" in one["told"].lower())
    return with_told(text, found, UNUSED)
