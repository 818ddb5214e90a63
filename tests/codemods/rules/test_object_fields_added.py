"""The long tail of the fields that the tree's compute node lacks."""

import pathlib
import textwrap

import older_tree
import pytest
import small_tree
from sources import FILLER, OLDER, READER_PATH, changed, crlf
from tables import (
    assert_same_text,
    check_file_left,
    check_file_not_known,
    check_file_rewritten,
    outcome,
)

RULE = "object_fields_added"

PATH = "nova/objects/compute_node.py"

#: The small tree, in which the column `pci_stats` is filled.
BESIDE: dict[str, str | None] = {
    READER_PATH: FILLER,
    "nova/utils.py": "def convert_version_to_tuple(version):\n    pass\n",
}

IMPORTS = """\
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
    "version": """\
# Version 1.0: Initial version
# Version 1.1: Added stats field
# Version 1.2: Added pci_stats field
VERSION = '1.2'
""",
    "fields": """\
fields = {
    'id': fields.IntegerField(),
    'stats': fields.DictOfNullableStringsField(nullable=True),
    'pci_stats': fields.StringField(nullable=True),
    }
""",
    "compatible": """\
def obj_make_compatible(self, primitive, target_version):
    target_version = utils.convert_version_to_tuple(target_version)
    if target_version < (1, 2):
        primitive.pop('pci_stats', None)
    if target_version < (1, 1):
        primitive.pop('stats', None)
""",
    "list_version": """\
# Version 1.0: Initial version
# Version 1.1: ComputeNode version 1.1
# Version 1.2: ComputeNode version 1.2
VERSION = '1.2'
""",
    "child_versions": """\
child_versions = {
    '1.0': '1.0',
    '1.1': '1.1',
    '1.2': '1.2',
    }
""",
}


CREATE = """\
@base.remotable
def create(self, context):
    pass
"""

LIST_FIELDS = """\
fields = {
    'objects': fields.ListOfObjectsField('ComputeNode'),
    }
"""


def node(parts: dict[str, str], other: dict[str, str]) -> str:
    """The module of the object, with some parts that are other than usual."""
    parts = {**parts, **other}
    own = "\n".join(filter(None, (parts["version"], parts["fields"], parts["compatible"], CREATE)))
    listed = "\n".join(filter(None, (parts["list_version"], LIST_FIELDS + parts["child_versions"])))
    return (
        f"{IMPORTS}\n\n"
        "class ComputeNode(base.NovaPersistentObject, base.NovaObject):\n"
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
    pytest.param(
        {
            "version": """\
# Version 1.9 Added stats field
VERSION = '1.9'  # of the object
"""
        },
        {
            "version": """\
# Version 1.9 Added stats field
# Version 1.10 Added pci_stats field
VERSION = '1.10'  # of the object
""",
            "compatible": changed(AFTER["compatible"], ("(1, 2)", "(1, 10)")),
            "list_version": changed(AFTER["list_version"], ("version 1.2", "version 1.10")),
            "child_versions": changed(AFTER["child_versions"], ("'1.2': '1.2'", "'1.2': '1.10'")),
        },
        id="the tenth version, a history without colons",
    ),
    pytest.param(
        {"version": "LIMIT = 9; VERSION = '1.1'\n", "list_version": "VERSION = '1.1'\n"},
        {
            "version": "# Version 1.2: Added pci_stats field\nLIMIT = 9; VERSION = '1.2'\n",
            "list_version": "# Version 1.2: ComputeNode version 1.2\nVERSION = '1.2'\n",
        },
        id="no history, semicolon",
    ),
    pytest.param(
        {
            "compatible": '''\
@base.traced
def obj_make_compatible(self, primitive, target_version):
    """Make it for an older node."""
    target_version = utils.convert_version_to_tuple(target_version)  # (1, 0)
    print target_version
'''
        },
        {
            "compatible": '''\
@base.traced
def obj_make_compatible(self, primitive, target_version):
    """Make it for an older node."""
    target_version = utils.convert_version_to_tuple(target_version)  # (1, 0)
    if target_version < (1, 2):
        primitive.pop('pci_stats', None)
    print target_version
'''
        },
        id="decorated, docstring, comment, Python 2 syntax",
    ),
    pytest.param({"compatible": ""}, {"compatible": ""}, id="nothing is made compatible"),
    pytest.param(
        {
            "compatible": """\
def obj_make_compatible(self, primitive, target_version):
    version = utils.convert_version_to_tuple(target_version)
    if version < (1, 1):
        primitive.pop('stats', None)
"""
        },
        {
            "compatible": """\
def obj_make_compatible(self, primitive, target_version):
    version = utils.convert_version_to_tuple(target_version)
    if version < (1, 2):
        primitive.pop('pci_stats', None)
    if version < (1, 1):
        primitive.pop('stats', None)
"""
        },
        id="version in another variable",
    ),
    pytest.param(
        {
            "compatible": """\
def obj_make_compatible(self, data, target_version):
    target_version = utils.convert_version_to_tuple(target_version)
"""
        },
        {
            "compatible": """\
def obj_make_compatible(self, data, target_version):
    target_version = utils.convert_version_to_tuple(target_version)
    if target_version < (1, 2):
        data.pop('pci_stats', None)
"""
        },
        id="dict in another parameter",
    ),
    pytest.param(
        {"child_versions": "child_versions = {'1.1': '1.1'}\n"},
        {"child_versions": "child_versions = {'1.1': '1.1',\n                  '1.2': '1.2'}\n"},
        id="versions of the children on one line",
    ),
    pytest.param(
        {"child_versions": "child_versions = {\n    '1.1': '1.1',  # with stats\n    }\n"},
        {
            "child_versions": "child_versions = {\n    '1.1': '1.1',  # with stats\n"
            "    '1.2': '1.2',\n    }\n"
        },
        id="comment behind the last version of the children",
    ),
]

#: The names of columns that are filled and have no field, with their types; what the parts become.
COLUMNS = [
    pytest.param(
        (("vcpus", "Integer"), ("cpu_info", "Text"), ("running", "Boolean")),
        "Added vcpus, cpu_info and running fields",
        """\
'vcpus': fields.IntegerField(nullable=True),
'cpu_info': fields.StringField(nullable=True),
'running': fields.BooleanField(nullable=True),
""",
        "for field in ('vcpus', 'cpu_info', 'running'):\n    primitive.pop(field, None)\n",
        id="three",
    ),
    pytest.param(
        (("ratio", "sa.Float"), ("hypervisor_hostname", "String(255)")),
        "Added ratio and hypervisor_hostname fields",
        """\
'ratio': fields.FloatField(nullable=True),
'hypervisor_hostname': fields.StringField(nullable=True),
""",
        "for field in ('ratio', 'hypervisor_hostname'):\n    primitive.pop(field, None)\n",
        id="two, types with a module and with a length",
    ),
    pytest.param(
        (("hypervisor_hostname", "Text"), ("vcpus_used_by_instances", "Text")),
        "Added hypervisor_hostname and vcpus_used_by_instances fields",
        """\
'hypervisor_hostname': fields.StringField(nullable=True),
'vcpus_used_by_instances': fields.StringField(nullable=True),
""",
        """\
for field in ('hypervisor_hostname', 'vcpus_used_by_instances'):
    primitive.pop(field, None)
""",
        id="a history of 79 columns",
    ),
    pytest.param(
        (("hypervisor_hostname", "Text"), ("memory_used_by_instances", "Text")),
        """\
Added hypervisor_hostname and memory_used_by_instances
#              fields""",
        """\
'hypervisor_hostname': fields.StringField(nullable=True),
'memory_used_by_instances': fields.StringField(nullable=True),
""",
        """\
for field in ('hypervisor_hostname', 'memory_used_by_instances'):
    primitive.pop(field, None)
""",
        id="a history of 80 columns",
    ),
    pytest.param(
        (("hypervisor_hostname", "Text"), ("vcpus_used_by_all_instances", "Text")),
        """\
Added hypervisor_hostname and vcpus_used_by_all_instances
#              fields""",
        """\
'hypervisor_hostname': fields.StringField(nullable=True),
'vcpus_used_by_all_instances': fields.StringField(nullable=True),
""",
        """\
for field in ('hypervisor_hostname',
              'vcpus_used_by_all_instances'):
    primitive.pop(field, None)
""",
        id="a loop of 80 columns",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: dict[str, str], after: dict[str, str], tmp_path: pathlib.Path):
    check_file_rewritten(tmp_path, RULE, node(BEFORE, before), node(AFTER, after), PATH, BESIDE)


def test_line_endings_stay(tmp_path: pathlib.Path):
    check_file_rewritten(
        tmp_path, RULE, crlf(node(BEFORE, {})), crlf(node(AFTER, {})), PATH, BESIDE
    )


@pytest.mark.parametrize(("columns", "history", "entries", "popped"), COLUMNS)
def test_several_columns(
    columns: tuple[tuple[str, str], ...],
    history: str,
    entries: str,
    popped: str,
    tmp_path: pathlib.Path,
):
    models = "class ComputeNode(object):\n" + "".join(
        f"    {name} = Column({kind})\n" for name, kind in columns
    )
    fills = "".join(f"        values['{name}'] = 1\n" for name, _ in columns)
    beside = {
        READER_PATH: changed(FILLER, ("        values['pci_stats'] = '[]'\n", fills)),
        "nova/db/sqlalchemy/models.py": models,
    }
    after = {
        "version": changed(AFTER["version"], ("Added pci_stats field", history)),
        "fields": changed(
            AFTER["fields"],
            (
                "    'pci_stats': fields.StringField(nullable=True),\n",
                textwrap.indent(entries, "    "),
            ),
        ),
        "compatible": changed(
            AFTER["compatible"],
            ("        primitive.pop('pci_stats', None)\n", textwrap.indent(popped, " " * 8)),
        ),
    }
    check_file_rewritten(tmp_path, RULE, node(BEFORE, {}), node(AFTER, after), PATH, beside)


NO_FILLER = changed(FILLER, ("        values['pci_stats'] = '[]'\n", ""))

NOT_KNOWN = [
    pytest.param(node(AFTER, {}), PATH, BESIDE, id="done already"),
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
    "compatible",
    [
        pytest.param(
            """\
def obj_make_compatible(self, primitive, target_version):
    if utils.convert_version_to_tuple(target_version) < (1, 1):
        primitive.pop('stats', None)
""",
            id="version in no variable",
        ),
        pytest.param(
            "def obj_make_compatible(self, primitive, target_version): pass\n", id="on one line"
        ),
    ],
)
def test_older_versions_that_are_made_otherwise_are_listed(compatible: str, tmp_path: pathlib.Path):
    other = {"compatible": compatible}
    found = outcome(tmp_path, node(BEFORE, other), PATH, BESIDE)
    assert found.failures == ()
    assert_same_text(found.text, node(AFTER, other))
    assert found.codes == {"object.form"}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"fields": "fields = dict(id=fields.IntegerField())\n"}, id="fields"),
        pytest.param({"version": ""}, id="the version is the base's"),
        pytest.param({"version": "MINOR = 1\nVERSION = '1.%d' % MINOR\n"}, id="version"),
    ],
)
def test_a_class_in_another_form_is_left_and_listed(other: dict[str, str], tmp_path: pathlib.Path):
    check_file_left(tmp_path, RULE, node(BEFORE, other), None, "object.form", PATH, BESIDE)


def test_a_list_without_the_versions_of_its_objects_is_listed(tmp_path: pathlib.Path):
    base = f"{small_tree.BASE}\n    child_versions = {{}}\n"
    around = {**BESIDE, "nova/objects/base.py": base}
    found = outcome(tmp_path, node(BEFORE, {"child_versions": ""}), PATH, around)
    assert found.failures == ()
    left = {name: BEFORE[name] for name in ("list_version",)}
    assert_same_text(found.text, node(AFTER, {**left, "child_versions": ""}))
    assert found.codes == {"object.form"}


def test_a_list_need_not_follow_where_no_list_says_what_it_holds(tmp_path: pathlib.Path):
    none = {"child_versions": ""}
    after = node(AFTER, {"list_version": BEFORE["list_version"], **none})
    check_file_rewritten(tmp_path, RULE, node(BEFORE, none), after, PATH, BESIDE)


# objects that hold a compute node

HOLDER_PATH = "nova/objects/service.py"

HOLDER = """\
from nova.objects import base
from nova.objects import fields


class Service(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'compute_node': fields.ObjectField('ComputeNode'),
        }

    @base.remotable
    def save(self, context):
        pass
"""

RAISED = (
    "    VERSION = '1.0'\n",
    "    # Version 1.1: ComputeNode version 1.2\n    VERSION = '1.1'\n",
)
UTILS = ("import fields\n", "import fields\nfrom nova import utils\n")

OLDER_NODE = """\
        if target_version < (1, 1) and 'compute_node' in primitive:
            self.compute_node.obj_make_compatible(
                primitive['compute_node']['nova_object.data'], '1.1')
            primitive['compute_node']['nova_object.version'] = '1.1'
"""

CONVERTED = """\

    def obj_make_compatible(self, primitive, target_version):
        target_version = utils.convert_version_to_tuple(target_version)
"""

#: How the module is changed before the run, and after it.
HOLDERS = [
    pytest.param(
        (), (RAISED, UTILS, ("        }\n", f"        }}\n{CONVERTED}{OLDER_NODE}")), id="plain"
    ),
    pytest.param(
        (UTILS, ("        }\n", f"        }}  # those are all\n{CONVERTED}        pass\n")),
        (
            RAISED,
            UTILS,
            ("        }\n", f"        }}  # those are all\n{CONVERTED}{OLDER_NODE}        pass\n"),
        ),
        id="older versions are made already",
    ),
    pytest.param(
        (("import fields\n", "import fields\nfrom nova.objects import utils\n"),),
        (
            RAISED,
            ("import fields\n", "import fields\nfrom nova.objects import utils\n"),
            (
                "        }\n",
                "        }\n"
                + CONVERTED.replace(
                    "utils.convert_version_to_tuple(target_version)",
                    "tuple(int(part) for part in target_version.split('.'))",
                )
                + OLDER_NODE,
            ),
        ),
        id="another module is called utils",
    ),
    pytest.param(
        (
            (
                HOLDER[HOLDER.index("    fields = {") : HOLDER.index("\n    @base")],
                "    fields = {'compute_node': fields.ObjectField('ComputeNode')}; LIMIT = 1\n",
            ),
        ),
        (
            RAISED,
            UTILS,
            (
                HOLDER[HOLDER.index("    fields = {") : HOLDER.index("\n    @base")],
                "    fields = {'compute_node': fields.ObjectField('ComputeNode')}; LIMIT = 1\n"
                + CONVERTED
                + OLDER_NODE,
            ),
        ),
        id="fields on one line, semicolon",
    ),
    pytest.param(
        ((HOLDER[HOLDER.index("\n\n    @base") :], ""),),
        (
            RAISED,
            UTILS,
            ("        }\n", f"        }}\n{CONVERTED}{OLDER_NODE[:-1]}"),
            (HOLDER[HOLDER.index("\n    @base") :], ""),
        ),
        id="fields are the last, no newline at the end",
    ),
    pytest.param(
        (("('ComputeNode')", '("ComputeNode")'),),
        (
            RAISED,
            UTILS,
            ("        }\n", f"        }}\n{CONVERTED}{OLDER_NODE}"),
            ("('ComputeNode')", '("ComputeNode")'),
        ),
        id="double quotes",
    ),
    pytest.param(
        (("('ComputeNode')", "('ComputeNode', nullable=True)"),),
        (
            RAISED,
            UTILS,
            ("('ComputeNode')", "('ComputeNode', nullable=True)"),
            (
                "        }\n",
                f"        }}\n{CONVERTED}"
                + OLDER_NODE.replace(
                    "'compute_node' in primitive", "primitive.get('compute_node')"
                ),
            ),
        ),
        id="may be None",
    ),
    pytest.param(
        (("        'compute_node'", "        'compute_node_of_the_service'"),),
        (
            RAISED,
            UTILS,
            ("        'compute_node'", "        'compute_node_of_the_service'"),
            (
                "        }\n",
                f"""\
        }}
{CONVERTED}\
        if (target_version < (1, 1) and
                'compute_node_of_the_service' in primitive):
            self.compute_node_of_the_service.obj_make_compatible(
                primitive['compute_node_of_the_service']['nova_object.data'],
                '1.1')
            primitive['compute_node_of_the_service']['nova_object.version'] = (
                '1.1')
""",
            ),
        ),
        id="a long name",
    ),
]

HOLDER_LIST = """\


class ServiceList(base.ObjectListBase, base.NovaObject):
    # Version 1.3: Service version 1.0
    VERSION = '1.3'

    fields = {
        'objects': fields.ListOfObjectsField('Service'),
        }
    child_versions = {
        '1.3': '1.0',
        }
"""


def beside_holder() -> dict[str, str | None]:
    """The small tree with a compute node that lacks a field."""
    return {**BESIDE, PATH: node(BEFORE, {})}


@pytest.mark.parametrize(("before", "after"), HOLDERS)
def test_holder_follows(
    before: tuple[tuple[str, str], ...],
    after: tuple[tuple[str, str], ...],
    tmp_path: pathlib.Path,
):
    check_file_rewritten(
        tmp_path,
        RULE,
        changed(HOLDER, *before),
        changed(HOLDER, *after),
        HOLDER_PATH,
        beside_holder(),
    )


def test_list_of_a_holder_follows(tmp_path: pathlib.Path):
    after = changed(HOLDER, RAISED, UTILS, ("        }\n", f"        }}\n{CONVERTED}{OLDER_NODE}"))
    listed = changed(
        HOLDER_LIST,
        (
            "    VERSION = '1.3'\n",
            "    # Version 1.4: Service version 1.1\n    VERSION = '1.4'\n",
        ),
        ("        '1.3': '1.0',\n", "        '1.3': '1.0',\n        '1.4': '1.1',\n"),
    )
    check_file_rewritten(
        tmp_path, RULE, HOLDER + HOLDER_LIST, after + listed, HOLDER_PATH, beside_holder()
    )


def test_who_holds_something_else_stays(tmp_path: pathlib.Path):
    source = HOLDER.replace("'ComputeNode'", "'Instance'")
    check_file_not_known(tmp_path, RULE, source, None, HOLDER_PATH, beside_holder())


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
        # the stats are rows of their own, which are not always read as well
        stats = dict(db_compute.iteritems()).get('stats')
        if stats is not None:
            compute.stats = dict(
                (stat['key'], stat['value']) for stat in stats)
"""

SKIPPED = """\
            if key == 'stats':
                continue
"""

LOOP_AFTER = changed(LOOP, ("            compute", f"{SKIPPED}            compute")) + READ_ROWS

STATS_ADDED = (
    (
        "    VERSION = '1.0'\n",
        "    # Version 1.1: Added stats field\n    VERSION = '1.1'\n",
    ),
    ("utils.str_or_none,\n", "utils.str_or_none,\n        'stats': dict,\n"),
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
    names = (("db_compute)", "row)"), ("[key] = db_compute", "[key] = row"))
    after = changed(ROWS_NODE, (LOOP, LOOP_AFTER), *STATS_ADDED, *names).replace(
        "dict(db_compute.", "dict(row."
    )
    check_file_rewritten(tmp_path, RULE, changed(ROWS_NODE, *names), after, PATH, beside_rows())


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
