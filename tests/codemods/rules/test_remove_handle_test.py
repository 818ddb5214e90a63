# SPDX-License-Identifier: Apache-2.0
"""Unit tests that assert nothing but that the conductor's handle is there."""

import pathlib

import pytest
from unit_test_sources import READ, WAIT, in_module, in_test_case, reader
from unit_test_tables import check_not_known, check_rewritten

RULE = "remove_handle_test"

CODE = reader(READ)

REWRITTEN = [
    pytest.param(
        """\
def test_read(self):
    self.assertIsNotNone(self.reader.read(None, 'host1'))

def test_constructor(self):
    # it has one
    self.assertIsNotNone(self.reader.conductor_api)  # really
""",
        """\
def test_read(self):
    self.assertIsNotNone(self.reader.read(None, 'host1'))
""",
        id="last test, with comments",
    ),
    pytest.param(
        """\
def test_constructor(self):
    self.assertIsNotNone(
        (self.reader.conductor_api),
        'no conductor')

# reading
def test_read(self):
    self.assertIsNotNone(self.reader.read(None, 'host1'))
""",
        """\
# reading
def test_read(self):
    self.assertIsNotNone(self.reader.read(None, 'host1'))
""",
        id="over several lines, a comment behind",
    ),
    pytest.param(
        """\
def test_constructor(self): self.assertIsNotNone(self.reader.conductor_api)

def test_read(self): self.reader.read(None, 'host1')
""",
        """\
def test_read(self): self.reader.read(None, 'host1')
""",
        id="on one line",
    ),
    pytest.param(
        """\
def test_read(self):
    class Inner(object):
        def test_one(self, test):
            return test.reader.read('context', 'host1')

        def test_two(self, test):
            test.assertIsNotNone(reader.Reader().conductor_api)

    self.assertIsNotNone(Inner().test_one(self))
""",
        """\
def test_read(self):
    class Inner(object):
        def test_one(self, test):
            return test.reader.read('context', 'host1')

    self.assertIsNotNone(Inner().test_one(self))
""",
        id="nested class",
    ),
    pytest.param(
        """\
def test_read(self):
    class Inner(object):
        def test_one(self, test):
            test.assertIsNotNone(reader.Reader().conductor_api)

        def test_two(self, test):
            return test.reader.read('context', 'host1')

    self.assertIsNotNone(Inner().test_two(self))
""",
        """\
def test_read(self):
    class Inner(object):
        def test_two(self, test):
            return test.reader.read('context', 'host1')

    self.assertIsNotNone(Inner().test_two(self))
""",
        id="first of a class",
    ),
    pytest.param(
        """\
def test_constructor(self):
    self.assertIsNotNone(self.reader.conductor_api)

def test_read(self):
    self.assertIsNotNone(self.reader.read(None, 'host1'))

def test_handle(self):
    self.assertIsNotNone(self.reader.conductor_api)
""",
        """\
def test_read(self):
    self.assertIsNotNone(self.reader.read(None, 'host1'))
""",
        id="several tests",
    ),
    pytest.param(
        """\
@mock.patch('nova.compute.reader.LOG')
def test_constructor(self, mock_log):
    self.assertIsNotNone(self.reader.conductor_api)

def test_read(self):
    self.assertIsNotNone(self.reader.read(None, 'host1'))
""",
        """\
def test_read(self):
    self.assertIsNotNone(self.reader.read(None, 'host1'))
""",
        id="decorated test",
    ),
    pytest.param(
        """\
def test_read(self):
    self.assertIsNotNone(self.reader.read(None, 'host1'))

# what a reader is made of
def test_constructor(self):
    self.assertIsNotNone(self.reader.conductor_api)

# what a reader does
def test_wait(self):
    self.assertIsNotNone(self.reader.wait)
""",
        """\
def test_read(self):
    self.assertIsNotNone(self.reader.read(None, 'host1'))

# what a reader does
def test_wait(self):
    self.assertIsNotNone(self.reader.wait)
""",
        id="comment that speaks of the test",
    ),
]

ONLY = in_module("""\
class ReaderTestCase(test.NoDBTestCase):
    def test_constructor(self):
        self.assertIsNotNone(reader.Reader().conductor_api)


class OtherTestCase(test.NoDBTestCase):
    def test_read(self):
        self.assertIsNotNone(reader.Reader().read('context', 'host1'))
""")

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
def test_constructor(self):
    self.assertIsNotNone(self.reader.conductor_api)
    self.assertIsNotNone(self.reader.client)
""",
        id="test that asserts more",
    ),
    pytest.param(
        """\
def test_constructor(self):
    self.assertIsNotNone(self.reader.client)

def check_handle(self):
    self.assertIsNotNone(self.reader.conductor_api)

def test_handle(self):
    self.assertTrue(self.reader.conductor_api)
""",
        id="other assertions, and one that is no test",
    ),
    pytest.param(
        """\
def test_constructor(self):
    self.assertIsNotNone(self.reader.conductor_api)

def test_wait(self):
    self.reader.conductor_api.wait_until_ready('context')
""",
        id="another test uses the handle",
    ),
    pytest.param(
        """\
def test_constructor(self):
    api = self.reader.conductor_api
    self.assertIsNotNone(api)

def test_other(self):
    assert self.reader.conductor_api
""",
        id="handle with a name",
    ),
    pytest.param(
        """\
def test_constructor(self):
    self.assertIsNotNone(self.reader.conductor_api)

def test_all(self):
    self.test_constructor()
""",
        id="test that another calls",
    ),
    pytest.param(
        """\
def test_constructor(self):
    self.assertIsNotNone(obj=self.reader.client)
""",
        id="assertion with a keyword",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_test_case(before), in_test_case(after), CODE)


def test_only_test_of_a_class(tmp_path: pathlib.Path):
    after = ONLY.replace(
        """\
    def test_constructor(self):
        self.assertIsNotNone(reader.Reader().conductor_api)
""",
        "    pass\n",
    )
    check_rewritten(tmp_path, RULE, ONLY, after, CODE)


def test_line_endings_are_kept(tmp_path: pathlib.Path):
    before, after = (in_test_case(text).replace("\n", "\r\n") for text in REWRITTEN[0].values)
    check_rewritten(tmp_path, RULE, before, after, CODE)


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_nothing_for_the_rule(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_test_case(before), None, CODE)


def test_nothing_for_the_rule_where_the_code_keeps_the_handle(tmp_path: pathlib.Path):
    before = in_test_case(REWRITTEN[0].values[0])
    check_not_known(tmp_path, RULE, before, None, reader(READ, WAIT))


def test_nothing_for_the_rule_where_another_file_uses_the_handle(tmp_path: pathlib.Path):
    other = in_test_case("""\
def test_wait(self):
    self.reader.conductor_api.wait_until_ready('context')
""")
    beside = {**CODE, "nova/tests/compute/test_other.py": other}
    check_not_known(tmp_path, RULE, in_test_case(REWRITTEN[0].values[0]), None, beside)
