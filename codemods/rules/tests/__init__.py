# SPDX-License-Identifier: Apache-2.0
"""The rules that rewrite the program's unit tests."""

from codemods.rewriting.rule import Rule
from codemods.rules.code.get_to_attribute import GetToAttribute
from codemods.rules.code.subscript_to_attribute import SubscriptToAttribute
from codemods.rules.tests.add_behaviour_tests import AddBehaviourTests
from codemods.rules.tests.add_object_tests import AddObjectTests
from codemods.rules.tests.compare_unsent_fields import CompareUnsentFields
from codemods.rules.tests.complete_row_fixture import CompleteRowFixture
from codemods.rules.tests.conductor_rpc_stub_to_database_stub import ConductorRpcStubToDatabaseStub
from codemods.rules.tests.conductor_stub_to_object_stub import ConductorStubToObjectStub
from codemods.rules.tests.create_expectation_to_object import CreateExpectationToObject
from codemods.rules.tests.database_stub_for_object import DatabaseStubForObject
from codemods.rules.tests.database_stub_to_person import DatabaseStubToPerson
from codemods.rules.tests.fake_row_to_object import FakeRowToObject
from codemods.rules.tests.handle_mock_to_object_mocks import HandleMockToObjectMocks
from codemods.rules.tests.listed_row_to_object import ListedRowToObject
from codemods.rules.tests.method_stub_to_object import MethodStubToObject
from codemods.rules.tests.pci_stats_text_to_person import PciStatsTextToPerson
from codemods.rules.tests.remove_handle_mock import RemoveHandleMock
from codemods.rules.tests.remove_handle_test import RemoveHandleTest
from codemods.rules.tests.reset_indirection import ResetIndirection
from codemods.rules.tests.stats_expectation_to_text import StatsExpectationToText
from codemods.rules.tests.update_object_fingerprints import UpdateObjectFingerprints

RULES: tuple[type[Rule], ...] = (
    AddBehaviourTests,
    AddObjectTests,
    CompareUnsentFields,
    CompleteRowFixture,
    ConductorRpcStubToDatabaseStub,
    ConductorStubToObjectStub,
    CreateExpectationToObject,
    DatabaseStubForObject,
    DatabaseStubToPerson,
    FakeRowToObject,
    GetToAttribute,
    HandleMockToObjectMocks,
    ListedRowToObject,
    MethodStubToObject,
    PciStatsTextToPerson,
    RemoveHandleMock,
    RemoveHandleTest,
    ResetIndirection,
    StatsExpectationToText,
    SubscriptToAttribute,
    UpdateObjectFingerprints,
)
