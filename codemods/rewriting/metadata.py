# SPDX-License-Identifier: Apache-2.0
"""Metadata providers for what inference knows about a node, one for each kind of fact."""

import libcst as cst

from codemods.analysis.call_mocks import SaveExpectation
from codemods.analysis.commands import Registration
from codemods.analysis.compared import DictVariable
from codemods.analysis.conductor_mocks import ConductorMock
from codemods.analysis.created_nodes import CreatedPart
from codemods.analysis.dict_fields import DictField
from codemods.analysis.facts import Held, Holding, Part, Site
from codemods.analysis.held_mocks import HeldMock
from codemods.analysis.joined_nodes import JoinedNodes
from codemods.analysis.listed_rows import ListedRow
from codemods.analysis.method_stubs import MethodStub
from codemods.analysis.mocked_methods import MockedMethod
from codemods.analysis.object_changes import ObjectChange
from codemods.analysis.overrides import Override
from codemods.analysis.readings import Reading
from codemods.analysis.remote_objects import MadeRemote
from codemods.analysis.row_fixtures import RowFixture
from codemods.analysis.stub_facts import StubCall
from codemods.analysis.suspects import Suspect
from codemods.analysis.update_stubs import UpdateStub
from codemods.analysis.versions import VersionText
from codemods.mappings import ConductorCall
from codemods.rewriting.fact_provider import FactProvider


class HoldsProvider(FactProvider[Held]):
    """What an expression may hold, one of nova's objects on every path or on some: a `Held`."""

    TABLE = "holds"
    KINDS = (cst.BaseExpression,)


class SiteProvider(FactProvider[Site]):
    """Calls to the conductor that move rows: a `Site`."""

    TABLE = "sites"
    KINDS = (cst.Call,)


class PartProvider(FactProvider[Part]):
    """Statements that belong to a conductor call that writes: a `Part`."""

    TABLE = "parts"
    KINDS = (cst.BaseSmallStatement,)


class RelationProvider(FactProvider[Reading]):
    """Expressions that take a row out of a row that becomes an object: a `Reading`."""

    TABLE = "readings"
    KINDS = (cst.Subscript, cst.Call)


class UnreadProvider(FactProvider[bool]):
    """Statements, methods and patches that keep the unused conductor API: True.

    Docstrings that describe a keyword for it are among them.
    """

    TABLE = "unread"
    KINDS = (cst.BaseSmallStatement, cst.FunctionDef, cst.Call)


class DictFieldProvider(FactProvider[DictField]):
    """Places where a dict field of a compute node is serialized, filled in place or shared."""

    TABLE = "dict_fields"
    KINDS = (cst.BaseSmallStatement, cst.Attribute, cst.Call, cst.Name, cst.SimpleString)


class SuspectProvider(FactProvider[Suspect]):
    """Calls and lookups that may reach the conductor in a way that cannot be rewritten."""

    TABLE = "suspects"
    KINDS = (cst.Call, cst.Attribute)


class DictVariablesProvider(FactProvider[tuple[DictVariable, ...]]):
    """Variables that become dicts above a statement, or above the `if` of a test."""

    TABLE = "dict_variables"
    KINDS = (cst.BaseSmallStatement, cst.BaseExpression)


class ComparedProvider(FactProvider[Holding]):
    """Operands of comparisons that are objects but are compared by their contents."""

    TABLE = "compared"
    KINDS = (cst.BaseExpression,)


class VersionTextProvider(FactProvider[VersionText]):
    """String literals where the object's version field takes a number."""

    TABLE = "version_texts"
    KINDS = (cst.ConcatenatedString, cst.SimpleString)


class AdoptionProvider(FactProvider[bool]):
    """The statement after which the shim is told about the tree's exceptions: True."""

    TABLE = "adoption"
    KINDS = (cst.BaseCompoundStatement, cst.BaseSmallStatement)


class ChangesProvider(FactProvider[tuple[ObjectChange, ...]]):
    """Changes to the statements of the tree's objects, and of their unit tests."""

    TABLE = "changes"
    KINDS = (cst.BaseSmallStatement, cst.BaseCompoundStatement)


class RegistrationProvider(FactProvider[Registration]):
    """The statement of a command after which the objects are registered."""

    TABLE = "registrations"
    KINDS = (cst.BaseCompoundStatement, cst.BaseSmallStatement)


class UnregisteredProvider(FactProvider[bool]):
    """Calls of a command after which the objects cannot be registered: True."""

    TABLE = "unregistered"
    KINDS = (cst.Call,)


class StubProvider(FactProvider[StubCall]):
    """Calls of a unit test that replace a database function: a `StubCall`."""

    TABLE = "stubs"
    KINDS = (cst.Call,)


class FakeProvider(FactProvider[tuple[str, ...]]):
    """Functions of a unit test that replace database functions: the names of these."""

    TABLE = "fakes"
    KINDS = (cst.FunctionDef, cst.Lambda)


class RowFixtureProvider(FactProvider[RowFixture]):
    """Dicts of a unit test that stand for rows: a `RowFixture`."""

    TABLE = "row_fixtures"
    KINDS = (cst.Dict, cst.Call)


class MigrationRowProvider(FactProvider[bool]):
    """Calls in a unit test's fakes that make rows of migrations: True."""

    TABLE = "migration_rows"
    KINDS = (cst.Call,)


class MadeRemoteProvider(FactProvider[MadeRemote]):
    """Statements of a unit test that make every object remote: a `MadeRemote`."""

    TABLE = "made_remote"
    KINDS = (cst.BaseSmallStatement,)


class RowTextProvider(FactProvider[str]):
    """Values that a unit test's fakes store in rows of compute nodes: the key."""

    TABLE = "row_texts"
    KINDS = (cst.BaseExpression,)


class MethodStubProvider(FactProvider[MethodStub]):
    """Places where a unit test replaces a method that returns rows: a `MethodStub`."""

    TABLE = "method_stubs"
    KINDS = (cst.Call, cst.FunctionDef, cst.BaseSmallStatement)


class ConductorMockProvider(FactProvider[ConductorMock]):
    """Places where a unit test replaces one of the conductor's methods: a `ConductorMock`."""

    TABLE = "conductor_mocks"
    KINDS = (cst.Call, cst.BaseSmallStatement)


class MockedRowProvider(FactProvider[ConductorCall]):
    """Literal dicts that stand for the row of a mocked conductor call: the call."""

    TABLE = "mocked_rows"
    KINDS = (cst.Dict,)


class SaveExpectationProvider(FactProvider[SaveExpectation]):
    """Statements that expect a mocked update to be called: a `SaveExpectation`."""

    TABLE = "save_expectations"
    KINDS = (cst.Expr,)


class MockedMethodProvider(FactProvider[MockedMethod]):
    """Places where a mocked conductor's method is named, or used directly: a `MockedMethod`."""

    TABLE = "mocked_methods"
    KINDS = (cst.BaseSmallStatement, cst.Attribute)


class TestOfMethodsProvider(FactProvider[tuple[MockedMethod, ...]]):
    """Functions whose mocks of the conductor's methods become mocks of objects' methods: these."""

    #: otherwise pytest would collect a class of this name
    __test__ = False

    TABLE = "tests_of_methods"
    KINDS = (cst.FunctionDef,)


class CreatedPartProvider(FactProvider[CreatedPart]):
    """What changes along with a mock of the conductor's create(): a `CreatedPart`."""

    TABLE = "created_parts"
    KINDS = (cst.BaseSmallStatement, cst.FunctionDef, cst.Dict)


class ListedRowProvider(FactProvider[ListedRow]):
    """Literal dicts in a list that are rows which objects replace: a `ListedRow`."""

    TABLE = "listed_rows"
    KINDS = (cst.Dict,)


class JoinedNodesProvider(FactProvider[JoinedNodes]):
    """Statements that make a mock return a service with its nodes: a `JoinedNodes`."""

    TABLE = "joined_nodes"
    KINDS = (cst.Assign,)


class JoinedRowProvider(FactProvider[bool]):
    """Literal dicts that are services whose nodes another mock returns by now: True."""

    TABLE = "joined_rows"
    KINDS = (cst.Dict,)


class HeldMockProvider(FactProvider[HeldMock]):
    """Statements that put a mock of the whole conductor in an attribute: a `HeldMock`."""

    TABLE = "held_mocks"
    KINDS = (cst.Assign,)


class OverrideProvider(FactProvider[Override]):
    """Places where a unit test's subclass puts a dict in the place of an object: an `Override`."""

    TABLE = "overrides"
    KINDS = (cst.BaseSmallStatement,)


class ExpectedStatsProvider(FactProvider[bool]):
    """JSON text that a unit test expects of the stats that are handed over: whether it is sure."""

    TABLE = "expected_stats"
    KINDS = (cst.BaseString,)


class ParsedFieldProvider(FactProvider[bool]):
    """Calls that parse the JSON of a row's field, or what may be one: True."""

    TABLE = "parsed_fields"
    KINDS = (cst.Call,)


class NodeComparisonProvider(FactProvider[bool]):
    """Calls of compare_obj(), and fields that are looped over: whether those are compared."""

    TABLE = "node_comparisons"
    KINDS = (cst.Call, cst.Attribute)


class UpdateStubProvider(FactProvider[UpdateStub]):
    """Places where a unit test replaces the conductor's instance_update(): an `UpdateStub`."""

    TABLE = "update_stubs"
    KINDS = (cst.Call,)
