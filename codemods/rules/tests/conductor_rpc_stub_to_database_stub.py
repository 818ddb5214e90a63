# SPDX-License-Identifier: Apache-2.0
"""Replace a unit test's stub of the conductor's instance_update() with one of the database.

The tracker saves an object of its own, so a stub of `save` on the test's instance
would not be called, and one on the class would swallow the saves of every
instance. Both the conductor's method and save() end in the same function of the
database API: that function is stubbed, with the same uuid expected, and returns a
complete row twice, as the old and the new one.
"""

import libcst as cst

from codemods.analysis.uncarried import unreplaced
from codemods.analysis.update_stubs import UpdateStub
from codemods.model import Item
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.file import File
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import UpdateStubProvider
from codemods.rewriting.nodes import arg, assignment, bare_args, call, expression, line, method
from codemods.rules.tests.base import TestRule

_NAME = "instance_update"
_DATABASE = "instance_update_and_get_original"


_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def mark(self, context, uuid, host):
        self.conductor_api.instance_update(context, uuid, host=host)
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
from mox3 import mox

from nova.compute import reader
from nova.conductor import rpcapi as conductor_rpcapi
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_mark(self):
        self.mox.StubOutWithMock(conductor_rpcapi.ConductorAPI,
                                 'instance_update')
        conductor_rpcapi.ConductorAPI.instance_update(
            'context', 'uuid1', mox.IgnoreArg(), 'conductor')
        self.mox.ReplayAll()
        self.reader.mark('context', 'uuid1', 'host1')
""",
        """\
from mox3 import mox

from nova.compute import reader
from nova import db
from nova import test
from nova.tests import fake_instance


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_mark(self):
        self.mox.StubOutWithMock(db, 'instance_update_and_get_original')
        row = fake_instance.fake_db_instance(uuid='uuid1')
        db.instance_update_and_get_original(
            'context', 'uuid1', mox.IgnoreArg(), update_cells=False,
            columns_to_join=mox.IgnoreArg()).AndReturn((row, row))
        self.mox.ReplayAll()
        self.reader.mark('context', 'uuid1', 'host1')
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    Example(
        """\
import mock

from nova.compute import reader
from nova.conductor import rpcapi as conductor_rpcapi
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch.object(conductor_rpcapi.ConductorAPI, 'instance_update')
    def test_mark(self, mock_update):
        self.reader.mark('context', 'uuid1', 'host1')
        self.assertTrue(mock_update.called)
""",
        """\
import mock

from nova.compute import reader
from nova import db
from nova import test
from nova.tests import fake_instance


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch.object(db, 'instance_update_and_get_original',
                       return_value=[fake_instance.fake_db_instance()] * 2)
    def test_mark(self, mock_update):
        self.reader.mark('context', 'uuid1', 'host1')
        self.assertTrue(mock_update.called)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
import mock

from nova.compute import reader
from nova.conductor import rpcapi as conductor_rpcapi
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    @mock.patch.object(conductor_rpcapi.ConductorAPI, 'service_update')
    def test_mark(self, mock_update):
        self.reader.mark('context', 'uuid1', 'host1')
        self.assertFalse(mock_update.called)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


class ConductorRpcStubToDatabaseStub(TestRule):
    """See the module."""

    NEEDLES = (b"ConductorAPI", b"'conductor')", b'"conductor")')
    METADATA_DEPENDENCIES = (UpdateStubProvider,)
    OWN_OBJECTS = True

    @classmethod
    def applies(cls, file: File) -> bool:
        """Whether instances are saved as objects so far."""
        return super().applies(file) and Item.INSTANCE in file.done

    def _stub(self, node: cst.CSTNode) -> UpdateStub | None:
        found = self.get_metadata(UpdateStubProvider, node, None)
        return found if self.file.became.has(Effect.SAVES_INSTANCE) else None

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """A stub of the method, or what a mock of it is expected to be called with."""
        stub = self._stub(original)
        if stub is None or stub.kind == "recorded":
            return updated
        if stub.kind == "left":
            self.left_to_person(original, Item.INSTANCE, unreplaced(_NAME, False))
            return updated
        target = [arg(cst.Name("db")), arg(cst.SimpleString(f"'{_DATABASE}'"))]
        if stub.kind == "stubbed":
            return self._replaced(original, updated, target)
        if stub.kind == "patched":
            row = expression("[fake_instance.fake_db_instance()] * 2")
            self._wants_fixture()
            return self._replaced(original, updated, [*target, arg(row, "return_value")])
        known = [*bare_args(updated.args[:3]), *_keywords(expression("mock.ANY"))]
        return self._replaced(original, updated, known)

    def leave_Expr(
        self, original: cst.Expr, updated: cst.Expr
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """`ConductorAPI.instance_update(...)`, recorded as an expected call."""
        stub, node = self._stub(original.value), updated.value
        if stub is None or stub.kind != "recorded" or not isinstance(node, cst.Call):
            return updated
        row = cst.Name(stub.row)
        made = call("fake_instance.fake_db_instance", uuid=node.args[1].value)
        args = [*bare_args(node.args[:3]), *_keywords(expression("mox.IgnoreArg()"))]
        rows = cst.Tuple([cst.Element(row), cst.Element(row)])
        recorded = method(cst.Call(expression(f"db.{_DATABASE}"), args), "AndReturn", rows)
        self._wants_fixture()
        self._wants_db()
        evidence = (self.step(original, f"expects the conductor's {_NAME}()"),)
        lines = [assignment(row, made), line(recorded)]
        return self.replaced(original, lines, Item.INSTANCE, evidence)

    def _replaced(self, original: cst.Call, updated: cst.Call, args: list[cst.Arg]) -> cst.Call:
        self._wants_db()
        evidence = (self.step(original, f"stubs the conductor's {_NAME}()"),)
        new = updated.with_changes(args=args, whitespace_before_args=cst.SimpleWhitespace(""))
        return self.edited(original, new, Item.INSTANCE, evidence)

    def _wants_db(self) -> None:
        self.wants_import(f"from {self.file.tree.package} import db", Item.INSTANCE)

    def _wants_fixture(self) -> None:
        self.wants_import(f"from {self.file.tree.tests} import fake_instance", Item.INSTANCE)


def _keywords(joined: cst.BaseExpression) -> list[cst.Arg]:
    """The keyword arguments that only the object passes."""
    return [arg(cst.Name("False"), "update_cells"), arg(joined, "columns_to_join")]
