# SPDX-License-Identifier: Apache-2.0
"""Make a unit test's stubs of the database answer the queries that the objects make.

An object passes keyword arguments that the conductor did not, so the stub accepts
them. If the object makes a second query, for the nodes of a service or the
instance of a migration, a second stub is added next to the first one and answers
from the same fixtures. A row made from an object's fields gets the columns that
the object never set.
"""

from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.analysis.stub_facts import StubCall
from codemods.mappings import stub_keywords
from codemods.model import Item
from codemods.rewriting.behind import BehindRule
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import FakeProvider, MigrationRowProvider, StubProvider
from codemods.rewriting.nodes import arg, bare, bare_args, call, expression, line, operand, string
from codemods.rules.example_sources import NODES_READER
from codemods.rules.tests.base import TestRule

_BESIDE = (("nova/compute/reader.py", NODES_READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_nodes(self):
        self.stubs.Set(db, 'service_get_by_compute_host', self._service)
        self.reader.nodes('context', 'host1')

    def _service(self, context, host):
        return self.services[host]
""",
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_nodes(self):
        self.stubs.Set(db, 'service_get_by_compute_host', self._service)
        self.stubs.Set(
            db, 'service_get',
            lambda ctx, service_id, **kwargs: self._service(ctx, None))
        self.reader.nodes('context', 'host1')

    def _service(self, context, host):
        return self.services[host]
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    Example(
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_mark(self):
        self.stubs.Set(db, 'instance_update_and_get_original', self._update)
        self.reader.mark('context', 'uuid1', 'host1')

    def _update(self, context, uuid, values):
        return self.instances[uuid], self.instances[uuid]
""",
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_mark(self):
        self.stubs.Set(db, 'instance_update_and_get_original', self._update)
        self.reader.mark('context', 'uuid1', 'host1')

    def _update(self, context, uuid, values, **kwargs):
        return self.instances[uuid], self.instances[uuid]
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_mark(self):
        self.stubs.Set(db, 'instance_update_and_get_original', self._update)
        self.reader.mark('context', 'uuid1', 'host1')

    def _update(self, context, uuid, values, **kwargs):
        return self.instances[uuid], self.instances[uuid]
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


SET = m.Expr(m.Call(m.Attribute(attr=m.Name("Set")), [m.Arg(), m.Arg(), m.Arg()]))

#: The function that returned the nodes too, and the ones that objects query in addition.
_NODES, _NODES_OF = "service_get_by_compute_host", "service_get"
_INSTANCE = "instance_get_by_uuid"


class DatabaseStubForObject(BehindRule, TestRule):
    """See the module."""

    METADATA_DEPENDENCIES = (StubProvider, FakeProvider, MigrationRowProvider)
    OWN_OBJECTS = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._fakes: dict[cst.Parameters, cst.FunctionDef | cst.Lambda] = {}

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._fakes[node.params] = node

    def visit_Lambda(self, node: cst.Lambda) -> None:
        self._fakes[node.params] = node

    def leave_Parameters(self, original: cst.Parameters, updated: cst.Parameters) -> cst.Parameters:
        """The parameters of a fake, with `**kwargs` if the object passes keywords that it lacks."""
        fake = self._fakes.pop(original)
        names = self.get_metadata(FakeProvider, fake, ())
        needed = next((found for name in names if (found := stub_keywords().get(name))), ())
        known = {one.name.value for one in (*updated.params, *updated.kwonly_params)}
        if updated.star_kwarg is not None or set(needed) <= known or not self._passes_keywords():
            return updated
        evidence = (self.step(fake, f"the object passes {', '.join(needed)} too"),)
        return self.edited(fake, _with_kwargs(updated), Item.INSTANCE, evidence)

    def _passes_keywords(self) -> bool:
        return Item.INSTANCE in self.file.done and self.file.tests_what(
            Effect.READS_NODES, Effect.READS_INSTANCE, Effect.SAVES_OBJECT, Effect.SAVES_INSTANCE
        )

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """`row = obj_to_primitive(migration)`, or a stub to which nothing can be added."""
        if self._lacks_columns(original):
            self.wants_import(
                f"from {self.file.tree.tests}.objects import test_migration", Item.MIGRATION
            )
            row = call("dict", call("test_migration.fake_db_migration"))
            made = bare(updated).with_changes(
                args=bare_args(updated.args), whitespace_before_args=cst.SimpleWhitespace("")
            )
            new = row.with_changes(args=[*row.args, arg(made, star="**")])
            evidence = (self.step(original, "stands for a Migration row"),)
            return self.edited(original, new, Item.MIGRATION, evidence)
        stub = self.get_metadata(StubProvider, original, None)
        item = self._left_for(stub)
        if stub is not None and item is not None:
            reason = f"replaces the database's {stub.name}(), of which the objects ask more"
            self.left_to_person(original, item, reason)
        return updated

    def _lacks_columns(self, original: cst.Call) -> bool:
        """Whether a call makes a row of a migration, with only the columns that were set."""
        return (
            self.get_metadata(MigrationRowProvider, original, False)
            and Item.MIGRATION in self.file.done
            and self.file.tests_what(Effect.READS_INSTANCE)
        )

    def _left_for(self, stub: StubCall | None) -> Item | None:
        """The work item for which a stub is not enough, if it cannot be completed."""
        if stub is None:
            return None
        is_fixed = stub.kind != "set"
        if stub.name == _NODES and is_fixed and self._reads_nodes(stub):
            return Item.SERVICE
        lacks = set(stub_keywords().get(stub.name, ())) - stub.keywords
        if lacks and self._passes_keywords() and (stub.is_elsewhere or stub.kind == "recorded"):
            return Item.INSTANCE
        return None

    def _reads_nodes(self, stub: StubCall) -> bool:
        """Whether the nodes of a service are read by its id, and no stub answers that."""
        return (
            Item.SERVICE in self.file.done
            and _NODES_OF not in stub.others
            and self.file.tests_what(Effect.READS_NODES)
            and self.file.tree.has("ComputeNodeList.get_by_service")
        )

    def leave_Expr(
        self, original: cst.Expr, updated: cst.Expr
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """A stub, followed by one of the second query that the object makes."""
        if not m.matches(original, SET) or not m.matches(updated, SET):
            return updated
        stub = self.get_metadata(StubProvider, original.value, None)
        found = cst.ensure_type(updated.value, cst.Call)
        if stub is None or stub.kind != "set":
            return updated
        if stub.name == _NODES and self._reads_nodes(stub):
            new = _nodes_of_service(found, stub)
            evidence = (self.step(original, "the nodes are a query of their own"),)
            return self.followed_by(original, updated, [new], Item.SERVICE, evidence)
        if stub.instances and self._reads_instances(stub):
            new = _instance_of_migration(found, stub)
            evidence = (self.step(original, "the instance is a query of its own"),)
            return self.followed_by(original, updated, [new], Item.MIGRATION, evidence)
        return updated

    def _reads_instances(self, stub: StubCall) -> bool:
        return (
            Item.MIGRATION in self.file.done
            and _INSTANCE not in stub.others
            and self.file.tests_what(Effect.READS_INSTANCE)
        )


def _with_kwargs(params: cst.Parameters) -> cst.Parameters:
    """The parameters with `**kwargs` as the last, after which Python 2 allows no comma."""
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    new = params.with_changes(star_kwarg=cst.Param(cst.Name("kwargs")))
    if params.kwonly_params:
        *others, last = params.kwonly_params
        return new.with_changes(kwonly_params=[*others, last.with_changes(comma=comma)])
    if isinstance(params.star_arg, cst.Param):
        return new.with_changes(star_arg=params.star_arg.with_changes(comma=comma))
    if not params.params:
        return new
    *others, last = params.params
    return new.with_changes(params=[*others, last.with_changes(comma=comma)])


def _nodes_of_service(stub: cst.Call, found: StubCall) -> cst.BaseStatement:
    """The stub that returns the service's row, with its nodes, by the service's id."""
    service = call(operand(stub.args[2].value), cst.Name("ctx"), expression(found.host))
    return _stubbed(stub, _NODES_OF, _lambda(("ctx", "service_id"), service))


def _instance_of_migration(stub: cst.Call, found: StubCall) -> cst.BaseStatement:
    """The stub that returns the instance by its uuid, from where the fake takes it."""
    index = cst.SubscriptElement(cst.Index(cst.Name("uuid")))
    row = cst.Subscript(expression(found.instances), [index])
    return _stubbed(stub, _INSTANCE, _lambda(("ctx", "uuid"), row))


def _stubbed(stub: cst.Call, name: str, fake: cst.Lambda) -> cst.SimpleStatementLine:
    """`self.stubs.Set(db, 'name', fake)` in the spelling of another stub."""
    return line(call(stub.func, stub.args[0].value, string(name), fake))


def _lambda(names: tuple[str, ...], body: cst.BaseExpression) -> cst.Lambda:
    """`lambda names, **kwargs: body`."""
    params = [cst.Param(cst.Name(name)) for name in names]
    return cst.Lambda(cst.Parameters(params, star_kwarg=cst.Param(cst.Name("kwargs"))), body)
