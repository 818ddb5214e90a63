# SPDX-License-Identifier: Apache-2.0
"""The long tail of compute nodes that keep what virt drivers say of them."""

import ast
import pathlib
import re

import pytest
from sources import FILLER, READER_PATH, changed, crlf
from tables import assert_same_text, check_file_not_known, check_file_rewritten, outcome

RULE = "keep_columns"

PATH = "nova/objects/compute_node.py"
ROWS = "nova/objects/compute_node_rows.py"

BESIDE: dict[str, str | None] = {READER_PATH: FILLER}

NODE = """\
from nova import db
from nova.objects import base
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.5'

    fields = {
        'id': fields.IntegerField(),
        }

    @base.remotable
    def create(self, context):
        db_compute = db.compute_node_create(context, self.obj_get_changes())
        self._from_db_object(context, self, db_compute)

    @base.remotable
    def save(self, context):
        db.compute_node_update(context, self.id, self.obj_get_changes())
"""

AFTER = changed(
    NODE,
    ("from nova import db\n", ""),
    (
        "import base\n",
        "import base\nfrom nova.objects import compute_node_rows\n",
    ),
    ("class ComputeNode(", "class ComputeNode(compute_node_rows.KeptColumns,\n                  "),
    (
        "        }\n",
        """\
        'pci_stats': fields.StringField(nullable=True),
        }
    # Not part of this object version, so not sent over RPC.
    unversioned = ('pci_stats',)
    fields = compute_node_rows.kept(fields)
""",
    ),
    ("@base.remotable\n    def create", "@compute_node_rows.remotable\n    def create"),
    ("@base.remotable\n    def save", "@compute_node_rows.remotable\n    def save"),
    (
        "db.compute_node_create(context, self.obj_get_changes())",
        "compute_node_rows.compute_node_create(\n            context, self.obj_get_changes())",
    ),
    (
        "        db.compute_node_update(context, self.id, self.obj_get_changes())",
        "        compute_node_rows.compute_node_update(context, self.id,\n"
        "                                              self.obj_get_changes())",
    ),
)

REWRITTEN = [
    pytest.param((), id="plain"),
    pytest.param(
        (
            (
                "_rows.remotable\n    def create",
                "_rows.remotable\n    # twice\n    @traced\n    def create",
            ),
        ),
        id="another decorator, comment",
    ),
    pytest.param(
        (("'1.5'\n", "'1.5'  # not 1.6\n    LIMIT = 3; STEP = 4\n"),),
        id="other statements, semicolon",
    ),
]

#: Methods that write rows in another way: the fields are not added, and the calls stay.
OTHER_WAYS = [
    pytest.param(
        ("    @base.remotable\n    def create", "    def create"), id="no remotable method"
    ),
    pytest.param(
        (
            "db.compute_node_create(context, self.obj_get_changes())",
            "self.dbapi.compute_node_create(context, self.obj_get_changes())",
        ),
        id="another way to the database",
    ),
    pytest.param(("def save(self, context):", "def save(self):"), id="no context"),
    pytest.param(
        (
            "db.compute_node_create(context, self.obj_get_changes())",
            "db.compute_node_create(context, self._changes)",
        ),
        id="other values than obj_get_changes() gives",
    ),
]


def of_before(pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """The changes of what is there after the run, to what is there before."""
    return [
        (old.replace("_rows.rem", "base.rem"), new.replace("_rows.rem", "base.rem"))
        for old, new in pairs
    ]


@pytest.mark.parametrize("pairs", REWRITTEN)
def test_rewritten(pairs: tuple[tuple[str, str], ...], tmp_path: pathlib.Path):
    before = changed(NODE, *of_before(pairs))
    check_file_rewritten(tmp_path, RULE, before, changed(AFTER, *pairs), PATH, BESIDE)


def test_bases_stay_on_a_line_that_has_room(tmp_path: pathlib.Path):
    two = "base.NovaPersistentObject, base.NovaObject"
    before = changed(NODE, (two, "base.NovaObject"))
    after = changed(AFTER, (f"\n                  {two}", " base.NovaObject"))
    check_file_rewritten(tmp_path, RULE, before, after, PATH, BESIDE)


def test_line_endings_stay(tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, crlf(NODE), crlf(AFTER), PATH, BESIDE)


def test_rows_are_handed_on_by_a_new_module(tmp_path: pathlib.Path):
    found = outcome(tmp_path, NODE, PATH, BESIDE)
    (made,) = (one for one in found.result.changes if one.before is None)
    text = made.after.decode()
    assert made.path == ROWS
    assert re.search(r"@\w+@", text) is None
    assert "class Kept(fields.Field):\n" in text
    assert all(len(line) < 80 for line in text.splitlines())


@pytest.mark.parametrize("pair", OTHER_WAYS)
def test_a_node_that_writes_otherwise_is_left_and_listed(
    pair: tuple[str, str], tmp_path: pathlib.Path
):
    found = outcome(tmp_path, changed(NODE, pair), PATH, BESIDE)
    assert found.failures == ()
    assert_same_text(found.text, changed(NODE, pair))
    assert "object.form" in found.codes


def test_a_conductor_without_a_dict_api_is_asked_for_nothing(tmp_path: pathlib.Path):
    beside = {**BESIDE, "nova/conductor/rpcapi.py": "class ConductorAPI(object):\n    pass\n"}
    check_file_not_known(tmp_path, RULE, NODE, None, PATH, beside)


def test_nothing_for_the_rule_where_no_column_is_filled(tmp_path: pathlib.Path):
    filler = changed(FILLER, ("        values['pci_stats'] = '[]'\n", ""))
    check_file_not_known(tmp_path, RULE, NODE, None, PATH, {READER_PATH: filler})


#: What the unit tests of that module are made of: fields, a row, and an exception.
TESTED: dict[str, str | None] = {
    **BESIDE,
    "nova/exception.py": "class OrphanedObjectError(Exception):\n    pass\n",
    "nova/test.py": "class TestCase(object):\n    pass\n",
    "nova/tests/objects/test_compute_node.py": "\nfake_compute_node = {\n    'id': 1,\n}\n",
}

FIELDS = (
    "        'id': fields.IntegerField(),\n",
    """\
        'id': fields.IntegerField(),
        'memory_mb': fields.IntegerField(),
        'vcpus': fields.IntegerField(),
        'cpu_info': fields.StringField(nullable=True),
        'stats': fields.DictOfNullableStringsField(nullable=True),
""",
)

TESTS = "nova/tests/objects/test_compute_node_rows.py"


def _made(root: pathlib.Path, text: str, beside: dict[str, str | None]) -> dict[str, str]:
    found = outcome(root, text, PATH, beside)
    assert found.failures == ()
    changes = found.result.changes
    return {one.path: one.after.decode() for one in changes if one.before is None}


def test_the_new_module_has_unit_tests(tmp_path: pathlib.Path):
    text = _made(tmp_path, changed(NODE, FIELDS), TESTED)[TESTS]
    assert re.search(r"@\w+@", text) is None
    assert "self.node.pci_stats = '[]'\n" in text
    assert "def test_field_takes_text_for_stats" in text
    assert "from nova.objects import fields\n" in text
    # the tree has a getter of its own
    assert "compute_nodes_of_host" not in text
    assert all(len(line) < 80 for line in text.splitlines())
    assert ast.parse(text)


WITHOUT_TESTS = [
    pytest.param(NODE, TESTED, id="node without the fields that they set"),
    pytest.param(
        changed(NODE, FIELDS),
        {**TESTED, "nova/tests/objects/test_compute_node.py": "fake_node = {}\n"},
        id="no row to be read",
    ),
    pytest.param(
        changed(NODE, FIELDS),
        {**TESTED, "nova/exception.py": "class Other(Exception):\n    pass\n"},
        id="no exception of that name",
    ),
]


@pytest.mark.parametrize(("text", "beside"), WITHOUT_TESTS)
def test_no_unit_tests_where_they_could_not_run(
    text: str, beside: dict[str, str | None], tmp_path: pathlib.Path
):
    assert set(_made(tmp_path, text, beside)) == {ROWS}
