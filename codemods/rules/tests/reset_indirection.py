# SPDX-License-Identifier: Apache-2.0
"""Make a unit test's objects local again before its services are killed.

A service now removes its own record through the Service object. In a test that
makes every object remote, it would ask the conductor to do that, after the test's
conductor was stopped. The clean-up added here runs before those of the services
that were started earlier.
"""

import libcst as cst
import libcst.matchers as m

from codemods.model import Item
from codemods.rewriting.behind import BehindRule
from codemods.rewriting.comments import noted
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.file import File
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import MadeRemoteProvider
from codemods.rewriting.nodes import call, expression, line, string
from codemods.rules.tests.base import TestRule

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def kill(self, context, service_id):
        self.conductor_api.service_destroy(context, service_id)
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader
from nova.conductor import rpcapi as conductor_rpcapi
from nova.objects import base
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_kill(self):
        self.start_service('conductor')
        base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI()
        self.reader.kill('context', 1)
""",
        """\
from nova.compute import reader
from nova.conductor import rpcapi as conductor_rpcapi
from nova.objects import base
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_kill(self):
        self.start_service('conductor')
        base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI()
        # Services destroy their records after the conductor has stopped.
        self.addCleanup(setattr, base.NovaObject, 'indirection_api', None)
        self.reader.kill('context', 1)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader
from nova.conductor import rpcapi as conductor_rpcapi
from nova.objects import base
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_kill(self):
        base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI()
        self.reader.kill('context', 1)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


WHY = "Services destroy their records after the conductor has stopped."

SET = m.AssignTarget(m.Attribute(attr=m.Name("indirection_api")))


class ResetIndirection(BehindRule, TestRule):
    """See the module."""

    METADATA_DEPENDENCIES = (MadeRemoteProvider,)
    OWN_OBJECTS = True

    @classmethod
    def applies(cls, file: File) -> bool:
        """Whether services are objects so far."""
        return super().applies(file) and Item.SERVICE in file.done

    def leave_Assign(
        self, original: cst.Assign, updated: cst.Assign
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """`base.NovaObject.indirection_api = ...` in a test, followed by the clean-up."""
        found = self.get_metadata(MadeRemoteProvider, original, None)
        if found is None or not self.file.became.has(Effect.DESTROYS_SERVICE):
            return updated
        evidence = (self.step(original, "objects are remote from here on"),)
        if not found.receiver:
            reason = "makes objects remote for good, and stopping a service destroys its record"
            self.left_to_person(original, Item.SERVICE, reason)
            return updated
        target = next(one.target for one in updated.targets if m.matches(one, SET))
        owner = cst.ensure_type(target, cst.Attribute).value
        back = call(
            f"{found.receiver}.addCleanup",
            cst.Name("setattr"),
            owner,
            string("indirection_api"),
            expression("None"),
        )
        new = noted(line(back), WHY)
        return self.followed_by(original, updated, [new], Item.SERVICE, evidence)
