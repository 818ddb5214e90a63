# SPDX-License-Identifier: Apache-2.0
"""Metadata providers that hand out what inference knows of a node, one for each kind of facts."""

import libcst as cst

from codemods.analysis.asked_mocks import SaveExpectation
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
from codemods.rewriting.fact_provider import FactProvider


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
    """Which statements, methods and patches keep the conductor's API for nobody: True.

    Docstrings that tell of a keyword for it are among them.
    """

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


class RegistrationProvider(FactProvider[Registration]):
    """Behind which statement of a command the objects are registered."""

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


class ListedRowProvider(FactProvider[ListedRow]):
    """Which literal dicts in a list are rows in whose place objects stand: a `ListedRow`."""

    TABLE = "listed_rows"
    KINDS = (cst.Dict,)


class JoinedNodesProvider(FactProvider[JoinedNodes]):
    """Which statements let a mock return a service with its nodes: a `JoinedNodes`."""

    TABLE = "joined_nodes"
    KINDS = (cst.Assign,)


class JoinedRowProvider(FactProvider[bool]):
    """Which literal dicts are services whose nodes another mock returns by now: True."""

    TABLE = "joined_rows"
    KINDS = (cst.Dict,)


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
