# SPDX-License-Identifier: Apache-2.0
"""The long tail of the fields that the tree's compute node lacks."""

import pathlib
import textwrap

import older_tree
import pytest
from sources import FILLER, OLDER, READER_PATH, changed, crlf
from tables import (
    check_file_left,
    check_file_not_known,
    check_file_rewritten,
    outcome,
)

RULE = "add_object_fields"

PATH = "nova/objects/compute_node.py"

#: The small tree, in which the column `pci_stats` is filled.
BESIDE: dict[str, str | None] = {
    READER_PATH: FILLER,
    "nova/utils.py": "def convert_version_to_tuple(version):\n    pass\n",
}

IMPORTS = """\
from nova import db
from nova.objects import base
from nova.objects import fields
from nova import utils
"""

#: The parts of the classes before the run.
BEFORE = {
    "version": """\
# Version 1.0: Initial version
# Version 1.1: Added stats field
VERSION = '1.1'
""",
    "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True),
    }
""",
    "compatible": """\
def obj_make_compatible(self, primitive, target_version):
    target_version = utils.convert_version_to_tuple(target_version)
    if target_version < (1, 1):
        primitive.pop('stats', None)
""",
    "list_version": """\
# Version 1.0: Initial version
# Version 1.1: ComputeNode version 1.1
VERSION = '1.1'
""",
    "child_versions": """\
child_versions = {
    '1.0': '1.0',
    '1.1': '1.1',
    }
""",
}

#: And after it.
AFTER = {
    **BEFORE,
    "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True),
    'pci_stats': fields.StringField(nullable=True),
    }
""",
}


CREATE = """\
@base.remotable
def create(self, context):
    updates = self.obj_get_changes()
    db_compute = db.compute_node_create(context, updates)
    self._from_db_object(context, self, db_compute)
"""

CREATE_AFTER = CREATE.replace("base.remotable", "compute_node_rows.remotable").replace(
    "db.compute", "compute_node_rows.compute"
)

KEPT = """\
# Not part of this object version, so not sent over RPC.
unversioned = ({},)
fields = compute_node_rows.kept(fields)
"""

LIST_FIELDS = """\
fields = {
    'objects': fields.ListOfObjectsField('ComputeNode'),
    }
"""


def node(parts: dict[str, str], other: dict[str, str], new: tuple[str, ...] = ()) -> str:
    """The module of the object, with some parts that are other than usual.

    Behind the fields stands what keeps the `new` ones, if there are any.
    """
    parts, create, imports, bases = {**parts, **other}, CREATE, IMPORTS, ""
    if new:
        names = ", ".join(f"'{name}'" for name in new)
        kept = KEPT.format(names) if len(new) == 1 else KEPT.format(names).replace(",)", ")")
        parts["fields"] += kept
        create = CREATE_AFTER
        imports = IMPORTS.replace("from nova import db\n", "").replace(
            "import base\n", "import base\nfrom nova.objects import compute_node_rows\n"
        )
        bases = "compute_node_rows.KeptColumns,\n                  "
    own = "\n".join(filter(None, (parts["version"], parts["fields"], parts["compatible"], create)))
    listed = "\n".join(filter(None, (parts["list_version"], LIST_FIELDS + parts["child_versions"])))
    return (
        f"{imports}\n\n"
        f"class ComputeNode({bases}base.NovaPersistentObject, base.NovaObject):\n"
        f"{textwrap.indent(own, '    ')}\n\n"
        "class ComputeNodeList(base.ObjectListBase, base.NovaObject):\n"
        f"{textwrap.indent(listed, '    ')}"
    )


#: Parts of the classes, before and after.
REWRITTEN = [
    pytest.param({}, {}, id="the usual form"),
    pytest.param(
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True)
    }
"""
        },
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True),
    'pci_stats': fields.StringField(nullable=True)
    }
"""
        },
        id="no comma behind the last",
    ),
    pytest.param(
        {
            "fields": """\
fields = {'id': fields.IntegerField(),  # of the row
          'stats': fields.DictOfNullableStringsField(
              nullable=True)}  # those are all
"""
        },
        {
            "fields": """\
fields = {'id': fields.IntegerField(),  # of the row
          'stats': fields.DictOfNullableStringsField(
              nullable=True),
          'pci_stats': fields.StringField(nullable=True)}  # those are all
"""
        },
        id="brackets on the lines of the first and of the last",
    ),
    pytest.param(
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': (fields.DictOfNullableStringsField(nullable=True)),
    }
"""
        },
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': (fields.DictOfNullableStringsField(nullable=True)),
    'pci_stats': fields.StringField(nullable=True),
    }
"""
        },
        id="the last in parentheses",
    ),
    pytest.param(
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': (fields.DictOfNullableStringsField(nullable=True))}
"""
        },
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': (fields.DictOfNullableStringsField(nullable=True)),
    'pci_stats': fields.StringField(nullable=True)}
"""
        },
        id="the last in parentheses, no comma behind",
    ),
    pytest.param(
        {
            "fields": """\
fields = {
    # of the row
    'id': fields.IntegerField(),
    **{'vcpus': fields.IntegerField()},
    'stats': fields.DictOfNullableStringsField(nullable=True),
    # and no more
    }
"""
        },
        {
            "fields": """\
fields = {
    # of the row
    'id': fields.IntegerField(),
    **{'vcpus': fields.IntegerField()},
    'stats': fields.DictOfNullableStringsField(nullable=True),
    'pci_stats': fields.StringField(nullable=True),
    # and no more
    }
"""
        },
        id="comments on lines of their own, another dict unpacked",
    ),
    pytest.param(
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True),  # as text
    }
"""
        },
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True),  # as text
    'pci_stats': fields.StringField(nullable=True),
    }
"""
        },
        id="comment behind the last",
    ),
    pytest.param(
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True)  # text, all
    }
"""
        },
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True),  # text, all
    'pci_stats': fields.StringField(nullable=True)
    }
"""
        },
        id="comment with a comma behind the last",
    ),
    pytest.param(
        {
            "fields": """\
fields = {'id': fields.IntegerField(), 'stats': fields.DictOfStringsField()}
"""
        },
        {
            "fields": """\
fields = {'id': fields.IntegerField(),
          'stats': fields.DictOfStringsField(),
          'pci_stats': fields.StringField(nullable=True)}
"""
        },
        id="all on one line",
    ),
    pytest.param(
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True),
    **{'vcpus': fields.IntegerField()},
    }
"""
        },
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True),
    **{'vcpus': fields.IntegerField()},
    'pci_stats': fields.StringField(nullable=True),
    }
"""
        },
        id="another dict unpacked at the end",
    ),
    pytest.param(
        {"fields": "fields = {}\n"},
        {
            "fields": """\
fields = {
    'pci_stats': fields.StringField(nullable=True),
    }
"""
        },
        id="no fields",
    ),
    pytest.param(
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True),
    # 'pci_stats' is left to those who need it
    }
"""
        },
        {
            "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True),
    'pci_stats': fields.StringField(nullable=True),
    # 'pci_stats' is left to those who need it
    }
"""
        },
        id="named in a comment",
    ),
    pytest.param({"compatible": ""}, {"compatible": ""}, id="nothing is made compatible"),
]

#: The names of columns that are filled and have no field, with their types; the fields.
COLUMNS = [
    pytest.param(
        (("vcpus", "Integer"), ("cpu_info", "Text"), ("running", "Boolean")),
        """\
'vcpus': fields.IntegerField(nullable=True),
'cpu_info': fields.StringField(nullable=True),
'running': fields.BooleanField(nullable=True),
""",
        id="three",
    ),
    pytest.param(
        (("ratio", "sa.Float"), ("hypervisor_hostname", "String(255)")),
        """\
'ratio': fields.FloatField(nullable=True),
'hypervisor_hostname': fields.StringField(nullable=True),
""",
        id="two, types with a module and with a length",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: dict[str, str], after: dict[str, str], tmp_path: pathlib.Path):
    rewritten = node(AFTER, after, ("pci_stats",))
    check_file_rewritten(tmp_path, RULE, node(BEFORE, before), rewritten, PATH, BESIDE)


def test_line_endings_stay(tmp_path: pathlib.Path):
    rewritten = crlf(node(AFTER, {}, ("pci_stats",)))
    check_file_rewritten(tmp_path, RULE, crlf(node(BEFORE, {})), rewritten, PATH, BESIDE)


@pytest.mark.parametrize(("columns", "entries"), COLUMNS)
def test_several_columns(
    columns: tuple[tuple[str, str], ...], entries: str, tmp_path: pathlib.Path
):
    models = "class ComputeNode(object):\n" + "".join(
        f"    {name} = Column({kind})\n" for name, kind in columns
    )
    fills = "".join(f"        values['{name}'] = 1\n" for name, _ in columns)
    beside = {
        READER_PATH: changed(FILLER, ("        values['pci_stats'] = '[]'\n", fills)),
        "nova/db/sqlalchemy/models.py": models,
    }
    field = "    'pci_stats': fields.StringField(nullable=True),\n"
    after = {"fields": changed(AFTER["fields"], (field, textwrap.indent(entries, "    ")))}
    rewritten = node(AFTER, after, tuple(name for name, _ in columns))
    check_file_rewritten(tmp_path, RULE, node(BEFORE, {}), rewritten, PATH, beside)


NO_FILLER = changed(FILLER, ("        values['pci_stats'] = '[]'\n", ""))

NOT_KNOWN = [
    pytest.param(node(AFTER, {}, ("pci_stats",)), PATH, BESIDE, id="done already"),
    pytest.param(
        node(BEFORE, {"fields": changed(AFTER["fields"], ("'pci_stats'", '"pci_stats"'))}),
        PATH,
        BESIDE,
        id="there in double quotes",
    ),
    pytest.param(node(BEFORE, {}), PATH, {READER_PATH: NO_FILLER}, id="nobody fills the column"),
    pytest.param(
        node(BEFORE, {}), PATH, {READER_PATH: NO_FILLER, "nova/api/filler.py": FILLER}, id="an API"
    ),
    pytest.param(
        node(BEFORE, {}),
        PATH,
        {READER_PATH: FILLER.replace("pci_stats", "extra_resources")},
        id="the column that is left to others",
    ),
    pytest.param(
        node(BEFORE, {}),
        PATH,
        {READER_PATH: FILLER.replace("pci_stats", "no_column")},
        id="no column of the name",
    ),
    pytest.param(node(BEFORE, {}), "nova/compute/compute_node.py", BESIDE, id="no object"),
]


@pytest.mark.parametrize(("source", "path", "beside"), NOT_KNOWN)
def test_nothing_for_the_rule(
    source: str, path: str, beside: dict[str, str | None], tmp_path: pathlib.Path
):
    check_file_not_known(tmp_path, RULE, source, None, path, beside)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"fields": "fields = dict(id=fields.IntegerField())\n"}, id="fields"),
        pytest.param({"fields": "fields = {}\nfields.update({})\nfields = {}\n"}, id="twice"),
    ],
)
def test_a_class_in_another_form_is_left_and_listed(other: dict[str, str], tmp_path: pathlib.Path):
    check_file_left(tmp_path, RULE, node(BEFORE, other), None, "object.form", PATH, BESIDE)


# stats that are rows of their own

ROWS_NODE = changed(
    older_tree.COMPUTE_NODE,
    ("from nova import db\n", "from nova import db\nfrom nova import exception\n"),
    ("        'hypervisor_version': int,\n", ""),
    (
        "class ComputeNodeList(base.ObjectListBase, base.NovaObject):\n",
        "class ComputeNodeList(base.ObjectListBase, base.NovaObject):\n"
        "    def get_by_service(self):\n        raise exception.Forbidden()\n\n",
    ),
)

LOOP = """\
        for key in compute.fields:
            compute[key] = db_compute[key]
"""

READ_ROWS = """\
        # Stats are rows of their own table and are not always joined.
        stats = dict(db_compute.iteritems()).get('stats')
        if isinstance(stats, list):
            compute.stats = dict(
                (stat['key'], stat['value']) for stat in stats)
"""

SKIPPED = """\
            if key == 'stats':
                continue
"""

LOOP_AFTER = changed(LOOP, ("            compute", f"{SKIPPED}            compute")) + READ_ROWS

KEPT_STATS = textwrap.indent(KEPT.format("'stats'"), "    ")

STATS_ADDED = (
    (
        "utils.str_or_none,\n        }\n",
        f"utils.str_or_none,\n        'stats': dict,\n        }}\n{KEPT_STATS}",
    ),
    ("class ComputeNode(", "class ComputeNode(compute_node_rows.KeptColumns,\n                  "),
    ("import base\n", "import base\nfrom nova.objects import compute_node_rows\n"),
    *(
        (f"@base.remotable\n    def {name}", f"@compute_node_rows.remotable\n    def {name}")
        for name in ("create", "save")
    ),
    ("db.compute_node_create(", "compute_node_rows.compute_node_create("),
    (
        """\
        db_compute = db.compute_node_update(context, self.id, updates,
                                            prune_stats=prune_stats)
""",
        """\
        db_compute = compute_node_rows.compute_node_update(
            context, self.id, updates, prune_stats=prune_stats)
""",
    ),
)

#: The loop that copies the columns, before and after.
LOOPS = [
    pytest.param(LOOP, LOOP_AFTER, id="plain"),
    pytest.param(
        """\
        for key in compute.fields:  # the columns
            # one by one
            compute[key] = (  # as it is
                db_compute[key])
        else:
            print compute
""",
        f"""\
        for key in compute.fields:  # the columns
{SKIPPED}\
            # one by one
            compute[key] = (  # as it is
                db_compute[key])
        else:
            print compute
{READ_ROWS}""",
        id="comments, two lines, an else",
    ),
    pytest.param(
        f"{LOOP}        names = [one for one in compute.fields]; print names\n",
        f"{LOOP_AFTER}        names = [one for one in compute.fields]; print names\n",
        id="a comprehension below, semicolon",
    ),
    pytest.param(
        "        for key in compute.fields: compute[key] = db_compute[key]\n",
        LOOP_AFTER,
        id="on one line",
    ),
    pytest.param(
        f"        if db_compute:\n{textwrap.indent(LOOP, '    ')}",
        "        if db_compute:\n"
        + textwrap.indent(LOOP_AFTER, "    ").replace("as well", "as\n            # well"),
        id="in a block",
    ),
]

#: A loop that copies the columns in another way, or none.
OTHER_LOOPS = [
    pytest.param(f"{LOOP}{LOOP}", id="two loops"),
    pytest.param(f"{LOOP}            print key\n", id="two statements"),
    pytest.param("        compute.update(db_compute)\n", id="no loop"),
    pytest.param(
        "        for key, value in db_compute.iteritems():\n            compute[key] = value\n",
        id="over the items",
    ),
]


def beside_rows() -> dict[str, str | None]:
    """The older tree, whose models have the stats in a table of their own, without its node."""
    models = changed(
        older_tree.MODELS,
        ("    pci_stats = Column(Text)\n", ""),
        ("    hypervisor_version = Column(Integer, nullable=False)\n", ""),
    )
    rest = {path: text for path, text in OLDER.items() if path != PATH}
    return {**rest, "nova/db/sqlalchemy/models.py": models}


@pytest.mark.parametrize(("before", "after"), LOOPS)
def test_stats_read_from_their_rows(before: str, after: str, tmp_path: pathlib.Path):
    check_file_rewritten(
        tmp_path,
        RULE,
        changed(ROWS_NODE, (LOOP, before)),
        changed(ROWS_NODE, (LOOP, after), *STATS_ADDED),
        PATH,
        beside_rows(),
    )


def test_stats_read_under_other_names(tmp_path: pathlib.Path):
    names = (("compute, db_compute)", "compute, row)"), ("[key] = db_compute", "[key] = row"))
    after = changed(ROWS_NODE, (LOOP, LOOP_AFTER), *STATS_ADDED, *names).replace(
        "dict(db_compute.", "dict(row."
    )
    check_file_rewritten(tmp_path, RULE, changed(ROWS_NODE, *names), after, PATH, beside_rows())


NODE_TESTS = """\
from nova.objects import compute_node
from nova import test

fake_compute_node = {}


class _TestComputeNodeObject(object):
    def test_get_by_service_id(self):
        self.assertTrue(compute_node.ComputeNode.get_by_id(self.context, 1))


class TestComputeNodeObject(test.TestCase, _TestComputeNodeObject):
    pass
"""


@pytest.mark.parametrize(
    ("loop", "context", "is_tested"),
    [
        pytest.param(LOOP, "self.context", True, id="read from rows"),
        pytest.param(LOOP + LOOP, "self.context", False, id="not read"),
        pytest.param(LOOP, "None", False, id="a test case without a context"),
    ],
)
def test_reading_stats_is_tested(loop: str, context: str, is_tested: bool, tmp_path: pathlib.Path):
    beside = {**beside_rows(), PATH: changed(ROWS_NODE, (LOOP, loop))}
    text = NODE_TESTS.replace("self.context", context)
    found = outcome(tmp_path, text, "nova/tests/objects/test_compute_node.py", beside)
    assert found.failures == ()
    assert ("    def test_stats_of_rows(self):\n" in found.text) is is_tested


@pytest.mark.parametrize("loop", OTHER_LOOPS)
def test_stats_are_left_where_rows_are_read_otherwise(loop: str, tmp_path: pathlib.Path):
    source = changed(ROWS_NODE, (LOOP, loop))
    check_file_left(tmp_path, RULE, source, None, "object.form", PATH, beside_rows())


def test_stats_are_left_where_a_class_method_reads_rows(tmp_path: pathlib.Path):
    source = changed(
        ROWS_NODE,
        ("    @staticmethod\n", "    @classmethod\n"),
        ("(context, c", "(cls, context, c"),
    )
    check_file_left(tmp_path, RULE, source, None, "object.form", PATH, beside_rows())
