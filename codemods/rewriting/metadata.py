# SPDX-License-Identifier: Apache-2.0
"""Metadata providers that hand out what inference knows of a node.

They are libcst's way to ask: a visitor names one in its METADATA_DEPENDENCIES
and asks `self.get_metadata(HoldsProvider, node, None)`. A provider finds its
facts in the cache that `gen_cache` makes of a whole tree, as libcst's own
whole-repository providers do.
"""

import dataclasses
import functools
import pathlib
from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Generic, TypeVar

import libcst as cst
from libcst._nodes.internal import CodegenState
from libcst.metadata import BaseMetadataProvider, CodeSpan

from codemods.analysis.asked_mocks import SaveExpectation
from codemods.analysis.compared import DictVariable
from codemods.analysis.conductor_mocks import ConductorMock
from codemods.analysis.created_nodes import CreatedPart
from codemods.analysis.dict_fields import DictField
from codemods.analysis.facts import Facts, Held, Holding, Part, Site, Span
from codemods.analysis.held_mocks import HeldMock
from codemods.analysis.inferring import facts_below
from codemods.analysis.method_stubs import MethodStub
from codemods.analysis.mocked_methods import MockedMethod
from codemods.analysis.object_changes import Change
from codemods.analysis.overrides import Override
from codemods.analysis.readings import Reading
from codemods.analysis.remote_objects import MadeRemote
from codemods.analysis.row_fixtures import RowFixture
from codemods.analysis.stub_facts import StubCall
from codemods.analysis.suspects import Suspect
from codemods.analysis.update_stubs import UpdateStub
from codemods.analysis.versions import VersionText
from codemods.mappings import ConductorCall

Fact = TypeVar("Fact")


class FactWithoutNode(Exception):
    """A fact's place holds no node of its kind: the tree is not the one that was looked at."""


@dataclasses.dataclass(frozen=True)
class Table(Generic[Fact]):
    """The facts of one kind in one file, by span."""

    path: str
    facts: Mapping[Span, Fact]


class _Spans(CodegenState):
    """Notes where expressions and statements stand, and nothing of the white space around them."""

    def __init__(self, module: cst.Module, start: int) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.found: dict[cst.CSTNode, Span] = {}
        self.position = start

    def add_indent_tokens(self) -> None:
        super().add_indent_tokens()
        self.position += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        super().add_token(value)
        self.position += len(value) if value.isascii() else len(value.encode("utf-8"))

    def record_syntactic_position(  # type: ignore[override]
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> "_Place":
        return _Place(self, node, start_node, end_node)


class _Place:
    """Notes where a node begins when it is entered, and where it ends when it is left."""

    __slots__ = ("_ends", "_node", "_spans", "_start", "_starts")

    def __init__(
        self,
        spans: _Spans,
        node: cst.CSTNode,
        starts: cst.CSTNode | None,
        ends: cst.CSTNode | None,
    ) -> None:
        self._spans, self._node, self._starts, self._ends = spans, node, starts, ends

    def __enter__(self) -> None:
        self._start = self._spans.position

    def __exit__(self, *_: object) -> None:
        found = self._spans.found
        start = self._start if self._starts is None else found[self._starts][0]
        end = self._spans.position if self._ends is None else found[self._ends][1]
        found[self._node] = start, end


def spans_of(module: cst.Module, start: int = 0) -> Mapping[cst.CSTNode, Span]:
    """Where the expressions and statements of a tree stand, in bytes of UTF-8.

    `start` is where the tree itself begins.
    """
    spans = _Spans(module, start)
    module._codegen(spans)
    return spans.found


class SpanProvider(BaseMetadataProvider[CodeSpan]):
    """Where expressions and statements stand, in bytes of UTF-8.

    The same as libcst's ByteSpanPositionProvider at a third of its price: white
    space has no span.
    """

    def _gen_impl(self, module: cst.Module) -> None:
        for node, (start, end) in spans_of(module).items():
            self.set_metadata(node, CodeSpan(start, end - start))


class FactProvider(BaseMetadataProvider[Fact]):
    """Gives each fact of a `Table` to the node at its place.

    Raises `FactWithoutNode` where there is none.
    """

    METADATA_DEPENDENCIES = (SpanProvider,)

    #: The kind of the facts, as `Facts` calls it.
    TABLE: ClassVar[str] = ""

    #: The nodes that a fact may be about; others stand at the same place.
    KINDS: tuple[type[cst.CSTNode], ...] = ()

    @classmethod
    def gen_cache(
        cls, root_path: pathlib.Path, paths: list[str], **kwargs: Any
    ) -> Mapping[str, object]:
        """Infer over the tree at `root_path`; the facts of each of `paths`.

        Raises `NotATree` where there is none of nova's kind.
        """
        known = _facts_below(root_path)
        return {path: Table(path, known[path].table(cls.TABLE)) for path in paths if path in known}

    def _gen_impl(self, module: cst.Module) -> None:
        table = self.cache
        if not isinstance(table, Table):
            return
        nodes: dict[Span, list[cst.CSTNode]] = {}
        for node, span in self.metadata[SpanProvider].items():
            if isinstance(span, CodeSpan):
                nodes.setdefault((span.start, span.start + span.length), []).append(node)
        for place, fact in table.facts.items():
            self.set_metadata(self.node_among(nodes.get(place, ()), table.path, place), fact)

    @classmethod
    def node_among(cls, nodes: Collection[cst.CSTNode], path: str, place: Span) -> cst.CSTNode:
        """The node, of those at one place, that a fact is about; raises `FactWithoutNode`."""
        for kind in cls.KINDS:
            for node in nodes:
                if isinstance(node, kind):
                    return node
        raise FactWithoutNode(
            f"{path}: bytes {place[0]} to {place[1]}: "
            f"{cls.__name__} knows of a node that is not there"
        )


class HoldsProvider(FactProvider[Held]):
    """What an expression may hold, an object of nova's on every path or on some: a `Held`."""

    TABLE = "holds"
    KINDS = (cst.BaseExpression,)


class SiteProvider(FactProvider[Site]):
    """Which calls go to the conductor and move rows: a `Site`."""

    TABLE = "sites"
    KINDS = (cst.Call,)


class PartProvider(FactProvider[Part]):
    """Which statements belong to a call of the conductor that writes: a `Part`."""

    TABLE = "parts"
    KINDS = (cst.BaseSmallStatement,)


class RelationProvider(FactProvider[Reading]):
    """Which expressions take a row out of a row that becomes an object: a `Reading`."""

    TABLE = "readings"
    KINDS = (cst.Subscript, cst.Call)


class UnreadProvider(FactProvider[bool]):
    """Which statements, methods and patches keep the conductor's API for nobody: True."""

    TABLE = "unread"
    KINDS = (cst.BaseSmallStatement, cst.FunctionDef, cst.Call)


class DictFieldProvider(FactProvider[DictField]):
    """Where a dict field of a compute node is turned into text, filled in place or shared."""

    TABLE = "dict_fields"
    KINDS = (cst.BaseSmallStatement, cst.Attribute, cst.Call, cst.Name, cst.SimpleString)


class SuspectProvider(FactProvider[Suspect]):
    """Which calls and lookups may reach the conductor in a way that cannot be rewritten."""

    TABLE = "suspects"
    KINDS = (cst.Call, cst.Attribute)


class DictVariablesProvider(FactProvider[tuple[DictVariable, ...]]):
    """Which variables become dicts above a statement, or above the `if` of a test."""

    TABLE = "dict_variables"
    KINDS = (cst.BaseSmallStatement, cst.BaseExpression)


class ComparedProvider(FactProvider[Holding]):
    """Which operands of comparisons are objects where what they hold is asked for."""

    TABLE = "compared"
    KINDS = (cst.BaseExpression,)


class VersionTextProvider(FactProvider[VersionText]):
    """Which literals are text where the object's field of a version takes a number."""

    TABLE = "version_texts"
    KINDS = (cst.ConcatenatedString, cst.SimpleString)


class AdoptionProvider(FactProvider[bool]):
    """Behind which statement the shim is told of the tree's exceptions: True."""

    TABLE = "adoption"
    KINDS = (cst.BaseCompoundStatement, cst.BaseSmallStatement)


class ChangesProvider(FactProvider[tuple[Change, ...]]):
    """What is to become of the statements of the tree's objects, and of their unit tests."""

    TABLE = "changes"
    KINDS = (cst.BaseSmallStatement, cst.BaseCompoundStatement)


class RegistrationProvider(FactProvider[bool]):
    """Behind which statement of a command the objects are registered: True."""

    TABLE = "registrations"
    KINDS = (cst.BaseCompoundStatement, cst.BaseSmallStatement)


class UnregisteredProvider(FactProvider[bool]):
    """Behind which call of a command the objects cannot be registered: True."""

    TABLE = "unregistered"
    KINDS = (cst.Call,)


class StubProvider(FactProvider[StubCall]):
    """Which calls of a unit test replace a function of the database: a `StubCall`."""

    TABLE = "stubs"
    KINDS = (cst.Call,)


class FakeProvider(FactProvider[tuple[str, ...]]):
    """Which functions of a unit test replace functions of the database: the names of these."""

    TABLE = "fakes"
    KINDS = (cst.FunctionDef, cst.Lambda)


class RowFixtureProvider(FactProvider[RowFixture]):
    """Which dicts of a unit test stand for rows: a `RowFixture`."""

    TABLE = "row_fixtures"
    KINDS = (cst.Dict, cst.Call)


class MigrationRowProvider(FactProvider[bool]):
    """Which calls in a unit test's fakes make rows of migrations: True."""

    TABLE = "migration_rows"
    KINDS = (cst.Call,)


class MadeRemoteProvider(FactProvider[MadeRemote]):
    """Which statements of a unit test make every object remote: a `MadeRemote`."""

    TABLE = "made_remote"
    KINDS = (cst.BaseSmallStatement,)


class RowTextProvider(FactProvider[str]):
    """Which values a unit test's fakes store in rows of compute nodes: the key."""

    TABLE = "row_texts"
    KINDS = (cst.BaseExpression,)


class MethodStubProvider(FactProvider[MethodStub]):
    """Where a unit test replaces a method that returns rows: a `MethodStub`."""

    TABLE = "method_stubs"
    KINDS = (cst.Call, cst.FunctionDef, cst.BaseSmallStatement)


class ConductorMockProvider(FactProvider[ConductorMock]):
    """Where a unit test replaces one of the conductor's methods: a `ConductorMock`."""

    TABLE = "conductor_mocks"
    KINDS = (cst.Call, cst.BaseSmallStatement)


class MockedRowProvider(FactProvider[ConductorCall]):
    """Which literal dicts stand for the row of a mocked call of the conductor: the call."""

    TABLE = "mocked_rows"
    KINDS = (cst.Dict,)


class SaveExpectationProvider(FactProvider[SaveExpectation]):
    """Which statements expect a mocked update to be called: a `SaveExpectation`."""

    TABLE = "save_expectations"
    KINDS = (cst.Expr,)


class MockedMethodProvider(FactProvider[MockedMethod]):
    """Where a method of the mocked conductor is given a name, or used without: a `MockedMethod`."""

    TABLE = "mocked_methods"
    KINDS = (cst.BaseSmallStatement, cst.Attribute)


class TestOfMethodsProvider(FactProvider[tuple[MockedMethod, ...]]):
    """Which functions get mocks of the objects' methods for those of the conductor's: these."""

    #: pytest takes a class of this name for tests otherwise
    __test__ = False

    TABLE = "tests_of_methods"
    KINDS = (cst.FunctionDef,)


class CreatedPartProvider(FactProvider[CreatedPart]):
    """What follows where a mock of the conductor's create() becomes another: a `CreatedPart`."""

    TABLE = "created_parts"
    KINDS = (cst.BaseSmallStatement, cst.FunctionDef, cst.Dict)


class HeldMockProvider(FactProvider[HeldMock]):
    """Which statements put a mock of the whole conductor in an attribute: a `HeldMock`."""

    TABLE = "held_mocks"
    KINDS = (cst.Assign,)


class OverrideProvider(FactProvider[Override]):
    """Where a unit test's subclass puts a dict in the place of an object: an `Override`."""

    TABLE = "overrides"
    KINDS = (cst.BaseSmallStatement,)


class ExpectedStatsProvider(FactProvider[bool]):
    """Which JSON text a unit test expects of the stats that are handed over: True."""

    TABLE = "expected_stats"
    KINDS = (cst.BaseString,)


class UpdateStubProvider(FactProvider[UpdateStub]):
    """Where a unit test replaces the conductor's instance_update(): an `UpdateStub`."""

    TABLE = "update_stubs"
    KINDS = (cst.Call,)


@functools.lru_cache(maxsize=2)
def _facts_below(root: pathlib.Path) -> Mapping[str, Facts]:
    """The facts of every file of a tree of which something is known."""
    return facts_below(root)
