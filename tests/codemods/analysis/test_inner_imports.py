# SPDX-License-Identifier: Apache-2.0
"""Imports within functions: they say nothing of the name elsewhere."""

import pathlib

import pytest
from tables import assert_same_text, outcome

READ = """\
def host(context, host):
    service = conductor.API().service_get_by_compute_host(context, host)
    return service['host']
"""
READ_AFTER = """\
def host(context, host):
    service = objects.Service.get_by_compute_host(context, host)
    return service.host
"""

#: What stands above a function that reads a row off `conductor.API()`, which is another's.
OTHERS = {
    "the module's own": """\
conductor = make()


def api():
    from nova import conductor
    return conductor
""",
    "imported from elsewhere": """\
from other import conductor


def api():
    from nova import conductor
    return conductor
""",
    "in a class": """\
from other import conductor


class Api(object):
    def get(self):
        from nova import conductor
        return conductor.API
""",
}

STATS = """\
from nova import conductor
{top}

class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def json(self):
        {inner}
        return json

    def write(self, context, values):
        self.conductor_api.wait_until_ready(context)
        values['stats'] = json.dumps({{'a': 'b'}})
        self.conductor_api.compute_node_create(context, values)
"""


@pytest.mark.parametrize("above", OTHERS.values(), ids=OTHERS)
def test_a_name_of_the_module_is_its_own(above: str, tmp_path: pathlib.Path):
    before = f"{above}\n\n{READ}"
    found = outcome(tmp_path, before)
    assert_same_text(found.text, before)


@pytest.mark.parametrize("said", ["", "global conductor\n    "])
def test_a_function_knows_what_it_imports(said: str, tmp_path: pathlib.Path):
    head, imported = "def host(context, host):\n", f"    {said}from nova import conductor\n"
    found = outcome(tmp_path, READ.replace(head, head + imported))
    assert READ_AFTER.removeprefix(head) in found.text


def test_a_function_can_import_for_all(tmp_path: pathlib.Path):
    above = "def load():\n    global conductor\n    from nova import conductor\n\n\n"
    found = outcome(tmp_path, above + READ)
    assert_same_text(found.text, f"from nova import objects\n\n\n{above}{READ_AFTER}")


@pytest.mark.parametrize(
    ("top", "inner", "is_text"),
    [
        ("import json\n", "from other import json", False),
        ("from other import json\n", "import json", True),
        ("json = make()\n", "import json", True),
        ("import json\n", "import json", False),
    ],
)
def test_stats_are_text_only_if_the_module_dumps_them(
    top: str, inner: str, is_text: bool, tmp_path: pathlib.Path
):
    found = outcome(tmp_path, STATS.format(top=top, inner=inner))
    assert ("json.dumps({'a': 'b'})" in found.text) == is_text
