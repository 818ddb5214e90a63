# SPDX-License-Identifier: Apache-2.0
"""Whether a name is a builtin's where it stands, and what becomes of a row where it is not."""

import ast
import pathlib

import pytest
from tables import assert_same_text, check_kept, in_method, outcome

from codemods.analysis.builtin_names import called_name
from codemods.analysis.dict_values import is_made_dict
from codemods.analysis.project import Module
from codemods.syntax.source import Source

#: The lines of a file, and whether `dict(x)` in it makes a dict.
CASES = [
    pytest.param("dict(x)", True, id="nothing else of the name"),
    pytest.param("dict = f\ndict(x)", False, id="bound at the top"),
    pytest.param("if f:\n    dict = f\n\ndef g():\n    dict(x)", False, id="bound above"),
    pytest.param("def g():\n    dict(x)\n\ndict = f", False, id="bound below"),
    pytest.param("from a import b as dict\ndict(x)", False, id="import"),
    pytest.param("def dict(x): pass\ndict(x)", False, id="function"),
    pytest.param("class dict(object): pass\ndict(x)", False, id="class"),
    pytest.param("def g(dict):\n    dict(x)", False, id="parameter"),
    pytest.param("def g(dict):\n    return lambda: dict(x)", False, id="parameter outside"),
    pytest.param("g = lambda dict: dict(x)", False, id="parameter of a lambda"),
    pytest.param("def g(dict): pass\n\ndef h():\n    dict(x)", True, id="parameter elsewhere"),
    pytest.param("def g():\n    dict = f\n    dict(x)", False, id="local"),
    pytest.param("def g():\n    dict(x)\n    for dict in f: pass", False, id="local of a loop"),
    pytest.param("def g():\n    from a import dict\n    dict(x)", False, id="local import"),
    pytest.param("def g():\n    dict = f\n\ndef h():\n    dict(x)", True, id="local elsewhere"),
    pytest.param(
        "def g():\n    global dict\n    dict = f\n\ndef h():\n    dict(x)", False, id="global"
    ),
    pytest.param("class C:\n    def dict(self):\n        dict(x)", True, id="method"),
    pytest.param("class C:\n    dict = f\n    y = dict(x)", False, id="within a class"),
]


@pytest.mark.parametrize(("text", "is_made"), CASES)
def test_of_dict(text: str, is_made: bool):
    module = Module("a", Source("a.py", f"{text}\n".encode()))
    [call] = [one for one in module.all(ast.Call) if ast.unparse(one) == "dict(x)"]
    assert is_made_dict(call, module) == is_made
    assert (called_name(module, call) == "dict") == is_made


GET = "service = self.conductor_api.service_get_by_compute_host(context, host)\n"

#: Lines of a method that hand the row to something that has a builtin's name, and the place.
LOCAL = [
    ("dict = host\nreturn dict(service)", "dict(service)"),
    ("dict = host\nreturn dict(**service)", "dict(**service)"),
    ("return (lambda dict: dict(service))(host)", "dict(service)"),
    ("bool = host\nreturn bool(service)", "bool(service)"),
    ("list = host\nreturn list([service])", "list([service])"),
]


@pytest.mark.parametrize(("lines", "place"), LOCAL)
def test_call_stays_whose_row_a_local_takes(lines: str, place: str, tmp_path: pathlib.Path):
    check_kept(tmp_path, f"{GET}{lines}\n", place)


def test_call_stays_whose_row_something_of_the_file_takes(tmp_path: pathlib.Path):
    text = in_method(f"{GET}return dict(service)\n").replace(
        "\n\nclass ", "\nfrom nova import utils\n\ndict = utils.made\n\n\nclass ", 1
    )
    assert "dict = utils.made" in text
    found = outcome(tmp_path, text)
    assert_same_text(found.text, text)
    [left] = [one for one in found.declined if one.code == "row.escapes"]
    assert left.reason.endswith(": dict(service)")
