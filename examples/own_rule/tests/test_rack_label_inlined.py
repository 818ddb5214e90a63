# SPDX-License-Identifier: Apache-2.0
"""The rule keeps what its examples promise, in the whole engine."""

import pytest

from codemods.api import Example, wrong
from codemods_racks.rack_label_inlined import BESIDE, EXAMPLES, RackLabelInlined

BEFORE = """\
from nova import conductor
from nova import racks


class Printer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def first(self, context, rack):
        services = self.conductor_api.service_get_all_by_rack(context, rack)
        return racks.label(services[0])
"""

AFTER = """\
from nova import objects
from nova import racks


class Printer(object):

    def first(self, context, rack):
        services = objects.ServiceList.get_by_rack(context, rack)
        return racks.label(services[0])
"""


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example):
    assert not wrong(RackLabelInlined, example)


def test_what_would_be_evaluated_twice_is_left():
    example = Example(BEFORE, AFTER, path="nova/compute/printer.py", beside=BESIDE)
    # all else is as it should be
    assert wrong(RackLabelInlined, example) == f"{example.path}: rack_label_inlined does nothing there"
