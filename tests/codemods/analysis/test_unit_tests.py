# SPDX-License-Identifier: Apache-2.0
"""Which unit tests a run looks at: those of code that has an object on every path from now on."""

import pathlib

import pytest
from sources import READER_PATH, changed
from tables import outcome

from codemods.rules.example_sources import READER

NAMES = """\
def name_of(service):
    return service['host']
"""

#: Asks `NAMES` for the name of a row that the conductor gave.
ASKING = changed(
    READER,
    ("import conductor\n", "import conductor\nfrom nova.compute import names\n"),
    (
        "        return self.conductor_api.service_get_by_compute_host(context, host)\n",
        "        row = self.conductor_api.service_get_by_compute_host(context, host)\n"
        "        return names.name_of(row)\n",
    ),
)

UNIT_TEST = """\
import unittest

from nova.compute import names


class NamesTestCase(unittest.TestCase):
    def test_name_of(self):
        self.assertEqual('a', names.name_of({'host': 'a'}))
"""

PATH = "nova/tests/compute/test_names.py"


@pytest.mark.parametrize(
    ("elsewhere", "is_looked_at"),
    [
        pytest.param("", True, id="a row for sure"),
        pytest.param(
            "\n\ndef local():\n    return names.name_of({'host': 'b'})\n",
            False,
            id="a dict as well",
        ),
    ],
)
def test_code_that_takes_dicts_as_well_goes_on_with_those_of_its_tests(
    tmp_path: pathlib.Path, elsewhere: str, is_looked_at: bool
):
    beside = {"nova/compute/names.py": NAMES, PATH: UNIT_TEST}
    result = outcome(tmp_path, ASKING + elsewhere, READER_PATH, beside).result
    assert (PATH in dict(result.loaded)) is is_looked_at
    # where no other code hands over a dict, it is only known from the test that there are any
    assert "nova/compute/names.py" not in {change.path for change in result.changes}
