# SPDX-License-Identifier: Apache-2.0
"""The long tail of admin contexts that only a call of the conductor took."""

import pathlib
import textwrap

import pytest
from sources import crlf
from tables import check_file_not_known, check_file_rewritten

from codemods.rules.example_sources import SERVICE_WITH_CONTEXT

RULE = "remove_unused_context"

BESIDE = {"nova/objects/service.py": SERVICE_WITH_CONTEXT}

#: The module, up to the lines of the method that reports.
START = """\
from nova import conductor
from nova import context


class Reporter(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, ctxt, host):
        self.conductor_api.wait_until_ready(ctxt)
        self.service = self.conductor_api.service_get_by_compute_host(
            ctxt, host)

    def report(self, values=None):
"""

START_AFTER = START.replace(
    "service = self.conductor_api.service", "service = objects.Service"
).replace("Service_get", "Service.get")

ADMIN = "admin = context.get_admin_context()\n"

#: The call that takes the context, and what becomes of it: the row is handed over as its own
#: values, so it is saved itself.
UPDATE = "self.conductor_api.service_update(admin, self.service, self.service)\n"
SAVE = """\
self.service.update(copy.deepcopy(self.service))
self.service.save()
"""

WITH_CONTEXT = "from nova import context\nfrom nova import objects\n"
WITHOUT_CONTEXT = "from nova import objects\n"


def in_report(lines: str) -> str:
    """A module whose method reports with the lines."""
    return START + textwrap.indent(lines, " " * 8)


def rewritten(lines: str, imports: str = WITHOUT_CONTEXT) -> str:
    """The same with the rows read as objects."""
    start = START_AFTER.replace("from nova import context\n", imports)
    return "import copy\n\n" + start + textwrap.indent(lines, " " * 8)


REWRITTEN = [
    pytest.param(ADMIN + UPDATE, SAVE, id="used once"),
    pytest.param(ADMIN + UPDATE + UPDATE, SAVE + SAVE, id="used twice"),
    pytest.param(
        f"# on behalf of nobody\n{ADMIN[:-1]}  # of the cloud\n# tell\n{UPDATE}",
        f"# on behalf of nobody\n# tell\n{SAVE}",
        id="comment behind goes with it, those around stay",
    ),
    pytest.param(
        f"(admin) = (context.get_admin_context(\n    read_deleted='no'))\n{UPDATE}",
        SAVE,
        id="parenthesised, on two lines, with an argument",
    ),
    pytest.param(
        f"values = 1; {ADMIN}{UPDATE}return values\n",
        f"values = 1\n{SAVE}return values\n",
        id="last of two statements on a line",
    ),
    pytest.param(f"if values: {ADMIN}{UPDATE}", f"if values: pass\n{SAVE}", id="block on one line"),
    pytest.param(
        f"try:\n    {ADMIN}finally:\n    print values\n{UPDATE}",
        f"try:\n    pass\nfinally:\n    print values\n{SAVE}",
        id="only statement of a block, Python 2 syntax",
    ),
    pytest.param(
        f"if values:\n    {ADMIN}else:\n"
        f"    admin = context.get_admin_context(read_deleted='yes')\n{UPDATE}",
        f"if values:\n    pass\nelse:\n    pass\n{SAVE}",
        id="assigned in two places",
    ),
    pytest.param(
        f"def inner():\n    {ADMIN}    {UPDATE}inner()\n",
        f"def inner():\n{textwrap.indent(SAVE, '    ')}inner()\n",
        id="in a function in a method",
    ),
    pytest.param(
        f'"""Report as admin."""\n{ADMIN}\n{UPDATE}',
        f'"""Report as admin."""\n\n{SAVE}',
        id="below a docstring, blank line below",
    ),
    pytest.param(
        f"{ADMIN}{UPDATE}values['admin'] = self.admin = 'admin'\n",
        f"{SAVE}values['admin'] = self.admin = 'admin'\n",
        id="the name stands for other things, too",
    ),
    pytest.param(
        f"{ADMIN[:-1]}; {UPDATE}",
        SAVE,
        id="first of two statements on a line",
    ),
    pytest.param(
        f"{ADMIN}{UPDATE}self.log.info('of %(values)s' % locals(), locals())\n",
        f"{SAVE}self.log.info('of %(values)s' % locals(), locals())\n",
        id="texts that show other names",
    ),
]

#: How the context is imported, and what the local name is then.
IMPORTS = [
    pytest.param(
        "from nova import context as nova_context\n", "nova_context.get_admin_context", id="alias"
    ),
    pytest.param(
        "from nova.context import get_admin_context\n", "get_admin_context", id="the function"
    ),
    pytest.param("import nova.context\n", "nova.context.get_admin_context", id="whole name"),
]

#: A use that remains, or that cannot be told; the call of the conductor is rewritten.
NOT_KNOWN = [
    pytest.param(f"{ADMIN}{UPDATE}return admin\n", id="returned"),
    pytest.param(f"{ADMIN}values(admin)\n{UPDATE}", id="handed on before"),
    pytest.param(f"{ADMIN}{UPDATE}return lambda: admin\n", id="in a lambda"),
    pytest.param(
        f"{ADMIN}{UPDATE}def inner(one=admin):\n    return one\nreturn inner\n",
        id="a default of a function inside",
    ),
    pytest.param(
        f"{ADMIN}{UPDATE}class Inner(object):\n    owner = admin\nreturn Inner\n",
        id="in a class inside",
    ),
    pytest.param(
        f"{ADMIN}{UPDATE}self.conductor_api.wait_until_ready(admin)\n", id="a call that stays"
    ),
    pytest.param(f"admin, values = context.get_admin_context(), 1\n{UPDATE}", id="in a tuple"),
    pytest.param(
        f"self.admin = context.get_admin_context()\n{UPDATE.replace('admin', 'self.admin')}",
        id="an attribute",
    ),
    pytest.param(f"admin = context.RequestContext()\n{UPDATE}", id="another context"),
    pytest.param(f"admin = context.get_admin_context\n{UPDATE}", id="not called"),
    pytest.param(f"other = context.get_admin_context()\n{UPDATE}", id="another name, never used"),
    pytest.param(
        f"with context.get_admin_context() as admin:\n    {UPDATE}", id="of a with statement"
    ),
    pytest.param(
        f"global admin\n{ADMIN}{UPDATE}",
        id="a global name",
    ),
    pytest.param(
        f"admin = self.admin = context.get_admin_context()\n{UPDATE}",
        id="an attribute as well",
    ),
    pytest.param(
        f"admin = other = context.get_admin_context()\n{UPDATE}return other\n",
        id="another name as well",
    ),
    pytest.param(
        f"admin = context.get_admin_context(values.pop())\n{UPDATE}",
        id="an argument that is a call",
    ),
    pytest.param(
        f"{ADMIN}{UPDATE}print '%(admin)s' % locals()\n",
        id="shown by locals()",
    ),
    pytest.param(
        f"{ADMIN}{UPDATE}self.log.info('of %(admin)s', locals())\n", id="logged by locals()"
    ),
    pytest.param(f"{ADMIN}{UPDATE}return self.shown(locals())\n", id="handed on by locals()"),
    pytest.param(f"{ADMIN}{UPDATE}return self.text % locals()\n", id="fills a text of elsewhere"),
    pytest.param(
        f"{ADMIN}{UPDATE}self.log.info(self.text, locals())\n", id="logs a text of elsewhere"
    ),
    pytest.param(
        f"{ADMIN}{UPDATE}del admin\n",
        id="deleted",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, in_report(before), rewritten(after), beside=BESIDE)


@pytest.mark.parametrize(("imported", "spelled"), IMPORTS)
def test_rewritten_however_it_is_imported(imported: str, spelled: str, tmp_path: pathlib.Path):
    before = in_report(f"admin = {spelled}()\n{UPDATE}")
    before = before.replace("from nova import context\n", imported)
    check_file_rewritten(tmp_path, RULE, before, rewritten(SAVE), beside=BESIDE)


def test_import_in_the_method_goes_with_the_context(tmp_path: pathlib.Path):
    before = in_report(f"from nova import context\n{ADMIN}{UPDATE}")
    before = before.replace("from nova import context\n", "", 1)
    check_file_rewritten(tmp_path, RULE, before, rewritten(SAVE), beside=BESIDE)


def test_line_endings_stay(tmp_path: pathlib.Path):
    check_file_rewritten(
        tmp_path, RULE, crlf(in_report(ADMIN + UPDATE)), crlf(rewritten(SAVE)), beside=BESIDE
    )


@pytest.mark.parametrize("lines", NOT_KNOWN)
def test_nothing_for_the_rule(lines: str, tmp_path: pathlib.Path):
    after = lines
    for line in lines.splitlines(keepends=True):
        if "service_update" in line:
            indent = line[: len(line) - len(line.lstrip())]
            after = after.replace(line, textwrap.indent(SAVE, indent))
    check_file_not_known(
        tmp_path, RULE, in_report(lines), rewritten(after, WITH_CONTEXT), beside=BESIDE
    )


def test_nothing_where_save_takes_the_context(tmp_path: pathlib.Path):
    after = rewritten(ADMIN + SAVE.replace("save()", "save(admin)"), WITH_CONTEXT)
    check_file_not_known(tmp_path, RULE, in_report(ADMIN + UPDATE), after)


def test_nothing_in_a_file_without_an_edit(tmp_path: pathlib.Path):
    source = in_report(f"{ADMIN}self.conductor_api.wait_until_ready(admin)\n").replace(
        "service_get_by_compute_host(", "wait_until_ready("
    )
    check_file_not_known(tmp_path, RULE, source, None, beside=BESIDE)


def test_nothing_outside_of_functions(tmp_path: pathlib.Path):
    before = """\
from nova import conductor
from nova import context
from nova import objects

ADMIN = context.get_admin_context()
SERVICE = objects.Service.get_by_compute_host(None, 'host')
conductor.API().service_update(ADMIN, SERVICE, {'report_count': 1})
"""
    after = """\
from nova import context
from nova import objects

ADMIN = context.get_admin_context()
SERVICE = objects.Service.get_by_compute_host(None, 'host')
service = objects.Service(ADMIN, id=SERVICE['id'])
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.report_count = 1
service.save()
"""
    check_file_not_known(tmp_path, RULE, before, after, beside=BESIDE)
