# SPDX-License-Identifier: Apache-2.0
"""Attributes and methods that are read by their names."""

import pathlib

import pytest
from tables import outcome

HEAD = """\
import operator

from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def find(self, context, host):
        return self.conductor_api.service_get_by_args(context, host, 'x')

    def fill(self, context, host):
        self.kept = self.conductor_api.service_get_by_args(context, host, 'x')

    def show(self, context, host, name):
        self.fill(context, host)
"""

#: How a method reads them, and whether it may be what is kept, or found.
READ = [
    pytest.param("getattr(self, 'kept')", True, False, id="getattr"),
    pytest.param("getattr(self,\n                'kept')", True, False, id="on another line"),
    pytest.param("operator.attrgetter('kept')(self)", True, False, id="attrgetter"),
    pytest.param("operator.attrgetter('kept.host')(self)", True, False, id="of what is kept"),
    pytest.param("self.__dict__['kept']", True, False, id="of the dict"),
    pytest.param("self.__dict__.get('kept')", True, False, id="get of the dict"),
    pytest.param("vars(self)['kept']", True, False, id="vars"),
    pytest.param("vars(self).pop('kept', None)", True, False, id="pop of vars"),
    pytest.param("self.__getattribute__('kept')", True, False, id="as the object does"),
    pytest.param("sorted(self.__dict__)", True, False, id="all of the dict"),
    pytest.param("vars(self).values()", True, False, id="all of vars"),
    pytest.param("getattr(self, name)", True, True, id="by a variable"),
    pytest.param("getattr(self, 'k' + name)", True, False, id="by a beginning"),
    pytest.param("getattr(self, 'fi%s' % name)(context, host)", False, True, id="of a method"),
    pytest.param("getattr(self, 'find')(context, host)", False, True, id="a method"),
    pytest.param("getattr(self, 'other', None)", False, False, id="another"),
    pytest.param("self.__dict__['other']", False, False, id="another of the dict"),
    pytest.param("getattr(context, name)", False, False, id="of another object"),
    pytest.param("vars(context)", False, False, id="all of another object"),
]


def _is_rewritten(text: str, before: str) -> bool:
    return f"{before}objects.Service.get_by_args" in text


@pytest.mark.parametrize(("read", "is_kept", "is_found"), READ)
def test_a_row_stays_where_it_may_be_read_by_name(
    read: str, is_kept: bool, is_found: bool, tmp_path: pathlib.Path
):
    found = outcome(tmp_path, f"{HEAD}        return {read}\n")
    assert found.failures == ()
    assert _is_rewritten(found.text, "self.kept = ") != is_kept
    assert _is_rewritten(found.text, "return ") != is_found
    reasons = [one.reason for one in found.declined if one.code == "row.escapes"]
    assert bool(reasons) == (is_kept or is_found)


@pytest.mark.parametrize("read", ["getattr(self, name)", "vars(self)", "getattr(self, 'kept')"])
def test_an_heir_in_another_file_may_read_it(read: str, tmp_path: pathlib.Path):
    heir = f"""\
from nova.compute import reader


class Heir(reader.Reader):
    def read(self, name):
        return {read}
"""
    found = outcome(tmp_path, HEAD, "nova/compute/reader.py", {"nova/compute/heir.py": heir})
    assert not _is_rewritten(found.text, "self.kept = ")


def test_another_class_of_the_file_reads_its_own(tmp_path: pathlib.Path):
    other = """

class Other(object):
    def read(self, name):
        return getattr(self, name), vars(self)
"""
    found = outcome(tmp_path, HEAD + other)
    assert _is_rewritten(found.text, "self.kept = ")
    assert _is_rewritten(found.text, "return ")
