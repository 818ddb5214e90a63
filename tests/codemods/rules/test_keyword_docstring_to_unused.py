# SPDX-License-Identifier: Apache-2.0
"""What is there for a handle alone: attributes it is made with, and what is said of keywords."""

import pathlib

import pytest
from tables import PATH, assert_same_text, check_file_rewritten, outcome

RULE = "keyword_docstring_to_unused"

DOCSTRING = '''\
        """Make a driver.

        db_allowed - Boolean. False if the conductor is to be asked.
        """
'''
TOLD = '''\
        """Make a driver.

        db_allowed - Boolean. Ignored; objects go through the conductor when
                     there is no direct database access.
        """
'''
ALLOWED = "        self.db_allowed = kwargs.get('db_allowed', True)\n"


def driver(
    lines: str = DOCSTRING + ALLOWED, value: str = "use_local=self.db_allowed", more: str = ""
) -> str:
    """A class that gets the conductor by a keyword."""
    return f"""\
from nova import conductor


class Driver(object):
    def __init__(self, *args, **kwargs):
{lines}\
        self.conductor_api = conductor.API({value})
        self.seen = 0

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
{more}"""


def rewritten(lines: str = TOLD, more: str = "") -> str:
    """The same with the reading rewritten, and without the handle."""
    return f"""\
from nova import objects


class Driver(object):
    def __init__(self, *args, **kwargs):
{lines}\
        self.seen = 0

    def read(self, context, host):
        return objects.Service.get_by_compute_host(context, host)
{more}"""


#: How the attribute is set, and where: all goes.
GOES = [
    pytest.param(DOCSTRING + ALLOWED, TOLD, id="of a keyword that is told of"),
    pytest.param(ALLOWED, "", id="of a keyword that nobody tells of"),
    pytest.param("        self.db_allowed = kwargs.get('db_allowed')\n", "", id="without default"),
    pytest.param("        self.db_allowed = True\n", "", id="a constant"),
    pytest.param(
        DOCSTRING.replace("the conductor is", "a Conductor is") + ALLOWED, TOLD, id="capital letter"
    ),
    pytest.param(
        DOCSTRING.replace("db_allowed - Boolean. F", "db_allowed - f") + ALLOWED,
        TOLD.replace("Boolean. ", "").replace(
            "when\n                     there is no", "when there is no\n                    "
        ),
        id="no type is told",
    ),
    pytest.param(
        DOCSTRING.replace("be asked.", "be\n            asked.") + ALLOWED,
        TOLD.replace(" " * 21 + "there", " " * 12 + "there"),
        id="an indent of its own",
    ),
    pytest.param(
        DOCSTRING.replace("be asked.\n", "be asked.\n\n        test - Whether.\n") + ALLOWED,
        TOLD.replace("access.\n", "access.\n\n        test - Whether.\n"),
        id="another keyword is told of",
    ),
]

#: What keeps the attribute where it is, and the docstring.
STAYS = [
    pytest.param(ALLOWED.replace("kwargs.get", "config.get"), "", id="set by who knows what"),
    pytest.param(ALLOWED.replace("True", "find()"), "", id="the default is a call"),
    pytest.param(ALLOWED.replace("self.", "self.own = self."), "", id="two targets"),
    pytest.param(
        ALLOWED, "\n    def more(self):\n        return self.db_allowed\n", id="read elsewhere"
    ),
    pytest.param(
        ALLOWED, "\n    def more(self):\n        self.db_allowed = False\n", id="set elsewhere"
    ),
    pytest.param(
        ALLOWED,
        "\n    @property\n    def db_allowed(self):\n        return True\n",
        id="a property",
    ),
    pytest.param(
        ALLOWED,
        "\n    def __setattr__(self, name, value):\n        self.__dict__[name] = value\n",
        id="told of what is set",
    ),
]

#: What keeps a docstring as it is though the attribute goes.
TOLD_AS_BEFORE = [
    pytest.param(
        DOCSTRING.replace("db_allowed -", "allowed -"), "", id="another keyword is told of"
    ),
    pytest.param(DOCSTRING.replace("the conductor", "another"), "", id="nothing of the conductor"),
    pytest.param(
        DOCSTRING.replace("Make a driver.", "Make a driver of the conductor's."),
        "",
        id="the conductor is told of beside it",
    ),
    pytest.param(
        DOCSTRING, "\n    def more(self, db_allowed):\n        pass\n", id="a parameter of others"
    ),
    pytest.param(
        DOCSTRING, "\n    def more(self, kw):\n        return kw['db_allowed']\n", id="read by name"
    ),
]


@pytest.mark.parametrize(("before", "after"), GOES)
def test_goes_with_the_handle(before: str, after: str, tmp_path: pathlib.Path):
    found = outcome(tmp_path, driver(before))
    assert not found.failures
    assert_same_text(found.text, rewritten(after))
    assert (RULE in found.rules) == bool(after)


@pytest.mark.parametrize(("lines", "more"), STAYS)
def test_stays_though_the_handle_goes(lines: str, more: str, tmp_path: pathlib.Path):
    found = outcome(tmp_path, driver(DOCSTRING + lines, more=more))
    assert not found.failures
    assert_same_text(found.text, rewritten(DOCSTRING + lines, more))


@pytest.mark.parametrize(("docstring", "more"), TOLD_AS_BEFORE)
def test_told_as_before(docstring: str, more: str, tmp_path: pathlib.Path):
    found = outcome(tmp_path, driver(docstring + ALLOWED, more=more))
    assert not found.failures
    assert_same_text(found.text, rewritten(docstring, more))


def test_stays_with_the_handle(tmp_path: pathlib.Path):
    before = driver(
        more="\n    def wait(self, context):\n        self.conductor_api.ping(context)\n"
    )
    found = outcome(tmp_path, before)
    assert DOCSTRING + ALLOWED in found.text


def test_told_where_the_keyword_is_handed_on(tmp_path: pathlib.Path):
    api = f"""\
class API(object):
    def __new__(cls, *args, **kwargs):
{DOCSTRING}\
        return super(API, cls).__new__(cls)
"""
    check_file_rewritten(
        tmp_path,
        RULE,
        api,
        api.replace(DOCSTRING, TOLD),
        path="nova/servicegroup/api.py",
        beside={PATH: driver(ALLOWED)},
    )


def test_told_as_before_where_another_driver_reads_it(tmp_path: pathlib.Path):
    other = "def make(**kwargs):\n    return kwargs['db_allowed']\n"
    found = outcome(tmp_path, driver(), beside={"nova/compute/other.py": other})
    assert not found.failures
    assert_same_text(found.text, rewritten(DOCSTRING))
