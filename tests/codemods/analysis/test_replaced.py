# SPDX-License-Identifier: Apache-2.0
"""Functions, methods and classes that something else may be put in the place of."""

import pathlib
import textwrap

import pytest
from tables import assert_same_text, outcome

CODE = """\
from nova import conductor
{above}

class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)

    def read(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        {inside}return {shown}(service)
{below}"""

SHOW = "def show(row):\n    return row['host']\n"
METHOD = "    def show(self, row):\n        return row['host']\n"
CLASS = "class Show(object):\n    def __init__(self, row):\n        self.host = row['host']\n"

#: What stands above the reader, in its method, and below it in its class; what is called.
REPLACED = {
    "a function": (f"\n\n{SHOW}\n\nshow = wrap(show)\n", "", "", "show"),
    "a function, by another": (
        f"\n\n{SHOW}\n\ndef setup(other):\n    global show\n    show = other\n",
        "",
        "",
        "show",
    ),
    "a function within one": ("", f"{SHOW}show = wrap(show)\n", "", "show"),
    "a class": (f"\n\n{CLASS}\n\nShow = wrap(Show)\n", "", "", "Show"),
    "a method, in the class": ("", "", f"\n{METHOD}\n    show = wrap(show)\n", "self.show"),
    "a method, on the object": (
        "",
        "",
        f"\n{METHOD}\n    def setup(self, other):\n        self.show = other\n",
        "self.show",
    ),
    "a method, on the class": ("", "", f"\n{METHOD}\n\nReader.show = wrap\n", "self.show"),
    "a method, in a subclass": (
        "",
        "",
        f"\n{METHOD}\n\nclass Other(Reader):\n    show = staticmethod(wrap)\n",
        "self.show",
    ),
}

BASE = f"class Base(object):\n{METHOD}"

#: What stands in a reader's class, or above it, that may change its methods.
CHANGED = {
    "a decorator": ("\n\n@wrap", METHOD),
    "setattr() of any name": (
        "\n",
        f"{METHOD}\n    def setup(self, **others):\n        for name in others:\n"
        "            setattr(self, name, others[name])\n",
    ),
    "all of its attributes": (
        "\n",
        f"{METHOD}\n    def setup(self, **others):\n        self.__dict__.update(others)\n",
    ),
}

GIVING = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def get(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
{below}
    def read(self, context, host):
        return self.get(context, host)['host']
"""


def _code(above: str, inside: str, below: str, shown: str) -> str:
    lines = textwrap.indent(inside, " " * 8).lstrip() + (" " * 8 if inside else "")
    return CODE.format(above=above, inside=lines, below=below, shown=shown)


@pytest.mark.parametrize("parts", REPLACED.values(), ids=REPLACED)
def test_a_row_that_may_go_to_something_else_stays(
    parts: tuple[str, str, str, str], tmp_path: pathlib.Path
):
    before = _code(*parts)
    found = outcome(tmp_path, before)
    assert_same_text(found.text, before)
    assert "row.escapes" in found.codes


@pytest.mark.parametrize(
    "parts",
    [
        (f"\n\n{SHOW}", "", "", "show"),
        ("", SHOW, "", "show"),
        (f"\n\n{CLASS}", "", "", "Show"),
        ("", "", f"\n{METHOD}", "self.show"),
    ],
)
def test_a_row_that_goes_to_what_is_defined_is_followed(
    parts: tuple[str, str, str, str], tmp_path: pathlib.Path
):
    found = outcome(tmp_path, _code(*parts))
    assert "objects.Service.get_by_compute_host(context, host)" in found.text
    assert "row.host" in found.text


@pytest.mark.parametrize(("above", "below"), CHANGED.values(), ids=CHANGED)
def test_a_row_goes_to_no_method_that_may_be_changed(
    above: str, below: str, tmp_path: pathlib.Path
):
    before = _code("", "", f"\n{below}", "self.show").replace("\n\nclass", f"{above}\nclass")
    found = outcome(tmp_path, before)
    assert_same_text(found.text, before)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("\n\n@six.add_metaclass(abc.ABCMeta)", METHOD),
        ("\n", f"{METHOD}\n    def setup(self, other):\n        setattr(self, 'other', other)\n"),
        ("\n", f"{METHOD}\n    def all(self):\n        return list(self.__dict__)\n"),
    ],
)
def test_a_row_goes_to_a_method_that_stays(above: str, below: str, tmp_path: pathlib.Path):
    before = _code("", "", f"\n{below}", "self.show").replace("\n\nclass", f"{above}\nclass")
    assert "row.host" in outcome(tmp_path, before).text


@pytest.mark.parametrize("line", ["", "\n\nBase = wrap(Base)\n"])
def test_a_base_that_may_be_another_one(line: str, tmp_path: pathlib.Path):
    before = _code(f"\n\n{BASE}{line}", "", "", "self.show").replace(
        "Reader(object)", "Reader(Base)"
    )
    found = outcome(tmp_path, before)
    assert (found.text == before) == bool(line)


def test_a_method_set_by_another_file_is_replaced(tmp_path: pathlib.Path):
    before = _code("", "", f"\n{METHOD}", "self.show")
    beside = "from nova.compute import example\n\nexample.Reader.show = str\n"
    found = outcome(tmp_path, before, beside={"nova/compute/patching.py": beside})
    assert_same_text(found.text, before)


@pytest.mark.parametrize(
    "below",
    ["\n    get = wrap(get)\n", "\n    def setup(self, other):\n        self.get = other\n"],
)
def test_a_row_from_what_may_be_something_else_stays(below: str, tmp_path: pathlib.Path):
    before = GIVING.format(below=below)
    found = outcome(tmp_path, before)
    assert_same_text(found.text, before)
    (left,) = [one for one in found.declined if one.code == "row.escapes"]
    assert left.reason.endswith("something else may be put in the place of get()")


@pytest.mark.parametrize("name", ["self", "cls", "reader"])
def test_a_handle_that_others_set_may_be_anything(name: str, tmp_path: pathlib.Path):
    below = f"\n    def setup({name}, api):\n        {name}.conductor_api = conductor.API()\n"
    if name == "reader":
        below = "\n\ndef setup(reader, api):\n    reader.conductor_api = api\n"
    before = _code("", "", f"\n{METHOD}{below}", "self.show")
    found = outcome(tmp_path, before)
    assert (found.text == before) == (name == "reader")


@pytest.mark.parametrize(
    "line",
    [
        "API.service_get_by_compute_host = other",
        "setattr(API, 'service_get_by_compute_host', other)",
        "conductor.API.service_get_by_compute_host = other",
    ],
)
def test_a_method_of_the_conductor_that_is_replaced(line: str, tmp_path: pathlib.Path):
    before = (
        f"from nova import conductor\n\nAPI = conductor.API()\n{line}\n\n\n"
        "def host(context, host):\n"
        "    return API.service_get_by_compute_host(context, host)['host']\n"
    )
    found = outcome(tmp_path, before)
    assert_same_text(found.text, before)
    assert "call.unknown-handle" in found.codes


KEEPING = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)

    def load(self, context, host):
        self.service = self.conductor_api.service_get_by_compute_host(context, host)

    def read(self):
        return self.service['host']


def change(reader, other, context):
    {change}
"""


@pytest.mark.parametrize(
    ("change", "is_known"),
    [
        ("reader.service = {}", False),
        ("reader.service = other", False),
        ("setattr(reader, 'service', other)", False),
        ("other.services = {}", True),
        ("reader.service = None", True),
        # its own reader is not known, so this row stays a dict
        (
            "reader.service = conductor.API().service_get_by_compute_host(context, other)",
            False,
        ),
    ],
)
def test_a_row_in_an_attribute_that_others_set(change: str, is_known: bool, tmp_path: pathlib.Path):
    found = outcome(tmp_path, KEEPING.replace("{change}", change))
    assert ("self.service.host" in found.text) == is_known
    assert ("value.mixed" in found.codes) != is_known


HELPER = "def show(row):\n    return row['host']\n"


@pytest.mark.parametrize(
    ("others", "is_known"),
    [
        ({"helper": HELPER}, True),
        ({"helper": f"{HELPER}\n\nshow = wrap(show)\n"}, False),
        (
            {"helper": HELPER, "other": "from nova.compute import helper\nhelper.show = str\n"},
            False,
        ),
        ({"real": HELPER, "helper": "from nova.compute.real import show\n"}, True),
        (
            {"real": HELPER, "helper": "from nova.compute.real import show\nshow = wrap(show)\n"},
            False,
        ),
    ],
)
def test_a_function_of_another_file(others: dict[str, str], is_known: bool, tmp_path: pathlib.Path):
    before = _code("from nova.compute import helper\n", "", "", "helper.show")
    beside = {f"nova/compute/{name}.py": text for name, text in others.items()}
    found = outcome(tmp_path, before, beside=beside)
    assert (found.text != before) == is_known


@pytest.mark.parametrize(
    ("reset", "is_known"),
    [
        ("", True),
        ("from nova.compute import helper\nhelper.API = str\n", False),
        ("from nova.compute import helper\nhelper.OTHER = str\n", True),
    ],
)
def test_a_handle_of_another_module(reset: str, is_known: bool, tmp_path: pathlib.Path):
    before = (
        "from nova.compute import helper\n\n\ndef host(context, host):\n"
        "    return helper.API.service_get_by_compute_host(context, host)['host']\n"
    )
    beside = {
        "nova/compute/helper.py": "from nova import conductor\n\nAPI = conductor.API()\n",
        "nova/compute/reset.py": reset,
    }
    found = outcome(tmp_path, before, beside=beside)
    assert (found.text != before) == is_known
