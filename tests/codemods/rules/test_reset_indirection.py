# SPDX-License-Identifier: Apache-2.0
"""Unit tests that make objects remote while services run."""

import pathlib

import pytest
from unit_test_sources import KILL, READ, Beside, in_module, in_test_case, reader
from unit_test_tables import check_listed, check_not_known, check_rewritten

RULE = "reset_indirection"

CODE = reader(READ, KILL)

REWRITTEN = [
    pytest.param(
        """\
def test_kill(self):
    self.start_service('conductor')
    # remote
    base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI(  # all
        )  # of them
    self.reader.kill('context', 1)  # it
""",
        """\
def test_kill(self):
    self.start_service('conductor')
    # remote
    base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI(  # all
        )  # of them
    # Services destroy their records after the conductor has stopped.
    self.addCleanup(setattr, base.NovaObject, 'indirection_api', None)
    self.reader.kill('context', 1)  # it
""",
        id="comments",
    ),
    pytest.param(
        """\
def test_kill(self):
    self.start_service('conductor')
    a = 1; base.NovaObject.indirection_api = (mock.Mock()); b = a
    with b:
        base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI()
""",
        """\
def test_kill(self):
    self.start_service('conductor')
    a = 1; base.NovaObject.indirection_api = (mock.Mock()); b = a
    # Services destroy their records after the conductor has stopped.
    self.addCleanup(setattr, base.NovaObject, 'indirection_api', None)
    with b:
        base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI()
        # Services destroy their records after the conductor has stopped.
        self.addCleanup(setattr, base.NovaObject, 'indirection_api', None)
""",
        id="several places, one on one line with others",
    ),
    pytest.param(
        """\
def test_kill(self):
    self.start_service('conductor')
    self.base.NovaObject.indirection_api = mock.Mock()
    self.bases.NovaObject.indirection_api = mock.Mock()
""",
        """\
def test_kill(self):
    self.start_service('conductor')
    self.base.NovaObject.indirection_api = mock.Mock()
    # Services destroy their records after the conductor has stopped.
    self.addCleanup(setattr, self.base.NovaObject, 'indirection_api', None)
    self.bases.NovaObject.indirection_api = mock.Mock()
    # Services destroy their records after the conductor has stopped.
    self.addCleanup(setattr, self.bases.NovaObject, 'indirection_api',
                    None)
""",
        id="79 columns and beyond",
    ),
    pytest.param(
        """\
def test_kill(self):
    self.start_service('conductor')
    if self: base.NovaObject.indirection_api = mock.Mock()
    self.reader.kill('context', 1)
""",
        """\
def test_kill(self):
    self.start_service('conductor')
    if self:
        base.NovaObject.indirection_api = mock.Mock()
        # Services destroy their records after the conductor has stopped.
        self.addCleanup(setattr, base.NovaObject, 'indirection_api', None)
    self.reader.kill('context', 1)
""",
        id="on the line of an if",
    ),
    pytest.param(
        """\
def setUp(self): base.NovaObject.indirection_api = mock.Mock()

def test_kill(self):
    self.start_service('conductor')
""",
        """\
def setUp(self):
    base.NovaObject.indirection_api = mock.Mock()
    # Services destroy their records after the conductor has stopped.
    self.addCleanup(setattr, base.NovaObject, 'indirection_api', None)

def test_kill(self):
    self.start_service('conductor')
""",
        id="method on one line",
    ),
    pytest.param(
        """\
def test_kill(self):
    self.start_service('conductor')
    self.api = base.NovaObject.indirection_api = mock.Mock()
""",
        """\
def test_kill(self):
    self.start_service('conductor')
    self.api = base.NovaObject.indirection_api = mock.Mock()
    # Services destroy their records after the conductor has stopped.
    self.addCleanup(setattr, base.NovaObject, 'indirection_api', None)
""",
        id="second target",
    ),
    pytest.param(
        """\
def test_kill(self):
    def start():
        self.start_service('conductor')
        base.NovaObject.indirection_api = mock.Mock()

    start()
""",
        """\
def test_kill(self):
    def start():
        self.start_service('conductor')
        base.NovaObject.indirection_api = mock.Mock()
        # Services destroy their records after the conductor has stopped.
        self.addCleanup(setattr, base.NovaObject, 'indirection_api', None)

    start()
""",
        id="nested function",
    ),
    pytest.param(
        """\
def test_kill(this):
    class Inner(test.NoDBTestCase):
        def setUp(inner):
            base.NovaObject.indirection_api = mock.Mock()

    this.start_service('conductor', test=Inner())
""",
        """\
def test_kill(this):
    class Inner(test.NoDBTestCase):
        def setUp(inner):
            base.NovaObject.indirection_api = mock.Mock()
            # Services destroy their records after the conductor has
            # stopped.
            inner.addCleanup(setattr, base.NovaObject, 'indirection_api',
                             None)

    this.start_service('conductor', test=Inner())
""",
        id="nested class, self under another name",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
def test_kill(self):
    class Inner(object):
        def setUp(self):
            base.NovaObject.indirection_api = mock.Mock()

    self.start_service('conductor', test=Inner())
""",
        id="class that has no clean-ups",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
def test_kill(self):
    base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI()
    self.reader.kill('context', 1)
""",
        id="no service runs",
    ),
    pytest.param(
        """\
def test_kill(self):
    self.start_service('conductor')
    base.NovaObject.indirection_api = None
    base.NovaObject.indirection_api = self.api
    indirection_api = conductor_rpcapi.ConductorAPI()
    base.indirection = indirection_api
""",
        id="what is no new API",
    ),
    pytest.param(
        """\
def test_kill(self):
    self.start_service('conductor')
    base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI()
    self.addCleanup(setattr, base.NovaObject, 'indirection_api', None)
""",
        id="the test has such a clean-up",
    ),
]

IN_MODULE = in_module("""\
def start(case):
    case.start_service('conductor')
    base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI()


base.NovaObject.indirection_api = conductor_rpcapi.ConductorAPI()
""")

#: Trees in which the rule has nothing to do.
OTHER_TREES = [
    pytest.param(reader(READ), id="code that destroys no service"),
    pytest.param({**CODE, "nova/objects/": None}, id="objects of another package"),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_test_case(before), in_test_case(after), CODE)


def test_line_endings_are_kept(tmp_path: pathlib.Path):
    before, after = (in_test_case(text).replace("\n", "\r\n") for text in REWRITTEN[0].values)
    check_rewritten(tmp_path, RULE, before, after, CODE)


@pytest.mark.parametrize("before", LEFT)
def test_left_and_listed(before: str, tmp_path: pathlib.Path):
    check_listed(tmp_path, RULE, in_test_case(before), None, "needs-person", CODE)


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_nothing_for_the_rule(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_test_case(before), None, CODE)


def test_nothing_for_the_rule_outside_of_classes(tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, IN_MODULE, None, CODE)


@pytest.mark.parametrize("beside", OTHER_TREES)
def test_nothing_for_the_rule_in_other_trees(beside: Beside, tmp_path: pathlib.Path):
    before = in_test_case(REWRITTEN[0].values[0])
    check_not_known(tmp_path, RULE, before, None, beside)
