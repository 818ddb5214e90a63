# SPDX-License-Identifier: Apache-2.0
"""What a unit test does with a row of the code keeps no call: its place is listed instead."""

import pathlib
import textwrap

import pytest
from sources import ROW_KEEPER
from tables import outcome

UNIT_TEST = """\
import unittest

from nova.compute import example


class ReaderTestCase(unittest.TestCase):
    def test_read(self):
        reader = example.Reader()
        reader.read(None, 'host')
"""

PATH = "nova/tests/compute/test_example.py"

LEFT = [
    pytest.param("del reader.row['host']", "value.dict-only", id="a key deleted"),
    pytest.param("reader.row[self.key]", "key.not-literal", id="a key that is a name"),
    pytest.param("reader.row['nosuch']", "key.no-such-field", id="a key that is no field"),
    pytest.param("reader.row.get(self.key)", "key.not-literal", id="get() of a name"),
    pytest.param("reader.row.get('nosuch')", "key.no-such-field", id="get() of what is no field"),
]


@pytest.mark.parametrize(("line", "because"), LEFT)
def test_the_place_is_listed(line: str, because: str, tmp_path: pathlib.Path):
    text = UNIT_TEST + textwrap.indent(f"{line}\n", " " * 8)
    found = outcome(tmp_path, text, PATH, {"nova/compute/example.py": ROW_KEEPER})
    assert found.failures == ()
    number = len(text.splitlines())
    assert (number, because) in {(one.line, one.code) for one in found.declined}
    changed = {change.path for change in found.result.changes}
    assert "nova/compute/example.py" in changed
