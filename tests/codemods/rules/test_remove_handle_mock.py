# SPDX-License-Identifier: Apache-2.0
"""The mock of the whole conductor, once no unit test looks at it."""

import pathlib

import pytest
from sources import changed
from unit_test_sources import (
    CREATE,
    MOCKED_CASE,
    READ,
    WAIT,
    in_mocked_case,
    in_module,
    reader,
)
from unit_test_tables import check_not_known, check_rewritten

RULE = "remove_handle_mock"

CODE = reader(READ, CREATE)

#: What is left of the test case's set-up.
REMOVED_CASE = MOCKED_CASE.replace("        self.cond_api_mock = self.rt.conductor_api\n", "")

#: The methods of a test case whose mock nobody looks at, or only under another name.
ALIASES = [
    pytest.param(
        """\
def test_read(self):
    self.rt.read('context', 'host1')
""",
        """\
def test_read(self):
    self.rt.read('context', 'host1')
""",
        id="mock that nobody looks at",
    ),
    pytest.param(
        """\
def test_read(self):
    # who is asked
    mocked = self.cond_api_mock.service_get_by_compute_host; capi = 1
    self.rt.read('context', capi)
    self.assertFalse(mocked.called)

def test_again(self):
    capi = self.cond_api_mock
    service_mock = capi.service_get_by_compute_host
    create_mock = (capi).compute_node_create
    self.rt.read('context', 'host1')
    self.assertTrue(service_mock.called or create_mock.called)
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, mocked):
    # who is asked
    capi = 1
    self.rt.read('context', capi)
    self.assertFalse(mocked.called)

@mock.patch('nova.objects.ComputeNode.create')
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_again(self, service_mock, create_mock):
    self.rt.read('context', 'host1')
    self.assertTrue(service_mock.called or create_mock.called)
""",
        id="several tests, with another name and without",
    ),
    pytest.param(
        """\
def test_read(self):
    self.rt.read('context', 'host1')

    capi = self.cond_api_mock
    service_mock = capi.service_get_by_compute_host

    self.assertTrue(service_mock.called)
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, service_mock):
    self.rt.read('context', 'host1')

    self.assertTrue(service_mock.called)
""",
        id="paragraph of its own",
    ),
    pytest.param(
        """\
def test_read(self):
    self.rt.read('context', 'host1')

    capi = self.cond_api_mock

    service_mock = capi.service_get_by_compute_host
    self.assertTrue(service_mock.called)
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, service_mock):
    self.rt.read('context', 'host1')

    self.assertTrue(service_mock.called)
""",
        id="one line of a paragraph",
    ),
    pytest.param(
        """\
def test_read(self):
    class Inner(object):
        def asked(self, test):
            capi = test.cond_api_mock
            service_mock = capi.service_get_by_compute_host
            return service_mock.called

    self.assertTrue(Inner().asked(self))
""",
        """\
def test_read(self):
    class Inner(object):
        @mock.patch('nova.objects.Service.get_by_compute_host')
        def asked(self, test, service_mock):
            return service_mock.called

    self.assertTrue(Inner().asked(self))
""",
        id="nested class",
    ),
    pytest.param(
        """\
def test_read(self):
    capi = self.cond_api_mock; self.rt.read('context', 'host1')
    service_mock = capi.service_get_by_compute_host
    self.assertTrue(service_mock.called)
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, service_mock):
    self.rt.read('context', 'host1')
    self.assertTrue(service_mock.called)
""",
        id="on one line with others",
    ),
    pytest.param(
        """\
def test_read(self):
    if self.rt:
        capi = self.cond_api_mock
    service_mock = capi.service_get_by_compute_host
    self.assertTrue(service_mock.called)
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, service_mock):
    if self.rt:
        pass
    self.assertTrue(service_mock.called)
""",
        id="all there is in a block",
    ),
    pytest.param(
        """\
def test_read(self):
    capi = self.cond_api_mock
    service_mock = capi.service_get_by_compute_host
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, service_mock):
    pass
""",
        id="all there is in a test",
    ),
]

SETUP = """\
def setup_rt():
    log = mock.Mock()
    # of the conductor
    api = mock.Mock()
    other = mock.Mock()
    with contextlib.nested(
            mock.patch('nova.conductor.API', return_value=api),
            # of the rest
            mock.patch('nova.rpc.get_notifier', return_value=log)):
        return reader.Reader(), log, other


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.rt, self.log, self.other = setup_rt()
        self.cond_api_mock = self.rt.conductor_api
        self.ready = True

    def test_read(self):
        self.rt.read('context', 'host1')
"""

HELD = "        self.cond_api_mock = self.rt.conductor_api\n"

PATCHED = "            mock.patch('nova.conductor.API', return_value=api),\n"

#: The patch among others: what of its text differs from SETUP, and what goes.
PATCHES = [
    pytest.param([], [HELD, PATCHED, "    api = mock.Mock()\n"], id="with the mock's name"),
    pytest.param(
        [("return_value=api", "return_value=mock.MagicMock()"), ("    api = mock.Mock()\n", "")],
        [HELD, PATCHED.replace("api)", "mock.MagicMock())")],
        id="mock without a name",
    ),
    pytest.param(
        [(", log, other", ", log, api")],
        [HELD, PATCHED],
        id="mock that is used elsewhere",
    ),
    pytest.param(
        [(HELD, HELD.replace("\n", "; self.name = 1\n"))],
        ["self.cond_api_mock = self.rt.conductor_api; ", PATCHED, "    api = mock.Mock()\n"],
        id="attribute on one line with others",
    ),
    pytest.param(
        [("return_value=api", "return_value=api, autospec=True")],
        [HELD],
        id="patch with another keyword",
    ),
    pytest.param(
        [(PATCHED, ""), ("return_value=log)", "return_value=log),\n" + PATCHED.rstrip(",\n"))],
        [HELD],
        id="last patch of several",
    ),
    pytest.param(
        [("return_value=log)):", "return_value=log)) as (_, self.log):")],
        [HELD],
        id="mocks that are told apart by their numbers",
    ),
    pytest.param(
        [("    api = mock.Mock()", "    api = other_mock()")],
        [HELD, PATCHED],
        id="mock that somebody else makes",
    ),
    pytest.param(
        [(PATCHED + "            # of the rest\n" + " " * 11, PATCHED.rstrip("\n"))],
        [HELD, "mock.patch('nova.conductor.API', return_value=api), ", "    api = mock.Mock()\n"],
        id="patches on one line",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
def test_read(self):
    self.cond_api_mock.service_get_by_compute_host.return_value = None
    self.rt.read('context', 'host1')
""",
        id="mock that is told what to return",
    ),
    pytest.param(
        """\
def test_read(self):
    capi = self.cond_api_mock
    self.rt.read('context', 'host1')
    self.assertFalse(capi.wait_until_ready.called)
""",
        id="other methods of the mock",
    ),
    pytest.param(
        """\
def test_read(self):
    self.rt.read('context', self.cond_api_mock)
""",
        id="mock that is handed on",
    ),
    pytest.param(
        """\
def test_read(self):
    service_mock = self.cond_api_mock.service_get_by_compute_host
    self.rt.read('context', 'host1')
    self.assertFalse(service_mock.nodes.called)
""",
        id="mock of a method that stays",
    ),
    pytest.param(
        """\
def test_read(self):
    capi = self.cond_api_mock

    def asked():
        return capi

    self.rt.read('context', asked())
""",
        id="name that a function within uses",
    ),
    pytest.param(
        """\
def test_read(self):
    capi = self.cond_api_mock
    self.rt.read('context', '%(capi)s' % locals())
""",
        id="name among locals()",
    ),
    pytest.param(
        """\
def test_read(self):
    global capi
    capi = self.cond_api_mock
    self.rt.read('context', 'host1')
""",
        id="global name",
    ),
    pytest.param(
        """\
def test_read(self):
    asked = lambda capi=self.cond_api_mock: capi
    self.rt.read('context', asked())
""",
        id="default of a lambda",
    ),
    pytest.param(
        """\
def test_read(self):
    class Case(object):
        capi = self.cond_api_mock

    self.rt.read('context', Case.capi)
""",
        id="attribute of a class within",
    ),
    pytest.param(
        """\
def test_read(self):
    self.assertFalse([one for one in [self.cond_api_mock] if one.called])
""",
        id="mock in a comprehension",
    ),
    pytest.param(
        """\
def test_read(self):
    del self.cond_api_mock
    self.rt.read('context', 'host1')
""",
        id="mock that is deleted",
    ),
    pytest.param(
        """\
def test_read(self):
    self.cond_api_mock.ready = True
    self.rt.read('context', 'host1')
""",
        id="mock that is given an attribute",
    ),
    pytest.param(
        """\
def test_read(self):
    self.cond_api_mock.reset_mock()
    self.rt.read('context', 'host1')
""",
        id="mock that forgets",
    ),
    pytest.param(
        """\
def test_read(self):
    self.rt.read('context', 'host1')
    self.assertFalse(self.rt.conductor_api.called)
""",
        id="mock by the code's own name",
    ),
    pytest.param(
        """\
def test_read(self):
    self.rt.read('context', getattr(self, 'cond_api_mock'))
""",
        id="mock by the attribute's name",
    ),
    pytest.param(
        """\
def test_read(self):
    for name in ('rt', "cond_api_mock"):
        self.rt.read('context', getattr(self, name))
""",
        id="mock among others by their names",
    ),
    pytest.param(
        """\
def test_read(self):
    self.rt.read('context', hasattr(self, 'cond_' + 'api_mock'))
    self.rt.read('context', getattr(self, 'cond_' + 'api_mock'))
""",
        id="mock by a name made at run time",
    ),
    pytest.param(
        """\
def test_read(self):
    self.rt.read('context', vars(self))
""",
        id="all attributes",
    ),
    pytest.param(
        """\
def test_read(self):
    self.rt.read('context', 'host1')

def cond_api_mock(self, mocked):
    self.mocks.append(mocked)

cond_api_mock = property(fset=cond_api_mock)
""",
        id="property",
    ),
    pytest.param(
        """\
def test_read(self):
    self.rt.read('context', 'host1')

def __setattr__(self, name, value):
    self.__dict__[name] = (value, value)
""",
        id="attributes that are set otherwise",
    ),
]

RETURNED = "        return reader.Reader(), log, other\n"

#: What of its text differs from SETUP where something else may need the patch, which stays.
SHARED_PATCHES = [
    pytest.param(
        [(RETURNED, "        conductor.API().wait_until_ready('context')\n" + RETURNED)],
        id="the conductor is asked",
    ),
    pytest.param(
        [(RETURNED, RETURNED.replace("log, other", "log, make_other()"))],
        id="something else is made",
    ),
    pytest.param(
        [(RETURNED, RETURNED.replace("log, other", "log, conductor"))],
        id="the conductor is handed out",
    ),
    pytest.param(
        [("return_value=log)):", "return_value=log)), make_other():")],
        id="something else is made in the header",
    ),
]

#: What of its text differs from SETUP where nothing goes.
KEPT_SETUPS = [
    pytest.param([(HELD, ""), ("=api)", "=api, autospec=True)")], id="patch with another keyword"),
    pytest.param(
        [(HELD, ""), ("return_value=log)):", "return_value=log)) as (_, self.log):")],
        id="mocks that are told apart by their numbers",
    ),
    pytest.param([(HELD, ""), ("nova.conductor.API", "nova.compute.API")], id="another target"),
    pytest.param(
        [(HELD, ""), ("mock.patch('nova.conductor.API', return_value=api)", "self.patched(api)")],
        id="patch that somebody else makes",
    ),
    pytest.param(
        [("self.cond_api_mock = ", "self.mocks['api'] = ")],
        id="mock in a dict",
    ),
    pytest.param(
        [("self.ready = True", "self.asked = self.cond_api_mock.mock_calls")],
        id="what the mock was asked",
    ),
    pytest.param(
        [("self.ready = True", "self.asked = OtherTestCase().cond_api_mock.called")],
        id="mock of another test case",
    ),
]


@pytest.mark.parametrize(("before", "after"), ALIASES)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(
        tmp_path, RULE, in_mocked_case(before), in_mocked_case(after, REMOVED_CASE), CODE
    )


@pytest.mark.parametrize(("changes", "gone"), PATCHES)
def test_patch_is_removed(changes: list[tuple[str, str]], gone: list[str], tmp_path: pathlib.Path):
    text = changed(SETUP, *changes)
    after = changed(text, *((part, "") for part in gone))
    check_rewritten(tmp_path, RULE, in_module(text), in_module(after), CODE)


@pytest.mark.parametrize("changes", SHARED_PATCHES)
def test_patch_stays(changes: list[tuple[str, str]], tmp_path: pathlib.Path):
    text = changed(SETUP, *changes)
    check_rewritten(tmp_path, RULE, in_module(text), in_module(text.replace(HELD, "")), CODE)


def test_line_endings_are_kept(tmp_path: pathlib.Path):
    after = SETUP.replace(HELD, "").replace(PATCHED, "").replace("    api = mock.Mock()\n", "")
    before, after = (in_module(text).replace("\n", "\r\n") for text in (SETUP, after))
    check_rewritten(tmp_path, RULE, before, after, CODE)


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_nothing_for_the_rule(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_mocked_case(before), None, CODE)


@pytest.mark.parametrize("changes", KEPT_SETUPS)
def test_nothing_for_the_rule_in_a_set_up(changes: list[tuple[str, str]], tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_module(changed(SETUP, *changes)), None, CODE)


def test_nothing_for_the_rule_where_a_subclass_reads_the_attribute(tmp_path: pathlib.Path):
    text = f"""\
{SETUP}

class OtherTestCase(ReaderTestCase):
    def test_other(self):
        self.assertFalse(self.cond_api_mock.called)
"""
    check_not_known(tmp_path, RULE, in_module(text), None, CODE)


def test_nothing_for_the_rule_where_the_code_uses_the_conductor(tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_module(SETUP), None, reader(READ, WAIT))


def test_nothing_for_the_rule_where_another_file_reads_the_attribute(tmp_path: pathlib.Path):
    other = "def mocked(case):\n    return case.cond_api_mock\n"
    beside = {**CODE, "nova/tests/compute/others.py": other}
    check_not_known(tmp_path, RULE, in_module(SETUP), None, beside)


def test_nothing_for_the_rule_where_the_mock_has_two_names(tmp_path: pathlib.Path):
    text = SETUP.replace("self.cond_api_mock =", "self.cond_api_mock = self.api =")
    text += "        self.assertFalse(self.api.called)\n"
    check_not_known(tmp_path, RULE, in_module(text), None, CODE)


def test_mock_that_another_file_reads_by_name(tmp_path: pathlib.Path):
    text = in_mocked_case("def test_read(self):\n    self.rt.read('context', 'host1')\n")
    other = "def asked(test):\n    return getattr(test, 'cond_api_mock')\n"
    check_not_known(tmp_path, RULE, text, None, {**CODE, "nova/tests/asked.py": other})
