# SPDX-License-Identifier: Apache-2.0
"""Imports whose name means something else elsewhere: within a function, or later on."""

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

#: Ways to bind the name of an import to something else as well.
REBOUND = {
    "assigned": "from nova import conductor\n\nconductor = make(conductor)\n",
    "assigned with others": "from nova import conductor\n\nx, (conductor, y) = make()\n",
    "imported from elsewhere": "from nova import conductor\nfrom other import conductor\n",
    "either": "if x:\n    from other import conductor\nelse:\n    from nova import conductor\n",
    "in a loop": "from nova import conductor\n\nfor conductor in x:\n    pass\n",
    "in a with": "from nova import conductor\n\nwith x as conductor:\n    pass\n",
    "a function": "from nova import conductor\n\n\ndef conductor():\n    pass\n",
    "a class": "from nova import conductor\n\n\nclass conductor(object):\n    pass\n",
    "by a function": (
        "from nova import conductor\n\n\ndef setup(api):\n"
        "    global conductor\n    conductor = api\n"
    ),
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


@pytest.mark.parametrize("above", REBOUND.values(), ids=REBOUND)
def test_a_name_that_is_rebound_may_be_anything(above: str, tmp_path: pathlib.Path):
    before = f"{above}\n\n{READ}"
    found = outcome(tmp_path, before)
    assert_same_text(found.text, before)
    assert "call.unknown-handle" in found.codes


@pytest.mark.parametrize(
    "lines",
    [
        "    from nova import conductor\n    conductor = make(conductor)\n",
        "    if host:\n        from nova import conductor\n"
        "    else:\n        from other import conductor\n",
    ],
)
def test_a_name_that_is_rebound_within_a_function(lines: str, tmp_path: pathlib.Path):
    head = "def host(context, host):\n"
    before = READ.replace(head, head + lines)
    found = outcome(tmp_path, before)
    assert_same_text(found.text, before)


def test_what_a_try_falls_back_to_does_not_count(tmp_path: pathlib.Path):
    above = "try:\n    from nova import conductor\nexcept ImportError:\n    conductor = None\n\n\n"
    found = outcome(tmp_path, above + READ)
    assert READ_AFTER in found.text


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
        ("import json\n\njson = make(json)\n", "pass", True),
        ("try:\n    from other import json\nexcept x:\n    import json\n", "pass", True),
    ],
)
def test_stats_are_text_only_if_the_module_dumps_them(
    top: str, inner: str, is_text: bool, tmp_path: pathlib.Path
):
    found = outcome(tmp_path, STATS.format(top=top, inner=inner))
    assert ("json.dumps({'a': 'b'})" in found.text) == is_text
