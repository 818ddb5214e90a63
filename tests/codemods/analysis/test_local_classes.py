# SPDX-License-Identifier: Apache-2.0
"""Classes within functions: what they do with the rows of the function around them."""

import pathlib

import pytest
from tables import SERVICE, SERVICE_AFTER, assert_same_text, method_outcome

#: Classes that do with the row what an object does not bear.
ESCAPES = {
    "the body gives it out": """
        class Report(object):
            kept = keep(service)
        """,
    "a method gives it out": """
        class Report(object):
            def told(self):
                return keep(service)
        """,
    "its base": """
        class Report(base_of(service)):
            pass
        """,
    "its metaclass's keyword": """
        class Report(object, metaclass=base_of(service)):
            pass
        """,
    "its decorator": """
        @decorated(service)
        class Report(object):
            pass
        """,
    "a class within the class": """
        class Report(object):
            class Meta(object):
                kept = keep(service)
        """,
    "kept by its instances": """
        class Report(object):
            def __init__(self, row):
                self.row = row
        Report(service)
        """,
}

#: What is written in the class, and what becomes of it.
FOLLOWED = {
    "in the body": ("host = service['host']", "host = service.host"),
    "in a class within the class": (
        "class Meta(object):\n        host = service['host']",
        "class Meta(object):\n        host = service.host",
    ),
    "in a method": (
        "def host(self):\n        return service['host']",
        "def host(self):\n        return service.host",
    ),
    "under a condition": (
        "if service['disabled']:\n        host = None",
        "if service.disabled:\n        host = None",
    ),
}

#: The same names, that are bound to something else there.
OTHERS = {
    "bound in the body": "service = {'host': 1}\n    host = service['host']",
    "bound in the body, read in a list": "service = {}\n    hosts = [service['host'] for i in ()]",
    "a parameter of its method": "def host(self, service):\n        return service['host']",
    "bound in its method": "def host(self):\n        service = {}\n        return service['host']",
}


def _indented(text: str) -> str:
    return "\n".join(line.removeprefix(" " * 8) for line in text.splitlines())


@pytest.mark.parametrize("lines", ESCAPES.values(), ids=ESCAPES)
def test_a_row_that_a_class_gives_out_stays(lines: str, tmp_path: pathlib.Path):
    before = SERVICE + _indented(lines).strip("\n") + "\nreturn Report\n"
    text, found = method_outcome(tmp_path, before)
    assert_same_text(text, before)
    assert "row.escapes" in found.codes


@pytest.mark.parametrize(("before", "after"), FOLLOWED.values(), ids=FOLLOWED)
def test_a_row_is_followed_into_the_class(before: str, after: str, tmp_path: pathlib.Path):
    lines = f"class Report(object):\n    {before}\nreturn Report\n"
    text, _ = method_outcome(tmp_path, SERVICE + lines)
    assert_same_text(text, SERVICE_AFTER + lines.replace(before, after))


@pytest.mark.parametrize("body", OTHERS.values(), ids=OTHERS)
def test_a_name_of_the_class_is_not_that_of_the_function(body: str, tmp_path: pathlib.Path):
    lines = f"class Report(object):\n    {body}\nreturn Report, "
    text, _ = method_outcome(tmp_path, SERVICE + lines + "service['host']\n")
    assert_same_text(text, SERVICE_AFTER + lines + "service.host\n")


def test_a_row_bound_in_the_body_is_read_there(tmp_path: pathlib.Path):
    lines = "class Report(object):\n    {}    host = {}\nreturn Report.host\n"
    text, _ = method_outcome(tmp_path, lines.format(SERVICE, "service['host']"))
    assert_same_text(text, lines.format(SERVICE_AFTER, "service.host"))
