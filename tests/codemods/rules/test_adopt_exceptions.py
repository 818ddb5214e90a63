# SPDX-License-Identifier: Apache-2.0
"""The long tail of the exception module whose classes the shim raises."""

import pathlib

import pytest
from sources import READER_PATH, WITHOUT_OBJECTS, changed, crlf
from tables import (
    check_file_left,
    check_file_not_known,
    check_file_rewritten,
    outcome,
    wrong_today,
)

from codemods.model import Item
from codemods.rules.example_sources import READER

RULE = "adopt_exceptions"

PATH = "nova/exception.py"

#: A tree without objects, in which one file is rewritten to the shim's.
BESIDE = {**WITHOUT_OBJECTS, READER_PATH: READER}

IMPORT = "from shim import exception as shim_exception\n"

CLASS = """\
class NovaException(Exception):
    pass
"""

CALL = """\


# Make the objects raise the exceptions that callers catch.
shim_exception.adopt(globals())
"""

#: Where the module begins, before and after; its class and the call follow.
STARTS = [
    pytest.param("", f"{IMPORT}\n\n", id="with a class"),
    pytest.param(
        '"""The errors."""\n\n\n', f'"""The errors."""\n\n{IMPORT}\n\n', id="with a docstring"
    ),
    pytest.param(
        "# Licensed to everybody.\n\n", f"# Licensed to everybody.\n\n{IMPORT}\n\n", id="comment"
    ),
    pytest.param(
        """\
import sys

from oslo.config import cfg
import webob.exc

from nova.openstack.common import excutils


""",
        f"""\
import sys

from oslo.config import cfg
import webob.exc

from nova.openstack.common import excutils

{IMPORT}

""",
        id="with imports of three groups",
    ),
    pytest.param(
        """\
import sys
# and no more of them


""",
        f"""\
import sys
# and no more of them

{IMPORT}

""",
        id="comment below the imports",
        marks=wrong_today("the comment is left to another import"),
    ),
    pytest.param(
        "# -*- coding: latin-1 -*-\n",
        f"# -*- coding: latin-1 -*-\n\n{IMPORT}\n\n",
        id="encoding right above the class",
    ),
    pytest.param(
        "from __future__ import absolute_import\n\n\n",
        f"from __future__ import absolute_import\n\n{IMPORT}\n\n",
        id="import from __future__",
    ),
]

#: Where the module ends, behind its class, before and after.
ENDS = [
    pytest.param("\n\ndef is_fatal(error):\n    return False\n", None, id="a function"),
    pytest.param("\n\nERRORS = [NovaException];\n", None, id="a statement with a semicolon"),
    pytest.param("\n\nif ERRORS: FATAL = NovaException\n", None, id="a block on one line"),
    pytest.param("\n\nTEXT = 'one ' \\\n    'two'\n", None, id="a continued line"),
    pytest.param("# no more of them\n", None, id="a comment"),
    pytest.param("    # no more of it\n", None, id="a comment within the class"),
    pytest.param("\n\nERRORS = [NovaException]", "\n\nERRORS = [NovaException]\n", id="no newline"),
    pytest.param("\n\n", "", id="blank lines at the end"),
    pytest.param(
        "# shim_exception.adopt(globals()) is all it takes\n",
        None,
        id="the call in a comment",
    ),
]

DONE = f"{IMPORT}\n\n{CLASS}{CALL}"

NOT_KNOWN = [
    pytest.param(DONE, PATH, BESIDE, id="done already"),
    pytest.param(CLASS, PATH, {READER_PATH: READER}, id="objects of the tree's own"),
    pytest.param(CLASS, PATH, WITHOUT_OBJECTS, id="nobody uses objects"),
    pytest.param(
        CLASS,
        PATH,
        {
            **WITHOUT_OBJECTS,
            READER_PATH: READER.replace(
                "service_get_by_compute_host(context, host)",
                "service_get_by_host_and_topic(context, host, 'compute')",
            ),
        },
        id="only a call that stays",
    ),
    pytest.param(CLASS, "nova/compute/exception.py", BESIDE, id="exceptions of one package"),
    pytest.param(CLASS, "nova/exceptions.py", BESIDE, id="another name"),
    pytest.param(
        f"import shim.exception\n\n\n{CLASS}\n\nshim.exception.adopt(globals())\n",
        PATH,
        BESIDE,
        id="done already, in another spelling",
    ),
    pytest.param(
        f"from shim import exception as other\n\n\n{CLASS}\n\nother.adopt(globals())\n",
        PATH,
        BESIDE,
        id="done already, by another name",
    ),
    pytest.param(
        f"from shim.exception import adopt\n\n\n{CLASS}\n\nadopt(globals())\n",
        PATH,
        BESIDE,
        id="done already, by the function alone",
    ),
    pytest.param(
        f"{DONE}\n\ndef is_fatal(error):\n    return False\n",
        PATH,
        BESIDE,
        id="done already, further up",
    ),
    pytest.param(
        f"{IMPORT}\n\n{CLASS}\n\nif shim_exception:\n    shim_exception.adopt(globals())\n",
        PATH,
        BESIDE,
        id="done already, in a block",
    ),
    pytest.param("", PATH, BESIDE, id="empty"),
    pytest.param("# Nothing so far.\n", PATH, BESIDE, id="only a comment"),
    pytest.param(
        CLASS,
        PATH,
        {**WITHOUT_OBJECTS, "nova/tests/compute/test_reader.py": READER},
        id="only a unit test",
    ),
    *(
        pytest.param(
            CLASS, PATH, {**WITHOUT_OBJECTS, READER_PATH: changed(READER, (old, new))}, id=name
        )
        for old, new, name in (
            ("self.conductor_api.s", "self.api.s", "only another API"),
            ("from nova import", "from nova.api import", "only another conductor"),
            ("(context, host)", "", "only a method that is not called"),
            ("host(context, host)", "host(*host)", "only arguments that are not known"),
        )
    ),
    pytest.param(
        CLASS,
        PATH,
        {
            **WITHOUT_OBJECTS,
            READER_PATH: """\
from nova import db


def read(context, host):
    # conductor.API().service_get_by_compute_host(context, host)
    return db.service_get_by_compute_host(context, host)
""",
        },
        id="only the database",
    ),
]


@pytest.mark.parametrize(("before", "after"), STARTS)
def test_import_has_its_place(before: str, after: str, tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, before + CLASS, after + CLASS + CALL, PATH, BESIDE)


@pytest.mark.parametrize(("before", "after"), ENDS)
def test_call_is_the_last_statement(before: str, after: str | None, tmp_path: pathlib.Path):
    end = before if after is None else after
    check_file_rewritten(
        tmp_path, RULE, CLASS + before, f"{IMPORT}\n\n{CLASS}{end}{CALL}", PATH, BESIDE
    )


def test_line_endings_stay(tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, crlf(CLASS), crlf(DONE), PATH, BESIDE)


def test_byte_order_mark_stays(tmp_path: pathlib.Path):
    mark = "\ufeff"
    check_file_rewritten(tmp_path, RULE, mark + CLASS, mark + DONE, PATH, BESIDE)


@pytest.mark.parametrize(
    ("call", "item"),
    [
        ("service_get_by_compute_host(context, host)", Item.SERVICE),
        ("instance_type_get(context, host)", Item.FLAVOR),
        ("migration_get(context, host)", Item.MIGRATION),
    ],
)
def test_goes_with_the_first_objects_of_the_shim(call: str, item: Item, tmp_path: pathlib.Path):
    reader = READER.replace("service_get_by_compute_host(context, host)", call)
    found = outcome(tmp_path, CLASS, PATH, {**BESIDE, READER_PATH: reader})
    assert {edit.item for edit in found.edits} == {item}
    assert next(patch.item for patch in found.result.patches) is item


@pytest.mark.parametrize(("source", "path", "beside"), NOT_KNOWN)
def test_nothing_for_the_rule(
    source: str, path: str, beside: dict[str, str | None], tmp_path: pathlib.Path
):
    check_file_not_known(tmp_path, RULE, source, None, path, beside)


@pytest.mark.parametrize(
    "start",
    [
        pytest.param("from nova import shim_exception\n\n\n", id="imported"),
        pytest.param(
            "shim_exception = None\n\n\n",
            id="assigned",
        ),
    ],
)
def test_left_and_listed_where_the_name_is_taken(start: str, tmp_path: pathlib.Path):
    source = start + CLASS
    found = check_file_left(tmp_path, RULE, source, None, "import.name-taken", PATH, BESIDE)
    assert "`shim_exception` is" in found.declined[0].reason
    # what the shim raises would not be caught
    assert found.result.changes == ()
