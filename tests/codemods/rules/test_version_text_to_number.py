# SPDX-License-Identifier: Apache-2.0
"""The long tail of the versions that virt drivers hand over as text."""

import pathlib

import pytest
from sources import FILLER, READER_PATH, changed, crlf
from tables import (
    check_file_left,
    check_file_not_known,
    check_file_rewritten,
)

RULE = "version_text_to_number"

DRIVER_PATH = "nova/virt/example.py"

UTILS = """\
def convert_version_to_int(version):
    return int(version.replace('.', '00'))
"""

#: There are fields for all that is filled, so the compute node keeps nothing that they refuse.
WRITER = changed(FILLER, ("        values['pci_stats'] = '[]'\n", ""))

BESIDE = {READER_PATH: WRITER, "nova/utils.py": UTILS}

IMPORT = "from nova import utils\n"


def status(entry: str) -> str:
    """A driver that hands over a dict with the entry."""
    return f"def host_status():\n    return {{\n        'vcpus': 1,\n        {entry}\n    }}\n"


NUMBER = "'hypervisor_version': utils.convert_version_to_int('5.1.0'),"

#: The whole module.
REWRITTEN = [
    pytest.param(
        status("'hypervisor_version': '5.1.0',"), f"{IMPORT}\n\n{status(NUMBER)}", id="alone"
    ),
    pytest.param(
        f"import os\n\nfrom nova.virt import driver\n\n\n{status(NUMBER)}".replace(
            "utils.convert_version_to_int('5.1.0')", "'5.1.0'"
        ),
        f"import os\n\n{IMPORT}from nova.virt import driver\n\n\n{status(NUMBER)}",
        id="with imports",
    ),
    pytest.param(
        f"{IMPORT}\n\nSTATUS = {{'hypervisor_version': '5.1.0'}}\n",
        f"{IMPORT}\n\nSTATUS = {{'hypervisor_version': utils.convert_version_to_int('5.1.0')}}\n",
        id="imported already",
    ),
    pytest.param(
        """\
class Driver(object):
    @property
    def status(self):
        def of_two():
            return {'hypervisor_version': '5.1' '.0'}
        print of_two()
""",
        f"""\
{IMPORT}

class Driver(object):
    @property
    def status(self):
        def of_two():
            return {{'hypervisor_version': utils.convert_version_to_int(
                '5.1' '.0')}}
        print of_two()
""",
        id="in a function in a decorated method, two literals",
    ),
    pytest.param(
        """\
def status(old):
    old = {'hypervisor_version': '1.0'}; new = {'hypervisor_version': 20}
    return old, new, {'hypervisor_version': '5.1.0', 'vcpus': 1}
""",
        f"""\
{IMPORT}

def status(old):
    old = {{
        'hypervisor_version': utils.convert_version_to_int(
            '1.0')}}; new = {{'hypervisor_version': 20}}
    return old, new, {{
        'hypervisor_version': utils.convert_version_to_int('5.1.0'),
        'vcpus': 1}}
""",
        id="several on a line, semicolon",
    ),
    pytest.param(
        status("# the first that works\n        'hypervisor_version': '5.1.0',  # or later"),
        f"{IMPORT}\n\n"
        + status(
            "# the first that works\n        'hypervisor_version': "
            "utils.convert_version_to_int(\n            '5.1.0'),  # or later"
        ),
        id="comments above and behind",
    ),
    pytest.param(
        """\
def status(f):
    return f({'hypervisor_version': '15.10.100'})
""",
        f"""\
{IMPORT}

def status(f):
    return f({{'hypervisor_version': utils.convert_version_to_int('15.10.100')}})
""",
        id="79 columns",
    ),
    pytest.param(
        """\
def status(f):
    return f({'hypervisor_version': '15.10.1000'})
""",
        f"""\
{IMPORT}

def status(f):
    return f(
        {{'hypervisor_version': utils.convert_version_to_int('15.10.1000')}})
""",
        id="80 columns",
    ),
    pytest.param(
        status("\"hypervisor_version\": '5.1.0',"),
        f"{IMPORT}\n\n" + status(NUMBER.replace("'hypervisor_version'", '"hypervisor_version"')),
        id="double quotes",
    ),
    pytest.param(
        status("'hypervisor_version': u'5.1.0',"),
        f"{IMPORT}\n\n" + status(NUMBER.replace("('5", "(u'5")),
        id="unicode",
    ),
    pytest.param(
        status("'hypervisor_version':\n            '5.1.0',  # or later"),
        f"{IMPORT}\n\n"
        + status(
            "'hypervisor_version':\n            utils.convert_version_to_int('5.1.0'),  # or later"
        ),
        id="on the next line",
    ),
    pytest.param(
        "def fill(values):\n    values['hypervisor_version'] = '5.1.0'\n",
        f"{IMPORT}\n\ndef fill(values):\n"
        "    values['hypervisor_version'] = utils.convert_version_to_int('5.1.0')\n",
        id="assigned",
    ),
    pytest.param(
        "def status():\n    return dict(hypervisor_version='5.1.0')\n",
        f"{IMPORT}\n\ndef status():\n"
        "    return dict(hypervisor_version=utils.convert_version_to_int('5.1.0'))\n",
        id="a keyword",
    ),
]

NOT_KNOWN = [
    pytest.param(status("'hypervisor_version': 5001000,"), DRIVER_PATH, id="a number"),
    pytest.param(status("'hypervisor_version': '5001000',"), DRIVER_PATH, id="digits"),
    pytest.param(status("'hypervisor_version': VERSION,"), DRIVER_PATH, id="a name"),
    pytest.param(status("'hypervisor_version': self.version('5.1'),"), DRIVER_PATH, id="a call"),
    pytest.param(status("'hypervisor_type': '5.1.0',"), DRIVER_PATH, id="another key"),
    pytest.param(status("# 'hypervisor_version': '5.1.0'"), DRIVER_PATH, id="in a comment"),
    pytest.param("TEXT = \"{'hypervisor_version': '5.1.0'}\"\n", DRIVER_PATH, id="in a text"),
    pytest.param(
        status("'hypervisor_version': '5.1.0',"), "nova/compute/example.py", id="no driver"
    ),
    pytest.param(
        status("'hypervisor_version': '5.1.0',"), "nova/tests/virt/test_example.py", id="unit test"
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_literal_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, before, after, DRIVER_PATH, BESIDE)


def test_literal_rewritten_with_its_line_endings(tmp_path: pathlib.Path):
    before = crlf(status("'hypervisor_version': '5.1.0',"))
    after = crlf(f"{IMPORT}\n\n{status(NUMBER)}")
    check_file_rewritten(tmp_path, RULE, before, after, DRIVER_PATH, BESIDE)


def test_literal_becomes_a_number_where_nothing_makes_one_of_it(tmp_path: pathlib.Path):
    before = status("'hypervisor_version': '5.1.0',  # the first")
    after = status("'hypervisor_version': 5001000,  # the first")
    check_file_rewritten(tmp_path, RULE, before, after, DRIVER_PATH, {READER_PATH: WRITER})


@pytest.mark.parametrize(("source", "path"), NOT_KNOWN)
def test_nothing_for_the_rule(source: str, path: str, tmp_path: pathlib.Path):
    check_file_not_known(tmp_path, RULE, source, None, path, BESIDE)


@pytest.mark.parametrize("text", ["none", "v5"])
def test_text_that_is_no_version_is_left_and_listed(text: str, tmp_path: pathlib.Path):
    source = status(f"'hypervisor_version': '{text}',")
    check_file_left(tmp_path, RULE, source, None, "value.text", DRIVER_PATH, BESIDE)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        pytest.param(
            f"from nova.virt import utils\n\n\n{status(NUMBER)}".replace(
                "utils.convert_version_to_int('5.1.0')", "'5.1.0'"
            ),
            "`utils` is nova.virt.utils",
            id="imported",
        ),
        pytest.param(
            "def status(utils):\n    return {'hypervisor_version': '5.1.0'}\n",
            "`utils` is a local name",
            id="a parameter",
        ),
    ],
)
def test_left_and_listed_where_the_name_is_taken(source: str, reason: str, tmp_path: pathlib.Path):
    found = check_file_left(tmp_path, RULE, source, None, "import.name-taken", DRIVER_PATH, BESIDE)
    assert reason in found.declined[0].reason
