# SPDX-License-Identifier: Apache-2.0
"""The rules that rewrite the unit tests of the program."""

from codemods.rewriting.rule import Rule
from codemods.rules.code.get_to_attribute import GetToAttribute
from codemods.rules.code.subscript_to_attribute import SubscriptToAttribute
from codemods.rules.tests.behaviour_tested import BehaviourTested
from codemods.rules.tests.conductor_rpc_stub_to_database_stub import ConductorRpcStubToDatabaseStub
from codemods.rules.tests.conductor_stub_to_object_stub import ConductorStubToObjectStub
from codemods.rules.tests.create_expectation_to_object import CreateExpectationToObject
from codemods.rules.tests.database_stub_for_object import DatabaseStubForObject
from codemods.rules.tests.database_stub_to_person import DatabaseStubToPerson
from codemods.rules.tests.fake_row_to_object import FakeRowToObject
from codemods.rules.tests.handle_mock_removed import HandleMockRemoved
from codemods.rules.tests.handle_mock_to_object_mocks import HandleMockToObjectMocks
from codemods.rules.tests.handle_test_removed import HandleTestRemoved
from codemods.rules.tests.indirection_reset import IndirectionReset
from codemods.rules.tests.listed_row_to_object import ListedRowToObject
from codemods.rules.tests.method_stub_to_object import MethodStubToObject
from codemods.rules.tests.object_fingerprints_updated import ObjectFingerprintsUpdated
from codemods.rules.tests.objects_added_tested import ObjectsAddedTested
from codemods.rules.tests.pci_stats_text_to_person import PciStatsTextToPerson
from codemods.rules.tests.row_fixture_completed import RowFixtureCompleted
from codemods.rules.tests.stats_expectation_to_text import StatsExpectationToText
from codemods.rules.tests.unsent_fields_compared import UnsentFieldsCompared

RULES: tuple[type[Rule], ...] = (
    BehaviourTested,
    ConductorRpcStubToDatabaseStub,
    ConductorStubToObjectStub,
    CreateExpectationToObject,
    DatabaseStubForObject,
    DatabaseStubToPerson,
    FakeRowToObject,
    GetToAttribute,
    HandleMockRemoved,
    HandleMockToObjectMocks,
    HandleTestRemoved,
    IndirectionReset,
    ListedRowToObject,
    MethodStubToObject,
    ObjectFingerprintsUpdated,
    ObjectsAddedTested,
    PciStatsTextToPerson,
    RowFixtureCompleted,
    StatsExpectationToText,
    UnsentFieldsCompared,
    SubscriptToAttribute,
)
