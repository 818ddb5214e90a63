# SPDX-License-Identifier: Apache-2.0
"""Register the objects in commands that start a service and did not register them.

`objects.Service` exists only once the objects are registered, and services now
use their own record through it. The call is added after the one that reads the
configuration, as in the other commands.
"""

import libcst as cst

from codemods.model import Evidence, Item
from codemods.rewriting.behind import BehindRule
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import RegistrationProvider, UnregisteredProvider
from codemods.rewriting.nodes import call, line
from codemods.rules.code.base import CodeRule

EXAMPLES = (
    Example(
        """\
import sys

from nova import config
from nova import service
from nova import utils


def main():
    config.parse_args(sys.argv)
    utils.monkey_patch()
    server = service.Service.create(binary='nova-cert', topic='cert')
    service.serve(server)
    service.wait()
""",
        """\
import sys

from nova import config
from nova import objects
from nova import service
from nova import utils


def main():
    config.parse_args(sys.argv)
    objects.register_all()
    utils.monkey_patch()
    server = service.Service.create(binary='nova-cert', topic='cert')
    service.serve(server)
    service.wait()
""",
        path="nova/cmd/cert.py",
    ),
    LeftAlone(
        """\
from nova import config


def main():
    config.parse_args([])
""",
        path="nova/cmd/other.py",
    ),
)


Compound = cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]


class RegisterObjects(BehindRule, CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (RegistrationProvider, UnregisteredProvider)

    def leave_Expr(
        self, original: cst.Expr, updated: cst.Expr
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """`config.parse_args(sys.argv)`, followed by the call that registers the objects."""
        return self._behind_call(original, updated)

    def leave_Assign(
        self, original: cst.Assign, updated: cst.Assign
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """The same, if the result is assigned."""
        return self._behind_call(original, updated)

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """List a call after which nothing is reached, or the service is already started."""
        if self.get_metadata(UnregisteredProvider, original, False):
            self.declined(original, Item.SERVICE, "call.position", self._evidence(original))
        return updated

    def leave_If(self, original: cst.If, updated: cst.If) -> Compound:
        """`if config.parse_args(sys.argv): ...`, or the call on the line of the `if`."""
        return self._behind_block(original, updated)

    def leave_For(self, original: cst.For, updated: cst.For) -> Compound:
        """The same in a loop."""
        return self._behind_block(original, updated)

    def leave_While(self, original: cst.While, updated: cst.While) -> Compound:
        """The same in a loop."""
        return self._behind_block(original, updated)

    def leave_Try(self, original: cst.Try, updated: cst.Try) -> Compound:
        """`try: config.parse_args(sys.argv)`."""
        return self._behind_block(original, updated)

    def leave_With(self, original: cst.With, updated: cst.With) -> Compound:
        """`with lock: config.parse_args(sys.argv)`."""
        return self._behind_block(original, updated)

    def _behind_call(
        self, original: cst.BaseSmallStatement, updated: cst.BaseSmallStatement
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        registration = self.get_metadata(RegistrationProvider, original, None)
        if registration is None:
            return updated
        self._wants_objects()
        new, evidence = [line(call("objects.register_all"))], self._evidence(original)
        does = Effect.REGISTERS_OBJECTS if registration.opens_main else None
        return self.followed_by(original, updated, new, Item.SERVICE, evidence, True, does)

    def _behind_block(
        self, original: cst.BaseCompoundStatement, updated: cst.BaseCompoundStatement
    ) -> Compound:
        if self.get_metadata(RegistrationProvider, original, None) is None:
            return updated
        self._wants_objects()
        new = cst.FlattenSentinel([updated, line(call("objects.register_all"))])
        return self.edited(original, new, Item.SERVICE, self._evidence(original))

    def _wants_objects(self) -> None:
        self.wants_import(f"from {self.file.tree.package} import objects", Item.SERVICE)

    def _evidence(self, original: cst.CSTNode) -> Evidence:
        return (self.step(original, "the command starts a service"),)
