# SPDX-License-Identifier: Apache-2.0
"""The long tail of the commands that start a service without the objects."""

import pathlib
import textwrap

import pytest
from sources import OLDER, WITHOUT_OBJECTS, crlf
from tables import (
    check_file_left,
    check_file_not_known,
    check_file_rewritten,
)

RULE = "register_objects"

PATH = "nova/cmd/cert.py"

IMPORTS = """\
import sys

from nova import config
from nova import service
"""
IMPORTS_AFTER = """\
import sys

from nova import config
from nova import objects
from nova import service
"""

PARSE = "config.parse_args(sys.argv)\n"
REGISTER = "objects.register_all()\n"
START = "service.serve(service.Service.create(binary='nova-cert'))\n"


def in_main(lines: str, imports: str = IMPORTS) -> str:
    """A command whose main() has the lines."""
    return f"{imports}\n\ndef main():\n{textwrap.indent(lines, '    ')}"


#: The lines of main().
REWRITTEN = [
    pytest.param(PARSE + START, PARSE + REGISTER + START, id="behind the options"),
    pytest.param(
        """\
config.parse_args(
    sys.argv,  # of the process
    default_config_files=None)
# the options are known now
service.serve(service.Service.create(binary='nova-cert'))
""",
        """\
config.parse_args(
    sys.argv,  # of the process
    default_config_files=None)
objects.register_all()
# the options are known now
service.serve(service.Service.create(binary='nova-cert'))
""",
        id="on several lines, comments in it and below",
    ),
    pytest.param(
        """\
config.parse_args(sys.argv)  # the options
server = service.Service.create(binary='nova-cert',
                                topic='cert')
service.serve(server)
""",
        """\
config.parse_args(sys.argv)  # the options
objects.register_all()
server = service.Service.create(binary='nova-cert',
                                topic='cert')
service.serve(server)
""",
        id="comment behind",
    ),
    pytest.param(
        """\
config. \\
    parse_args(sys.argv)
service.serve(service.Service.create(binary='nova-cert'))
""",
        """\
config. \\
    parse_args(sys.argv)
objects.register_all()
service.serve(service.Service.create(binary='nova-cert'))
""",
        id="continued line",
    ),
    pytest.param(
        """\
args = (config.parse_args(sys.argv))
print args
service.serve(service.Service.create(binary='nova-cert'))
""",
        """\
args = (config.parse_args(sys.argv))
objects.register_all()
print args
service.serve(service.Service.create(binary='nova-cert'))
""",
        id="result is used, parenthesised, Python 2 syntax below",
    ),
    pytest.param(
        """\
if not sys.argv: config.parse_args([])
service.serve(service.Service.create(binary='nova-cert'))
""",
        """\
if not sys.argv: config.parse_args([])
objects.register_all()
service.serve(service.Service.create(binary='nova-cert'))
""",
        id="block on one line",
    ),
    pytest.param(
        """\
try:
    config.parse_args(sys.argv)
except Exception:
    sys.exit(1)
service.serve(service.Service.create(binary='nova-cert'))
""",
        """\
try:
    config.parse_args(sys.argv)
    objects.register_all()
except Exception:
    sys.exit(1)
service.serve(service.Service.create(binary='nova-cert'))
""",
        id="in try",
    ),
    pytest.param(
        """\
if config.parse_args(sys.argv):
    pass
service.serve(service.Service.create(binary='nova-cert'))
""",
        """\
if config.parse_args(sys.argv):
    pass
objects.register_all()
service.serve(service.Service.create(binary='nova-cert'))
""",
        id="as a condition",
    ),
    pytest.param(
        """\
if not sys.argv:
    args = None
elif config.parse_args(sys.argv):
    args = sys.argv
else:
    args = []
service.serve(service.Service.create(binary='nova-cert'))
""",
        """\
if not sys.argv:
    args = None
elif config.parse_args(sys.argv):
    args = sys.argv
else:
    args = []
objects.register_all()
service.serve(service.Service.create(binary='nova-cert'))
""",
        id="as the second condition",
    ),
    pytest.param(
        """\
def start():
    config.parse_args(sys.argv)
    service.serve(service.Service.create(binary='nova-cert'))
start()
""",
        """\
def start():
    config.parse_args(sys.argv)
    objects.register_all()
    service.serve(service.Service.create(binary='nova-cert'))
start()
""",
        id="in a function in a function",
    ),
    pytest.param(
        f"{PARSE[:-1]}; {START}",
        f"{PARSE}{REGISTER}{START}",
        id="the service on the same line",
    ),
]

#: Whole modules.
MODULES = [
    pytest.param(
        f"""\
{IMPORTS}

class Command(object):
    @staticmethod
    def main():
        config.parse_args(sys.argv)
        service.serve(service.Service.create(binary='nova-cert'))
""",
        f"""\
{IMPORTS_AFTER}

class Command(object):
    @staticmethod
    def main():
        config.parse_args(sys.argv)
        objects.register_all()
        service.serve(service.Service.create(binary='nova-cert'))
""",
        id="a decorated method",
    ),
    pytest.param(
        f"""\
{IMPORTS}

if __name__ == '__main__':
    config.parse_args(sys.argv)
    service.serve(service.Service.create(binary='nova-cert'))
""",
        f"""\
{IMPORTS_AFTER}

if __name__ == '__main__':
    config.parse_args(sys.argv)
    objects.register_all()
    service.serve(service.Service.create(binary='nova-cert'))
""",
        id="no function at all",
    ),
    pytest.param(
        f"""\
{IMPORTS}

def parse():
    config.parse_args(sys.argv)


def main():
    parse()
    service.serve(service.Service.create(binary='nova-cert'))
""",
        f"""\
{IMPORTS_AFTER}

def parse():
    config.parse_args(sys.argv)
    objects.register_all()


def main():
    parse()
    service.serve(service.Service.create(binary='nova-cert'))
""",
        id="two functions",
    ),
    pytest.param(
        """\
import sys

import nova.config
import nova.service


def main():
    nova.config.parse_args(sys.argv)
    nova.service.serve(nova.service.Service.create(binary='nova-cert'))
""",
        """\
import sys

import nova.config
from nova import objects
import nova.service


def main():
    nova.config.parse_args(sys.argv)
    objects.register_all()
    nova.service.serve(nova.service.Service.create(binary='nova-cert'))
""",
        id="whole dotted names",
    ),
    pytest.param(
        f"""\
{IMPORTS_AFTER}

def main():
    config.parse_args(sys.argv)
    service.serve(service.Service.create(manager=objects))
""",
        f"""\
{IMPORTS_AFTER}

def main():
    config.parse_args(sys.argv)
    objects.register_all()
    service.serve(service.Service.create(manager=objects))
""",
        id="imported already",
    ),
    pytest.param(
        f"""\
{IMPORTS}

def main():
    config.parse_args(sys.argv)
    service.serve(service.Service.create(binary='nova-cert'))


def check():
    config.parse_args([])
""",
        f"""\
{IMPORTS_AFTER}

def main():
    config.parse_args(sys.argv)
    objects.register_all()
    service.serve(service.Service.create(binary='nova-cert'))


def check():
    config.parse_args([])
""",
        id="options are read in two places",
    ),
    pytest.param(
        f"{IMPORTS}\n\ndef main():\n    service.Service.create(manager=main)\n    {PARSE[:-1]}",
        f"{IMPORTS_AFTER}\n\ndef main():\n    service.Service.create(manager=main)\n"
        f"    {PARSE}    {REGISTER[:-1]}",
        id="last statement, no newline at the end",
    ),
    pytest.param(
        """\
import sys

from nova import config
from nova import service as nova_service


def main():
    config.parse_args(sys.argv)
    nova_service.serve(nova_service.Service.create(binary='nova-cert'))
""",
        """\
import sys

from nova import config
from nova import objects
from nova import service as nova_service


def main():
    config.parse_args(sys.argv)
    objects.register_all()
    nova_service.serve(nova_service.Service.create(binary='nova-cert'))
""",
        id="imported under another name",
    ),
    pytest.param(
        """\
import sys

from nova.config import parse_args
from nova.service import Service


def main():
    parse_args(sys.argv)
    Service.create(binary='nova-cert').start()
""",
        """\
import sys

from nova.config import parse_args
from nova import objects
from nova.service import Service


def main():
    parse_args(sys.argv)
    objects.register_all()
    Service.create(binary='nova-cert').start()
""",
        id="the class itself is imported",
    ),
    pytest.param(
        in_main(f"{PARSE}# unlike others without register_all()\n{START}"),
        in_main(f"{PARSE}{REGISTER}# unlike others without register_all()\n{START}", IMPORTS_AFTER),
        id="the call in a comment",
    ),
]

NOT_KNOWN = [
    pytest.param(in_main(PARSE), PATH, {}, id="starts no service"),
    pytest.param(in_main(START), PATH, {}, id="reads no options"),
    pytest.param(
        in_main(f"{PARSE}service.serve(service.WSGIService('osapi'))\n"), PATH, {}, id="serves HTTP"
    ),
    pytest.param(
        in_main(PARSE + REGISTER + START, IMPORTS_AFTER), PATH, {}, id="registers them already"
    ),
    pytest.param(
        in_main(START + PARSE).replace("from nova", "from other"), PATH, {}, id="another package"
    ),
    pytest.param(
        in_main(f'{PARSE}TEXT = """\nservice.Service.create()\n"""\n'), PATH, {}, id="in a text"
    ),
    pytest.param(in_main(f"{PARSE}# service.Service.create()\n"), PATH, {}, id="in a comment"),
    pytest.param(in_main(PARSE + START), "nova/compute/cert.py", {}, id="no command"),
    pytest.param(in_main(PARSE + START), PATH, WITHOUT_OBJECTS, id="no objects in the tree"),
    pytest.param(in_main(PARSE + START), PATH, OLDER, id="objects without a registry"),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, in_main(before), in_main(after, IMPORTS_AFTER), PATH)


@pytest.mark.parametrize(("before", "after"), MODULES)
def test_module_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, before, after, PATH)


def test_line_endings_stay(tmp_path: pathlib.Path):
    before = crlf(in_main(PARSE + START))
    after = crlf(in_main(PARSE + REGISTER + START, IMPORTS_AFTER))
    check_file_rewritten(tmp_path, RULE, before, after, PATH)


@pytest.mark.parametrize(("source", "path", "beside"), NOT_KNOWN)
def test_nothing_for_the_rule(
    source: str, path: str, beside: dict[str, str | None], tmp_path: pathlib.Path
):
    check_file_not_known(tmp_path, RULE, source, None, path, beside)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(f"{START}return {PARSE}", id="returned"),
        pytest.param(f"if sys.argv: return {PARSE}{START}", id="returned on one line"),
        pytest.param(f"parse = lambda: {PARSE}parse()\n{START}", id="in a lambda"),
        pytest.param(f"if {PARSE[:-1]}:\n    {START}", id="the service below a condition"),
        pytest.param(START.replace("'nova-cert'", PARSE[:-1]), id="the service in its statement"),
        pytest.param(f"def parse(args={PARSE[:-1]}):\n    pass\n{START}", id="a default"),
    ],
)
def test_left_and_listed_where_there_is_no_place_behind(lines: str, tmp_path: pathlib.Path):
    source = in_main(lines)
    check_file_left(tmp_path, RULE, source, None, "call.position", PATH)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        pytest.param(
            in_main(f"objects = []\n{PARSE}{START}"), "`objects` is a local name", id="assigned"
        ),
        pytest.param(
            in_main(PARSE + START).replace("main()", "main(objects)"),
            "`objects` is a local name",
            id="a parameter",
        ),
        pytest.param(
            in_main(PARSE + START, f"{IMPORTS}from nova.api import objects\n"),
            "`objects` is nova.api.objects",
            id="imported",
        ),
    ],
)
def test_left_and_listed_where_the_name_is_taken(source: str, reason: str, tmp_path: pathlib.Path):
    found = check_file_left(tmp_path, RULE, source, None, "import.name-taken", PATH)
    assert reason in found.declined[0].reason
