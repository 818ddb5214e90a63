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
from typing import Any, Generic, TypeVar

import libcst as cst
from libcst.metadata import BaseMetadataProvider, CodeSpan
from libcst.metadata.span_provider import SpanProvidingCodegenState, byte_length_in_utf8

from codemods.analysis.asked_mocks import SaveExpectation
from codemods.analysis.compared import DictVariable
from codemods.analysis.conductor_mocks import ConductorMock
from codemods.analysis.created_nodes import CreatedPart
from codemods.analysis.dict_fields import DictField
from codemods.analysis.facts import Facts, Held, Holding, Part, Site, Span
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


class _Spans(SpanProvidingCodegenState):
    """Notes where expressions and statements stand, and nothing of the white space around them."""

    def before_codegen(self, node: cst.CSTNode) -> None:
        pass

    def after_codegen(self, node: cst.CSTNode) -> None:
        pass


class SpanProvider(BaseMetadataProvider[CodeSpan]):
    """Where expressions and statements stand, in bytes of UTF-8.

    The same as libcst's ByteSpanPositionProvider at half its price: white space
    has no span.
    """

    def _gen_impl(self, module: cst.Module) -> None:
        length = len if module.code.isascii() else byte_length_in_utf8
        module._codegen(
            _Spans(module.default_indent, module.default_newline, provider=self, get_length=length)
        )


class FactProvider(BaseMetadataProvider[Fact]):
    """Gives each fact of a `Table` to the node at its place.

    Raises `FactWithoutNode` where there is none.
    """

    METADATA_DEPENDENCIES = (SpanProvider,)

    #: The nodes that a fact may be about; others stand at the same place.
    KINDS: tuple[type[cst.CSTNode], ...] = ()

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, Any]:
        """The facts of this provider's kind."""
        raise NotImplementedError

    @classmethod
    def gen_cache(
        cls, root_path: pathlib.Path, paths: list[str], **kwargs: Any
    ) -> Mapping[str, object]:
        """Infer over the tree at `root_path`; the facts of each of `paths`.

        Raises `NotATree` where there is none of nova's kind.
        """
        known = _facts_below(root_path)
        return {path: Table(path, cls.facts(known[path])) for path in paths if path in known}

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

    KINDS = (cst.BaseExpression,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, Held]:
        return found.holds


class SiteProvider(FactProvider[Site]):
    """Which calls go to the conductor and move rows: a `Site`."""

    KINDS = (cst.Call,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, Site]:
        return found.sites


class PartProvider(FactProvider[Part]):
    """Which statements belong to a call of the conductor that writes: a `Part`."""

    KINDS = (cst.BaseSmallStatement,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, Part]:
        return found.parts


class RelationProvider(FactProvider[Reading]):
    """Which expressions take a row out of a row that becomes an object: a `Reading`."""

    KINDS = (cst.Subscript, cst.Call)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, Reading]:
        return found.others.get("readings", {})


class UnreadProvider(FactProvider[bool]):
    """Which statements, methods and patches keep the conductor's API for nobody: True."""

    KINDS = (cst.BaseSmallStatement, cst.FunctionDef, cst.Call)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, bool]:
        return dict.fromkeys(found.unread, True)


class DictFieldProvider(FactProvider[DictField]):
    """Where a dict field of a compute node is turned into text, or filled in place."""

    KINDS = (cst.BaseSmallStatement, cst.Call)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, DictField]:
        return found.others.get("dict_fields", {})


class SuspectProvider(FactProvider[Suspect]):
    """Which calls and lookups may reach the conductor in a way that cannot be rewritten."""

    KINDS = (cst.Call, cst.Attribute)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, Suspect]:
        return found.others.get("suspects", {})


class DictVariablesProvider(FactProvider[tuple[DictVariable, ...]]):
    """Which variables become dicts above a statement, or above the `if` of a test."""

    KINDS = (cst.BaseSmallStatement, cst.BaseExpression)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, tuple[DictVariable, ...]]:
        return found.others.get("dict_variables", {})


class ComparedProvider(FactProvider[Holding]):
    """Which operands of comparisons are objects where what they hold is asked for."""

    KINDS = (cst.BaseExpression,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, Holding]:
        return found.others.get("compared", {})


class VersionTextProvider(FactProvider[VersionText]):
    """Which literals are text where the object's field of a version takes a number."""

    KINDS = (cst.ConcatenatedString, cst.SimpleString)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, VersionText]:
        return found.others.get("version_texts", {})


class VersionFieldProvider(FactProvider[bool]):
    """The class whose field of a version has to take text, and what the field is: True."""

    KINDS = (cst.ClassDef, cst.Name)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, bool]:
        return found.others.get("version_field", {})


class AdoptionProvider(FactProvider[bool]):
    """Behind which statement the shim is told of the tree's exceptions: True."""

    KINDS = (cst.BaseCompoundStatement, cst.BaseSmallStatement)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, bool]:
        return found.others.get("adoption", {})


class ChangesProvider(FactProvider[tuple[Change, ...]]):
    """What is to become of the statements of the tree's objects, and of their unit tests."""

    KINDS = (cst.BaseSmallStatement, cst.BaseCompoundStatement)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, tuple[Change, ...]]:
        return found.others.get("changes", {})


class RegistrationProvider(FactProvider[bool]):
    """Behind which statement of a command the objects are registered: True."""

    KINDS = (cst.BaseCompoundStatement, cst.BaseSmallStatement)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, bool]:
        return found.others.get("registrations", {})


class UnregisteredProvider(FactProvider[bool]):
    """Behind which call of a command the objects cannot be registered: True."""

    KINDS = (cst.Call,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, bool]:
        return found.others.get("unregistered", {})


class StubProvider(FactProvider[StubCall]):
    """Which calls of a unit test replace a function of the database: a `StubCall`."""

    KINDS = (cst.Call,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, StubCall]:
        return found.others.get("stubs", {})


class FakeProvider(FactProvider[tuple[str, ...]]):
    """Which functions of a unit test replace functions of the database: the names of these."""

    KINDS = (cst.FunctionDef, cst.Lambda)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, tuple[str, ...]]:
        return found.others.get("fakes", {})


class RowFixtureProvider(FactProvider[RowFixture]):
    """Which dicts of a unit test stand for rows: a `RowFixture`."""

    KINDS = (cst.Dict, cst.Call)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, RowFixture]:
        return found.others.get("row_fixtures", {})


class MigrationRowProvider(FactProvider[bool]):
    """Which calls in a unit test's fakes make rows of migrations: True."""

    KINDS = (cst.Call,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, bool]:
        return found.others.get("migration_rows", {})


class MadeRemoteProvider(FactProvider[MadeRemote]):
    """Which statements of a unit test make every object remote: a `MadeRemote`."""

    KINDS = (cst.BaseSmallStatement,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, MadeRemote]:
        return found.others.get("made_remote", {})


class RowTextProvider(FactProvider[str]):
    """Which values a unit test's fakes store in rows of compute nodes: the key."""

    KINDS = (cst.BaseExpression,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, str]:
        return found.others.get("row_texts", {})


class MethodStubProvider(FactProvider[MethodStub]):
    """Where a unit test replaces a method that returns rows: a `MethodStub`."""

    KINDS = (cst.Call, cst.FunctionDef, cst.BaseSmallStatement)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, MethodStub]:
        return found.others.get("method_stubs", {})


class ConductorMockProvider(FactProvider[ConductorMock]):
    """Where a unit test replaces one of the conductor's methods: a `ConductorMock`."""

    KINDS = (cst.Call, cst.BaseSmallStatement)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, ConductorMock]:
        return found.others.get("conductor_mocks", {})


class MockedRowProvider(FactProvider[ConductorCall]):
    """Which literal dicts stand for the row of a mocked call of the conductor: the call."""

    KINDS = (cst.Dict,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, ConductorCall]:
        return found.others.get("mocked_rows", {})


class SaveExpectationProvider(FactProvider[SaveExpectation]):
    """Which statements expect a mocked update to be called: a `SaveExpectation`."""

    KINDS = (cst.Expr,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, SaveExpectation]:
        return found.others.get("save_expectations", {})


class MockedMethodProvider(FactProvider[MockedMethod]):
    """Where a method of the mocked conductor is given a name, or used without: a `MockedMethod`."""

    KINDS = (cst.BaseSmallStatement, cst.Attribute)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, MockedMethod]:
        return found.others.get("mocked_methods", {})


class TestOfMethodsProvider(FactProvider[tuple[MockedMethod, ...]]):
    """Which functions get mocks of the objects' methods for those of the conductor's: these."""

    #: pytest takes a class of this name for tests otherwise
    __test__ = False

    KINDS = (cst.FunctionDef,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, tuple[MockedMethod, ...]]:
        return found.others.get("tests_of_methods", {})


class CreatedPartProvider(FactProvider[CreatedPart]):
    """What follows where a mock of the conductor's create() becomes another: a `CreatedPart`."""

    KINDS = (cst.BaseSmallStatement, cst.FunctionDef, cst.Dict)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, CreatedPart]:
        return found.others.get("created_parts", {})


class HeldMockProvider(FactProvider[bool]):
    """Which statements put a mock of the whole conductor in an attribute: True."""

    KINDS = (cst.Assign,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, bool]:
        return found.others.get("held_mocks", {})


class OverrideProvider(FactProvider[Override]):
    """Where a unit test's subclass puts a dict in the place of an object: an `Override`."""

    KINDS = (cst.BaseSmallStatement,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, Override]:
        return found.others.get("overrides", {})


class ExpectedStatsProvider(FactProvider[bool]):
    """Which JSON text a unit test expects of the stats that are handed over: True."""

    KINDS = (cst.BaseString,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, bool]:
        return found.others.get("expected_stats", {})


class UpdateStubProvider(FactProvider[UpdateStub]):
    """Where a unit test replaces the conductor's instance_update(): an `UpdateStub`."""

    KINDS = (cst.Call,)

    @staticmethod
    def facts(found: Facts) -> Mapping[Span, UpdateStub]:
        return found.others.get("update_stubs", {})


PROVIDERS: tuple[type[FactProvider[Any]], ...] = (
    HoldsProvider,
    SiteProvider,
    PartProvider,
    RelationProvider,
    UnreadProvider,
    DictFieldProvider,
    SuspectProvider,
    DictVariablesProvider,
    ComparedProvider,
    VersionTextProvider,
    VersionFieldProvider,
    AdoptionProvider,
    RegistrationProvider,
    UnregisteredProvider,
    ChangesProvider,
    StubProvider,
    FakeProvider,
    RowFixtureProvider,
    MethodStubProvider,
    ConductorMockProvider,
    MockedRowProvider,
    SaveExpectationProvider,
    MockedMethodProvider,
    TestOfMethodsProvider,
    CreatedPartProvider,
    HeldMockProvider,
    OverrideProvider,
    ExpectedStatsProvider,
    UpdateStubProvider,
    MigrationRowProvider,
    RowTextProvider,
    MadeRemoteProvider,
)


@functools.lru_cache(maxsize=2)
def _facts_below(root: pathlib.Path) -> Mapping[str, Facts]:
    """The facts of every file of a tree of which something is known."""
    return facts_below(root)
