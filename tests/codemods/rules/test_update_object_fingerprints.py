# SPDX-License-Identifier: Apache-2.0
"""The tables of the tree's own test of its objects."""

import hashlib
import json
import os
import pathlib
import subprocess

import devices_tree
import pytest
from tables import outcome
from unit_test_sources import Beside, reader
from unit_test_tables import check_listed, check_not_known, check_rewritten

PYTHON27 = os.environ.get("NOVA_PYTHON27", "")

RULE = "update_object_fingerprints"

PATH = "nova/tests/objects/test_objects.py"

#: The code fills a column for which there is no field, and the node stays at its version.
CODE = reader("""\
def create(self, context, values):
    values['pci_stats'] = '[]'
    return self.conductor_api.compute_node_create(context, values)
""")

#: The code fills it with a list of devices, which is an object.
DEVICES: Beside = devices_tree.files()

ENTRIES = [
    pytest.param(
        """\
object_relationships = {
    'BlockDeviceMapping': {'Instance': '1.1'},  # one
    'FixedIP': {'Instance': '1.1'},
    'Service': {'ComputeNode': '1.1'},
}
""",
        """\
object_relationships = {
    'BlockDeviceMapping': {'Instance': '1.1'},  # one
    'ComputeNode': {'PciDeviceList': '1.1'},
    'FixedIP': {'Instance': '1.1'},
    'Service': {'ComputeNode': '1.1'},
}
""",
        id="among others",
    ),
    pytest.param(
        """\
object_relationships = {'Service': {'ComputeNode': '1.0'}, 'Tag': {}}
""",
        """\
object_relationships = {'ComputeNode': {'PciDeviceList': '1.1'},
                        'Service': {'ComputeNode': '1.0'}, 'Tag': {}}
""",
        id="first of one line",
    ),
    pytest.param(
        """\
object_relationships = {'Agent': {}, 'Service': {}}
""",
        """\
object_relationships = {'Agent': {}, 'ComputeNode': {'PciDeviceList': '1.1'},
                        'Service': {}}
""",
        id="among others on one line",
    ),
    pytest.param(
        """\
object_relationships = {
    'Agent': {},
    # of the network
    'FixedIP': {'Instance': '1.1'},
}
""",
        """\
object_relationships = {
    'Agent': {},
    'ComputeNode': {'PciDeviceList': '1.1'},
    # of the network
    'FixedIP': {'Instance': '1.1'},
}
""",
        id="before a comment",
    ),
    pytest.param(
        """\
object_relationships = {
    'Agent': {},
    'BlockDeviceMapping': {'Instance': '1.1'},
}
""",
        """\
object_relationships = {
    'Agent': {},
    'BlockDeviceMapping': {'Instance': '1.1'},
    'ComputeNode': {'PciDeviceList': '1.1'},
}
""",
        id="last",
    ),
    pytest.param(
        """\
object_relationships = {
    'ComputeNode': {'Flavor': '1.1'},
    'Service': {},
}
""",
        """\
object_relationships = {
    'ComputeNode': {'Flavor': '1.1', 'PciDeviceList': '1.1'},
    'Service': {},
}
""",
        id="node that holds something",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
relationships = {'Service': {'ComputeNode': '1.5'}}
object_relationships = [('Service', {'ComputeNode': '1.5'})]
object_data = 'object_data'
""",
        id="other tables",
    ),
    pytest.param(
        """\
object_data = {
    'Flavor': '1.1-0123456789abcdef0123456789abcdef',
    'ComputeNode': NODE,
    NAME: '1.5-0123456789abcdef0123456789abcdef',
}
object_relationships = {
    'Service': {'ComputeNode': NODE, NAME: '1.5'},
    'Migration': MIGRATION,
}
""",
        id="other objects, and what is no literal",
    ),
]

#: The types of the fields as nova has them: what they are printed by is AUTO_TYPE.
FIELDS = """\
class Integer(object):
    pass


class Boolean(Integer):
    pass


class String(Integer):
    pass


class DateTime(Integer):
    pass


class Field(object):
    def __init__(self, nullable=False, default=None):
        self.nullable = nullable


class IntegerField(Field):
    AUTO_TYPE = Integer()


class BooleanField(Field):
    AUTO_TYPE = Boolean()


class StringField(Field):
    AUTO_TYPE = String()


class DateTimeField(Field):
    AUTO_TYPE = DateTime()
"""

NODE = """\
from nova import db
from nova.objects import base
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.5: Initial version
    VERSION = '1.5'

    fields = {
        'id': fields.IntegerField(),
        }

    @base.remotable_classmethod
    def get_by_id(cls, context, compute_id):
        pass

    @base.remotable
    def save(self, context, prune_stats=False):
        db.compute_node_update(context, self.id, self.obj_get_changes())
"""

#: A tree in which every fingerprint can be computed.
PRINTED: Beside = {
    **CODE,
    "nova/objects/fields.py": FIELDS,
    "nova/objects/compute_node.py": NODE,
    "nova/objects/flavor.py": None,
    "nova/objects/instance.py": None,
    "nova/objects/migration.py": None,
    "nova/objects/service.py": None,
}

UNSPECIFIED = "<class 'nova.objects.fields.UnspecifiedDefault'>"

#: The node's fields as Python 2 prints them, sorted by name; the new one comes before the last.
PRINTED_FIELDS = [
    f"('created_at', DateTime(default={UNSPECIFIED},nullable=True))",
    "('deleted', Boolean(default=False,nullable=False))",
    f"('deleted_at', DateTime(default={UNSPECIFIED},nullable=True))",
    f"('id', Integer(default={UNSPECIFIED},nullable=False))",
    f"('updated_at', DateTime(default={UNSPECIFIED},nullable=True))",
]

PCI_STATS = f"('pci_stats', String(default={UNSPECIFIED},nullable=True))"

PRINTED_METHODS = [
    "('get_by_id', ArgSpec(args=['cls', 'context', 'compute_id'], varargs=None, keywords=None,"
    " defaults=None))",
    "('save', ArgSpec(args=['self', 'context', 'prune_stats'], varargs=None, keywords=None,"
    " defaults=(False,)))",
]


#: Decorators that say nothing of what they decorate, as they were until the middle of June 2014.
BASE = """\
import functools

from nova.objects import fields


class NovaObject(object):
    fields = {}


class NovaPersistentObject(object):
    fields = {
        'created_at': fields.DateTimeField(nullable=True),
        'updated_at': fields.DateTimeField(nullable=True),
        'deleted_at': fields.DateTimeField(nullable=True),
        'deleted': fields.BooleanField(default=False),
        }


def remotable_classmethod(fn):
    @functools.wraps(fn)
    def wrapper(cls, context, *args, **kwargs):
        return fn(cls, context, *args, **kwargs)
    return classmethod(wrapper)


def remotable(fn):
    @functools.wraps(fn)
    def wrapper(self, *args, **kwargs):
        return fn(self, *args, **kwargs)
    return wrapper
"""

#: A tree in which the methods are those of the decorators.
WRAPPED: Beside = {**PRINTED, "nova/objects/base.py": BASE}

WRAPPERS = {
    "get_by_id": "ArgSpec(args=['cls', 'context'], varargs='args', keywords='kwargs',"
    " defaults=None)",
    "save": "ArgSpec(args=['self'], varargs='args', keywords='kwargs', defaults=None)",
}

#: The fields in the order in which Python 2 has them, and with the new one.
UNSORTED = ["deleted", "created_at", "deleted_at", "id", "updated_at"]
UNSORTED_AND_NEW = ["pci_stats", "deleted", "created_at", "updated_at", "deleted_at", "id"]

#: How it comes to these orders: the class's own fields are copied, and those above it added.
ORDERS = """\
import json

above = {'created_at': 1, 'updated_at': 1, 'deleted_at': 1, 'deleted': 1}

def merged(own):
    fields = dict(own)
    for name in above:
        fields[name] = 1
    return fields.keys()

kept = dict((name, 1) for name in {'id': 1, 'pci_stats': 1}.keys())
print json.dumps([merged({'id': 1}), merged(kept)])
"""


def hashed(version: str, text: str) -> str:
    return f"{version}-{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()}"


def fingerprint(version: str, fields: list[str] | None) -> str:
    """The node's version with nova's hash of what Python 2 prints of it, None for its fields."""
    shown = f"[{', '.join(fields)}]" if fields is not None else "None"
    return hashed(version, f"({shown}, [{', '.join(PRINTED_METHODS)}])")


def unsorted_fingerprint(version: str, names: list[str]) -> str:
    """The fingerprint as it was when the dicts were hashed as Python 2 prints them."""
    shown = {text.split("'")[1]: text for text in (*PRINTED_FIELDS, PCI_STATS)}
    fields = ", ".join(shown[name] for name in names)
    methods = ", ".join(f"'{name}': {spec}" for name, spec in WRAPPERS.items())
    return hashed(version, f"{{'fields': [{fields}], 'methods': {{{methods}}}}}")


def hashes(node: str) -> str:
    """A table of hashes in which the node has this one."""
    return f"""\
object_data = {{
    'Agent': '1.0-0123456789abcdef0123456789abcdef',
    'ComputeNode': '{node}',  # the node
}}
"""


HASHES = hashes("1.5-0123456789abcdef0123456789abcdef")


@pytest.mark.parametrize(("before", "after"), ENTRIES)
def test_rewritten_where_a_node_holds_devices(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after, DEVICES, PATH)


def test_hash_is_that_of_the_new_field(tmp_path: pathlib.Path):
    before = hashes(fingerprint("1.5", PRINTED_FIELDS))
    after = hashes(fingerprint("1.5", [*PRINTED_FIELDS[:-1], PCI_STATS, PRINTED_FIELDS[-1]]))
    check_rewritten(tmp_path, RULE, before, after, PRINTED, PATH)


def test_hash_is_that_of_the_methods_where_the_tree_hashes_what_sort_returns(
    tmp_path: pathlib.Path,
):
    check_not_known(tmp_path, RULE, hashes(fingerprint("1.5", None)), None, PRINTED, PATH)


def test_hash_is_that_of_the_decorators_where_these_hide_the_methods(tmp_path: pathlib.Path):
    wrappers = ", ".join(f"('{name}', {spec})" for name, spec in WRAPPERS.items())
    before = hashes(hashed("1.5", f"(None, [{wrappers}])"))
    check_not_known(tmp_path, RULE, before, None, WRAPPED, PATH)


def test_hash_is_that_of_dicts_where_the_tree_sorts_nothing(tmp_path: pathlib.Path):
    before = hashes(unsorted_fingerprint("1.5", UNSORTED))
    after = hashes(unsorted_fingerprint("1.5", UNSORTED_AND_NEW))
    check_rewritten(tmp_path, RULE, before, after, WRAPPED, PATH)


def test_hash_of_fields_in_another_order_is_left_and_listed(tmp_path: pathlib.Path):
    before = hashes(unsorted_fingerprint("1.5", sorted(UNSORTED)))
    check_listed(tmp_path, RULE, before, None, "object.test-table", WRAPPED, PATH)


def test_hash_of_wrapped_methods_is_left_where_the_decorators_wrap_nothing(
    tmp_path: pathlib.Path,
):
    before = hashes(unsorted_fingerprint("1.5", UNSORTED))
    check_listed(tmp_path, RULE, before, None, "object.test-table", PRINTED, PATH)


@pytest.mark.skipif(not PYTHON27, reason="NOVA_PYTHON27 names no Python 2.7")
def test_order_of_fields_is_that_of_python27():
    done = subprocess.run([PYTHON27, "-c", ORDERS], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [UNSORTED, UNSORTED_AND_NEW]


@pytest.mark.parametrize(
    ("before", "after", "beside"),
    [
        pytest.param(*ENTRIES[0].values, DEVICES, id="entries"),
    ],
)
def test_line_endings_are_kept(before: str, after: str, beside: Beside, tmp_path: pathlib.Path):
    before, after = before.replace("\n", "\r\n"), after.replace("\n", "\r\n")
    check_rewritten(tmp_path, RULE, before, after, beside, PATH)


def test_hash_that_cannot_be_computed_is_left_and_listed(tmp_path: pathlib.Path):
    before = hashes("1.5-0123456789abcdef0123456789abcdef")
    check_listed(tmp_path, RULE, before, None, "object.test-table", PRINTED, PATH)


def test_person_is_told_of_a_hash_that_cannot_be_computed(tmp_path: pathlib.Path):
    found = outcome(tmp_path, hashes("1.5-0123456789abcdef0123456789abcdef"), PATH, PRINTED)
    assert [(one.path, one.line, one.test) for one in found.result.needs_person] == [
        (PATH, 3, "nova.tests.objects.test_objects.TestObjectVersions.test_versions")
    ]


def test_table_with_entries_from_elsewhere_is_left_and_listed(tmp_path: pathlib.Path):
    before = "object_relationships = {'Agent': {}, **RELATIONSHIPS, 'Service': {}}\n"
    check_listed(tmp_path, RULE, before, None, "object.test-table", DEVICES, PATH)


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_nothing_for_the_rule(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, None, CODE, PATH)


def test_nothing_for_the_rule_where_no_field_is_added(tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, HASHES, None, reader(), PATH)


def test_relations_stay_where_a_node_holds_nothing(tmp_path: pathlib.Path):
    table = "object_relationships = {'Service': {'ComputeNode': '1.5'}}\n"
    check_not_known(tmp_path, RULE, table, None, CODE, PATH)


def test_nothing_for_the_rule_where_objects_are_another_packages(tmp_path: pathlib.Path):
    beside = {**CODE, "nova/objects/": None}
    check_not_known(tmp_path, RULE, HASHES, None, beside, PATH)
